"""`pendapa study skm FILE.csv`: the satisfaction index of a service unit."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from pendapa.study.commands import output


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="FILE.csv", help="a respondent a row; columns U1 to U9 with answers 1-4"
    )
    parser.add_argument("--json", action="store_true", help="print JSON alone on standard output")
    parser.add_argument(
        "--weights",
        choices=("exact", "0.11"),
        default="exact",
        help="1/9 (default), or 0.11 as old reports rounded it",
    )
    parser.add_argument("--population", type=int, metavar="N", help="users of the unit in the last year")
    parser.add_argument("--elements", metavar="U1,U2,...", help="the elements asked, if not all nine")
    parser.add_argument("--profile", metavar="A,B", help="columns to count as the respondents' profile")
    parser.add_argument(
        "--language", choices=("id", "en"), default="id", help="language of the text (default: id)"
    )


def run(args: argparse.Namespace) -> int:
    source = output.read(args.file)
    if source is None:
        return 1
    from pendapa.study.refusal import StudyRefused
    from pendapa.study.skm import ELEMENTS, PRINTED_WEIGHT, satisfaction
    from pendapa.study.skm_file import read_survey
    from pendapa.study.skm_report import as_data, as_text
    from pendapa.study.tables import names

    elements = names(args.elements) if args.elements is not None else tuple(ELEMENTS)
    weight = PRINTED_WEIGHT if args.weights == "0.11" else None
    wrong = _usage(elements, args)
    if wrong:
        print(wrong, file=sys.stderr)
        return 2
    try:
        survey = read_survey(source, Path(args.file).name, elements, names(args.profile or ""))
    except StudyRefused as refused:
        return output.refuse(refused)
    try:
        found = satisfaction(survey.answers, weight, args.population)
    except ValueError as reason:
        print(f"{args.file}: {reason}", file=sys.stderr)
        return 1
    if args.json:
        output.print_json(as_data(found, survey, args.weights, args.population))
    else:
        print(as_text(found, survey, args.population, args.language))
    return 0


def _usage(elements: tuple[str, ...], args: argparse.Namespace) -> str:
    if not elements:
        return "--elements names no element; write them as U1,U2,U3"
    odd = [code for code in elements if not re.fullmatch(r"U[1-9][0-9]?", code)]
    if odd:
        return f"--elements: {odd[0]!r} is no code of an element; write U1 to U9, U10 and on for your own"
    twice = [code for code in elements if elements.count(code) > 1]
    if twice:
        return f"--elements: {twice[0]} stands more than once; name each element once"
    if args.weights == "0.11" and len(elements) != 9:
        return f"--weights 0.11 is the rounded 1/9 of nine elements; for {len(elements)} leave it out"
    if args.population is not None and args.population < 1:
        return f"--population {args.population} has no users; give how many used the unit in the last year"
    return ""
