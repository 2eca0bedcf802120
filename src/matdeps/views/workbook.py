"""An answer as a workbook: the rows, their paths, the sources, and what is not known; nothing in it is a formula."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from matdeps._version import __version__
from matdeps.views.inert import neutralise
from matdeps.views.page.command import spell_command
from matdeps.views.protocols import AnswerLike
from matdeps.views.sentences import summarise
from matdeps.views.tables import CSV_COLUMNS
from matdeps.views.text_end import list_notes, list_unknown, say_graph
from matdeps.views.words import Names, say_chain

if TYPE_CHECKING:
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

_LONGEST_CELL = 32_767
_MOST_ROWS = 1_048_575
_WIDEST, _NARROWEST = 60, 8
_DATES = frozenset({"since", "until", "suspended_from", "suspended_until", "oldest", "valid_from", "valid_to", "date"})
_SHARES = frozenset({"share", "start_share"})
_EPOCH = datetime(2000, 1, 1)
"""The day that every workbook says it was made on: the same answer gives the same bytes."""

Cell = str | int | float | bool | date | None


def render_xlsx(answer: AnswerLike) -> bytes:
    """Render an answer as an Office Open XML workbook.

    Returns
    -------
    bytes
        Sheets answer, paths, sources, not known, about. Whole days are dates, shares are numbers shown in percent,
        unknown is an empty cell. The same answer gives the same bytes.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": neutralise(summarise(answer))[:250], "created": _EPOCH})
        _add_sheet(book, "answer", *_make_answer(answer))
        _add_sheet(book, "paths", *_make_paths(answer))
        _add_sheet(book, "sources", *_make_sources(answer))
        unknown = [("not known", text) for text in list_unknown(answer)]
        _add_sheet(book, "not known", ("what", "text"), [*unknown, *(("note", text) for text in list_notes(answer))])
        _add_sheet(book, "about", ("what", "text"), _make_about(answer))
    return buffer.getvalue()


def _make_answer(answer: AnswerLike) -> tuple[Sequence[str], Iterable[Sequence[Cell]]]:
    names = Names(answer)
    plain: list[dict[str, Any]] = answer.to_dict()["rows"]
    columns = list(CSV_COLUMNS.get(answer.query, ())) or list(dict.fromkeys(key for row in plain for key in row))

    def make_row(row: Any, values: Mapping[str, Any]) -> list[Cell]:
        cells = {**values, "path": say_chain(row.path, names)} if "path" in values else values
        return [_make_cell(column, cells.get(column)) for column in columns]

    return columns, (make_row(row, values) for row, values in zip(answer.rows, plain, strict=True))


def _make_cell(column: str, value: Any) -> Cell:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list):
        return "; ".join(_say(one) for one in value)
    text = _say(value)
    return _make_date(text) if column in _DATES else text


def _say(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_say(one)}" for key, one in value.items() if one not in (None, "", []))
    return "; ".join(_say(one) for one in value) if isinstance(value, list) else str(value)


def _make_date(text: str) -> Cell:
    """Make a date of a whole day; a year or a month alone stays a text, since no day is known."""
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return text
    # A workbook counts days from 1900 on.
    return day if day is not None and day.year >= 1900 else text


_HOPS = (
    "row", "id", "name", "hop", "sentence", "from", "type", "to", "confidence", "checked", "counts", "valid_from",
    "valid_to", "sources",
)  # fmt: skip


def _make_paths(answer: AnswerLike) -> tuple[Sequence[str], Iterable[Sequence[Cell]]]:
    def make_rows() -> Iterable[Sequence[Cell]]:
        for number, row in enumerate(answer.rows, 1):
            for place, hop in enumerate(getattr(row, "path", ()), 1):
                yield (
                    number, row.id, row.name, place, hop.sentence, hop.tail, hop.type, hop.head, hop.confidence,
                    "source read" if hop.checked else "not read", "no" if hop.anchor else "yes",
                    _make_date(hop.valid_from or "") or None, _make_date(hop.valid_to or "") or None,
                    "; ".join(hop.sources),
                )  # fmt: skip

    return _HOPS, make_rows()


def _make_sources(answer: AnswerLike) -> tuple[Sequence[str], Iterable[Sequence[Cell]]]:
    columns = ("id", "title", "publisher", "date", "checked", "kind", "address")
    ordered = sorted(answer.sources.values(), key=lambda source: (not source.is_read, source.id))
    return columns, [
        (
            source.id,
            source.title,
            source.publisher,
            _make_date(source.date) or None,
            "read" if source.is_read else "not read",
            source.kind,
            source.url,
        )
        for source in ordered
    ]


def _make_about(answer: AnswerLike) -> list[tuple[str, str]]:
    asked = [(name.replace("_", " "), _say(value)) for name, value in answer.parameters.items() if value is not None]
    return [
        ("answer", summarise(answer)),
        ("graph", say_graph(answer)),
        *asked,
        ("command", spell_command(answer)),
        ("made by", f"matdeps {__version__}"),
    ]


def _add_sheet(book: "Workbook", name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Add a sheet with a frozen heading and a filter; what exceeds the format is counted in its last row."""
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True, "bottom": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    share = book.add_format({"num_format": "0.0%"})
    widths = [len(column) + 3 for column in columns]
    sheet.write_row(0, 0, columns, head)
    written = left = 0
    for row in rows:
        if written >= _MOST_ROWS - 1:
            left += 1
            continue
        written += 1
        for at, value in enumerate(row):
            widths[at] = max(widths[at], min(_WIDEST, len(str(value if value is not None else "")) + 1))
            if isinstance(value, date):
                sheet.write_datetime(written, at, value, day)
            elif isinstance(value, bool):
                sheet.write_boolean(written, at, value)
            elif isinstance(value, int | float):
                sheet.write_number(written, at, value, share if columns[at] in _SHARES else None)
            elif value:
                sheet.write_string(written, at, _fit(value))
    if left:
        sheet.write_string(written + 1, 0, f"{left:,} more rows do not fit into a sheet.")
    for at, width in enumerate(widths):
        sheet.set_column(at, at, max(_NARROWEST, min(_WIDEST, width)))
    sheet.freeze_panes(1, 0)
    if written:
        sheet.autofilter(0, 0, written, len(columns) - 1)


def _fit(text: str) -> str:
    text = neutralise(text, keep_lines=True)
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - 1] + "…"
