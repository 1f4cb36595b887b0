"""Pages, languages, media, and forms in other shapes."""

from __future__ import annotations

import pickle

import pytest

from pendapa.forms import compile_form, unpublishable

from .conftest import answered, kinds, made
from .test_choices import CASCADE
from .test_repeats import FAMILY


def test_pages_are_questions_field_lists_and_repeats() -> None:
    form = made(
        "text a",
        "begin_group plain",
        "text b",
        {"type": "calculate c", "calculation": "1"},
        {"type": "begin_group together", "appearance": "field-list"},
        "text d",
        "text e",
        "end_group",
        "end_group",
        "begin_repeat r",
        "text f",
        "end_repeat",
        {"type": "begin_group hidden_only", "appearance": "field-list"},
        "hidden g",
        "end_group",
    )
    assert [(p.path, p.kind, p.fields) for p in form.pages] == [
        ("/a", "question", ("/a",)),
        ("/plain/b", "question", ("/plain/b",)),
        ("/plain/together", "group", ("/plain/together/d", "/plain/together/e")),
        ("/r", "repeat", ("/r/f",)),
    ]
    assert form.fields["/r/f"].repeat == "/r"
    assert form.fields["/plain/c"].kind == "calculate"
    assert form.fields["/hidden_only/g"].kind == "hidden"


TRANSLATED = """
| survey |
| | type | name | label::Indonesia (id) | label::English (en) | hint::Indonesia (id) | required | \
required_message::English (en) |
| | text | name | Nama | Name | Sesuai KTP | yes | Fill in your name. |
| | note | hello | Halo ${name} | Hello ${name} | | | |
| | select_one sex | s | Jenis kelamin | Sex | | | |
| choices |
| | list_name | name | label::Indonesia (id) | label::English (en) |
| | sex | f | Perempuan | Female |
| settings |
| | form_title | default_language | version |
| | Terjemahan | Indonesia (id) | 2 |
"""


def test_translations_of_labels_hints_messages_and_choices() -> None:
    form = compile_form(TRANSLATED.encode(), name="t.md")
    assert (form.title, form.version, form.languages, form.default_language) == (
        "Terjemahan",
        "2",
        ("id", "en"),
        "id",
    )
    done = answered(form, name="Siti")
    assert done.label("/hello", "en") == "Hello Siti"
    assert done.label("/hello", "id") == "Halo Siti"
    assert done.hint("/name", "en") == "Sesuai KTP"  # not translated: the default language
    assert done.choices("/s", "en")[0].label == "Female"
    assert form.fields["/s"].choices["id"][0].label == "Perempuan"
    assert dict(answered(form).errors[0].message) == {"id": "Isi kolom ini.", "en": "Fill in your name."}
    assert form.fields["/hello"].kind == "note"


MEDIA = """
| survey |
| | type | name | label::Indonesia (id) | label::English (en) | media::image::Indonesia (id) | \
media::image::English (en) | audio |
| | select_one sex | s | Pilih | Choose | peta.png | map.png | dengar.mp3 |
| choices |
| | list_name | name | label::Indonesia (id) | label::English (en) | media::image::Indonesia (id) |
| | sex | f | Perempuan | Female | f.png |
| settings |
| | form_title | default_language |
| | T | Indonesia (id) |
"""


def test_pictures_and_sound_beside_labels_by_language() -> None:
    form = compile_form(MEDIA.encode(), name="f.md")
    assert form.fields["/s"].media["image"] == {"id": "peta.png", "en": "map.png"}
    assert set(form.fields["/s"].media["audio"].values()) == {"dengar.mp3"}
    assert [dict(c.media) for c in form.fields["/s"].choices["id"]] == [{"image": "f.png"}]
    # not translated: the file of the form's first language
    assert [dict(c.media) for c in answered(form).choices("/s", "en")] == [{"image": "f.png"}]
    assert pickle.loads(pickle.dumps(form)) == form
    (fault,) = unpublishable(form)
    assert fault.where == "survey!C4"  # the text begins with an empty line
    assert "audio" in fault.wrong
    missing = unpublishable(form, {"peta.png", "f.png"})
    assert [f.wrong for f in missing if "map.png" in f.wrong] == ["the picture map.png of /s is missing"]
    assert len(missing) == 2


def test_form_and_evaluation_survive_pickling() -> None:
    form = made(*CASCADE, *FAMILY)
    copy = pickle.loads(pickle.dumps(form))
    assert copy == form
    done = answered(copy, d="slawi")
    again = pickle.loads(pickle.dumps(done))
    assert again == done
    assert [c.name for c in again.choices("/v", "id")] == ["kalisapu", "pakembaran"]
    with pytest.raises(TypeError):
        form.fields["/d"] = form.fields["/v"]  # type: ignore[index]


def test_a_form_written_as_csv() -> None:
    source = (
        '"survey",,,\n,"type","name","label"\n,"text","a","A"\n,"select_one sex","s","S"\n'
        '"choices",,,\n,"list_name","name","label"\n,"sex","f","Perempuan"\n'
    )
    form = compile_form(source.encode(), name="coba.csv")
    assert [(f.path, f.kind) for f in form.fields.values()] == [("/a", "text"), ("/s", "select_one")]
    assert kinds(answered(form, s="x")) == {"/s": "choice"}
