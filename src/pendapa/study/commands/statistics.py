"""`pendapa study statistics RESPONSES.csv --items A,B,C`: the instrument gate of one scale."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from pendapa.study.commands import output

if TYPE_CHECKING:
    from pendapa.study.instrument import Instrument, Loadings
    from pendapa.study.responses import Complete

SEED = 20_170_614  # of the parallel analysis; any number does, as long as it is stated and stays


def _scale(text: str) -> tuple[float, float]:
    try:
        low, high = map(float, text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not LOWEST,HIGHEST as 1,5") from None
    return low, high


def _positive(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 10000")
    return int(text)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("responses", metavar="RESPONSES.csv", help="a respondent a row, an item a column")
    parser.add_argument("--items", required=True, metavar="A,B,C", help="the items of the scale")
    parser.add_argument("--reverse", default="", metavar="B", help="items worded the other way round")
    parser.add_argument("--scale", type=_scale, metavar="1,5", help="lowest and highest answer, checked")
    parser.add_argument(
        "--missing", choices=("listwise", "median"), default="listwise", help="what to do with gaps"
    )
    parser.add_argument("--factors", type=_positive, default=3, metavar="3", help="for loadings and omega_sl")
    parser.add_argument(
        "--parallel", type=_positive, metavar="DRAWS", help="add a parallel analysis of so many draws"
    )
    parser.add_argument("--respondent", metavar="COLUMN", help="tell values that stand twice in it")
    parser.add_argument("--json", action="store_true", help="print JSON alone on standard output")


def run(args: argparse.Namespace) -> int:
    source = output.read(args.responses)
    if source is None:
        return 1
    from pendapa.study.instrument import examine
    from pendapa.study.refusal import StudyRefused
    from pendapa.study.responses import complete, read_responses
    from pendapa.study.tables import names

    try:
        read = read_responses(
            source,
            Path(args.responses).name,
            names(args.items),
            reverse=names(args.reverse),
            scale=args.scale,
            respondent=args.respondent,
        )
    except StudyRefused as refused:
        return output.refuse(refused)
    answers = complete(read, args.missing)
    found = examine(answers, args.factors, args.parallel or 0, SEED)
    if args.json:
        output.print_json(as_json(found, answers))
    else:
        _print(found, answers)
    return 0


def as_json(found: Instrument, answers: Complete) -> dict[str, object]:
    """The report under the keys that docs/study.md names."""
    schmid, adequacy, sphericity, halves = found.schmid_leiman, found.kmo, found.bartlett, found.split_half
    names = list(found.items)
    return {
        "n": found.n,
        "missing": {
            "method": answers.method,
            "respondents": answers.asked,
            "left_out": answers.asked - answers.n,
            "imputed": answers.imputed,
        },
        "alpha": found.alpha,
        "alpha_ci": found.alpha_interval and list(found.alpha_interval),
        "alpha_standardised": found.alpha_standardised,
        "omega_total": found.omega_total,
        "omega_hierarchical": schmid and schmid.hierarchical,
        "omega_sl": schmid and schmid.total,
        "item_rest_r": {name: item.rest_r for name, item in found.items.items()},
        "item_total_r": {name: item.total_r for name, item in found.items.items()},
        "r_table": found.r_table,
        "valid": {name: item.valid for name, item in found.items.items()},
        "strictly_valid": {name: item.strictly_valid for name, item in found.items.items()},
        "alpha_if_deleted": {name: item.alpha_if_deleted for name, item in found.items.items()},
        "split_half": halves
        and {
            "first": [names[place] for place in halves.first],
            "second": [names[place] for place in halves.second],
            "r": halves.r,
            "spearman_brown": halves.spearman_brown,
            "guttman": halves.guttman,
        },
        "kmo": {
            "overall": adequacy and adequacy.overall,
            "items": dict(zip(names, adequacy.items if adequacy else [None] * len(names), strict=True)),
        },
        "bartlett": {
            "chi2": sphericity and sphericity.chi2,
            "df": sphericity and sphericity.df,
            "p": sphericity and sphericity.p,
        },
        "factors": {
            "number": found.factors,
            "minres_oblimin": _loadings(found.minres, names),
            "ml_varimax": _loadings(found.maximum_likelihood, names),
        },
        "parallel": found.parallel
        and {
            "factors": found.parallel.factors,
            "observed": list(found.parallel.observed),
            "random_95": list(found.parallel.random_95),
            "draws": found.parallel.draws,
            "seed": found.parallel.seed,
        },
        "notes": list(found.notes),
        "warnings": list(found.warnings),
    }


def _loadings(found: Loadings | None, names: list[str]) -> dict[str, object] | None:
    if found is None:
        return None
    return {
        "loadings": dict(zip(names, found.loadings.tolist(), strict=True)),
        "phi": found.phi.tolist(),
        "uniquenesses": dict(zip(names, found.uniquenesses.tolist(), strict=True)),
    }


def _print(found: Instrument, answers: Complete) -> None:
    shown = output.shown
    how = "listwise" if answers.method == "listwise" else "the item's median in place of a gap"
    print(f"n = {found.n} of {answers.asked} respondents for every statistic; missing answers: {how}")
    low, high = found.alpha_interval or (None, None)
    print(f"Cronbach's alpha {shown(found.alpha)}, 95 % interval {shown(low)} to {shown(high)} (Feldt)")
    print(
        f"standardised alpha {shown(found.alpha_standardised)}, omega {shown(found.omega_total)} (one factor)"
    )
    schmid = found.schmid_leiman
    print(
        f"Schmid-Leiman with {found.factors or '-'} factors: omega hierarchical "
        f"{shown(schmid.hierarchical if schmid else None)}, total {shown(schmid.total if schmid else None)}"
    )
    if found.split_half:
        print(
            f"split half {found.split_half.r:.3f}, Spearman-Brown {found.split_half.spearman_brown:.3f}, "
            f"Guttman {found.split_half.guttman:.3f}"
        )
    test = found.bartlett
    bartlett = f"chi2 {test.chi2:.2f}, df {test.df}, p {test.p:.4g}" if test else "-"
    print(f"KMO {shown(found.kmo.overall if found.kmo else None)}; Bartlett {bartlett}")
    print(f"\nr table {shown(found.r_table)} (two-tailed 5 %, df = n - 2)")
    width = max([4, *map(len, found.items)])
    print(f"{'item':{width}}  r hitung  valid  r item-rest  valid  alpha without")
    for name, item in found.items.items():
        valid, strictly = (
            {True: "yes", False: "no", None: "-"}[v] for v in (item.valid, item.strictly_valid)
        )
        print(
            f"{name:{width}}  {shown(item.total_r):>8}  {valid:>5}  {shown(item.rest_r):>11}  {strictly:>5}  "
            f"{shown(item.alpha_if_deleted):>13}"
        )
    if found.parallel:
        print(
            f"\nparallel analysis: {found.parallel.factors} factors "
            f"({found.parallel.draws} draws, seed {found.parallel.seed})"
        )
    for said in (*found.warnings, *found.notes):
        print(said)
