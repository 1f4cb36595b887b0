"""A regency written back as files is the regency that was read."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from pendapa.regency import Regency, read_regency, regency_files

HERE = Path(__file__).parent


def written(regency: Regency, folder: Path) -> Path:
    for path, data in regency_files(regency).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


@pytest.mark.parametrize(
    "folder", [HERE / "example", HERE.parents[1] / "regencies" / "tegal"], ids=["example", "tegal"]
)
def test_reading_what_was_written_gives_the_same_regency(folder: Path, tmp_path: Path) -> None:
    regency, _ = read_regency(folder)
    assert regency is not None
    again, faults = read_regency(written(regency, tmp_path))
    assert faults == ()
    assert again == regency


def test_awkward_texts_come_back_as_they_were(tmp_path: Path) -> None:
    regency, _ = read_regency(HERE / "example")
    assert regency is not None
    awkward = 'a "quote", a \\ stroke,\na line,\ta tab, \x7f and \x01 and é 🙂 [x] # = '
    facts = dataclasses.replace(regency.facts, address=awkward, to_be_confirmed=(awkward, "b"))
    agency = dataclasses.replace(regency.agencies[0], source='x, "y"\nz')
    changed = dataclasses.replace(regency, facts=facts, agencies=(agency, *regency.agencies[1:]))
    again, faults = read_regency(written(changed, tmp_path))
    assert faults == ()
    assert again is not None
    assert again.facts == facts
    assert again.agencies == changed.agencies
