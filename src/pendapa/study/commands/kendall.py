"""`pendapa study kendall FILE.csv`: rows are raters, columns objects."""

from __future__ import annotations

import argparse
from pathlib import Path

from pendapa.study.commands import output


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="FILE.csv", help="a rater a row, an object a column; first column a label if headless"
    )
    parser.add_argument("--json", action="store_true", help="print JSON alone on standard output")


def run(args: argparse.Namespace) -> int:
    source = output.read(args.file)
    if source is None:
        return 1
    import numpy as np

    from pendapa.study.ranking import kendall_w
    from pendapa.study.refusal import NotComputable, StudyRefused
    from pendapa.study.tables import read_table

    try:
        table = read_table(source, Path(args.file).name)
        scores = table.numbers(range(0 if table.heads[0] else 1, len(table.heads)))
    except StudyRefused as refused:
        return output.refuse(refused)
    whole = ~np.isnan(scores).any(axis=1)
    notes = [
        f"row {table.lines[row]}: a rank is missing, so this rater is left out"
        for row in np.flatnonzero(~whole)
    ]
    data: dict[str, object] = {"raters": int(whole.sum()), "objects": scores.shape[1]}
    try:
        found = kendall_w(scores[whole])
        data |= {"w": found.w, "chi2": found.chi2, "df": found.df, "p": found.p}
    except NotComputable as reason:
        notes.append(f"{reason}.")
        data |= {"w": None, "chi2": None, "df": None, "p": None}
    if args.json:
        output.print_json(data | {"notes": notes})
        return 0
    print(f"Kendall's W of {data['raters']} raters over {data['objects']} objects, corrected for ties")
    if data["w"] is not None:
        print(f"W {found.w:.4f}   chi2 {found.chi2:.3f}   df {found.df}   p {found.p:.4g}")
    for note in notes:
        print(note)
    return 0
