"""Claims about letters, receipts and QR codes. The text of a PDF is read back by pypdf."""

import doctest
import io
import re
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
import segno
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from pendapa.documents import (
    LetterFacts,
    Letterhead,
    LetterRefused,
    ReceiptFacts,
    check_letter,
    facts,
    letter_fields,
    long_date,
    qr_svg,
    render_letter,
    render_receipt,
    signer_lines,
)

HEAD = Letterhead("Pemerintah Kabupaten Contoh", "Dinas Contoh", "Jalan Contoh 1", "contoh@kab.example")
LETTER = LetterFacts(
    number="500.16/0012/DC/2026",
    subject="Surat Izin Contoh",
    issued_on=date(2026, 3, 2),
    place="Contoh",
    signer_title="Plt. Kepala Dinas Contoh",
    signer_name="Dra. Contoh Kepala, M.Si.",
    document_code="7KQ4-M2XD",
    verification_url="https://mpp.kab.example/verify/7KQ4-M2XD",
    made_at=datetime(2026, 3, 2, 3, 0, tzinfo=UTC),
)
RECEIPT = ReceiptFacts(
    number="MPP-2026-000123",
    service="Surat Izin Praktik Bidan",
    applicant="S*** C*****",
    received_at=datetime(2026, 3, 2, 10, 5, tzinfo=timezone(timedelta(hours=7), "WIB")),
    promised="9 Maret 2026",
    tracking_url="https://mpp.kab.example/track/MPP-2026-000123",
    issuer="Mal Pelayanan Publik Kabupaten Contoh",
    next_steps=("Petugas memeriksa berkas.", "Kepala dinas menandatangani."),
)


def text_of(pdf: bytes) -> str:
    """All text of a PDF, its breaks made single spaces and the invisible places to break removed."""
    pages = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", pages.replace("\u200b", ""))


def letter_text(body: str, fields: dict[str, str] | None = None, **facts: object) -> str:
    return text_of(render_letter(body, fields or {}, HEAD, replace(LETTER, **facts)))


def test_a_letter_prints_its_facts() -> None:
    printed = letter_text("Isi surat.", recipient="Sdr. Pemohon\ndi Contoh", classification="Biasa")
    for expected in (
        "PEMERINTAH KABUPATEN CONTOH",
        "DINAS CONTOH",
        "500.16/0012/DC/2026",
        "Surat Izin Contoh",
        "Contoh, 2 Maret 2026",
        "Sdr. Pemohon di Contoh",
        "Plt. Kepala Dinas Contoh,",
        "Dra. Contoh Kepala, M.Si.",
        "Ditandatangani secara elektronik",
        "https://mpp.kab.example/verify/7KQ4-M2XD",
        "Halaman 1 dari 1",
        "Kode dokumen: 7KQ4-M2XD",
    ):
        assert expected in printed
    assert "ILUSTRASI" not in printed


def test_a_letter_speaks_english_when_asked() -> None:
    printed = letter_text("Text.", language="en")
    assert "Signed electronically" in printed
    assert "Contoh, 2 March 2026" in printed
    assert "Page 1 of 1" in printed


def test_an_illustrative_letter_says_so_on_every_page() -> None:
    pdf = render_letter("Alinea.\n\n" * 80, {}, HEAD, replace(LETTER, illustrative=True))
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) >= 2
    for number, page in enumerate(pages, 1):
        printed = page.extract_text()
        assert "ILUSTRASI - bukan dokumen resmi" in printed
        assert f"Halaman {number} dari {len(pages)}" in printed


def test_the_heading_a_text_begins_with_stands_over_the_number() -> None:
    printed = letter_text("# SURAT IZIN\n\nIsi.")
    assert "SURAT IZIN Nomor: 500.16/0012/DC/2026" in printed
    assert "Hal : Surat" not in printed
    assert "Hal : Surat Izin Contoh" in letter_text("## Dasar\n\nIsi.")


def test_markdown_is_set_not_printed() -> None:
    printed = letter_text(
        "## Dasar\n\nIni **tebal** dan *miring*.\n\n3. tiga\n4. empat\n   - dalam\n\n"
        "| Uraian | Nilai |\n|---|--:|\n| Biaya | 10.000 |\n\n---\n\nBaris satu\\\nbaris dua"
    )
    assert "Ini tebal dan miring." in printed
    assert re.search(r"3\. ?tiga 4\. ?empat . ?dalam", printed)
    assert "Uraian Nilai Biaya 10.000" in printed
    for markup in ("**", "##", "|", "---", "\\"):
        assert markup not in printed


def test_the_same_letter_gives_the_same_bytes() -> None:
    first, again = (render_letter("Isi {{ a }}.", {"a": "b"}, HEAD, LETTER) for _ in range(2))
    assert first == again
    assert render_receipt(RECEIPT) == render_receipt(RECEIPT)
    later = replace(LETTER, made_at=LETTER.made_at + timedelta(seconds=1))
    assert render_letter("Isi {{ a }}.", {"a": "b"}, HEAD, later) != first


def test_letters_set_at_once_in_threads_do_not_mix() -> None:
    made: dict[int, bytes] = {}

    def make(number: int) -> None:
        made[number] = render_letter("Nomor {{ n }}.", {"n": f"urut-{number}"}, HEAD, LETTER)

    threads = [threading.Thread(target=make, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(f"Nomor urut-{number}." in text_of(pdf) for number, pdf in made.items())
    assert len(made) == 8


def test_a_letter_is_tagged_titled_and_dated() -> None:
    reader = PdfReader(io.BytesIO(render_letter("Isi.", {}, HEAD, LETTER)))
    root = reader.trailer["/Root"]
    assert root["/Lang"] in ("id", "id-ID")
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712  a pypdf object, not a bool
    assert reader.metadata is not None
    assert reader.metadata.title == "Surat Izin Contoh"
    assert reader.metadata.creation_date == datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
    xmp = root["/Metadata"].get_data().decode()
    assert "pdfaid:part>2<" in xmp.replace(" ", "")
    assert "pdfuaid:part>1<" in xmp.replace(" ", "")


def test_only_embedded_fonts_are_used() -> None:
    fonts = set()
    for page in PdfReader(io.BytesIO(render_letter("*a* **b** c", {}, HEAD, LETTER))).pages:
        for font in page["/Resources"]["/Font"].values():
            fonts.add(font.get_object()["/BaseFont"].split("+")[-1].split("-")[0])
    assert fonts == {"LibertinusSerif"}


HOSTILE = [
    '#read("/etc/passwd")',
    ']#read("/etc/passwd")[',
    '")\n#read("/etc/passwd")',
    '#import "@preview/example:1.0.0"',
    "$ integral $",
    "*tebal* _miring_ **dua**",
    "# Judul",
    "- butir\n- butir",
    "| a | b |\n|---|---|",
    "<script>alert(1)</script>",
    "[tautan](https://jahat.example)",
    "![gambar](file:///etc/passwd)",
    "\\ \\\\ \\n \\u{41}",
    "{{ lain }}",
    "`kode` ~ @rujukan <label> //komentar /* */",
    '{"kind": "heading"}',
]


@pytest.mark.parametrize("value", HOSTILE)
def test_an_answer_adds_no_markup(value: str) -> None:
    printed = letter_text("Nama: **{{ nama }}** selesai.", {"nama": value})
    expected = re.sub(r"\s+", " ", value)
    assert f"Nama: {expected} selesai." in printed
    assert "root:" not in printed


@pytest.mark.parametrize("value", HOSTILE)
def test_a_fact_adds_no_markup(value: str) -> None:
    expected = re.sub(r"\s+", " ", value)
    assert expected in letter_text("Isi.", signer_name=value)
    assert expected in text_of(render_receipt(replace(RECEIPT, service=value)))


@pytest.mark.parametrize("value", ["😀🕌", "漢字", "عربى", "שלום", "e\u0301\u0327"])
def test_any_script_makes_a_letter(value: str) -> None:
    pdf = render_letter("Nama {{ nama }} selesai.", {"nama": value}, HEAD, LETTER)
    assert "selesai." in text_of(pdf)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(st.characters(codec=None), max_size=60))
@example("\ue000", "\udfff")
@example("\ufffe\uffff", "\U000e0001")
def test_no_text_at_all_breaks_a_letter(value: str, name: str) -> None:
    pdf = render_letter(
        "# {{ v }}\n\n1. {{ v }}", {"v": value}, HEAD, replace(LETTER, signer_name=f"x{name}")
    )
    assert pdf.startswith(b"%PDF-")


def test_characters_that_reorder_text_are_taken_out() -> None:
    # U+202E would show "001" as "100".
    assert "Nilai 001." in letter_text("Nilai {{ n }}.", {"n": "\u202e001\u202c"})
    assert "AB" in letter_text("{{ n }}", {"n": "A\x00\x07\x1bB"})


def test_a_word_longer_than_the_line_stays_on_the_paper() -> None:
    word = "Panjang" * 60
    for body in ("{{ w }}", "| a | b |\n|---|---|\n| x | {{ w }} |"):
        pdf = render_letter(body, {"w": word}, HEAD, LETTER)
        assert word in text_of(pdf).replace(" ", "")
        lines = [line for line in text_lines(pdf) if "anjang" in line]
        # 165 mm at 11.5 pt hold about 80 letters of this width.
        assert max(map(len, lines)) < 100


def text_lines(pdf: bytes) -> list[str]:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    return "\n".join(pages).replace("\u200b", "").split("\n")


def test_an_address_is_printed_without_invisible_marks() -> None:
    url = "https://mpp.kab.example/verify/" + "A" * 40
    pdf = render_letter("Isi.", {}, HEAD, replace(LETTER, verification_url=url))
    assert url in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


def test_an_unknown_field_is_refused_by_name_and_line() -> None:
    with pytest.raises(LetterRefused) as refused:
        render_letter("Satu.\n\nDua {{ applicant.nama }}.", {"applicant.name": "x"}, HEAD, LETTER)
    assert refused.value.where == "letter line 3"
    assert "applicant.nama" in refused.value.wrong
    assert "applicant.name" in refused.value.right


def test_fields_of_a_letter_are_listed() -> None:
    body = "# {{ a }}\n\n| x |\n|---|\n| {{ b.c }} |\n\n1. **{{d_1}}**"
    assert letter_fields(body) == {"a", "b.c", "d_1"}
    check_letter(body, ["a", "b.c", "d_1"])
    with pytest.raises(LetterRefused):
        check_letter(body, ["a"])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("a\n\n> kutipan", "letter line 3: a quotation"),
        ("<b>a</b>", "letter line 1: HTML"),
        ("[a](https://b.example)", "a link"),
        ("![a](b.png)", "an image"),
        ("```\na\n```", "a code block"),
        ("    a", "an indented block"),
        ("`a`", "code in back quotes"),
        ("{{ a", "not closed"),
        ("{{ 1a }}", "its name is not a name"),
        ("{{ a | b }}", "its name is not a name"),
        ("x" * 200_001, "200001 characters"),
    ],
)
def test_what_a_letter_cannot_hold_is_refused(body: str, said: str) -> None:
    with pytest.raises(LetterRefused, match=re.escape(said)):
        render_letter(body, {"a": "x"}, HEAD, LETTER)


def test_texts_that_are_too_long_are_refused() -> None:
    with pytest.raises(LetterRefused, match="field a"):
        render_letter("{{ a }}", {"a": "x" * 20_001}, HEAD, LETTER)
    with pytest.raises(LetterRefused, match="fields filled"):
        render_letter("{{ a }}\n\n" * 11, {"a": "x" * 20_000}, HEAD, LETTER)
    with pytest.raises(LetterRefused, match="letter subject"):
        letter_text("a", subject="x" * 2_001)
    with pytest.raises(LetterRefused, match="copies: there are 101"):
        letter_text("a", copies=("x",) * 101)
    with pytest.raises(LetterRefused, match="at most 500"):
        render_letter("a", {f"f{n}": "" for n in range(501)}, HEAD, LETTER)


def test_a_short_answer_cannot_fill_hundreds_of_pages() -> None:
    # 10,000 line ends at 60 characters each are beyond the 200,000 of a whole letter.
    with pytest.raises(LetterRefused, match="fields filled"):
        render_letter("{{ a }}", {"a": "x\n" * 10_000}, HEAD, LETTER)
    emptied = render_letter("Satu {{ a }} dua.", {"a": "\n \n" * 6_000}, HEAD, LETTER)
    assert len(PdfReader(io.BytesIO(emptied)).pages) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"verification_url": "javascript:alert(1)"}, "verification_url"),
        ({"verification_url": ""}, "verification_url"),
        ({"signer_name": " "}, "signer_name"),
        ({"document_code": ""}, "document_code"),
        ({"made_at": datetime(2026, 3, 2)}, "made_at"),  # noqa: DTZ001
    ],
)
def test_nonsense_facts_are_refused_at_birth(changes: dict[str, object], said: str) -> None:
    with pytest.raises(LetterRefused, match=said):
        replace(LETTER, **changes)


def test_acting_officials_and_mandates_are_named_as_the_rules_of_letters_say() -> None:
    assert signer_lines("Kepala Dinas Contoh", "definitive") == "Kepala Dinas Contoh"
    assert signer_lines("Kepala Dinas Contoh", "plh") == "Plh. Kepala Dinas Contoh"
    assert "a.n. Bupati Contoh Sekretaris Daerah," in letter_text(
        "Isi.", signer_title=signer_lines("Sekretaris Daerah", "an", "Bupati Contoh")
    )
    with pytest.raises(LetterRefused, match="on_behalf_of"):
        signer_lines("Sekretaris Daerah", "an")


def test_the_signature_block_is_never_split_over_pages() -> None:
    for paragraphs in range(14, 34):
        pdf = render_letter("Alinea.\n\n" * paragraphs, {}, HEAD, LETTER)
        holding = [
            {part in page.extract_text() for part in ("Plt. Kepala", "Dra. Contoh Kepala", "sah tanpa tanda")}
            for page in PdfReader(io.BytesIO(pdf)).pages
        ]
        assert holding.count({True}) == 1 and {True, False} not in holding


def test_a_receipt_prints_what_a_citizen_needs() -> None:
    pdf = render_receipt(replace(RECEIPT, secret="K7QX-4M2D", contact="Bantuan: contoh@kab.example"))
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    printed = text_of(pdf)
    for expected in (
        "Tanda terima permohonan",
        "MPP-2026-000123",
        "K7QX-4M2D",
        "Surat Izin Praktik Bidan",
        "S*** C*****",
        "2 Maret 2026, 10.05 WIB",
        "9 Maret 2026",
        "https://mpp.kab.example/track/MPP-2026-000123",
        "Petugas memeriksa berkas.",
        "Bantuan: contoh@kab.example",
    ):
        assert expected in printed
    assert "What happens next" in text_of(render_receipt(replace(RECEIPT, language="en")))


def dark_modules(svg: str) -> set[tuple[int, int]]:
    """The dark modules that an SVG of horizontal strokes draws, by row and column."""
    found = re.search(r'stroke="#000"[^>]* d="([^"]+)"', svg) or re.search(r' d="(M4 [^"]+)"', svg)
    assert found
    dark: set[tuple[int, int]] = set()
    column, row = 0, 0.0
    for command, numbers in re.findall(r"([Mmh])([^Mmh]+)", found.group(1)):
        values = [float(number) for number in numbers.split()]
        if command == "M":
            column, row = int(values[0]), values[1]
        elif command == "m":
            column, row = column + int(values[0]), row + values[1]
        else:
            dark.update((int(row), column + step) for step in range(int(values[0])))
            column += int(values[0])
    return dark


def test_a_qr_code_draws_the_matrix_of_its_text() -> None:
    text = "https://mpp.kab.example/verify/7KQ4-M2XD"
    matrix = segno.make(text, error="m", micro=False, boost_error=False).matrix
    expected = {(r + 4, c + 4) for r, row in enumerate(matrix) for c, module in enumerate(row) if module}
    assert dark_modules(qr_svg(text)) == expected
    assert dark_modules(qr_svg(text)) != dark_modules(qr_svg(text + "x"))


def test_a_qr_code_passes_a_strict_content_policy() -> None:
    svg = qr_svg("https://a.example", title='Kode "QR" <b>')
    assert svg.startswith("<svg") and "viewBox" in svg
    assert " style=" not in svg and "class=" not in svg and " width=" not in svg.split(">")[0]
    assert "<b>" not in svg and "&lt;b&gt;" in svg
    with pytest.raises(LetterRefused, match="1001 characters"):
        qr_svg("x" * 1001)


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_has_its_names(month: int) -> None:
    # Written with capitals in Indonesian (Ejaan Yang Disempurnakan, edition V).
    names = "Januari,Februari,Maret,April,Mei,Juni,Juli,Agustus,September,Oktober,November,Desember"
    indonesian = names.split(",")
    assert long_date(date(2026, month, 9)) == f"9 {indonesian[month - 1]} 2026"
    assert long_date(date(2026, month, 9), "en") == date(2026, month, 9).strftime("9 %B 2026")


def test_the_examples_in_the_docstrings_hold() -> None:
    ran = doctest.testmod(facts)
    assert ran.attempted >= 3
    assert ran.failed == 0
