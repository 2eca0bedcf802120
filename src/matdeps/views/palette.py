"""Colours of a terminal: the only place that writes escape codes."""

_CODES = {"bold": "1", "dim": "2", "heading": "1;36", "good": "32", "caution": "33", "alarm": "31"}


class Palette:
    """Paints text, or leaves it plain.

    Parameters
    ----------
    color
        Whether escape codes are written; nothing is ever said by colour alone.

    Examples
    --------
    >>> Palette(color=False).paint("terbium", "bold")
    'terbium'
    """

    def __init__(self, *, color: bool) -> None:
        self.color = color

    def paint(self, text: str, style: str | None) -> str:
        """Paint a text in a style: bold, dim, heading, good, caution, alarm; None leaves it plain."""
        if not self.color or style is None or not text.strip():
            return text
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m"


STYLE_OF_CONFIDENCE = {"confirmed": None, "reported": None, "inferred": "caution"}
STYLE_OF_STATUS = {
    "in force": "alarm",
    "unknown": "caution",
    "suspended": "caution",
    "announced": "caution",
    "ended": "dim",
}
