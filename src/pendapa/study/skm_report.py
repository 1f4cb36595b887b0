"""The SKM report as data and as text; the texts follow the annex's order: sample, elements, index, what to improve."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from pendapa.study.sampling import krejcie_morgan
from pendapa.study.skm import ELEMENTS, ElementScore, Quality, Satisfaction, rounded
from pendapa.study.skm_file import Survey
from pendapa.study.wording import decimal_text

SMALL_CELL = 5


def as_data(
    found: Satisfaction, survey: Survey, weights: str = "exact", population: int | None = None
) -> dict[str, object]:
    """Everything the report shows, for JSON; figures rounded as printed, `null` with a reason under `reasons`."""
    return {
        "respondents": found.respondents,
        "left_out": found.left_out,
        "weights": weights,
        "weight": float(found.weight),
        "elements": [_element(element) for element in found.elements],
        "skm": _number(found.score, 4),
        "ikm": _float(found.index),
        "quality": _quality(found.quality),
        "margin": None if found.margin is None else round(found.margin, 2),
        "margin_corrected": found.margin_corrected,
        "sample": _sample(found, population),
        "lowest": [element.code for element in found.priorities],
        "highest": [element.code for element in found.strongest],
        "profile": {
            column: [{"value": value or None, "count": count} for value, count in counts]
            for column, counts in survey.profile.items()
        },
        "ignored_columns": list(survey.ignored),
        "reasons": dict(found.reasons),
        "notes": _notes(found, survey, population, "en"),
    }


def _element(element: ElementScore) -> dict[str, object]:
    name, english = ELEMENTS.get(element.code, (None, None))
    return {
        "code": element.code,
        "id": name,
        "en": english,
        "answered": element.answered,
        "missing": element.missing,
        "sum": element.total,
        "nrr": _number(element.mean, 4),
        "weighted": _number(element.weighted, 4),
        "conversion": _float(element.conversion),
        "quality": _quality(element.quality),
    }


def _number(value: Fraction | None, digits: int) -> float | None:
    return None if value is None else float(rounded(value, digits))


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _quality(band: Quality | None) -> dict[str, object] | None:
    if band is None:
        return None
    return {"perception": band.perception, "mark": band.mark, "id": band.id, "en": band.en}


def _sample(found: Satisfaction, population: int | None) -> dict[str, object]:
    older = (len(found.elements) + 1) * 10
    if population is None:
        return {"population": None, "needed": None, "enough": None, "older_practice": older}
    needed = krejcie_morgan(population)
    enough = found.respondents >= needed
    return {"population": population, "needed": needed, "enough": enough, "older_practice": older}


TEXTS: dict[str, dict[str, str]] = {
    "title": {"id": "Survei Kepuasan Masyarakat", "en": "Public satisfaction survey"},
    "respondents": {"id": "Responden", "en": "Respondents"},
    "needed": {
        "id": "sampel minimum {needed} dari {population} pengguna: {verdict}",
        "en": "smallest sample {needed} of {population} users: {verdict}",
    },
    "enough": {"id": "terpenuhi", "en": "reached"},
    "short": {"id": "kurang {missing}", "en": "{missing} short"},
    "head": {
        "id": "{:5}{:38}{:>9}{:>8}{:>9}{:>10}  {}".format(
            "Kode", "Unsur", "Menjawab", "NRR", "x bobot", "Konversi", "Mutu"
        ),
        "en": "{:5}{:38}{:>9}{:>8}{:>9}{:>10}  {}".format(
            "Code", "Element", "Answered", "NRR", "x weight", "Converted", "Quality"
        ),
    },
    "index": {"id": "IKM {index}, mutu {mark}, {words}", "en": "Index {index}, quality {mark}, {words}"},
    "no_index": {"id": "IKM tidak dapat dihitung", "en": "The index cannot be computed"},
    "silent": {
        "id": "tidak ada yang menjawab {codes}; sebutkan unsur yang ditanyakan dengan --elements",
        "en": "nobody answered {codes}; name the elements that were asked with --elements",
    },
    "margin": {"id": "batas galat 95 % ±{margin}", "en": "margin of error 95 % ±{margin}"},
    "uncorrected": {"id": " (tanpa koreksi populasi)", "en": " (without population correction)"},
    "improve": {"id": "Perlu rencana tindak lanjut (terendah)", "en": "To improve first (lowest)"},
    "keep": {"id": "Tertinggi", "en": "Highest"},
    "profile": {"id": "Profil responden", "en": "Profile of respondents"},
    "empty": {"id": "(kosong)", "en": "(empty)"},
    "left_out": {
        "id": "{count} baris tanpa satu jawaban pun tidak dihitung",
        "en": "{count} rows without any answer are left out",
    },
    "rounded_weight": {
        "id": "Bobot 0,11: sembilan unsur berjumlah 0,99, sehingga nilai tertinggi 99,00",
        "en": "Weight 0.11: nine elements make 0.99, so the highest index is 99.00",
    },
    "small": {
        "id": "Jumlah di bawah 5 pada profil jangan diterbitkan: orangnya dapat dikenali",
        "en": "Do not publish counts under 5 of the profile: people could be recognised",
    },
    "no_population": {
        "id": "Sampel minimum tidak diperiksa; berikan jumlah pengguna setahun dengan --population",
        "en": "The smallest sample is not checked; give the users of a year with --population",
    },
    "too_few": {
        "id": "Batas galat perlu sedikitnya dua responden",
        "en": "A margin of error needs at least two respondents",
    },
}


def _notes(found: Satisfaction, survey: Survey, population: int | None, language: str) -> list[str]:
    notes = []
    if found.left_out:
        notes.append(TEXTS["left_out"][language].format(count=found.left_out))
    if found.score is not None and found.weight * len(found.elements) != 1:
        notes.append(TEXTS["rounded_weight"][language])
    if found.margin is None:
        notes.append(TEXTS["too_few"][language])
    if population is None:
        notes.append(TEXTS["no_population"][language])
    if any(count < SMALL_CELL for counts in survey.profile.values() for _, count in counts):
        notes.append(TEXTS["small"][language])
    return notes


def as_text(found: Satisfaction, survey: Survey, population: int | None = None, language: str = "id") -> str:
    """The report for people, in Indonesian ("id", decimal comma) or English ("en")."""
    say = {key: texts[language] for key, texts in TEXTS.items()}
    lines = [say["title"], f"{say['respondents']}: {found.respondents}"]
    if population is not None:
        needed = krejcie_morgan(population)
        missing = needed - found.respondents
        verdict = say["enough"] if missing <= 0 else say["short"].format(missing=missing)
        lines.append(say["needed"].format(needed=needed, population=population, verdict=verdict))
    lines += ["", say["head"]]
    for element in found.elements:
        name = ELEMENTS.get(element.code, ("", ""))[language == "en"]
        lines.append(
            f"{element.code:5}{name:38}{element.answered:>9}{_shown(element.mean, 3, language):>8}"
            f"{_shown(element.weighted, 3, language):>9}{_shown(element.conversion, 2, language):>10}"
            f"  {element.quality.mark if element.quality else '-'}"
        )
    lines += ["", _index_line(found, say, language)]
    if found.ranking:
        lines.append(f"{say['improve']}: {_named(found.priorities, language)}")
        lines.append(f"{say['keep']}: {_named(found.strongest, language)}")
    for column, counts in survey.profile.items():
        shares = "; ".join(f"{value or say['empty']} {count}" for value, count in counts)
        lines.append(f"{say['profile']}, {column}: {shares}")
    return "\n".join([*lines, "", *_notes(found, survey, population, language)]).rstrip()


def _index_line(found: Satisfaction, say: dict[str, str], language: str) -> str:
    if found.index is None or found.quality is None:
        codes = ", ".join(element.code for element in found.elements if element.mean is None)
        return f"{say['no_index']}: {say['silent'].format(codes=codes)}"
    words = found.quality.id if language == "id" else found.quality.en
    line = say["index"].format(
        index=decimal_text(found.index, 2, language), mark=found.quality.mark, words=words
    )
    if found.margin is not None:
        line += "; " + say["margin"].format(margin=decimal_text(found.margin, 2, language))
        line += "" if found.margin_corrected else say["uncorrected"]
    return line


def _named(elements: tuple[ElementScore, ...], language: str) -> str:
    return "; ".join(
        f"{element.code} {ELEMENTS.get(element.code, ('', ''))[language == 'en']}".strip()
        + f" {_shown(element.mean, 2, language)}"
        for element in elements
    )


def _shown(value: Fraction | Decimal | None, digits: int, language: str) -> str:
    if isinstance(value, Fraction):
        value = rounded(value, digits)
    return "-" if value is None else decimal_text(value, digits, language)
