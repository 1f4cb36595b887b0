"""An assessment as files of a study folder: readiness.csv, evaluation.csv, swot.csv, rubric.csv, each optional."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pendapa.assessment import evaluation, readiness, rubric, swot
from pendapa.assessment.refusal import AssessmentRefused, Fault

FILES = (readiness.FILE, evaluation.FILE, swot.FILE, rubric.FILE)
PLAN = "study.toml"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the files of a folder give; None for a file that is not there."""

    title: str
    illustrative: bool
    readiness: readiness.Readiness | None
    evaluations: tuple[evaluation.Evaluation, ...] | None
    swot: swot.Analysis | None
    rubric: rubric.Coded | None


def read_assessment(folder: Path) -> Assessment:
    """Read the files of FOLDER, or of FOLDER/study of a regency.

    Raises AssessmentRefused with the faults of all files at once, each as file:line.
    """
    where = folder / "study" if any((folder / "study" / name).is_file() for name in FILES) else folder
    if not any((where / name).is_file() for name in FILES):
        wrong = f"there is none of {', '.join(FILES)}"
        raise AssessmentRefused([Fault(str(folder), wrong, "give the folder of a study")])
    faults: list[Fault] = []

    def read(name: str, reader: Callable[[bytes], T]) -> T | None:
        if not (where / name).is_file():
            return None
        try:
            return reader((where / name).read_bytes())
        except AssessmentRefused as refused:
            faults.extend(refused.faults)
        except OSError as error:
            faults.append(Fault(name, f"{error.strerror}", "give a file that can be read"))
        return None

    title, illustrative = read(PLAN, _plan) or ("", False)
    judgements = read(readiness.FILE, readiness.read_readiness)
    scores = read(evaluation.FILE, evaluation.read_evaluation)
    factors = read(swot.FILE, swot.read_swot)
    codings = read(rubric.FILE, rubric.read_rubric)
    if faults:
        raise AssessmentRefused(faults)
    return Assessment(
        title,
        illustrative,
        None if judgements is None else readiness.readiness(judgements),
        None if scores is None else evaluation.evaluations(scores),
        None if factors is None else swot.analyse(*factors),
        None if codings is None else rubric.code(codings),
    )


def _plan(source: bytes) -> tuple[str, bool]:
    """Title, and whether the data is illustrative; the rest of the plan is the study's to check."""
    try:
        plan = tomllib.loads(source.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AssessmentRefused([Fault(PLAN, f"this is not TOML ({error})", "mend it")]) from error
    return str(plan.get("title", "")), plan.get("illustrative") is True
