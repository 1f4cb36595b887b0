"""The forms of the example services: valid when filled in well, and each planted fault found where it is."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pyxform.xls2xform import convert

from pendapa.forms import compile_form, evaluate, flatten

from .regency_files import FORMS, IZIN, KK, SERVICES, SLUGS, TELITI, examples, field_paths, last_two, service

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize("form", FORMS, ids=last_two)
def test_every_form_compiles_with_pyxform(form: Path) -> None:
    result = convert(form, validate=False)
    assert [warning for warning in result.warnings if "meta" not in warning] == []


@pytest.mark.parametrize("form", FORMS, ids=last_two)
def test_every_form_compiles_in_both_languages(form: Path) -> None:
    compiled = compile_form(form.read_bytes(), name=form.name)
    assert compiled.languages == ("id", "en")
    assert compiled.default_language == "id"
    assert compiled.warnings == ()
    assert set(compiled.fields) >= field_paths(form)


@pytest.mark.parametrize("form", FORMS, ids=last_two)
def test_every_text_a_person_reads_is_in_both_languages(form: Path) -> None:
    for sheet in ("survey", "choices"):
        rows = list(load_workbook(form)[sheet].iter_rows(values_only=True))
        header = [str(cell) for cell in rows[0]]
        pairs = [
            (at, header.index(title.replace("Indonesia (id)", "English (en)")))
            for at, title in enumerate(header)
            if "Indonesia" in title
        ]
        assert pairs
        for number, row in enumerate(rows[1:], start=2):
            for indonesian, english in pairs:
                assert bool(row[indonesian]) == bool(row[english]), f"{form.name} {sheet} row {number}"


def answer(slug: str, variant: int, changes: dict[str, str] | None = None) -> tuple[Any, dict[str, str]]:
    form = compile_form((SERVICES / slug / "form.xlsx").read_bytes(), name="form.xlsx")
    answers = {**flatten(examples(slug)["variants"][variant]), **(changes or {})}
    return evaluate(form, answers, now=NOW), answers


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("variant", [0, 1, 2])
def test_example_answers_are_valid(slug: str, variant: int) -> None:
    evaluation, _ = answer(slug, variant)
    assert evaluation.errors == ()
    assert evaluation.valid


@pytest.mark.parametrize("slug", SLUGS)
def test_example_answers_of_the_officers_are_valid(slug: str) -> None:
    tasks = examples(slug)["tasks"]
    bound = {task: binding["form"] for task, binding in service(slug)["tasks"].items() if "form" in binding}
    assert set(tasks) == set(bound)
    for task, name in bound.items():
        form = compile_form((SERVICES / slug / name).read_bytes(), name=name)
        assert evaluate(form, flatten(tasks[task]), now=NOW).errors == ()


@pytest.mark.parametrize("slug", SLUGS)
def test_invented_persons_carry_an_impossible_region_code(slug: str) -> None:
    text = json.dumps(examples(slug))
    numbers = re.findall(r"\b\d{16}\b", text)
    assert numbers
    assert all(number.startswith("99") for number in numbers)


@pytest.mark.parametrize(
    ("slug", "variant", "fault", "path", "kind"),
    [
        (IZIN, 0, {"/applicant/nik": "12345"}, "/applicant/nik", "constraint"),
        (IZIN, 0, {"/applicant/name": ""}, "/applicant/name", "required"),
        (IZIN, 0, {"/applicant/birth_date": "2027-01-01"}, "/applicant/birth_date", "constraint"),
        # in variant 2 every place is open to any profession, so this is the only fault
        (IZIN, 2, {"/profession": "dentist"}, "/profession", "choice"),
        (IZIN, 0, {"/contact/phone": "0283-123"}, "/contact/phone", "constraint"),
        (IZIN, 0, {"/contact/email": "nobody"}, "/contact/email", "constraint"),
        (IZIN, 0, {"/credits/learning": "-1"}, "/credits/learning", "constraint"),
        (IZIN, 0, {"/credits/learning": "many"}, "/credits/learning", "type"),
        # variant 1 renews: the old number is asked, and the STR of variant 1 ends
        (IZIN, 1, {"/request/old_number": ""}, "/request/old_number", "required"),
        (IZIN, 1, {"/registration/expiry": "2026-11-19"}, "/registration/expiry", "constraint"),
        (IZIN, 0, {"/declaration": ""}, "/declaration", "required"),
        # a midwife cannot choose the own practice of a nurse: the choices are filtered by profession
        (IZIN, 0, {"/place[1]/place_kind": "own_nurse"}, "/place[1]/place_kind", "choice"),
        (IZIN, 1, {"/place[2]/place_name": ""}, "/place[2]/place_name", "required"),
        (TELITI, 0, {"/period/ends": "2026-11-30"}, "/period/ends", "constraint"),
        (TELITI, 0, {"/districts": ""}, "/districts", "required"),
        (TELITI, 0, {"/districts": "33.28.10 33.29.01"}, "/districts", "choice"),
        (TELITI, 0, {"/institution/programme": ""}, "/institution/programme", "required"),
        (TELITI, 1, {"/member[2]/member_name": ""}, "/member[2]/member_name", "required"),
        (KK, 0, {"/family/card_number": "99990707071000"}, "/family/card_number", "constraint"),
        (KK, 0, {"/new/occupation": ""}, "/new/occupation", "required"),
        (KK, 1, {"/new/blood": "x"}, "/new/blood", "choice"),
        (KK, 0, {"/card_photo": ""}, "/card_photo", "required"),
    ],
)
def test_a_planted_fault_is_found_where_it_is(
    slug: str, variant: int, fault: dict[str, str], path: str, kind: str
) -> None:
    evaluation, _ = answer(slug, variant, fault)
    assert [(error.path, error.kind) for error in evaluation.errors] == [(path, kind)]


def test_a_fourth_place_of_practice_is_refused() -> None:
    _, answers = answer(IZIN, 2)
    third = {path: value for path, value in answers.items() if path.startswith("/place[3]")}
    fourth = {path.replace("[3]", "[4]"): value for path, value in third.items()}
    assert fourth
    evaluation, _ = answer(IZIN, 2, fourth)
    assert [(error.path, error.kind) for error in evaluation.errors] == [("/place_checked", "constraint")]


def test_the_kinds_of_place_follow_the_profession() -> None:
    midwife, _ = answer(IZIN, 0)
    nurse, _ = answer(IZIN, 1)
    offered = [
        {choice.name for choice in asked.choices("/place[1]/place_kind", "id")} for asked in (midwife, nurse)
    ]
    both = {"hospital", "puskesmas", "clinic", "other"}
    assert offered == [both | {"own_midwife"}, both | {"own_nurse"}]


def test_few_credits_are_not_refused_by_the_form() -> None:
    """The threshold is to be confirmed by the health office: an officer judges, not the form."""
    few = {"/credits/learning": "0", "/credits/service": "0", "/credits/community": "0"}
    evaluation, _ = answer(IZIN, 0, few)
    assert evaluation.valid


def test_credits_and_places_are_summed_up_for_the_letter() -> None:
    evaluation, _ = answer(IZIN, 1)
    # 25 + 30 + 0
    assert float(evaluation.values["/credits/total"]) == 55
    places = "Klinik Misal Sehat, Jalan Misal 20; Rumah Sakit Misal, Jalan Misal 30"
    assert evaluation.values["/place_text"] == places
    assert "55" in evaluation.label("/proof/total_note", "id")


def test_members_are_listed_or_a_dash_stands_there() -> None:
    assert answer(TELITI, 0)[0].values["/members_text"] == "-"
    assert answer(TELITI, 1)[0].values["/members_text"] == "Tono Umpama, Yuni Umpama"


def test_only_the_changed_data_are_asked() -> None:
    evaluation, _ = answer(KK, 1)
    asked = {path for path in evaluation.relevant if path.startswith("/new/")}
    assert asked == {"/new/education", "/new/blood"}


def test_the_licence_asks_one_thing_a_page_and_writes_places_in_a_repeat() -> None:
    form = compile_form((SERVICES / IZIN / "form.xlsx").read_bytes(), name="form.xlsx")
    kinds = {page.path: page.kind for page in form.pages}
    assert kinds["/profession"] == "question"
    assert kinds["/applicant"] == "group"
    assert kinds["/place"] == "repeat"
