"""`pendapa study delphi FILE.csv`: do experts agree on each statement?"""

from __future__ import annotations

import argparse
from pathlib import Path

from pendapa.study.commands import output


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        metavar="FILE.csv",
        help="an expert a row, a statement a column; first column a label if headless",
    )
    parser.add_argument("--json", action="store_true", help="print JSON alone on standard output")
    parser.add_argument("--points", type=int, choices=(4, 5), default=5, help="marks 1-5 (default) or 1-4")


def run(args: argparse.Namespace) -> int:
    source = output.read(args.file)
    if source is None:
        return 1
    import numpy as np

    from pendapa.study.delphi import consensus
    from pendapa.study.refusal import NotComputable, StudyRefused
    from pendapa.study.tables import read_table

    def wrong(mark: float) -> str:
        return (
            "" if mark == int(mark) and 1 <= mark <= args.points else f"no whole mark from 1 to {args.points}"
        )

    try:
        table = read_table(source, Path(args.file).name)
        columns = range(0 if table.heads[0] else 1, len(table.heads))
        marks = table.numbers(columns, wrong)
    except StudyRefused as refused:
        return output.refuse(refused)
    statements: dict[str, dict[str, object]] = {}
    notes: list[str] = []
    for place, column in enumerate(columns):
        given = marks[~np.isnan(marks[:, place]), place].tolist()
        found: dict[str, object] = dict.fromkeys(("median", "iqr", "percent", "consensus"))
        try:
            one = consensus(given, (1, args.points))
            found = {"median": one.median, "iqr": one.iqr, "percent": one.percent, "consensus": one.reached}
        except NotComputable as reason:
            notes.append(f"{table.heads[column]}: {reason}.")
        statements[table.heads[column] or str(column + 1)] = {"experts": len(given), **found}
    if args.json:
        output.print_json({"statements": statements, "notes": notes})
        return 0
    print("Consensus: interquartile range of at most 1, and at least 75 % in the two highest marks")
    for name, one_found in statements.items():
        print(
            name,
            " ".join(f"{key} {value}" for key, value in one_found.items() if value is not None),
            sep="  ",
        )
    for note in notes:
        print(note)
    return 0
