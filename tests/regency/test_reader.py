"""What a read regency holds, and that it can be stored and put together again."""

from __future__ import annotations

import json
import pickle
import shutil
from datetime import date
from pathlib import Path

import pytest

from pendapa.regency import Regency, Service, ServiceDefinition, read_regency, resolve_day
from pendapa.regency.tables import letters

EXAMPLE = Path(__file__).parent / "example"


@pytest.fixture(scope="module")
def regency() -> Regency:
    read, faults = read_regency(EXAMPLE)
    assert read is not None, "\n".join(map(str, faults))
    return read


def test_rows_come_typed(regency: Regency) -> None:
    assert regency.code == "99.01"
    assert regency.names == {"id": "Kabupaten Contoh", "en": "Example Regency"}
    assert [p.code for p in regency.positions if p.signs] == [
        "BUPATI",
        "SEKDA",
        "DPMPTSP-KADIS",
        "DINKES-KADIS",
    ]
    business, hygiene = regency.information_services
    assert (business.fee_idr, hygiene.fee_idr) == (0, None)
    assert business.keywords == ("nib", "ijin usaha")
    assert regency.numbering["IP"].digits == 4


def test_a_service_comes_with_all_its_files(regency: Regency) -> None:
    (service,) = regency.services
    assert set(service.files) == {"form.xlsx", "periksa.xlsx", "process.bpmn", "letter.md", "letter-diam.md"}
    task = service.definition.tasks["periksa"]
    assert task.result_variable("periksa") == "periksa_result"
    assert service.definition.timers["batas"].due == "case"


def test_a_regency_survives_pickling(regency: Regency) -> None:
    assert pickle.loads(pickle.dumps(regency)) == regency


def test_a_definition_survives_json(regency: Regency) -> None:
    definition = regency.services[0].definition
    assert ServiceDefinition.from_json(json.loads(json.dumps(definition.to_json()))) == definition


def test_a_service_survives_json_and_files(regency: Regency) -> None:
    (service,) = regency.services
    assert Service.from_json(json.loads(json.dumps(service.to_json())), service.files) == service


def test_a_stored_service_that_was_changed_is_refused(regency: Regency) -> None:
    (service,) = regency.services
    files = {**service.files, "letter.md": b"# Another letter\n"}
    with pytest.raises(ValueError, match="was changed"):
        Service.from_json(service.to_json(), files)
    del files["letter.md"]
    with pytest.raises(ValueError, match=r"lacks its file 'letter\.md'"):
        Service.from_json(service.to_json(), files)


def test_a_stored_definition_with_a_strange_key_is_refused(regency: Regency) -> None:
    plain = regency.services[0].definition.to_json()
    with pytest.raises(ValueError, match='unknown key "colour"'):
        ServiceDefinition.from_json({**plain, "colour": "red"})


def test_the_hash_is_of_what_is_said_not_of_how_it_is_typed(regency: Regency, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "example"))
    toml = folder / "services/surat-contoh/service.toml"
    toml.write_bytes(b"# a remark\r\n" + toml.read_bytes().replace(b"\n", b"\r\n"))
    agencies = folder / "agencies.csv"
    agencies.write_bytes(b"\xef\xbb\xbf" + agencies.read_bytes().replace(b"\n", b"\r\n"))
    same, faults = read_regency(folder)
    assert faults == ()
    assert same is not None and same.content_hash == regency.content_hash
    letter = folder / "services/surat-contoh/letter.md"
    letter.write_text(letter.read_text(encoding="utf-8") + "\nSatu baris lagi.\n", encoding="utf-8")
    changed, _ = read_regency(folder)
    assert changed is not None
    assert changed.services[0].content_hash != regency.services[0].content_hash
    assert changed.content_hash != regency.content_hash


def test_days_of_people_count_from_the_day_of_loading() -> None:
    today = date(2026, 11, 23)
    assert resolve_day("today-5", today) == date(2026, 11, 18)
    assert resolve_day("today+8", today) == date(2026, 12, 1)
    assert resolve_day("today", today) == today
    assert resolve_day("2026-01-02", today) == date(2026, 1, 2)
    assert resolve_day("", today) is None


@pytest.mark.parametrize(
    ("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ")]
)
def test_columns_are_named_as_in_a_spreadsheet(column: int, name: str) -> None:
    assert letters(column) == name
