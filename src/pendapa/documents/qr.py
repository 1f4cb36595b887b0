"""QR codes as inline SVG."""

import segno

from pendapa.documents.facts import LetterRefused

MAX_CHARACTERS = 1000


def qr_svg(text: str, *, title: str = "") -> str:
    """The QR code of a text (ISO/IEC 18004, error correction M, quiet zone of 4) as an SVG element.

    It has a viewBox and no size, colour class or style attribute, so a strict content policy lets it pass and
    the page's stylesheet sizes it. `title` becomes its accessible name. Raises LetterRefused beyond
    1000 characters.
    """
    if not 1 <= len(text) <= MAX_CHARACTERS:
        raise LetterRefused("QR", f"the text has {len(text)} characters", f"give 1 to {MAX_CHARACTERS}")
    code = segno.make_qr(text, error="m", boost_error=False)
    svg: str = code.svg_inline(
        omitsize=True, border=4, svgclass=None, lineclass=None, title=title or None, light="#fff"
    )
    return svg
