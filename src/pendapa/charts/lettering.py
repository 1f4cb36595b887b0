"""Words in boxes: how wide a text is about to be, and where to break it."""

from __future__ import annotations

from typing import Final

# Advance widths of system sans-serif fonts, in hundredths of the type size, rounded up a little.
_NARROW: Final = frozenset("iljtfrI.,:;'|!()[] ")
_WIDE: Final = frozenset("mwMW@%&")


def width_of(text: str, size: float) -> float:
    """About how many units wide a line is, for a type size in the same units."""
    hundredths = sum(
        34
        if letter in _NARROW
        else 90
        if letter in _WIDE
        else 70
        if letter.isupper()
        else 100
        if ord(letter) > 0x2E80
        else 58
        for letter in text
    )
    return hundredths * size / 100


def wrap(text: str, width: float, size: float, most: int) -> list[str]:
    """Break a text into at most `most` lines no wider than `width`; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        for piece in _pieces(word, width, size):
            longer = f"{line} {piece}" if line else piece
            if width_of(longer, size) <= width:
                line = longer
            else:
                if line:
                    lines.append(line)
                line = piece
    if line:
        lines.append(line)
    if len(lines) > most:
        last = lines[most - 1]
        while last and width_of(f"{last}…", size) > width:
            last = last[:-1]
        lines = [*lines[: most - 1], f"{last.rstrip()}…"]
    return lines


def _pieces(word: str, width: float, size: float) -> list[str]:
    """A word, cut where it alone is wider than the box."""
    pieces: list[str] = []
    while width_of(word, size) > width and len(word) > 1:
        cut = len(word) - 1
        while cut > 1 and width_of(word[:cut], size) > width:
            cut -= 1
        pieces.append(word[:cut])
        word = word[cut:]
    return [*pieces, word]
