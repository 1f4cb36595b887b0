"""Text and ground reach WCAG AA in both schemes; the stylesheet stays small and fit for old browsers."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

SHEET = (Path(settings.STATICFILES_DIRS[0]) / "pendapa.css").read_text(encoding="utf-8")

TEXT = 4.5  # WCAG 2.2, 1.4.3
SIGN = 3.0  # WCAG 2.2, 1.4.11: edges of inputs, focus ring, marks

PAIRS = [
    *[
        (ink, ground, TEXT)
        for ink in ("ink", "ink-soft", "teal", "teal-deep", "bad")
        for ground in ("paper", "card")
    ],
    *[("ink", ground, TEXT) for ground in ("teal-wash", "good-wash", "warn-wash", "bad-wash")],
    ("ink-soft", "teal-wash", TEXT),
    ("teal", "teal-wash", TEXT),
    ("teal-deep", "teal-wash", TEXT),
    ("good", "good-wash", TEXT),
    ("warn", "warn-wash", TEXT),
    ("warn", "card", TEXT),
    ("bad", "bad-wash", TEXT),
    ("roof", "card", TEXT),
    ("white", "tile", TEXT),
    ("white", "tile-deep", TEXT),
    ("on-button", "button", TEXT),
    ("on-band", "band", TEXT),
    ("on-band", "band-end", TEXT),
    ("on-band-soft", "band-end", TEXT),
    ("edge", "card", SIGN),
    ("edge", "paper", SIGN),
    ("good", "card", SIGN),
]


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})", block)) | {"white": "#ffffff"}


LIGHT = tokens(SHEET[: SHEET.index("@media")])
DARK = LIGHT | tokens(SHEET[SHEET.index("@media (prefers-color-scheme: dark)") : SHEET.index("*, *::before")])


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_gives_the_published_values() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    # #767676 on white is the well-known lightest grey that passes AA: 4.54.
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_pair_is_readable(scheme: str, ink: str, ground: str, least: float) -> None:
    colours = LIGHT if scheme == "light" else DARK
    assert contrast(colours[ink], colours[ground]) >= least


def test_the_dark_scheme_is_really_another() -> None:
    assert luminance(DARK["paper"]) < 0.05 < luminance(LIGHT["paper"])


def test_the_sheet_is_under_ten_kilobytes_gzipped() -> None:
    assert len(gzip.compress(SHEET.encode())) < 10_000


@pytest.mark.parametrize(
    "too_new",
    [":has(", "@container", "@layer", ":is(", ":where(", "clamp(", "inset:", "aspect-ratio", "&", "@import"],
)
def test_the_sheet_asks_nothing_a_browser_of_2018_lacks(too_new: str) -> None:
    assert too_new not in SHEET


def test_the_sheet_loads_nothing_from_elsewhere() -> None:
    assert "url(" not in SHEET
