"""The sets that come with the package, and a set of one's own: a set is data."""

from __future__ import annotations

import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from pendapa.expressions.kinds import NUMBER
from pendapa.standards import StandardsRefused, read_standard, standard, standards
from pendapa.standards.standard import DIRECTIONS, variable

SETS = Path(__file__).parents[2] / "src" / "pendapa" / "standards" / "sets"


def test_iso_37122_has_its_eighty_indicators_in_nineteen_clauses() -> None:
    found = standard("iso37122")
    # Counts of clauses 5 to 23, on which two published lists of the standard agree.
    counts = [4, 3, 10, 3, 2, 4, 3, 2, 4, 1, 1, 6, 4, 3, 14, 3, 4, 5, 4]
    codes = [f"{clause}.{n}" for clause, count in enumerate(counts, 5) for n in range(1, count + 1)]
    assert len(codes) == 80
    assert sorted(found.indicators) == sorted(codes)
    assert list(found.themes) == [str(clause) for clause in range(5, 24)]
    assert all(one.theme == code.split(".")[0] for code, one in found.indicators.items())


@pytest.mark.parametrize("name", standards())
def test_every_indicator_is_whole(name: str) -> None:
    for one in standard(name).indicators.values():
        assert one.name.id and one.name.en and one.unit and one.unit_shown.id and one.rules, one.code
        assert one.direction in DIRECTIONS, one.code
        assert all(given.text.id and given.text.en and given.unit for given in one.inputs.values()), one.code
        for rule in one.rules:
            assert rule.check(dict.fromkeys(rule.inputs, NUMBER)) == NUMBER, one.code


def test_what_nobody_confirmed_is_marked() -> None:
    iso = standard("iso37122").indicators
    assert iso["19.9"].to_confirm.endswith("Definition of smart not confirmed.")
    assert not iso["11.1"].to_confirm
    assert all(one.to_confirm for one in standard("pemdi").indicators.values())


def test_pemdi_has_twenty_indicators_in_seven_aspects_whose_weights_sum_to_a_hundred() -> None:
    pemdi = standard("pemdi")
    assert (len(pemdi.indicators), len(pemdi.themes)) == (20, 7)
    assert pemdi.index is not None
    # All at level 1 give the sum of the weights over 100.
    assert pemdi.index.rule.evaluate({variable(code): 1 for code in pemdi.indicators}) == Decimal(1)


def test_a_set_with_faults_is_refused_with_all_of_them(tmp_path: Path) -> None:
    own = Path(shutil.copytree(SETS / "pemdi", tmp_path / "own"))
    text = (own / "indicators.csv").read_text(encoding="utf-8")
    text = text.replace("level,,level 1-5,tingkat 1-5,higher_better", "level,,level 1-5,tingkat 1-5,up", 1)
    text = text.replace(
        "Manajemen layanan,Service management,level,", "Manajemen layanan,Service management,level *,"
    )
    (own / "indicators.csv").write_text(text, encoding="utf-8")
    with pytest.raises(StandardsRefused) as refused:
        read_standard(own)
    assert [fault.where for fault in refused.value.faults] == ["indicators.csv:2", "indicators.csv:3"]
    assert "'up' is no direction" in str(refused.value)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("set.toml", 'id = "pemdi"', "", "set.toml: id is missing"),
        ("set.toml", "[title]", "[titles]", "set.toml: title is not said in both languages"),
        ("set.toml", "[title]", "[title", "set.toml: this is not TOML"),
        ("set.toml", "5 * i1 ", "5 * i21 ", "set.toml: the rule of the index names i21"),
        ("set.toml", "5 * i1 ", "5 ** i1 ", "set.toml: the rule of the index cannot be read"),
        ("set.toml", 'from = "1.50"', 'from = "0.50"', "set.toml: a band of the index is not right"),
        ("set.toml", "[index]\nname = {", "[index]\ntitle = {", "set.toml: index has no name"),
        (
            "inputs.csv",
            "2,level",
            "2,depth",
            "indicators.csv:3: rule and inputs.csv do not name the same inputs",
        ),
    ],
)
def test_what_is_wrong_with_a_set_is_said(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    own = Path(shutil.copytree(SETS / "pemdi", tmp_path / "own"))
    text = (own / file).read_text(encoding="utf-8")
    assert old in text
    (own / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(StandardsRefused, match="^" + re.escape(said)):
        read_standard(own)


def test_a_folder_that_is_no_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StandardsRefused, match=r"a set has set\.toml, indicators\.csv and inputs\.csv"):
        read_standard(tmp_path)
