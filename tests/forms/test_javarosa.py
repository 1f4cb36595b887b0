# ruff: noqa: E501 - the table of forms is easier to read in long rows
"""JavaRosa (inside the pyxform wheel) judges the same forms and answers at the same moment: no difference is left.

JavaRosa judges required and constraint and computes values; types, choices, unknown answers and limits have cases of
their own in test_features.py, so all answers sent here are of their type and in their lists. Known differences, kept
out of the answers: JavaRosa trims text, writes whole numbers without leading zeros, and stores a number that is computed
for a date as the number (here it becomes the date). PENDAPA_ORACLE_ROUNDS sets the answers tried for each form.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
import pyxform
from pyxform.xls2xform import convert

from pendapa.forms import Form, compile_form, evaluate
from pendapa.forms.model import Declaration

from .conftest import NOW, survey

pytestmark = pytest.mark.oracle

JAR = Path(pyxform.__file__).parent / "validators" / "odk_validate" / "bin" / "ODK_Validate.jar"
ROUNDS = int(os.environ.get("PENDAPA_ORACLE_ROUNDS", "40"))

NUMBERS = ("integer a", "integer b", "decimal d")


def calculations(*sources: str) -> list[dict[str, str]]:
    return [{"type": f"calculate c{i}", "calculation": source} for i, source in enumerate(sources)]


FORMS: dict[str, list[dict[str, str] | str]] = {
    "arithmetic": [
        *NUMBERS,
        *calculations(
            "${a} + ${b}", "${a} - ${b} * 2", "${a} div ${b}", "${a} mod 3", "-${a}", "${d} * 3", "round(${d}, 1)",
            "round(${d})", "int(${d})", "abs(${a})", "pow(${a}, 2)", "coalesce(${a}, ${b})", "number(${d}) + 1",
            "${a} div 0", "min(${a}, ${b}, 3)", "max(${a}, ${b})", "sqrt(${a})", "pi()",
        ),
    ],
    "comparison": [
        *NUMBERS, "text t", "text u",
        *calculations(
            "${a} = ${b}", "${a} != ${b}", "${a} < ${b}", "${a} >= ${d}", "${t} = ${u}", "${t} != ${u}", "${t} = 'ya'",
            "${a} = ''", "${t} = ''", "${t} > 3", "${a} = '5'", "not(${t} = 'ya')", "${t} and ${u}", "${t} or ${a}",
            "boolean(${t})", "${a} > 2 and ${b} < 4 or ${t} = 'ya'", "if(${a} > ${b}, ${t}, ${u})", "true() = ${a}",
        ),
    ],
    "text": [
        "text t", "text u", "integer a",
        *calculations(
            "concat(${t}, '-', ${u})", "string-length(${t})", "substr(${t}, 1, 3)", "substr(${t}, 2)",
            "contains(${t}, ${u})", "starts-with(${t}, 'a')", "ends-with(${t}, 'i')", "normalize-space(${t})",
            "translate(${t}, 'ai', 'IA')", "regex(${t}, '[a-z]+')", "substring-before(${t}, ' ')",
            "substring-after(${t}, ' ')", "string(${a})", "concat(${a}, ${t})", "coalesce(${t}, ${u})",
        ),
    ],
    "dates": [
        {"type": "date d", "constraint": ". <= today()"}, {"type": "date e", "constraint": ". > ${d}"}, "time t", "dateTime m",
        *calculations(
            "int((today() - ${d}) div 365.25)", "${d} < ${e}", "format-date(${d}, '%Y/%m/%d %n %e %y %b %a')",
            "format-date-time(${m}, '%H:%M')", "${e} - ${d}", "if(${d} = today(), 'now', 'then')", "date(${d} + 30)",
            "decimal-time(${t})", "string(${d})", "concat(${d}, '')", "${d} = ${e}", "number(${d})",
            "decimal-date-time(${d})", "date('2026-01-01') < ${d}", "today() + 1", "today()", "format-date-time(now(), '%Y-%m-%d %H')", "date('2026-01-01')", "if(${d} > today(), ${d}, ${e})",
        ),
    ],
    "typed calculations": [
        "integer a", "date d",
        {"type": "integer i", "calculation": "${a} div 2", "readonly": "yes"},
        {"type": "decimal j", "calculation": "${a} div 4", "readonly": "yes"},
        {"type": "date k", "calculation": "date(${d} + 10)", "readonly": "yes"},
        {"type": "text l", "calculation": "${a} * 2", "readonly": "yes"},
        *calculations("${a} > 2", "if(${c0}, 'y', 'n')", "${c0} = 'true'", "${c0} = 'false'", "concat(${c0}, '')", "${c0} + 1",
            "not(${c0})", "${c0} = ${a}", "${c0} = true()", "if(${a} > 1, true(), false())", "string(${c0})"),
    ],
    "selects": [
        "select_one sex s", "select_multiple district m", "select_one district k",
        {"type": "select_one village v", "choice_filter": "district = ${k}"},
        *calculations(
            "selected(${m}, 'slawi')", "count-selected(${m})", "selected-at(${m}, 0)", "selected-at(${m}, 1)",
            "jr:choice-name(${s}, '${s}')", "selected(${s}, 'f')", "if(selected(${m}, ${k}), 'in', 'out')",
        ),
    ],
    "relevance": [
        "integer a", {"type": "text b", "relevant": "${a} > 2", "required": "yes"},
        {"type": "begin_group g", "relevant": "${b} != ''"},
        {"type": "integer c", "required": "yes", "constraint": ". > ${a}"}, "begin_group h",
        {"type": "text e", "relevant": "${c} > 4", "required": "${a} > 3"}, "end_group", "end_group",
        {"type": "text f", "relevant": "${e} = '' and ${c} != ''", "required": "yes"},
        *calculations("if(${b} = '', 'blank', 'filled')", "${c} + 1", "count(${g})", "concat(${e}, ${f})"),
    ],
    "constraints": [
        {"type": "integer a", "constraint": ". >= 1 and . <= 4"}, {"type": "text b", "constraint": "regex(., '^[a-z]{2,4}$')"},
        {"type": "decimal c", "constraint": ". < ${a} or ${a} = ''"},
        {"type": "text e", "constraint": "string-length(.) > 2", "required": "yes"},
        {"type": "select_multiple sex m", "constraint": "count-selected(.) < 2", "required": "${a} = 2"},
    ],
    "repeat": [
        "integer low", "begin_repeat r", {"type": "integer x", "constraint": ". > ${low}", "required": "yes"},
        {"type": "text y", "relevant": "${x} > 2", "required": "yes"},
        {"type": "calculate p", "calculation": "position(..)"}, {"type": "calculate t", "calculation": "${x} * 2"},
        "end_repeat",
        *calculations(
            "sum(${x})", "count(${r})", "max(${x})", "min(${x})", "sum(${t})", "count(${y})", "join(' ', ${x})",
            "indexed-repeat(${x}, ${r}, 2)", "concat(${y})", "count-non-empty(${x})",
        ),
    ],
    "inside a repeat": [
        "begin_repeat r", "integer x", {"type": "calculate n", "calculation": "count(${r})"},
        {"type": "calculate s", "calculation": "sum(/data/r/x)"}, {"type": "calculate q", "calculation": "position(..) = count(/data/r)"},
        {"type": "calculate w", "calculation": "indexed-repeat(${x}, ${r}, position(..) - 1)"},
        {"type": "calculate w0", "calculation": "indexed-repeat(${x}, ${r}, 0)"},
        {"type": "calculate w9", "calculation": "indexed-repeat(${x}, ${r}, 9)"},
        {"type": "calculate o", "calculation": "count(../../r)"}, {"type": "calculate o2", "calculation": "sum(../../r/x)"},
        {"type": "select_one district k"}, {"type": "select_one village v", "choice_filter": "district = ${k}"},
        "end_repeat",
    ],
    "nested repeats": [
        "begin_repeat h", "text who", "begin_repeat p", {"type": "integer age", "constraint": ". < 9"}, "end_repeat",
        {"type": "calculate ages", "calculation": "sum(${age})"}, {"type": "calculate many", "calculation": "count(${p})"}, "end_repeat",
        *calculations("sum(${age})", "sum(${ages})", "count(${p})"),
    ],
    "relevance of a repeat": [
        "integer a", {"type": "begin_repeat r", "relevant": "${a} > 1"}, {"type": "integer x", "required": "yes"}, "end_repeat",
        *calculations("sum(${x})", "count(${r})", "if(${a} > 1, sum(${x}), 'none')"),
    ],
}  # fmt: skip

POOL = {
    "int": ["", "0", "1", "2", "3", "4", "5", "-3", "12"],
    "decimal": ["", "0.5", "1.25", "-2.75", "3", "2.45", "10"],
    "date": ["", "2026-03-29", "2026-03-30", "2026-04-02", "1990-01-01", "2000-02-29"],
    "time": ["", "07:30:00.000+07:00", "16:45:00.000+07:00"],
    "dateTime": ["", "2026-03-30T07:30:00.000+07:00", "2025-12-31T23:59:00.000+07:00"],
    "string": ["", "ya", "abi", "a b c", "Siti", "5", "ai", "0", "bb b"],
}


def instance(form: Form, chance: random.Random) -> tuple[str, dict[str, str]]:
    """A random instance, every element there, as XML and as answers by path."""
    declarations = form.definition.declarations
    answers: dict[str, str] = {}

    def value(declared: Declaration) -> str:
        if declared.itemset is None:
            return chance.choice(POOL.get(declared.type, POOL["string"]))
        names = [choice.name for choice in form.fields[declared.short].choices["id"]]
        if declared.control == "select1":
            return chance.choice(["", *names])
        return " ".join(chance.sample(names, chance.randint(0, len(names))))

    def element(declared: Declaration, path: str) -> str:
        name = declared.path.rsplit("/", 1)[-1]
        if declared.is_repeat:
            numbers = range(1, chance.randint(0, 3) + 1)
            return "".join(f"<{name}>{inside(declared, f'{path}[{i}]')}</{name}>" for i in numbers)
        if declared.children:
            return f"<{name}>{inside(declared, path)}</{name}>"
        answers[path] = value(declared)
        return f"<{name}>{escape(answers[path])}</{name}>"

    def inside(declared: Declaration, path: str) -> str:
        children = (declarations[at] for at in declared.children)
        return "".join(
            element(child, f"{path}/{child.path.rsplit('/', 1)[-1]}")
            for child in children
            if child.path != "/data/meta"
        )

    return f'<data id="coba" version="3">{inside(declarations[0], "")}</data>', answers


def javarosa(
    form_xml: str, lines: list[str], folder: Path
) -> Iterator[tuple[set[tuple[str, str]], dict[str, str]]]:
    (folder / "form.xml").write_text(form_xml, encoding="utf-8")
    (folder / "instances.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    moment = NOW.astimezone(tz=None).strftime("%Y-%m-%d %H:%M:%S")
    command = [
        "faketime",
        "-f",
        f"@{moment}",
        "java",
        "-Duser.timezone=Asia/Jakarta",
        "-Duser.language=en",
        "-cp",
    ]
    command += [f"{JAR}:{folder}", "JavaRosaCheck", str(folder / "form.xml"), str(folder / "instances.txt")]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    errors: set[tuple[str, str]] = set()
    values: dict[str, str] = {}
    for line in done.stdout.split("\n")[:-1]:
        if line == ".":
            yield errors, values
            errors, values = set(), {}
            continue
        mark, _, rest = line.partition("\t")
        path, _, text = rest.partition("\t")
        assert mark != "X", line
        if mark == "E":
            errors.add((path, text))
        else:
            values[path] = text


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not shutil.which("javac") or not shutil.which("faketime"):
        pytest.fail("the oracle needs a JDK and faketime: apt-get install default-jdk-headless faketime")
    folder = tmp_path_factory.mktemp("javarosa")
    source = Path(__file__).parent / "oracle" / "JavaRosaCheck.java"
    subprocess.run(["javac", "-cp", str(JAR), "-d", str(folder), str(source)], check=True)
    return folder


@pytest.mark.parametrize("name", FORMS)
def test_same_findings_and_values_as_javarosa(name: str, compiled: Path) -> None:
    source = survey(*FORMS[name]).encode()
    form = compile_form(source, name="coba.md")
    xml = convert(source, file_type=".md", form_name="data").xform
    chance = random.Random(f"pendapa {name}")
    sent = [instance(form, chance) for _ in range(ROUNDS)]
    differences: dict[str, str] = {}
    for (line, answers), (errors, values) in zip(
        sent, javarosa(xml, [line for line, _ in sent], compiled), strict=True
    ):
        done = evaluate(form, answers, now=NOW)
        ours = {path: text for path, text in done.values.items() if not path.endswith("]")}
        theirs = {renamed(path, form): text for path, text in values.items()}
        for path in ours.keys() | theirs.keys():
            if not alike(ours.get(path), theirs.get(path)):
                plain = re.sub(r"\[\d+\]", "", path)
                source_text = next((d.calculate for d in form.definition if d.short == plain), "")
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
