"""Lines that fit a terminal: width of characters, wrapping, aligned columns."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from matdeps.views.inert import neutralise
from matdeps.views.palette import Palette

MIN_WIDTH = 40


def measure(text: str) -> int:
    """Count the columns that a text takes on a terminal.

    Examples
    --------
    >>> measure("Tb"), measure("铽")
    (2, 2)
    """
    if text.isascii():
        return len(text)
    return sum(_measure_char(char) for char in text)


def _measure_char(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Fill a text with blanks up to a width in columns; `right` aligns it there."""
    blanks = " " * max(0, width - measure(text))
    return blanks + text if right else text + blanks


def wrap(text: str, width: int, rest: int | None = None) -> list[str]:
    """Break a text into lines of at most so many columns.

    Words are kept whole where they fit on a line of their own; scripts written without blanks break between any
    two characters. Nothing is left out but blanks where a line ends.

    Parameters
    ----------
    rest
        Columns of the lines after the first; None: as the first.

    Examples
    --------
    >>> wrap("terbium goes into 铽铁合金", 12)
    ['terbium goes', 'into 铽铁合', '金']
    """
    later = width if rest is None else rest
    lines: list[str] = []
    line, used, room = "", 0, width
    for gap, piece in _split(text, min(width, later)):
        size = measure(piece)
        blank = gap if line or not lines else ""
        if used + len(blank) + size <= room:
            line += blank + piece
            used += len(blank) + size
        elif size <= later and size == len(piece):
            lines.append(line.rstrip(" "))
            line, used, room = piece, size, later
        else:
            if used + len(blank) < room:
                line, used = line + blank, used + len(blank)
            for char in piece:
                step = _measure_char(char)
                if used + step > room:
                    lines.append(line.rstrip(" "))
                    line, used, room = "", 0, later
                line += char
                used += step
    return [*lines, line] if line or not lines else lines


_PARTS = re.compile(r"[^-/_]*[-/_]+|[^-/_]+")


def _split(text: str, width: int) -> Iterator[tuple[str, str]]:
    """Split a text into pieces with the blank before each; a word too long for a line also breaks at its hyphens."""
    gap = ""
    for word in text.split(" "):
        parts = _PARTS.findall(word) if len(word) > width else [word]
        for part in parts:
            yield gap, part
            gap = ""
        gap = " "


def cut(text: str, width: int) -> str:
    """Cut a text to a width in columns; what is missing shows as an ellipsis.

    Examples
    --------
    >>> cut("Sintered magnet", 10)
    'Sintered …'
    """
    if measure(text) <= width:
        return text
    kept, used = "", 0
    for char in text:
        step = _measure_char(char)
        if used + step > width - 1:
            break
        kept += char
        used += step
    return kept + "…"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    right
        Whether it is aligned at the right.
    style
        Style of its cells; None is plain.
    flexible
        Whether its cells may be wrapped where the line is too narrow.
    is_aside
        Whether its cells are cut, visibly, before any other is wrapped: what they say stands elsewhere too.
    """

    title: str
    right: bool = False
    style: str | None = None
    flexible: bool = False
    is_aside: bool = False


@dataclass(slots=True)
class Page:
    """Lines of text, made harmless and wrapped as they come in.

    Attributes
    ----------
    width
        Columns of the terminal.
    """

    width: int
    palette: Palette
    lines: list[str] = field(default_factory=list)

    def add(self, text: str, *, indent: int = 0, hang: int = 0, style: str | None = None) -> None:
        """Add a paragraph; lines after the first are indented by `hang` more columns."""
        room = max(MIN_WIDTH // 2, self.width - indent)
        first, *rest = wrap(neutralise(text), room, room - hang)
        self.lines.append(" " * indent + self.palette.paint(first, style))
        self.lines += [" " * (indent + hang) + self.palette.paint(line, style) for line in rest]

    def add_heading(self, text: str) -> None:
        """Add a heading after an empty line."""
        self.add_gap()
        self.add(text, style="heading")

    def add_gap(self) -> None:
        """Add an empty line, unless one is there."""
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def add_item(self, text: str, *, indent: int = 2, style: str | None = None) -> None:
        """Add an item of a list."""
        self.add("- " + text, indent=indent, hang=2, style=style)

    def add_table(
        self, columns: Sequence[Column], rows: Sequence[Sequence[str]], *, indent: int = 2, titles: bool = True
    ) -> list[tuple[int, int]]:
        """Add aligned columns; flexible ones are wrapped where the line is too narrow, never cut.

        Returns
        -------
        list of tuple
            For each row, the first of its lines and the one after its last.
        """
        cells = [[neutralise(cell) for cell in row] for row in rows]
        header = [column.title for column in columns] if titles else ["" for _ in columns]
        widths = [max([measure(title), *(measure(row[at]) for row in cells)]) for at, title in enumerate(header)]
        widths = _fit(widths, columns, self.width - indent - 2 * (len(columns) - 1))
        if titles:
            self._add_line(header, widths, columns, indent, "dim")
        spans = []
        for row in cells:
            first = len(self.lines)
            parts = [
                [cut(cell, width)] if column.is_aside else wrap(cell, width)
                for cell, width, column in zip(row, widths, columns, strict=True)
            ]
            for at in range(max(len(part) for part in parts)):
                self._add_line([part[at] if at < len(part) else "" for part in parts], widths, columns, indent)
            spans.append((first, len(self.lines)))
        return spans

    def _add_line(
        self,
        cells: Sequence[str],
        widths: Sequence[int],
        columns: Sequence[Column],
        indent: int,
        style: str | None = None,
    ) -> None:
        shown = []
        for cell, width, column in zip(cells, widths, columns, strict=True):
            blanks = " " * max(0, width - measure(cell))
            painted = self.palette.paint(cell, style or column.style)
            shown.append(blanks + painted if column.right else painted + blanks)
        self.lines.append((" " * indent + "  ".join(shown)).rstrip())

    def finish(self) -> str:
        """Join the lines; the text ends with a line break."""
        return "\n".join(self.lines) + "\n"


_LEAST_CELL = 12
_LEAST_ASIDE = 22


def _fit(widths: list[int], columns: Sequence[Column], room: int) -> list[int]:
    """Narrow columns until the line fits: asides first, then the widest of the flexible ones."""
    widths = list(widths)
    for at, column in enumerate(columns):
        if column.is_aside and sum(widths) > room:
            widths[at] = min(widths[at], max(_LEAST_ASIDE, widths[at] - (sum(widths) - room)))
    flexible = [at for at, column in enumerate(columns) if column.flexible]
    while flexible and sum(widths) > room:
        at = max(flexible, key=lambda place: widths[place])
        if widths[at] <= _LEAST_CELL:
            break
        widths[at] -= 1
    return widths
