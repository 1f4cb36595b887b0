"""Whatever the file holds: a report without NaN, or a refusal with a place; and laws that hold for any data."""

from __future__ import annotations

import json
import warnings

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pendapa.study import matrices, reliability
from pendapa.study.commands.statistics import as_json
from pendapa.study.instrument import examine
from pendapa.study.refusal import StudyRefused
from pendapa.study.responses import MissingMethod, complete, read_responses
from pendapa.study.tables import read_table

ANSWERS = st.sampled_from(["1", "2", "3", "4", "5", "1", "5", "", "NA"])
TABLES = st.integers(1, 7).flatmap(
    lambda k: st.lists(st.lists(ANSWERS, min_size=k, max_size=k), min_size=0, max_size=12)
)


def no_constant(name: str) -> float:
    raise AssertionError(f"{name} in JSON")


@settings(derandomize=True, deadline=None, max_examples=150)
@given(TABLES, st.sampled_from(["listwise", "median"]))
@example([["1", "1"], ["1", "2"], ["2", "1"]], "listwise")
@example([["1", "5"], ["5", "1"], ["3", "3"]], "listwise")
@example([["1", "1", "1"], ["5", "5", "5"], ["3", "3", "3"]], "median")
def test_every_report_is_json_without_nan(rows: list[list[str]], method: MissingMethod) -> None:
    k = len(rows[0]) if rows else 3
    items = [f"I{item}" for item in range(k)]
    source = "\n".join(",".join(row) for row in [["id", *items], *(["r", *row] for row in rows)])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        answers = complete(read_responses(source.encode(), "r.csv", items), method)
        report = as_json(examine(answers, draws=2, seed=3), answers)
    read = json.loads(json.dumps(report), parse_constant=no_constant)
    for key in ("alpha", "omega_total", "omega_sl", "bartlett", "split_half"):
        value = read[key]
        if value is None or (isinstance(value, dict) and None in value.values()):
            assert read["notes"], f"{key} is null without a reason"


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.binary(max_size=200) | st.text(alphabet='A,;\t"\n\r1.NA', max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(source: bytes) -> None:
    try:
        table = read_table(source, "r.csv")
        table.numbers(range(len(table.heads)))
    except StudyRefused as refused:
        assert all(str(fault).startswith("r.csv") for fault in refused.faults)


@settings(derandomize=True, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(-50, 50), st.floats(0.01, 100))
def test_alpha_keeps_under_shift_scale_and_order(seed: int, shift: float, scale: float) -> None:
    random = np.random.default_rng(seed)
    values = random.integers(1, 6, (20, 4)).astype(np.float64) + random.standard_normal((20, 1))
    alpha = reliability.cronbach_alpha(matrices.covariances(values))
    moved = (values * scale + shift)[random.permutation(20)][:, random.permutation(4)]
    assert reliability.cronbach_alpha(matrices.covariances(moved)) == pytest.approx(alpha, rel=1e-9, abs=1e-9)
