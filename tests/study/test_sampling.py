"""Sample sizes against the printed tables, by hand, and over arbitrary strata."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pendapa.study import sampling


@pytest.mark.parametrize(
    ("population", "error", "size"),
    [
        (100, 0.05, 80),
        (100, 0.10, 50),
        (500, 0.05, 223),  # 222.2 rounded up
        (500, 0.10, 84),
        (1_000, 0.05, 286),
        (1_745_278, 0.05, 400),
    ],
)
def test_slovin_by_hand(population: int, error: float, size: int) -> None:
    assert sampling.slovin(population, error) == size


def test_slovin_does_not_round_up_what_is_whole() -> None:
    assert sampling.slovin(400, 0.05) == 200  # 400 / (1 + 400 * .0025) = 400 / 2


@pytest.mark.parametrize(
    ("population", "size"),
    [
        # Krejcie & Morgan 1970, table 1; of the row of 100,000 see below.
        (10, 10), (15, 14), (20, 19), (30, 28), (50, 44), (100, 80), (150, 108), (200, 132), (250, 152), (300, 169),
        (500, 217), (1_000, 278), (2_000, 322), (5_000, 357), (10_000, 370), (50_000, 381),
    ],
)  # fmt: skip
def test_krejcie_morgan_as_printed(population: int, size: int) -> None:
    assert sampling.krejcie_morgan(population) == size


def test_krejcie_morgan_of_a_hundred_thousand_is_what_the_formula_gives() -> None:
    """3.841 * 100000 * .25 / (.0025 * 99999 + .96025) = 96025 / 250.95775 = 382.63; the printed table has 384."""
    assert sampling.krejcie_morgan(100_000) == 383


def test_cochran_by_hand() -> None:
    """1.96² * .25 / .0025 = 384.16; of 1,000: 384.16 / (1 + 383.16 / 1000) = 277.74."""
    assert sampling.cochran(0.05) == 385
    assert sampling.cochran(0.05, population=1_000) == 278
    assert sampling.cochran(0.05, population=3) == 3


def test_z_of_a_confidence() -> None:
    assert sampling.z_of(0.95) == pytest.approx(1.959964, abs=1e-6)


@pytest.mark.parametrize("error", [0, 5, -0.1, float("nan")])
def test_an_error_that_is_no_share_is_refused(error: float) -> None:
    with pytest.raises(ValueError, match=r"5 percent is 0\.05"):
        sampling.slovin(100, error)


def test_strata_by_largest_remainder() -> None:
    """20 of 47, 32 and 21: 9.4, 6.4 and 4.2; one is left, and 9.4 comes first among equals."""
    assert sampling.proportional_strata(20, {"a": 47, "b": 32, "c": 21}) == {"a": 10, "b": 6, "c": 4}


@settings(derandomize=True)
@given(st.dictionaries(st.text(), st.integers(0, 10_000), min_size=1), st.data())
def test_strata_sum_to_the_sample_and_stay_within_one_of_their_share(
    strata: dict[str, int], data: st.DataObject
) -> None:
    n = data.draw(st.integers(0, sum(strata.values())))
    shares = sampling.proportional_strata(n, strata)
    assert sum(shares.values()) == n
    for name, size in strata.items():
        assert 0 <= shares[name] <= size
        assert abs(shares[name] * sum(strata.values()) - n * size) < max(1, sum(strata.values()))


def test_strata_smaller_than_the_sample_are_refused() -> None:
    with pytest.raises(ValueError, match="11 respondents cannot be drawn from 10 people"):
        sampling.proportional_strata(11, {"a": 10})


def test_achieved_against_planned_names_strata_that_nobody_planned() -> None:
    rows = sampling.achieved_against_planned({"a": 10, "b": 0}, {"a": 8, "c": 2})
    assert [(row.stratum, row.missing, row.rate) for row in rows] == [
        ("a", 2, 0.8),
        ("b", 0, None),
        ("c", 0, None),
    ]
