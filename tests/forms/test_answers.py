"""Answers as XForm instances and as JSON."""

from __future__ import annotations

import pytest

from pendapa.forms import evaluate, flatten, read_instance, read_json
from pendapa.forms.answers import AnswersUnreadable

from .conftest import NOW, kinds, made


def test_an_instance_as_odk_collect_sends_it() -> None:
    form = made("text a", "begin_group g", "text b", "end_group", "begin_repeat r", "text c", "end_repeat")
    xml = (
        b'<?xml version="1.0"?><data id="coba" version="3" xmlns:orx="http://openrosa.org/xforms">'
        b"<a>x</a><g><b/></g><r><c>1</c></r><r><c>2</c></r>"
        b"<orx:meta><orx:instanceID>uuid:1</orx:instanceID></orx:meta></data>"
    )
    assert read_instance(xml, form) == {
        "/a": "x",
        "/g/b": "",
        "/r[1]/c": "1",
        "/r[2]/c": "2",
        "/meta/instanceID": "uuid:1",
    }
    assert evaluate(form, read_instance(xml, form), now=NOW).valid


@pytest.mark.parametrize(
    "xml",
    [
        b'<!DOCTYPE d [<!ENTITY a "b">]><data><a>&a;</a></data>',
        b"<data><a></data>",
        b"not xml",
        b"<data>" + b"<a>" * 40 + b"</a>" * 40 + b"</data>",
    ],
)
def test_hostile_instances_are_refused(xml: bytes) -> None:
    with pytest.raises(AnswersUnreadable):
        read_instance(xml, made("text a"))


SENT = ("text a", "begin_group g", "integer n", "end_group", "begin_repeat r", "text c", "end_repeat")


def sent(inner: str) -> dict[str, str]:
    form = made({"type": "text a"}, *SENT[1:])
    return read_instance(f'<data xmlns:jr="http://openrosa.org/javarosa">{inner}</data>'.encode(), form)


@pytest.mark.parametrize(
    ("inner", "answers"),
    [
        ("<a>x</a><a>y</a>", {"/a": "x", "/a[2]": "y"}),
        ("<g><n>1</n></g><g><n>2</n></g>", {"/g/n": "1", "/g[2]/n": "2"}),
        ("<g>stray<n>1</n></g>", {"/g": "stray", "/g/n": "1"}),
        ("<a>x<b>y</b></a>", {"/a": "x", "/a/b": "y"}),
        ("<r jr:template=''><c>9</c></r><r><c>1</c></r>", {"/r[1]/c": "1"}),
        ("<r/><r><c>2</c></r>", {"/r[1]": "", "/r[2]/c": "2"}),
        ("<a><![CDATA[1 < 2]]> &amp; 3</a>", {"/a": "1 < 2 & 3"}),
        ("<a>x<!-- said -->y</a>", {"/a": "xy"}),
        ("<a> x </a><g>\n <n> 5 </n>\n</g>", {"/a": " x ", "/g/n": "5"}),  # XML Schema collapses all but text
        ("<zz><y>1</y></zz>", {"/zz/y": "1"}),
    ],
)
def test_elements_of_an_instance_become_paths(inner: str, answers: dict[str, str]) -> None:
    assert sent(inner) == answers


def test_what_stands_twice_or_loose_is_unknown_not_taken_silently() -> None:
    form = made(*SENT)
    found = sent("<a>x</a><a>y</a><g>stray<n>1</n></g><g><n>2</n></g>")
    done = evaluate(form, found, now=NOW)
    assert kinds(done) == {"/a[2]": "unknown", "/g": "unknown", "/g[2]/n": "unknown"}
    assert (done.values["/a"], done.values["/g/n"]) == ("x", "1")


@pytest.mark.parametrize(
    "xml",
    [
        b'<h:data xmlns:h="urn:x" id="other" version="9"><h:a>\xc3\xa9</h:a></h:data>',
        b'<coba xmlns="http://opendatakit.org/submissions"><a>\xc3\xa9</a></coba>',
        b'<?xml version="1.0" encoding="iso-8859-1"?><data><a>\xe9</a></data>',
        "<?xml version='1.0' encoding='utf-16'?><data><a>\u00e9</a></data>".encode("utf-16"),
        b"\xef\xbb\xbf<data><a>\xc3\xa9</a></data>",
    ],
    ids=["prefix", "namespace", "latin-1", "utf-16", "mark"],
)
def test_namespaces_root_version_and_encoding_do_not_matter(xml: bytes) -> None:
    assert read_instance(xml, made("text a")) == {"/a": "\u00e9"}


def test_metadata_of_openrosa_is_no_unknown_answer() -> None:
    meta = {"instanceID": "uuid:1", "deprecatedID": "uuid:0", "timeEnd": "x", "audit": "audit.csv"}
    form = made("text a")
    done = evaluate(form, flatten({"a": "x", "meta": meta}), now=NOW)
    assert done.valid
    assert dict(done.values) == {"/a": "x", "/meta/instanceID": "uuid:1"}
    assert kinds(evaluate(form, {"/meta/other": "x"}, now=NOW)) == {"/meta/other": "unknown"}


@pytest.mark.parametrize(
    ("data", "answers"),
    [
        ({"a": True, "b": False}, {"/a": "true", "/b": "false"}),
        ({"a": 3, "b": 3.0, "c": 0.1, "d": 1e-7}, {"/a": "3", "/b": "3", "/c": "0.1", "/d": "0.0000001"}),
        ({"a": None, "m": ["f", "m"], "k": []}, {"/a": "", "/m": "f m", "/k": ""}),
        ({"r": [{"c": "1"}, {}, None]}, {"/r[1]/c": "1", "/r[2]": "", "/r[3]": ""}),
        ({"r": [{"q": [{"x": 1}, {"x": 2}]}]}, {"/r[1]/q[1]/x": "1", "/r[1]/q[2]/x": "2"}),
        ({"/g/n": 5, "h/n": 6}, {"/g/n": "5", "/h/n": "6"}),
    ],
)
def test_values_of_json_become_text(data: dict[str, object], answers: dict[str, str]) -> None:
    assert flatten(data) == answers


@pytest.mark.parametrize(
    ("data", "unknown"),
    [
        ({"zz": {}}, {"/zz"}),
        ({"zz": None}, {"/zz"}),
        ({"g": "text"}, {"/g"}),
        ({"g": [{"n": 1}]}, {"/g[1]/n"}),
        ({"r": {"c": "1"}}, {"/r/c"}),
        ({"r": ["1", "2"]}, {"/r"}),
        ({"a": {"b": 1}}, {"/a/b"}),
        ({"data": {"a": "x"}}, {"/data/a"}),
        ({"r": [], "g": {}, "a": None}, set()),
    ],
)
def test_json_of_another_shape_is_unknown(data: dict[str, object], unknown: set[str]) -> None:
    done = evaluate(made(*SENT), flatten(data), now=NOW)
    assert {e.path for e in done.errors if e.kind == "unknown"} == unknown


@pytest.mark.parametrize(
    ("source", "word"),
    [
        (b"[1]", "not a JSON object"),
        (b"{", "not JSON"),
        (b'{"a": \xff}', "not JSON"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": "\\ud800"}', "half a character"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not JSON"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "nested"),
        (b'{"a":' * 100_000, "not JSON"),
        (b" " * 5_000_001, "bytes"),
    ],
    ids=["list", "cut", "encoding", "twice", "surrogate", "digits", "deep", "deeper", "large"],
)
def test_unreadable_json_is_refused_in_a_sentence(source: bytes, word: str) -> None:
    with pytest.raises(AnswersUnreadable, match=word):
        read_json(source)
