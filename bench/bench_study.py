"""Statistics of an instrument on one machine: `python bench/bench_study.py`.

Targets: the whole block of 2,000 x 50 in 0.3 s and of 100,000 x 50 in 2 s, without parallel analysis; 1,000 bootstrap
draws of alpha on 2,000 x 30 in 2 s. Where pingouin is installed (GPL, not among our requirements), its alpha is timed
in the same run.
"""

from __future__ import annotations

import importlib
import importlib.util
import io
import time
from collections.abc import Callable

import numpy as np

from pendapa.study import matrices, reliability
from pendapa.study.instrument import examine
from pendapa.study.responses import Responses, complete, read_responses
from pendapa.study.tables import FloatArray


def answers(n: int, k: int) -> FloatArray:
    """Answers from 1 to 5 with a general factor and five facets, some left open."""
    random = np.random.default_rng(n + k)
    facets = np.repeat(random.standard_normal((n, 5)), k // 5, axis=1)
    raw = 3 + 0.5 * random.standard_normal((n, 1)) + 0.5 * facets + 0.8 * random.standard_normal((n, k))
    marks = np.clip(np.round(raw), 1, 5)
    marks[random.random((n, k)) < 0.0002] = np.nan
    return marks


def seconds(what: Callable[[], object], times: int) -> float:
    """The median of several runs."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        what()
        taken.append(time.perf_counter() - begun)
    return sorted(taken)[len(taken) // 2]


def block(n: int, k: int) -> None:
    values = answers(n, k)
    responses = Responses(tuple(f"I{item}" for item in range(k)), values, tuple(range(2, n + 2)))
    taken = seconds(lambda: examine(complete(responses)), 5)
    print(f"block of {n:,} x {k}: {taken:.3f} s")


def main() -> None:
    """Print one line a figure."""
    examine(
        complete(Responses(("A", "B", "C"), answers(50, 5)[:, :3], tuple(range(50))))
    )  # loads what is lazy
    block(2_000, 50)
    block(100_000, 50)
    values = np.nan_to_num(answers(2_000, 30), nan=3)
    draws = seconds(lambda: reliability.bootstrap_alpha(values, 1_000, seed=1), 3)
    print(f"1,000 bootstrap draws of alpha, 2,000 x 30: {draws:.3f} s")
    file = io.StringIO()
    heads = tuple(f"I{item}" for item in range(50))
    np.savetxt(
        file, np.nan_to_num(answers(20_000, 50), nan=3), "%d", ",", header=",".join(heads), comments=""
    )
    source = file.getvalue().encode()
    print(f"reading 20,000 x 50 from CSV: {seconds(lambda: read_responses(source, 'r.csv', heads), 3):.3f} s")
    if importlib.util.find_spec("pingouin") is None:
        print("pingouin is not installed: no ratio")
        return
    pandas, pingouin = (importlib.import_module(name) for name in ("pandas", "pingouin"))

    frame = pandas.DataFrame(values)
    theirs = seconds(lambda: pingouin.cronbach_alpha(frame), 5)

    def alpha_with_interval() -> tuple[float, float]:
        alpha = reliability.cronbach_alpha(matrices.covariances(values))
        return reliability.feldt_interval(alpha, *values.shape)

    ours = seconds(alpha_with_interval, 5)
    print(
        f"alpha with interval, 2,000 x 30: {ours * 1000:.2f} ms, pingouin {theirs * 1000:.2f} ms, {theirs / ours:.0f}x"
    )


if __name__ == "__main__":
    main()
