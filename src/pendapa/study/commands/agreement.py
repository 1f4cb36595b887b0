"""`pendapa study agreement FILE.csv --level nominal|ordinal|interval`: columns unit, coder, value."""

from __future__ import annotations

import argparse
from pathlib import Path

from pendapa.study.commands import output


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE.csv", help="columns unit, coder, value")
    parser.add_argument("--level", required=True, choices=("nominal", "ordinal", "interval"))
    parser.add_argument(
        "--order",
        default="",
        metavar="LOW,MEDIUM,HIGH",
        help="ordinal values that are no numbers, lowest first",
    )
    parser.add_argument("--json", action="store_true", help="print JSON alone on standard output")


def run(args: argparse.Namespace) -> int:
    source = output.read(args.file)
    if source is None:
        return 1
    from pendapa.study import agreement
    from pendapa.study.codings import read_codings
    from pendapa.study.krippendorff import DRAWS, SEED, krippendorff_alpha
    from pendapa.study.notes import Notes
    from pendapa.study.refusal import StudyRefused
    from pendapa.study.tables import names

    try:
        codings = read_codings(source, Path(args.file).name, args.level, names(args.order))
    except StudyRefused as refused:
        return output.refuse(refused)
    notes = Notes()
    found = notes.get("krippendorff_alpha, ci", krippendorff_alpha, codings)
    if found and found.interval is None:
        notes.say("ci: not computed, for there is one unit only or no draw holds two different values.")
    data: dict[str, object] = {
        "level": args.level,
        "units": len(codings.units),
        "units_compared": found.units if found else 0,
        "coders": list(codings.coders),
        "categories": list(codings.categories),
        "percent": notes.get("percent", agreement.percent_agreement, codings),
        "cohen_kappa": notes.get("cohen_kappa", agreement.cohen_kappa, codings),
        "weighted_kappa": notes.get("weighted_kappa", agreement.weighted_kappa, codings),
        "fleiss_kappa": notes.get("fleiss_kappa", agreement.fleiss_kappa, codings),
        "krippendorff_alpha": found.alpha if found else None,
        "ci": list(found.interval) if found and found.interval else None,
        "bootstrap": {"draws": DRAWS, "seed": SEED},
        "notes": notes.sentences(),
    }
    if args.json:
        output.print_json(data)
        return 0
    print(f"{len(codings.units)} units, {len(codings.coders)} coders, values {', '.join(codings.categories)}")
    for key in ("percent", "cohen_kappa", "weighted_kappa", "fleiss_kappa", "krippendorff_alpha"):
        value = data[key]
        print(f"{key:20} {output.shown(value if isinstance(value, float) else None)}")
    if found and found.interval:
        low, high = found.interval
        print(f"95 % of alpha        {low:.3f} to {high:.3f} ({DRAWS} draws of units, seed {SEED})")
    for said in notes.sentences():
        print(said)
    return 0
