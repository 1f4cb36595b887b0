"""`pendapa form check FORM` and `pendapa form answer FORM ANSWERS --on TIME`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    tasks = parser.add_subparsers(dest="task", metavar="TASK", required=True)
    check = tasks.add_parser("check", help="compile an XLSForm and report every fault with sheet and cell")
    check.add_argument("form", metavar="FORM", help=".xlsx, .csv or .md")
    check.add_argument("--json", action="store_true", help="print JSON alone on standard output")
    answer = tasks.add_parser("answer", help="recalculate and check answers")
    answer.add_argument("form", metavar="FORM", help=".xlsx, .csv or .md")
    answer.add_argument("answers", metavar="ANSWERS", help="an XForm instance (.xml) or nested JSON (.json)")
    answer.add_argument(
        "--on", metavar="ISO_TIME", required=True, help="time of filling with zone, as 2026-03-30T09:00+07:00"
    )
    answer.add_argument("--json", action="store_true", help="print JSON alone on standard output")


def run(args: argparse.Namespace) -> int:
    """Exit codes: 0 done (also when the answers are invalid), 1 refused input, 2 wrong usage."""
    from pendapa.forms.model import FormRefused

    try:
        source = Path(args.form).read_bytes()
    except OSError as wrong:
        print(f"{args.form}: {wrong.strerror}; give the path of an XLSForm", file=sys.stderr)
        return 1
    try:
        from pendapa.forms.compiling import compile_form

        form = compile_form(source, name=Path(args.form).name, files=_files_beside(Path(args.form)))
    except FormRefused as refused:
        if args.json and args.task == "check":
            _print({"faults": [_fault(f) for f in refused.faults], "warnings": []})
        for fault in refused.faults:
            print(fault, file=sys.stderr)
        return 1
    if args.task == "check":
        return _check(form, args.json)
    return _answer(form, args)


def _files_beside(form: Path) -> dict[str, bytes]:
    """The CSV files next to the form, for select_one_from_file."""
    return {
        p.name: p.read_bytes()
        for p in form.parent.glob("*.csv")
        if p.stat().st_size < 20_000_000 and p != form
    }


def _fault(fault: object) -> dict[str, str]:
    return {name: getattr(fault, name) for name in ("where", "wrong", "right")}


def _print(data: object) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=1))


def _check(form: object, as_json: bool) -> int:
    from pendapa.forms.model import Form

    assert isinstance(form, Form)
    if as_json:
        _print(
            {
                "faults": [],
                "warnings": [_fault(w) for w in form.warnings],
                "title": form.title,
                "version": form.version,
                "languages": list(form.languages),
                "pages": [{"path": p.path, "kind": p.kind, "fields": list(p.fields)} for p in form.pages],
                "fields": {path: f.kind for path, f in form.fields.items()},
            }
        )
        return 0
    for warning in form.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    print(
        f"{form.title}: {len(form.fields)} fields on {len(form.pages)} pages, "
        f"languages {', '.join(form.languages)}: no faults"
    )
    return 0


def _answer(form: object, args: argparse.Namespace) -> int:
    from datetime import datetime

    from pendapa.forms.answers import AnswersUnreadable, flatten, read_instance
    from pendapa.forms.evaluation import evaluate
    from pendapa.forms.model import Form

    assert isinstance(form, Form)
    try:
        now = datetime.fromisoformat(args.on)
    except ValueError:
        print(f"--on {args.on!r} is no time; write it as 2026-03-30T09:00+07:00", file=sys.stderr)
        return 2
    if now.tzinfo is None:
        print(f"--on {args.on!r} has no zone; write it as {args.on}+07:00", file=sys.stderr)
        return 2
    try:
        raw = Path(args.answers).read_bytes()
        if raw.lstrip()[:1] == b"<":
            answers = read_instance(raw, form)
        else:
            answers = flatten(json.loads(raw))
    except (OSError, AnswersUnreadable, json.JSONDecodeError, UnicodeDecodeError, RecursionError) as wrong:
        print(f"{args.answers}: {wrong}; give an XForm instance or nested JSON", file=sys.stderr)
        return 1
    done = evaluate(form, answers, now=now)
    if args.json:
        errors = [{"path": e.path, "kind": e.kind, "message": dict(e.message)} for e in done.errors]
        _print({"valid": done.valid, "errors": errors, "values": dict(done.values)})
        return 0
    for error in done.errors:
        print(f"{error.path}: {error.kind}: {error.message.get('en', '')}")
    for path, value in done.values.items():
        print(f"{path} = {value}")
    print("valid" if done.valid else "not valid")
    return 0
