"""Answers in words: the applicant and the officer read the same."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import translation

from pendapa.forms import compile_form, evaluate
from pendapa.web.cases.answers import in_words

FORM = compile_form(
    b"""
| survey |
| | type | name | label::Indonesia (id) | label::English (en) | parameters |
| | select_one sex | sex | Jenis kelamin | Sex | |
| | select_multiple sex | both | Siapa saja | Who | |
| | date | born | Tanggal lahir | Date of birth | |
| | decimal | weight | Berat | Weight | |
| | range | score | Nilai | Score | start=0 end=5 step=0.5 |
| | text | note | Catatan | Note | |
| choices |
| | list_name | name | label::Indonesia (id) | label::English (en) |
| | sex | f | Perempuan | Female |
| | sex | m | Laki-laki | Male |
""",
    name="form.md",
)


@pytest.mark.parametrize(
    ("path", "value", "indonesian", "english"),
    [
        ("/sex", "f", "Perempuan", "Female"),
        ("/both", "f m", "Perempuan, Laki-laki", "Female, Male"),
        ("/sex", "x", "x", "x"),  # of a list as it was in an older version
        ("/born", "1990-03-30", "30 Maret 1990", "30 March 1990"),
        ("/born", "31/2", "31/2", "31/2"),
        ("/weight", "44.5", "44,5", "44.5"),
        ("/score", "2.5", "2,5", "2.5"),
        ("/note", "versi 2.5", "versi 2.5", "versi 2.5"),
    ],
)
def test_an_answer_is_told_in_the_words_of_the_page(
    path: str, value: str, indonesian: str, english: str
) -> None:
    evaluation = evaluate(FORM, {path: value}, now=datetime(2026, 3, 16, tzinfo=UTC))
    told = []
    for language in ("id", "en"):
        with translation.override(language):
            told.append(in_words(evaluation, path, FORM.fields[path], value, language))
    assert told == [indonesian, english]
