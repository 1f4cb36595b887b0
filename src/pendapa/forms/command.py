"""`pendapa form check FORM` and `pendapa form answer FORM ANSWERS --on TIME`."""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

MAX_FILE = 20_000_000  # bytes of one file of choices


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
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    from pendapa.forms.model import FormRefused

    try:
        source = Path(args.form).read_bytes()
    except OSError as wrong:
        print(f"{args.form}: {wrong.strerror}; give the path of an XLSForm", file=sys.stderr)
        return 1
    try:
        from pendapa.forms.compiling import compile_form

        form = compile_form(source, name=Path(args.form).name, files=_FilesBeside(Path(args.form)))
    except FormRefused as refused:
        if args.json and args.task == "check":
            _print({"faults": [_fault(f) for f in refused.faults], "warnings": []})
        for fault in refused.faults:
            print(fault, file=sys.stderr)
        return 1
    if args.task == "check":
        return _check(form, args.json)
    return _answer(form, args)


class _FilesBeside(Mapping[str, bytes]):
    """The files a form may name: beside it, or in FORM-media as ODK Central and Collect keep them. Read when asked
    for."""

    def __init__(self, form: Path) -> None:
        self.folders = (form.parent, form.parent / f"{form.stem}-media")

    def __getitem__(self, name: str) -> bytes:
        for folder in self.folders:
            path = folder / name
            if path.is_file() and path.stat().st_size <= MAX_FILE:
                return path.read_bytes()
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter({p.name for folder in self.folders if folder.is_dir() for p in folder.iterdir()})

    def __len__(self) -> int:
        return len(set(self))


def _fault(fault: object) -> dict[str, str]:
    return {name: getattr(fault, name) for name in ("where", "wrong", "right")}


def _print(data: object) -> None:
    plain = (
        "utf" not in (sys.stdout.encoding or "").lower()
    )  # what takes no other letters gets them as \\u00e9
    print(json.dumps(data, ensure_ascii=plain, indent=1))


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


def _is_xml(raw: bytes) -> bool:
    start = (
        raw[:200].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n")
    )  # after a mark of UTF-8 or UTF-16
    return start[:1] == b"<"


def _answer(form: object, args: argparse.Namespace) -> int:
    from datetime import datetime

    from pendapa.forms.answers import AnswersUnreadable, read_instance, read_json
    from pendapa.forms.evaluation import evaluate
    from pendapa.forms.model import Form

    assert isinstance(form, Form)
    try:
        now = datetime.fromisoformat(args.on)
    except ValueError:
        print(f"--on {args.on!r} is no time; write it as 2026-03-30T09:00+07:00", file=sys.stderr)
        return 2
    if now.tzinfo is None:
        print(f"--on {args.on!r} has no zone; write it as 2026-03-30T09:00+07:00", file=sys.stderr)
        return 2
    try:
        raw = Path(args.answers).read_bytes()
        answers = read_instance(raw, form) if _is_xml(raw) else read_json(raw)
    except OSError as wrong:
        print(f"{args.answers}: {wrong.strerror}; give an XForm instance or nested JSON", file=sys.stderr)
        return 1
    except AnswersUnreadable as wrong:
        print(f"{args.answers}: {wrong}; give an XForm instance or nested JSON", file=sys.stderr)
        return 1
    done = evaluate(form, answers, now=now, keep_surplus=True)
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
