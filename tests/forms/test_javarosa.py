"""JavaRosa (inside the pyxform wheel) judges the same forms and answers at the same moment: no difference is left.

JavaRosa judges required and constraint and computes values; types, choices, unknown answers and limits have
cases of their own (test_errors.py), so all answers sent here are of their type and in their lists. Known
differences, kept out of the answers: JavaRosa trims text, writes whole numbers without leading zeros, stores a
number that is computed for a date as the number (here it becomes the date), reads the place `0 0 0 0` as a blank,
drops the time where a dateTime is read as text, and stops where [last()] finds nothing. Those that are let stand
are in is_known(). PENDAPA_ORACLE_ROUNDS sets the answers tried for each form; `make oracle` tries 250.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import pyxform
from pyxform.xls2xform import convert

from pendapa.forms import Form, compile_form, evaluate

from .conftest import NOW, survey
from .sample_forms import FILES, FORMS, instance

pytestmark = pytest.mark.oracle

JAR = Path(pyxform.__file__).parent / "validators" / "odk_validate" / "bin" / "ODK_Validate.jar"
ROUNDS = int(os.environ.get("PENDAPA_ORACLE_ROUNDS", "250" if os.environ.get("PENDAPA_LONG") else "40"))


Found = tuple[set[tuple[str, str]], dict[str, str]]  # (path, kind) of errors, values by path


@dataclass
class Sample:
    """A form, the random instances sent for it, and what JavaRosa says about each."""

    form: Form
    sent: list[tuple[str, dict[str, str]]]
    judged: list[Found]


def javarosa(folders: list[Path], classes: Path) -> list[list[Found]]:
    """What JavaRosa finds for the form.xml and the instances.txt of each folder, in one run of Java."""
    moment = NOW.astimezone(tz=None).strftime("%Y-%m-%d %H:%M:%S")
    command = ["faketime", "-f", f"@{moment}", "java", "-Duser.timezone=Asia/Jakarta", "-Duser.language=en"]
    command += ["-cp", f"{JAR}:{classes}", "JavaRosaCheck", *map(str, folders)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    forms: list[list[Found]] = [[]]
    errors: set[tuple[str, str]] = set()
    values: dict[str, str] = {}
    for line in done.stdout.split("\n")[:-1]:
        mark, _, rest = line.partition("\t")
        path, _, text = rest.partition("\t")
        assert mark != "X", line
        if line == ".":
            forms[-1].append((errors, values))
            errors, values = set(), {}
        elif line == "=":
            forms.append([])
        elif mark == "E":
            errors.add((path, text))
        else:
            values[path] = text
    return forms[:-1]


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sample]:
    if not shutil.which("javac") or not shutil.which("faketime"):
        pytest.fail("the oracle needs a JDK and faketime: apt-get install default-jdk-headless faketime")
    classes = tmp_path_factory.mktemp("javarosa")
    source = Path(__file__).parent / "oracle" / "JavaRosaCheck.java"
    subprocess.run(["javac", "-cp", str(JAR), "-d", str(classes), str(source)], check=True)
    made: dict[str, Sample] = {}
    folders = []
    for number, (name, rows) in enumerate(FORMS.items()):
        workbook = survey(*rows).encode()
        form = compile_form(workbook, name="coba.md", files=FILES)
        chance = random.Random(f"pendapa {name}")
        made[name] = Sample(form, [instance(form, chance) for _ in range(ROUNDS)], [])
        folder = classes / str(number)
        folder.mkdir()
        folders.append(folder)
        xml = convert(workbook, file_type=".md", form_name="data").xform
        (folder / "form.xml").write_text(xml, encoding="utf-8")
        lines = "".join(f"{line}\n" for line, _ in made[name].sent)
        (folder / "instances.txt").write_text(lines, encoding="utf-8")
        for file, content in FILES.items():
            (folder / file).write_bytes(content)
    for sample, judged in zip(made.values(), javarosa(folders, classes), strict=True):
        sample.judged = judged
    return made


@pytest.mark.parametrize("name", FORMS)
def test_same_findings_and_values_as_javarosa(name: str, samples: dict[str, Sample]) -> None:
    form = samples[name].form
    differences: dict[str, str] = {}
    for (line, answers), (errors, values) in zip(samples[name].sent, samples[name].judged, strict=True):
        done = evaluate(form, answers, now=NOW, keep_surplus=True)
        ours = {path: text for path, text in done.values.items() if not path.endswith("]")}
        theirs = {renamed(path, form): text for path, text in values.items()}
        for path in ours.keys() | theirs.keys():
            if not alike(ours.get(path), theirs.get(path)):
                plain = re.sub(r"\[\d+\]", "", path)
                source_text = next((d.calculate for d in form.definition if d.short == plain), "")
                if is_known(source_text, ours.get(path), theirs.get(path)):
                    continue
                differences.setdefault(
                    f"{plain} {source_text}", f"{ours.get(path)!r} != {theirs.get(path)!r} in {line}"
                )
        found = {
            (error.path, error.kind) for error in done.errors if error.kind in ("required", "constraint")
        }
        wanted = {(renamed(path, form), kind) for path, kind in errors}
        chosen_outside = {error.path for error in done.errors if error.kind == "choice"}
        for path, kind in found ^ wanted:
            if path not in chosen_outside:
                differences.setdefault(
                    f"{path} {kind}", f"ours {sorted(found)}, theirs {sorted(wanted)} in {line}"
                )
    assert not differences, "\n".join(f"{where}: {what}" for where, what in differences.items())


def is_known(source: str, ours: str | None, theirs: str | None) -> bool:
    """JavaRosa begins a max() at the smallest number above 0: of numbers below 0 alone it gives that one. It
    measures area() by another formula: less than one part in a thousand apart."""
    if "area(" in source and ours and theirs:
        return abs(float(ours) - float(theirs)) < 0.001 * float(theirs)
    return "max(" in source and theirs == "0" and ours is not None and float(ours or 0) < 0


def alike(ours: str | None, theirs: str | None) -> bool:
    """The same text, or the same number: JavaRosa writes 10 as 10.0 and carries rounding noise."""
    if ours == theirs:
        return True
    try:
        return ours is not None and theirs is not None and abs(float(ours) - float(theirs)) < 1e-9
    except ValueError:
        return False


def renamed(path: str, form: Form) -> str:
    """JavaRosa numbers every step; ours only repeats."""
    schema = {d.path: d for d in form.definition}
    plain, result = "/data", ""
    for step in path.strip("/").split("/"):
        name, _, number = step.partition("[")
        plain += f"/{name}"
        declared = schema.get(plain)
        result += f"/{name}" + (f"[{number}" if declared is not None and declared.is_repeat else "")
    return result
