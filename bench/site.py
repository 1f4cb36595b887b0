"""A site of its own for measuring: a durable database, the example regency with one service more, its people.

The service more is the practice licence (PM05: same process, same tasks) with eleven questions added to its form, so
that the form has forty questions, a repeat filled twice and four uploads.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import openpyxl

ROOT = Path(__file__).parents[1]
TEGAL = ROOT / "regencies" / "tegal"
MODEL = "izin-praktik-bidan-perawat"
SLUG = "izin-uji-empat-puluh"
NOT_ASKED = ("begin", "end", "note", "calculate", "start", "hidden")

# type, name, label, relevant, constraint
MORE = (
    ("begin_group", "facility", "Sarana", "", ""),
    ("integer", "rooms", "Jumlah ruang", "", ". >= 1 and . <= 50"),
    ("decimal", "area", "Luas ruang (m2)", "", ". > 0 and . < 10000"),
    ("decimal", "rent", "Sewa setahun (Rp)", "", ". >= 0"),
    ("select_multiple day", "open_days", "Hari buka", "", "count-selected(.) >= 1"),
    ("select_one yesno", "water", "Air bersih?", "", ""),
    ("select_one yesno", "power", "Listrik?", "", ""),
    ("text", "generator", "Pengganti listrik", "${power} = 'no'", "string-length(.) >= 3"),
    ("integer", "staff", "Jumlah tenaga", "", ". >= 0 and . <= ${rooms} * 20"),
    ("date", "wanted", "Mulai tanggal", "", ". > today()"),
    ("text", "contact", "Nomor telepon tempat", "", "regex(., '^[0-9 +-]{6,20}$')"),
    ("text", "remark", "Keterangan", "${staff} > 0", "string-length(.) <= 500"),
    ("end_group", "", "", "", ""),
)
MORE_ANSWERS = {
    "/facility/rooms": "3",
    "/facility/area": "48.5",
    "/facility/rent": "12000000",
    "/facility/open_days": "mon tue wed thu fri",
    "/facility/water": "yes",
    "/facility/power": "no",
    "/facility/generator": "Genset 5 kVA",
    "/facility/staff": "4",
    "/facility/wanted": "2035-01-02",
    "/facility/contact": "0283 000000",
    "/facility/remark": "Keterangan contoh, seluruhnya rekaan.",
}


def folder_with_forty(target: Path) -> Path:
    """Copy the example regency and add the service with forty questions."""
    shutil.copytree(TEGAL, target)
    service = target / "services" / SLUG
    shutil.copytree(target / "services" / MODEL, service)
    toml = service / "service.toml"
    text = toml.read_text(encoding="utf-8")
    for before, after in (
        ('code = "PM05"', 'code = "UJI40"'),
        ('number_prefix = "SIP"', 'number_prefix = "UJI"'),
        ('"/place_letter",\n]', '"/place_letter", "/facility/contact",\n]'),
    ):
        if before not in text:
            raise ValueError(f"{toml}: {before!r} is not there any more; mend bench/site.py")
        text = text.replace(before, after)
    toml.write_text(text, encoding="utf-8")
    book = openpyxl.load_workbook(service / "form.xlsx")
    sheet = book["survey"]
    column = {cell.value: cell.column for cell in sheet[1]}
    at = next(
        row for row in range(1, sheet.max_row + 1) if sheet.cell(row, column["name"]).value == "str_file"
    )
    sheet.insert_rows(at, len(MORE))
    for row, (kind, name, label, relevant, constraint) in enumerate(MORE, start=at):
        filled = {
            "type": kind,
            "name": name,
            "label::Indonesia (id)": label,
            "label::English (en)": label,
            "required": "yes" if kind not in ("begin_group", "end_group") and name != "remark" else "",
            "relevant": relevant,
            "constraint": constraint,
            "appearance": "field-list" if kind == "begin_group" else "",
        }
        for heading, value in filled.items():
            if value:
                sheet.cell(row, column[heading], value)
    kinds = [sheet.cell(row, column["type"]).value for row in range(2, sheet.max_row + 1)]
    asked = sum(1 for kind in kinds if kind and not str(kind).startswith(NOT_ASKED))
    if asked != 40:
        raise ValueError(f"the form of bench/site.py asks {asked} questions, not 40; the model has changed")
    book.save(service / "form.xlsx")
    return target


def answers() -> dict[str, str]:
    """A filled form: the model's example with two places of practice, and the eleven answers more."""
    from pendapa.forms import flatten

    examples = json.loads((TEGAL / "services" / MODEL / "example-answers.json").read_text(encoding="utf-8"))
    return {**flatten(examples["variants"][1]), **MORE_ANSWERS}


def task_answers(element: str) -> dict[str, str]:
    """An officer's filled form of a task of the model."""
    from pendapa.forms import flatten

    examples = json.loads((TEGAL / "services" / MODEL / "example-answers.json").read_text(encoding="utf-8"))
    return flatten(examples["tasks"].get(element, {}))


@contextmanager
def running_site() -> Iterator[Path]:
    """Prepare the site in a folder of its own and set Django up on it; everything is removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="pendapa-bench-"))
    folder.chmod(0o755)
    os.environ["PENDAPA_VAR"] = str(folder / "var")
    os.environ.pop("DATABASE_URL", None)
    from pendapa.web.database import site

    try:
        with site(alone=True):
            _publish(folder_with_forty(folder / "regency"))
            yield folder / "var"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _publish(regency_folder: Path) -> None:
    from django.utils import timezone

    from pendapa.regency.reader import check, read_regency
    from pendapa.web.demo.seed import seat
    from pendapa.web.events.chain import Actor
    from pendapa.web.ops_prepare import prepare
    from pendapa.web.organisation.publishing import publish

    prepare()
    regency, faults = read_regency(regency_folder)
    if regency is None:
        raise ValueError("; ".join(map(str, faults)))
    now = timezone.now()
    publish(regency, check(regency_folder), now=now, actor=Actor(channel="bench"))
    seat(now, regency_folder)
