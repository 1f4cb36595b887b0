"""Search finds what people mean, on the services of the example regency."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

import pytest

from pendapa.web.catalogue.search import Index, Searchable, likeness, split, stem

TEGAL = Path(__file__).parents[3] / "regencies" / "tegal"


@pytest.fixture(scope="module")
def tegal() -> Index:
    with (TEGAL / "services.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            Searchable(
                slug=row["slug"],
                names=(row["name_id"], row["name_en"]),
                keywords=tuple(row["keywords"].split(";")),
                products=(row["product"],),
                groups=(row["group"],),
            )
            for row in csv.DictReader(file)
        ]
    for path in sorted((TEGAL / "services").glob("*/service.toml")):
        service = tomllib.loads(path.read_text(encoding="utf-8"))
        rows.append(
            Searchable(
                slug=path.parent.name,
                names=(service["name_id"], service["name_en"]),
                keywords=tuple(service["keywords"]),
                products=(service["standard"]["product"],),
                groups=(service["group"],),
            )
        )
    assert len(rows) == 45, "the 44 services of the mall, and objection"
    return Index(rows)


# What people type -> the service that must stand first. Judged by reading the catalogue, before any code ran.
MEANT = {
    "ijin praktek bidan": "izin-praktik-bidan-perawat",
    "izin praktik bidan": "izin-praktik-bidan-perawat",
    "sip perawat": "izin-praktik-bidan-perawat",
    "mau buka praktek bidan gimana caranya": "izin-praktik-bidan-perawat",
    "surat ijin praktek perwat": "izin-praktik-bidan-perawat",
    "ijin praktek dokter gigi": "sip-dokter",
    "bikin ktp": "ktp-el-baru",
    "buat e-KTP baru": "ktp-el-baru",
    "ktp hilang": "ktp-el-hilang-rusak",
    "ktp ilang": "ktp-el-hilang-rusak",
    "KTP rusak mau ganti": "ktp-el-hilang-rusak",
    "kartu keluarga ganti data": "perubahan-data-kk",
    "ubah kk": "perubahan-data-kk",
    "bikin kk": "kk-baru",
    "surat riset kampus": "surat-keterangan-penelitian",
    "ijin penelitian skripsi": "surat-keterangan-penelitian",
    "penelitan": "surat-keterangan-penelitian",
    "akte kelahiran": "akta-kelahiran",
    "akta lahir anak": "akta-kelahiran",
    "akte kematian": "akta-kematian",
    "ngurus akta orang meninggal": "akta-kematian",
    "pasang spanduk": "izin-reklame",
    "ijin rekalme": "izin-reklame",
    "surat pindah": "surat-pindah",
    "skck": "skck",
    "kartu kuning cari kerja": "kartu-ak1",
    "perpanjang sim c": "perpanjangan-sim-c",
    "SIM A": "perpanjangan-sim-a",
    "paspor": "paspor-biasa",
    "paspor elektronik": "paspor-elektronik",
    "pajek motor": "pajak-kendaraan",
    "bayar pbb": "bayar-pbb",
    "imb": "pbg",
    "ijin bangun rumah": "pbg",
    "P-IRT": "spp-irt",
    "ijin usaha warung": "nib-risiko-rendah",
    "kir mobil": "uji-kir",
    "pasang listrik baru": "pasang-listrik",
    "sambung pdam": "sambungan-air",
    "daftar nikah kua": "daftar-nikah",
    "bpjs kesehatan": "bpjs-kesehatan",
    "cairkan jht": "klaim-jht",
    "birth certificate": "akta-kelahiran",
    "research permit": "surat-keterangan-penelitian",
    "midwife licence": "izin-praktik-bidan-perawat",
    "driving licence": "perpanjangan-sim-a",
    "family card": "kk-baru",
}


@pytest.mark.parametrize(("query", "slug"), MEANT.items())
def test_what_people_mean_stands_first(tegal: Index, query: str, slug: str) -> None:
    hits = tegal.search(query)
    assert hits, f"{query!r} found nothing"
    assert hits[0].slug == slug, [(hit.slug, hit.score) for hit in hits[:4]]


@pytest.mark.parametrize("query", ["", "   ", "?!", "xyzzy", "qwertyuiop asdfgh", "visa ke bulan"])
def test_what_nobody_offers_finds_nothing(tegal: Index, query: str) -> None:
    assert tegal.search(query) == []


def test_words_that_say_nothing_do_not_decide(tegal: Index) -> None:
    plain = [hit.slug for hit in tegal.search("ktp hilang")]
    polite = [hit.slug for hit in tegal.search("saya mau urus ktp hilang bagaimana caranya ya")]
    assert plain == polite


def test_a_long_query_is_cut_and_harmless(tegal: Index) -> None:
    assert tegal.search("a" * 10_000) == []
    assert tegal.search("ktp hilang " * 1000)[0].slug == "ktp-el-hilang-rusak"


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("perubahan", "ubah"),
        ("mengubah", "ubah"),
        ("penelitian", "teliti"),
        ("meneliti", "teliti"),
        ("penulisan", "tulis"),
        ("kelahiran", "lahir"),
        ("bidan", "bidan"),
        ("sim", "sim"),
    ],
)
def test_affixes_come_off_to_one_stem(word: str, root: str) -> None:
    assert stem(word) == root


def test_one_spelling_of_each_word() -> None:
    assert split("Ijin Praktek, KTP-el & e-KTP!") == ["izin", "praktik", "ktp", "ktp"]


def test_short_words_must_be_exact_and_long_ones_may_be_two_letters_off() -> None:
    assert likeness("sim", "sip") == 0
    assert likeness("perwat", "perawat") > 0
    assert likeness("rekalme", "reklame") > 0, "two letters swapped count as one mistake"
    assert likeness("kerja", "kera") > likeness("kerja", "kota")
