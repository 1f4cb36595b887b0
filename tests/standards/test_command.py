"""`pendapa iso37122`: the example worked by hand, completeness, and refusals with file and line."""

from __future__ import annotations

import csv
import json
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pendapa.cli import main
from pendapa.standards import StandardsRefused, read_reported, score, standard
from pendapa.standards.report import as_data, as_text
from pendapa.standards.reported import Amount, Reported

EXAMPLE = Path(__file__).parent / "example"
ODD = ("", "NaN", "=1+1", '"', "\x00", "\n", "٣", "-0")
ROWS = st.tuples(
    st.sampled_from(("10.2", "10.3", "8.2", "7.1")),
    st.sampled_from(("2023", "2024", "2025")),
    st.sampled_from(("measured", "proxy")),
    st.sampled_from(
        ("numerator=1;denominator=0", "numerator=0;denominator=3", "mean_hours=36 days", "numerator=-0", "")
    ),
)
ODD_ROWS = st.tuples(
    *(st.sampled_from((*ODD, cell)) for cell in ("10.2", "2025", "measured", "numerator=1e9"))
)
HEAD = "indicator,year,status,inputs,value,unit,note\n"


def run(capsys: pytest.CaptureFixture[str], folder: Path, *more: str) -> dict[str, Any]:
    assert main(["iso37122", str(folder), "--json", *more]) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def by_code(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["code"]: one for one in data["indicators"]}


def refused(capsys: pytest.CaptureFixture[str], tmp_path: Path, rows: str, head: str = HEAD) -> list[str]:
    (tmp_path / "iso37122.csv").write_text(head + rows, encoding="utf-8")
    assert main(["iso37122", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    return said.err.strip().splitlines()


def test_values_with_their_rule(capsys: pytest.CaptureFixture[str]) -> None:
    found = by_code(run(capsys, EXAMPLE))
    # 12 of 80 services are online: 15 %.
    online = found["10.2"]
    assert (online["value"], online["numerator"], online["denominator"]) == (15.0, 12.0, 80.0)
    assert (online["rule"], online["unit"], online["year"]) == ("numerator / denominator * 100", "%", 2025)
    assert (online["status"], online["quality"], online["owner"]) == ("measured", "high", "Diskominfo")
    assert online["direction"] == "higher_better"
    # A mean of 36 hours is 1.5 days; there is no sum and no number of inquiries.
    desk = found["10.3"]
    assert (desk["value"], desk["rule"], desk["numerator"]) == (1.5, "mean_hours / 24", None)
    # 150 of 60,000 hectares are 0.25 %, as they would be in km2.
    assert found["15.1"]["value"] == 0.25
    # 3 / 878.79 = 0.003413785...
    assert found["8.2"]["value"] == pytest.approx(0.003413785, abs=5e-10)
    # Stated without inputs: shown as stated, made by no rule.
    assert (found["6.2"]["value"], found["6.2"]["rule"], found["6.2"]["stated"]) == (748.49, None, 748.49)


def test_peers_stand_beside_the_value_with_what_the_rule_makes_of_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = by_code(run(capsys, EXAMPLE))
    (town,) = found["10.2"]["peers"]
    # 7 of 7 listed services.
    assert (town["place"], town["value"], town["computed"]) == ("Apucarana, Brazil", 100.0, 100.0)
    assert {peer["computed"] for peer in found["6.2"]["peers"]} == {None}


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("21.2", "division_by_zero"),
        ("21.3", "unit_mismatch"),
        ("9.2", "missing_input"),
        ("19.11", "not_applicable"),
        ("7.6", "not_available"),
        ("5.1", "not_reported"),
    ],
)
def test_without_a_value_there_is_a_reason_and_never_a_zero(
    capsys: pytest.CaptureFixture[str], code: str, reason: str
) -> None:
    one = by_code(run(capsys, EXAMPLE))[code]
    assert one["value"] is None
    assert one["reason"]["code"] == reason
    assert one["reason"]["id"] and one["reason"]["en"]


def test_completeness_counts_by_status(capsys: pytest.CaptureFixture[str]) -> None:
    data = run(capsys, EXAMPLE)
    # Ten indicators are reported, of 80; with a value: 10.2, 10.3, 15.1, 8.2, 6.2.
    assert data["total"] == {
        "indicators": 80,
        "with_value": 5,
        "measured": 6,
        "estimated": 1,
        "proxy": 1,
        "not_available": 1,
        "not_applicable": 1,
        "not_reported": 70,
    }
    governance = next(theme for theme in data["themes"] if theme["theme"] == "10")
    assert (governance["indicators"], governance["with_value"], governance["not_reported"]) == (4, 2, 2)
    assert sum(theme["indicators"] for theme in data["themes"]) == 80
    assert data["index"] is None


def test_one_year_alone(capsys: pytest.CaptureFixture[str]) -> None:
    data = run(capsys, EXAMPLE, "--year", "2024")
    # 9 of 75 are 12 %.
    assert by_code(data)["10.2"]["value"] == 12.0
    assert data["total"]["not_reported"] == 79
    assert [one["year"] for one in run(capsys, EXAMPLE)["earlier"]] == [2024]


@pytest.mark.parametrize(
    ("code", "inputs", "before", "now", "reading"),
    [
        ("10.2", "numerator={};denominator=80", 8, 12, "better"),
        ("7.8", "numerator={};denominator=80", 8, 12, "worse"),
        ("15.1", "numerator={};denominator=80", 8, 12, None),
        ("10.2", "numerator={};denominator=80", 12, 12, "same"),
    ],
)
def test_a_change_is_read_by_the_direction(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    code: str,
    inputs: str,
    before: int,
    now: int,
    reading: str | None,
) -> None:
    rows = "".join(
        f"{code},{year},measured,{inputs.format(n)},,,\n" for year, n in ((2024, before), (2025, now))
    )
    (tmp_path / "iso37122.csv").write_text(HEAD + rows, encoding="utf-8")
    # 8 of 80 are 10 %, 12 of 80 are 15 %.
    value = {8: 10.0, 12: 15.0}[before]
    assert by_code(run(capsys, tmp_path))[code]["change"] == {
        "year": 2024,
        "value": value,
        "by": 15.0 - value,
        "reading": reading,
    }


def test_two_ways_of_measuring_make_no_trend(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = "10.3,2024,measured,mean_hours=48,,,\n10.3,2025,measured,numerator=90;denominator=60,,,\n"
    (tmp_path / "iso37122.csv").write_text(HEAD + rows, encoding="utf-8")
    desk = by_code(run(capsys, tmp_path))["10.3"]
    # 90 days over 60 inquiries are 1.5 days.
    assert (desk["value"], desk["change"]) == (1.5, None)


def test_a_spreadsheet_that_shortened_a_code_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (line,) = refused(capsys, tmp_path, "7.1,2025,not_available,,,,\n7.1,2025,not_available,,,,\n")
    assert line.endswith("keep one of the two; a spreadsheet may have made 7.10 into 7.1")


def test_the_largest_and_smallest_figures_are_shown(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = (
        f"10.1,2025,measured,numerator={'9' * 15};denominator=0.{'0' * 11}1,,,\n"
        f"8.2,2025,measured,numerator=0.{'0' * 11}1;denominator={'9' * 15},,,\n"
    )
    (tmp_path / "iso37122.csv").write_text(HEAD + rows, encoding="utf-8")
    assert main(["iso37122", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    # 999,999,999,999,999 x 10^12 x 10^5
    assert f"{'9' * 15}{'0' * 17},00 per 100.000 penduduk" in said
    # 10^-12 / 999,999,999,999,999 = 1.000...001 x 10^-27
    assert f"0,{'0' * 26}100 stasiun/km2" in said


def test_cells_without_a_head_are_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    head = "indicator,year,status,inputs,\n"
    (line,) = refused(capsys, tmp_path, "7.6,2025,not_available,,aside\n7.7,2025,not_available,,\n", head)
    assert line.startswith("iso37122.csv:2: 'aside' stands in column 5, which has no head")


def test_the_text_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["iso37122", str(EXAMPLE)]) == 0
    said = capsys.readouterr().out
    assert "bukan sertifikat" in said
    assert "10.3 Waktu tanggap aduan nondarurat [perlu dikonfirmasi], 2025: 1,50 hari; diperkirakan" in said
    assert (
        "21.2 Izin bangunan yang diajukan daring [perlu dikonfirmasi], 2025: diukur; penyebutnya nol" in said
    )
    assert "Semua: 5 dari 80 indikator bernilai" in said
    assert main(["iso37122", str(EXAMPLE), "--language", "en"]) == 0
    said = capsys.readouterr().out
    assert "not a certificate" in said
    assert "1.50 days; estimated; lower is better" in said
    # 0.003413... with three significant digits.
    assert "0.00341 stations/km2" in said


def test_all_faults_at_once_with_file_and_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lines = refused(
        capsys,
        tmp_path,
        "10.22,2025,measured,numerator=1;denominator=2,,,\n"
        "10.2,25,guess,numerator=x;denominators=2,,,\n"
        "10.2,2025,not_available,numerator=1,,,\n"
        "19.11,2025,not_applicable,,,,\n"
        "10.1,2025,measured,numerator=-5;denominator=2,,,\n"
        "14.1,2025,measured,numerator 5,,,\n"
        "14.1,2024,measured,numerator=5,,,\n"
        "14.1,2024,measured,numerator=5,,,\n",
    )
    assert lines == [
        "iso37122.csv:2: there is no indicator '10.22' in "
        "Assessed against SNI ISO 37122:2019, indicators for smart cities; did you mean 10.2?",
        "iso37122.csv:3: '25' is no year; write it as 2025",
        "iso37122.csv:3: 'guess' is no status; "
        "write one of measured, estimated, proxy, not_available, not_applicable",
        "iso37122.csv:3: numerator is 'x', which is no number; "
        "write digits alone, with a point or comma for decimals and nothing for thousands",
        "iso37122.csv:3: 10.2 has no input 'denominators'; its inputs are: numerator, denominator",
        "iso37122.csv:4: the status is not_available, but figures are given; "
        "give another status, or remove the figures",
        "iso37122.csv:5: it is said not to apply, and not why; write the reason in the column note",
        "iso37122.csv:6: numerator is -5, less than 0; mend the figure",
        "iso37122.csv:7: 'numerator 5' is no input; "
        "write name=number, with a unit after it if you like: numerator=120 km2",
        "iso37122.csv:9: 14.1 of 2024 stands already in line 8; keep one of the two",
    ]


def test_other_files_than_due_are_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (line,) = refused(capsys, tmp_path, "", head="")
    assert line == "iso37122.csv: the file is empty; give a head and rows"
    lines = refused(capsys, tmp_path, "", head="indicator,years,status,inputs\n")
    assert lines == [
        "iso37122.csv:1: there is no column 'years'; did you mean 'year'?",
        "iso37122.csv:1: the column 'year' is missing; add it",
    ]
    (tmp_path / "iso37122.csv").write_bytes(b"indicator,year,status,inputs\n\xff,2025,measured,\n")
    assert main(["iso37122", str(tmp_path)]) == 1
    assert "iso37122.csv:2: the text is not UTF-8" in capsys.readouterr().err
    assert main(["iso37122", str(tmp_path / "nowhere")]) == 1
    assert "give the folder that holds it" in capsys.readouterr().err
    assert main(["iso37122", str(tmp_path), "--set", "iso37120"]) == 2
    assert "the sets are: iso37122, pemdi" in capsys.readouterr().err


def one(code: str, value: str = "", **inputs: str) -> Reported:
    amounts = {name: Amount(Decimal(number), "") for name, number in inputs.items()}
    stated = Decimal(value) if value else None
    return Reported(2, code, 2025, "measured", amounts, stated, "", "", None, "", "", ())


@pytest.mark.parametrize(
    ("row", "warned"),
    [
        # 1 / 3 = 33.333... %: 33.33 is that, rounded; 33.3 too; 33.4 is not.
        (one("10.2", "33.33", numerator="1", denominator="3"), False),
        (one("10.2", "33.3", numerator="1", denominator="3"), False),
        (one("10.2", "33.4", numerator="1", denominator="3"), True),
        # More than all: 4 of 3 services.
        (one("10.2", numerator="4", denominator="3"), True),
        # More than 100,000 visits per 100,000 people is nothing odd.
        (one("10.1", numerator="2561232", denominator="130134"), False),
    ],
)
def test_odd_values_are_kept_with_a_warning(row: Reported, warned: bool) -> None:
    found = next(one for one in score(standard("iso37122"), [row]).results if one.code == row.code)
    assert found.value is not None
    assert bool(found.warnings) is warned


def test_a_separator_of_thousands_is_warned_of(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = HEAD + "10.1,2025,measured,numerator=500;denominator=130.134,,,\n"
    (tmp_path / "iso37122.csv").write_text(rows, encoding="utf-8")
    (warning,) = by_code(run(capsys, tmp_path))["10.1"]["warnings"]
    assert "if you mean 130134" in warning["en"]


def test_a_value_stated_in_another_unit_is_no_value(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = HEAD + "10.3,2025,measured,,40,hours,\n10.4,2025,measured,,,,\n"
    (tmp_path / "iso37122.csv").write_text(rows, encoding="utf-8")
    found = by_code(run(capsys, tmp_path))
    assert (found["10.3"]["value"], found["10.3"]["reason"]["code"]) == (None, "unit_mismatch")
    assert found["10.4"]["reason"]["en"] == "missing input: numerator, denominator"


def pemdi(tmp_path: Path, levels: dict[int, str]) -> Path:
    rows = "".join(f"{code},2026,measured,level={level}\n" for code, level in levels.items())
    (tmp_path / "pemdi.csv").write_text("indicator,year,status,inputs\n" + rows, encoding="utf-8")
    return tmp_path


def test_the_second_set_and_its_index(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    # All at 3 but user support (10) at 5 and satisfaction management (15) at 4: 3 + (2 x 10 + 1 x 15) / 100 = 3.35.
    levels = dict.fromkeys(range(1, 19), "3") | {19: "5", 20: "4"}
    data = run(capsys, pemdi(tmp_path, levels), "--set", "pemdi")
    assert data["index"]["value"] == 3.35
    assert data["index"]["class"]["id"] == "baik"
    # All at 4 but five at 2 that weigh 5 each: 4 - 2 x 25 / 100 = 3.5, which is in the upper class.
    levels = dict.fromkeys(range(1, 21), "4") | dict.fromkeys((1, 2, 3, 4, 5), "2")
    data = run(capsys, pemdi(tmp_path, levels), "--set", "pemdi")
    assert (data["index"]["value"], data["index"]["class"]["id"]) == (3.5, "sangat baik")


def test_an_index_over_gaps_is_no_number(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    data = run(capsys, pemdi(tmp_path, dict.fromkeys(range(1, 20), "3")), "--set", "pemdi")
    assert data["index"]["value"] is None
    assert data["index"]["reason"]["en"] == "no value for the indicators 20"


def test_a_level_outside_the_scale_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["iso37122", str(pemdi(tmp_path, {1: "6"})), "--set", "pemdi"]) == 1
    assert capsys.readouterr().err.strip() == "pemdi.csv:2: level is 6, more than 5; mend the figure"


@given(st.one_of(st.lists(ROWS, max_size=4), st.lists(st.one_of(ROWS, ODD_ROWS), max_size=4)))
@settings(derandomize=True, max_examples=200, deadline=None)
def test_odd_cells_are_values_reasons_or_faults_and_nothing_else(rows: list[tuple[str, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        with (Path(folder) / "iso37122.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["indicator", "year", "status", "inputs"], *rows])
        iso = standard("iso37122")
        try:
            card = score(iso, read_reported(Path(folder), iso))
        except StandardsRefused as refused:
            assert all(fault.where.startswith("iso37122.csv") for fault in refused.faults)
        else:
            assert all((one.value is None) == (one.reason is not None) for one in card.results)
            assert as_text(card, "id")
            json.dumps(as_data(card), allow_nan=False)
