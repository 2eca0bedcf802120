"""Answers for other programs: JSON, JSON Lines, CSV; and the registry of formats."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from typing import Any

from matdeps.views.inert import escape_cell, escape_json, neutralise
from matdeps.views.markdown import render_md
from matdeps.views.protocols import AnswerLike
from matdeps.views.words import Names, say_chain

__all__ = ["CSV_COLUMNS", "FORMATS", "render_csv", "render_json", "render_jsonl", "render_md"]


def render_json(answer: AnswerLike) -> str:
    """Render the whole answer as one JSON object, the same for every engine, with a line break at its end."""
    return escape_json(json.dumps(answer.to_dict(), ensure_ascii=False, indent=2)) + "\n"


def render_jsonl(answer: AnswerLike) -> str:
    """Render each row as one JSON object on a line of its own."""
    lines = [json.dumps(row, ensure_ascii=False, separators=(", ", ": ")) + "\n" for row in answer.to_dict()["rows"]]
    return escape_json("".join(lines))


CSV_COLUMNS: Mapping[str, tuple[str, ...]] = {
    name: tuple(columns.split())
    for names, columns in (
        (
            "exposed depends",
            "id name kind kinds tier through certainty minor confidence unchecked start start_share path",
        ),
        ("why", "id name kind rank by length certainty through minor confidence unchecked oldest start path"),
        (
            "sources",
            "id name kind item role country countries share year stage status confidence checked sources amount unit"
            " note",
        ),
        (
            "controls",
            "id name kind status because requires acts_on issuer binds to use since until suspended_from"
            " suspended_until instrument notes sources",
        ),
        ("whatif", "id name kind kinds verdict as_recorded leans availability limiting explanation"),
        ("claims", "id name kind status nodes sources notes"),
        ("find", "id name kind kinds how text score about"),
        ("show", "id part type name text confidence checked sources"),
        ("coverage", "id name kind gap detail"),
        ("queries", "id name kind question parameters"),
    )
    for name in names.split()
}
"""Columns of each query, so that an answer without rows has the same heading as one with rows."""


def render_csv(answer: AnswerLike) -> str:
    """Render the rows as CSV that is safe to open in a spreadsheet.

    Returns
    -------
    str
        RFC 4180 with a heading. Lists are joined by ``|``, a path is written as names joined by ``>``. A text that a
        spreadsheet would take for a formula gets a leading apostrophe; line breaks and other control characters
        are made visible, so that one row is one line; numbers stay numbers; unknown is empty.
    """
    names = Names(answer)
    plain: list[dict[str, Any]] = answer.to_dict()["rows"]
    columns = list(CSV_COLUMNS.get(answer.query, ()))
    columns += [key for row in plain for key in row if key not in columns] if not columns else []
    columns = list(dict.fromkeys(columns))
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(columns)
    for row, values in zip(answer.rows, plain, strict=True):
        cells = {**values, "path": say_chain(row.path, names)} if "path" in values else values
        writer.writerow([_flatten(cells.get(column)) for column in columns])
    return buffer.getvalue()


def _flatten(value: Any) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    if isinstance(value, list):
        return _to_cell("|".join(_say_item(one) for one in value))
    return _to_cell(_say_item(value))


def _to_cell(text: str) -> str:
    return escape_cell(neutralise(text))


def _say_item(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


FORMATS: Mapping[str, Callable[[AnswerLike], str]] = {
    "json": render_json,
    "jsonl": render_jsonl,
    "csv": render_csv,
    "md": render_md,
}
"""Formats that take no option, by the name that `--format` has; text has its own module."""
