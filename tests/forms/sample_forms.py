# ruff: noqa: E501 - the table of forms is easier to read in long rows
"""Forms that between them use every part of the engine, and random answers to them (see test_javarosa.py)."""

from __future__ import annotations

import random
from xml.sax.saxutils import escape

from pendapa.forms import Form
from pendapa.forms.model import Declaration

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
    "moments": [
        "dateTime m", "dateTime n", "date d",
        *calculations("${m} < ${n}", "${m} <= now()", "${m} - ${n}", "number(${m})", "${m} = ${n}", "now() > ${m}", "int(${m} - ${n})", "${m} < ${d}", "${m} <= today()",
            "number(now())", "decimal-date-time(${m}) < decimal-date-time(${n})", "${m} + 1", "date(${m}) = ${d}", "date(${m})", "${m} != ${n}", "${m} = ${d}", "today() - ${m}", "${m} * 2"),
    ],
    "order of choices": [
        {"type": "rank sex r", "required": "yes", "constraint": "selected-at(., 0) = 'f'"}, "rank district k",
        *calculations("count-selected(${r})", "selected-at(${k}, 1)", "selected(${r}, 'm')", "concat(${r}, ' ', ${k})", "${r} = 'f m'"),
    ],
    "places": [
        "geopoint p", {"type": "geotrace t", "constraint": "distance(.) < 20000"}, {"type": "geoshape s", "required": "${p} != ''"},
        *calculations("round(area(${s}))", "round(distance(${t}))", "round(distance(${s}))", "selected-at(${p}, 0)", "if(${p} = '', 'no', 'yes')"),
    ],
    "scales": [
        {"type": "range a", "parameters": "start=1 end=5 step=1", "required": "yes"},
        {"type": "range b", "parameters": "start=-10 end=10 step=0.5", "constraint": ". < ${a}"},
        *calculations("${a} + ${b}", "${a} * ${b}", "max(${a}, ${b})", "if(${a} > 3, 'high', 'low')"),
    ],
    "other than listed": [
        "select_one sex or_other s", "select_multiple district or_other m",
        *calculations("${s} = 'other'", "concat(${s}, ${m})", "count-selected(${m})"),
    ],
    "cascade in groups": [
        {"type": "select_one sex s", "required": "yes"}, {"type": "begin_group g", "relevant": "${s} = 'f'"},
        {"type": "select_one district d", "required": "yes"},
        {"type": "select_one village v", "choice_filter": "district = ${d} and ${s} = 'f'", "relevant": "${d} != ''"},
        {"type": "begin_group h", "relevant": "${v} = 'kalisapu' or ${v} = ''"}, {"type": "text t", "required": "${d} = 'slawi'"}, "end_group",
        "end_group", *calculations("concat(${d}, ${t})", "if(${t} = '' and ${s} = 'f', 1, 0)"),
    ],
    "preloads and hidden": [
        "start from", "today day", "hidden h", "deviceid dev", {"type": "text a", "readonly": "yes"}, {"type": "date d", "constraint": ". >= ${day}"},
        *calculations("${d} - ${day}", "concat(${h}, '!')", "format-date(${day}, '%e %n %Y')", "${from} < now()"),
    ],
    "chains": [
        "integer a", *calculations("${a} + 1", "${c0} * 2", "if(${c1} > 6, ${c0}, ${c1})", "concat(${c2}, ':', ${c1})", "string-length(${c3})", "coalesce(${a}, ${c4})"),
        {"type": "text b", "relevant": "${c1} > 4", "constraint": "string-length(.) < ${c4}"}, {"type": "text e", "relevant": "${b} != ''", "required": "${c0} > 3"},
        {"type": "calculate f", "calculation": "concat(${b}, ${e})", "relevant": "${a} > 1"}, {"type": "calculate z", "calculation": "if(${f} = '', 'none', ${f})"},
    ],
    "lists of questions": [
        "select_one sex p", "select_multiple sex q", "integer n",
        *calculations("checklist(1, 2, ${p} = 'f', selected(${q}, 'm'), ${n} > 3)", "weighted-checklist(2, 4, ${p} = 'f', 1, ${n} > 2, 3)",
            "boolean-from-string('1')", "boolean-from-string(${p})", "count-selected(${q}) + ${n}", "selected(concat(${p}, ' ', ${q}), 'f')"),
    ],
    "curves": [
        "decimal x", *calculations("exp(${x})", "exp10(1)", "log(abs(${x}) + 1)", "log10(abs(${x}) + 10)", "sin(${x})", "cos(${x})", "tan(${x})",
            "atan(${x})", "atan2(${x}, 2)", "int(-2.5)", "round(-2.5)", "round(${x}, -1)", "round(${x}, 2)", "${x} mod 2", "-${x} mod 2", "abs(${x} - 3)"),
    ],
    "groups in a repeat": [
        "select_one district all", "begin_repeat r", "begin_group g", {"type": "integer x", "required": "yes"},
        {"type": "text y", "relevant": "${x} > 2", "constraint": "string-length(.) > ${x} - 2"}, "end_group",
        {"type": "begin_group h", "relevant": "${y} = '' and ${all} = 'slawi'"}, {"type": "integer z", "required": "${x} = 1"}, "end_group",
        {"type": "calculate w", "calculation": "concat(${x}, '/', ${z}, '/', ${all}, '/', position(../..))"}, "end_repeat",
        *calculations("sum(${x})", "sum(${z})", "count(${h})", "join(', ', ${w})", "max(${z})"),
    ],
    "predicates": [
        "begin_repeat r", "text who", "integer age", "end_repeat", "integer n",
        *calculations("count(${r}[age > 2])", "sum(/data/r[age > ${n}]/age)", "/data/r[position() = 2]/who", "/data/r[position() = ${n}]/who", "count(/data/r[who = 'ya'])",
            "count(/data/r/age[. > 1])"),
    ],
    "answers that decide": [
        {"type": "select_multiple district m", "required": "yes", "constraint": "not(selected(., 'slawi') and selected(., 'adiwerna'))"},
        {"type": "date d", "required": "${m} = 'slawi'", "constraint": ". > date('2000-01-01') and . <= today() + 3"},
        {"type": "text t", "relevant": "selected(${m}, 'adiwerna') or ${d} > today()", "constraint": "regex(., '[A-Za-z]+( [a-z]+)*') and . != 'ya'"},
        {"type": "time k", "constraint": "decimal-time(.) < 0.5"},
        *calculations("if(${d} > today() - 2, 'soon', if(${d} = '', 'blank', 'past'))", "format-date(${d}, '%d-%m-%y')", "${k} = ''"),
    ],
    "counted repeat": [
        "integer n", {"type": "begin_repeat r", "repeat_count": "${n} + 1"}, {"type": "integer x", "required": "yes", "constraint": ". < ${n}"},
        {"type": "calculate p", "calculation": "position(..)"}, "end_repeat",
        *calculations("count(${r})", "sum(${x})", "max(${p})", "indexed-repeat(${x}, ${r}, ${n})", "join('-', ${p})", "count(${r}) - ${n}"),
    ],
    "counted in counted": [
        {"type": "integer n", "constraint": ". < 5"}, {"type": "begin_repeat h", "repeat_count": "if(${n} > 2, 2, ${n})"}, "text who",
        {"type": "integer kids", "constraint": ". >= 0"}, {"type": "begin_repeat p", "repeat_count": "${kids}"}, {"type": "integer age", "required": "yes"},
        {"type": "calculate at", "calculation": "concat(position(../..), '.', position(..))"}, {"type": "text toy", "relevant": "${age} < ${kids}", "required": "${n} > 1"}, "end_repeat",
        {"type": "calculate ages", "calculation": "sum(${age})"}, "end_repeat",
        *calculations("sum(${age})", "sum(${ages})", "count(${p})", "join(' ', ${at})", "indexed-repeat(${age}, ${h}, 1, ${p}, 2)", "max(${kids})"),
    ],
    "a count that is written": [
        {"type": "begin_repeat r", "repeat_count": "2"}, {"type": "select_one sex s", "required": "yes"}, "end_repeat", "text a",
        {"type": "begin_repeat q", "repeat_count": "count-selected(${m})", "relevant": "${a} != ''"}, {"type": "text t", "required": "${a} = 'ya'"}, "end_repeat", "select_multiple district m",
        *calculations("count(${r})", "count(${q})", "join(',', ${s})", "count-non-empty(${t})"),
    ],
    "defaults in repeats": [
        {"type": "integer n", "default": "2"}, {"type": "begin_repeat r", "repeat_count": "${n}"}, {"type": "text fixed"},
        {"type": "date day"}, {"type": "calculate c", "calculation": "concat(${fixed}, '/', format-date(${day}, '%Y'))"}, "end_repeat",
        {"type": "text again", "default": "concat('a', ${n})"}, *calculations("join(' ', ${c})", "concat(${again}, '!')"),
    ],
    "set by a trigger": [
        "integer a", {"type": "text b", "trigger": "${a}", "calculation": "concat('was ', ${a})"}, {"type": "calculate c", "trigger": "${a}", "calculation": "${a} * 2"},
        {"type": "text e", "trigger": "${b}", "calculation": "'fixed'", "constraint": "string-length(.) < 4"}, {"type": "begin_repeat r"}, "integer x",
        {"type": "integer y", "trigger": "${x}", "calculation": "${x} + 1", "required": "${a} > 2"}, "end_repeat",
        *calculations("concat(${b}, ${c}, ${e})", "sum(${y})", "${c} + 1"),
    ],
    "calculations that are shown": [
        "integer n", {"type": "integer d", "calculation": "${n} * 2", "readonly": "yes", "constraint": ". < 9"},
        {"type": "text e", "calculation": "if(${n} > 3, 'x', '')", "readonly": "yes", "required": "yes"},
        {"type": "calculate f", "calculation": "${n} + 1", "constraint": ". < 3"}, {"type": "hidden h", "required": "yes", "constraint": ". != 'ya'"},
        {"type": "note t", "required": "${n} = 1"}, {"type": "text g", "calculation": "once(concat('n', ${n}))", "relevant": "${n} > 0"},
        *calculations("once(${n})", "${d} + ${f}"),
    ],
    "rank in a repeat": [
        "select_one sex s", "begin_repeat r", {"type": "rank district k", "required": "${s} = 'f'", "constraint": "count-selected(.) = 2"},
        {"type": "rank village v", "relevant": "${k} != ''"}, {"type": "calculate first", "calculation": "selected-at(${k}, 0)"}, "end_repeat",
        *calculations("join('|', ${first})", "selected-at(${s}, 0)", "count-non-empty(${v})"),
    ],
    "other in groups": [
        {"type": "begin_group g"}, {"type": "select_one sex or_other s", "required": "yes"}, "end_group",
        "begin_repeat r", "select_multiple district or_other m", {"type": "calculate c", "calculation": "concat(${m}, ':', ../m_other)"}, "end_repeat",
        *calculations("if(${s} = 'other', ../g/s_other, ${s})", "join(';', ${c})", "count-selected(${s})"),
    ],
    "lists in files": [
        {"type": "select_one_from_file towns.csv t", "parameters": "value=code, label=title", "required": "yes"},
        {"type": "select_multiple_from_file towns.csv m", "parameters": "value=code, label=title", "constraint": "count-selected(.) < 3"},
        {"type": "select_one_from_file towns.csv f", "parameters": "value=code, label=title", "choice_filter": "district = ${d}"}, "select_one district d",
        {"type": "select_one_from_file ponds.geojson p"}, {"type": "select_one_from_file fees.xml x"},
        *calculations("instance('towns')/root/item[code = ${t}]/size", "count(instance('towns')/root/item[size > 2])", "instance('ponds')/root/item[id = ${p}]/geometry",
            "instance('ponds')/root/item[id = ${p}]/depth", "instance('fees')/root/item[name = ${x}]/fee", "sum(instance('towns')/root/item[selected(${m}, code)]/size)",
            "count(instance('ponds')/root/item)"),
    ],
    "places inside": [
        "geopoint p", "geoshape s", {"type": "text t", "relevant": "geofence(${p}, ${s})"},
        *calculations("geofence(${p}, ${s})", "enclosed-area(${s}) > 1000", "version()", "is-selected('a b', 'b')", "base64-decode('VGVnYWw=')"),
    ],
    "households": [
        "begin_repeat h", {"type": "text head", "required": "yes"}, "begin_group g", "begin_repeat m", {"type": "integer age", "constraint": ". >= 0"},
        {"type": "select_one sex s", "relevant": "${age} > 1"}, {"type": "begin_repeat j", "relevant": "${age} > 3"}, {"type": "decimal pay", "required": "${s} = 'f'"}, "end_repeat",
        {"type": "calculate earned", "calculation": "sum(${pay})"}, "end_repeat", "end_group", {"type": "calculate all", "calculation": "sum(${earned})"},
        {"type": "calculate oldest", "calculation": "max(${age})"}, {"type": "calculate jobs", "calculation": "count(${j})"}, "end_repeat",
        *calculations("sum(${pay})", "sum(${all})", "max(${oldest})", "count(${m})", "join(' ', ${head})", "indexed-repeat(${age}, ${h}, 2, ${m}, 1)",
            "count(/data/h[oldest > 3])", "sum(/data/h[position() = 2]/g/m/age)"),
    ],
}  # fmt: skip

FILES = {
    "towns.csv": b"code,title,size,district\nt1,Satu,1,slawi\nt2,Dua,3,slawi\nt3,Tiga,5,adiwerna\n",
    "ponds.geojson": b'{"type": "FeatureCollection", "features": [{"type": "Feature", "id": "p1", "geometry": {"type": "Point", '
    b'"coordinates": [109.1, -6.9]}, "properties": {"title": "Pond", "depth": 3}}, {"type": "Feature", "id": "p2", "geometry": '
    b'{"type": "Point", "coordinates": [109.25, -7]}, "properties": {"title": "Lake", "depth": 12.5}}]}',
    "fees.xml": b"<root><item><name>low</name><label>Low</label><fee>5000</fee></item>"
    b"<item><name>high</name><label>High</label><fee>7500</fee></item></root>",
}

POOL = {
    "int": ["", "0", "1", "2", "3", "4", "5", "-3", "12"],
    "decimal": ["", "0.5", "1.25", "-2.75", "3", "2.45", "10"],
    "date": ["", "2026-03-29", "2026-03-30", "2026-04-02", "1990-01-01", "2000-02-29"],
    "time": ["", "07:30:00.000+07:00", "16:45:00.000+07:00"],
    "dateTime": ["", "2026-03-30T07:30:00.000+07:00", "2025-12-31T23:59:00.000+07:00", "2026-03-30T16:00:00.000+07:00"],
    "geopoint": ["", "-6.98 109.14 0.0 0.0", "-6.87 109.13 31.5 4.0"],
    "geotrace": ["", "-6.9 109.1 0.0 0.0; -6.95 109.2 0.0 0.0", "-6.9 109.1 0.0 0.0; -7.4 109.6 0.0 0.0; -7.5 109.6 0.0 0.0"],
    "geoshape": ["", "-6.97 109.13 0.0 0.0; -6.97 109.2 0.0 0.0; -7.0 109.2 0.0 0.0; -7.0 109.13 0.0 0.0; -6.97 109.13 0.0 0.0", "-6.9 109.1 0.0 0.0; -6.9 109.2 0.0 0.0; -7.0 109.2 0.0 0.0; -6.9 109.1 0.0 0.0"],
    "string": ["", "ya", "abi", "a b c", "Siti", "5", "ai", "0", "bb b"],
}  # fmt: skip


def instance(form: Form, chance: random.Random) -> tuple[str, dict[str, str]]:
    """A random instance, every element there, as XML and as answers by path."""
    declarations = form.definition.declarations
    answers: dict[str, str] = {}

    def value(declared: Declaration) -> str:
        if declared.scale is not None:
            return chance.choice(["", declared.scale.start, declared.scale.end, "2"])
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
