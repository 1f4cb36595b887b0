"""Content validity against the printed tables and by hand."""

from __future__ import annotations

from itertools import product

import pytest

from pendapa.study import content
from pendapa.study.refusal import NotComputable


@pytest.mark.parametrize(
    ("experts", "essential", "ratio"),
    [
        # Ayre & Scally 2014, table 2: N, critical number of experts, critical CVR (one-tailed, .05).
        (5, 5, 1.00), (6, 6, 1.00), (7, 7, 1.00), (8, 7, 0.750), (9, 8, 0.778), (10, 9, 0.800), (11, 9, 0.636),
        (12, 10, 0.667), (13, 10, 0.538), (14, 11, 0.571), (15, 12, 0.600), (20, 15, 0.500), (25, 18, 0.440),
        (30, 20, 0.333), (40, 26, 0.300),
    ],
)  # fmt: skip
def test_critical_cvr_as_printed(experts: int, essential: int, ratio: float) -> None:
    found = content.minimum_ratio(experts)
    assert found is not None
    assert (found.essential, round(found.ratio, 3)) == (essential, ratio)


def test_four_experts_are_too_few_for_a_critical_cvr() -> None:
    assert content.minimum_ratio(4) is None  # all four agree by chance once in 16


def test_cvr_by_hand() -> None:
    assert content.content_validity_ratio(7, 8) == pytest.approx(0.75)
    assert content.content_validity_ratio(0, 8) == -1


@pytest.mark.parametrize(
    ("experts", "categories", "level", "v", "p"),
    [
        # Aiken 1985, table 1: V and its right-tailed probability, at 1 and at 5 percent.
        (2, 5, 0.05, 1.00, 0.040),
        (3, 5, 0.01, 1.00, 0.008),
        (3, 5, 0.05, 0.92, 0.032),
        (4, 5, 0.01, 0.94, 0.008),
        (4, 5, 0.05, 0.88, 0.024),
        (5, 5, 0.01, 0.90, 0.007),
        (5, 5, 0.05, 0.80, 0.040),
        (5, 4, 0.05, 0.87, 0.021),
        (8, 5, 0.05, 0.75, 0.030),
    ],
)
def test_critical_v_as_printed(experts: int, categories: int, level: float, v: float, p: float) -> None:
    found = content.aiken_v([categories] * experts, 1, categories, level)
    assert found.critical == pytest.approx(v, abs=0.0051)
    marks = round(v * experts * (categories - 1))
    steps = [min(categories - 1, max(0, marks - at * (categories - 1))) for at in range(experts)]
    at_v = content.aiken_v([1 + step for step in steps], 1, categories, level)
    assert at_v.p == pytest.approx(p, abs=0.0006)
    assert at_v.valid


def test_the_tail_counts_every_way_of_marking() -> None:
    ratings = [3, 2, 4]
    every = list(product(range(1, 5), repeat=3))
    as_high = sum(sum(marks) >= sum(ratings) for marks in every)
    assert content.aiken_v(ratings, 1, 4).p == pytest.approx(as_high / len(every))


def test_v_and_its_score_interval_by_hand() -> None:
    """Marks 5 5 4 4 4 4 4 3 4 4 of 1 to 5: V = 31 / 40 = .775; with z = 1.96 the middle is 2 * 31 + 3.8416 = 65.8416,
    the spread 1.96 * sqrt(4 * 31 * .225 + 3.8416) = 1.96 * 5.6338 = 11.042; over 2 * 43.8416: .625 and .877."""
    found = content.aiken_v([5, 5, 4, 4, 4, 4, 4, 3, 4, 4], 1, 5)
    assert found.v == pytest.approx(0.775)
    assert found.interval == pytest.approx((0.6250, 0.8769), abs=2e-4)


def test_two_experts_have_no_critical_v() -> None:
    found = content.aiken_v([4, 4], 1, 4)  # both at the top once in 16
    assert found.critical is None and found.valid is None


def test_marks_outside_the_scale_are_refused() -> None:
    with pytest.raises(ValueError, match="mark 6 is outside the scale 1 to 5"):
        content.aiken_v([4, 6], 1, 5)
    with pytest.raises(NotComputable):
        content.aiken_v([], 1, 5)


def test_content_validity_index_by_hand() -> None:
    """Polit & Beck's indices: items 1, .8, .6 of five experts; average .8; all agree on one of three."""
    found = content.content_validity_index([[True] * 5, [True] * 4 + [False], [True] * 3 + [False] * 2])
    assert found.items == pytest.approx((1, 0.8, 0.6))
    assert found.average == pytest.approx(0.8)
    assert found.universal == pytest.approx(1 / 3)
    with pytest.raises(NotComputable):
        content.content_validity_index([])
