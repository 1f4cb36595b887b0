"""How fast forms are checked: `python bench/bench_forms.py [--json]`.

The form is bench/forms/permit47.md: 47 questions, one repeat (3 instances filled), a cascade of 18 districts
and 288 villages, 8 calculations. Aim: 700 evaluations a second on one core. Also: 1,000 rows compile
in under a second, and a repeat of 500 instances is checked in under 100 ms.
"""

from __future__ import annotations

import argparse
import json
import pickle
import statistics
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pendapa.forms import Form, compile_form, evaluate

NOW = datetime(2026, 3, 30, 9, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
FORM = Path(__file__).parent / "forms" / "permit47.md"

ANSWERS = {
    "/started": "2026-03-30T08:55:00.000+07:00",
    "/applicant/name": "Contoh Pemohon",
    "/applicant/nik": "9999010101900001",
    "/applicant/born": "1990-01-01",
    "/applicant/sex": "f",
    "/applicant/phone": "081200000000",
    "/applicant/email": "contoh@example.org",
    "/applicant/address": "Jalan Contoh 1",
    "/applicant/district": "d07",
    "/applicant/village": "d07v05",
    "/applicant/rt": "01",
    "/applicant/rw": "02",
    "/work/profession": "midwife",
    "/work/str_number": "AB1234567",
    "/work/str_until": "2027-03-30",
    "/work/skp": "40",
    "/work/second": "no",
    "/work/workplace": "Praktik Contoh",
    "/work/workplace_address": "Jalan Contoh 2",
    "/work/beds": "2",
    "/work/area": "24.5",
    "/work/rent": "12000000",
    "/work/facility": "water toilet power",
    "/work/opens": "07:30",
    "/work/closes": "15:00",
    **{
        f"/staff[{i}]/{name}": value
        for i in (1, 2, 3)
        for name, value in {
            "staff_name": f"Tenaga {i}",
            "staff_age": f"{20 + i}",
            "staff_role": "nurse",
        }.items()
    },
    "/papers/photo": "foto.jpg",
    "/papers/id_card": "ktp.pdf",
    "/papers/str_file": "str.pdf",
    "/papers/diploma": "ijazah.pdf",
    "/papers/recommendation": "rekomendasi.pdf",
    "/papers/workplace_letter": "surat.pdf",
    "/papers/front": "depan.jpg",
    "/delivery": "yes",
    "/delivery_address": "Jalan Contoh 1",
    "/copies": "2",
    "/reason": "Praktik mandiri",
    "/notes": "",
    "/wanted": "2026-05-01",
    "/truth": "OK",
}


def load_form() -> Form:
    return compile_form(FORM.read_bytes(), name=FORM.name)


def timed(work: Callable[[], object], seconds: float) -> tuple[float, float]:
    """Median seconds of one call over rounds of 50, and the calls a second of all rounds."""
    rounds: list[float] = []
    start = time.perf_counter()
    while time.perf_counter() - start < seconds:
        begin = time.perf_counter()
        for _ in range(50):
            work()
        rounds.append((time.perf_counter() - begin) / 50)
    return statistics.median(rounds), 1 / statistics.mean(rounds)


def long_form(rows: int) -> bytes:
    lines = ["| survey |", "| | type | name | label | relevant | constraint |", "| | integer | q0 | Q0 | | |"]
    lines += [f"| | integer | q{i} | Pertanyaan {i} | ${{q{i - 1}}} != 3 | . < {i} |" for i in range(1, rows)]
    return "\n".join(lines).encode()


def measure(seconds: float = 3.0) -> dict[str, float]:
    form = load_form()
    done = evaluate(form, ANSWERS, now=NOW)
    assert done.valid, done.errors
    median, per_second = timed(lambda: evaluate(form, ANSWERS, now=NOW), seconds)
    begin = time.perf_counter()
    compile_form(long_form(1000), name="long.md")
    compile_time = time.perf_counter() - begin
    many = {k: v for k, v in ANSWERS.items() if not k.startswith("/staff")}
    for i in range(1, 501):
        many |= {
            f"/staff[{i}]/staff_name": "A",
            f"/staff[{i}]/staff_age": "20",
            f"/staff[{i}]/staff_role": "nurse",
        }
    repeat_times = []
    for _ in range(9):
        begin = time.perf_counter()
        assert evaluate(form, many, now=NOW).valid
        repeat_times.append(time.perf_counter() - begin)
    repeat_time = statistics.median(repeat_times)
    pickled = pickle.dumps(form)
    begin = time.perf_counter()
    evaluate(pickle.loads(pickled), ANSWERS, now=NOW)
    first = time.perf_counter() - begin
    return {
        "evaluations_per_second": round(per_second),
        "evaluation_median_ms": round(median * 1000, 3),
        "compile_1000_rows_s": round(compile_time, 3),
        "repeat_of_500_ms": round(repeat_time * 1000, 1),
        "first_evaluation_after_unpickling_ms": round(first * 1000, 1),
        "pickled_kB": round(len(pickled) / 1000, 1),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Measure the forms engine.")
    parser.add_argument("--json", action="store_true")
    result = measure()
    print(
        json.dumps(result) if parser.parse_args().json else "\n".join(f"{k}: {v}" for k, v in result.items())
    )
