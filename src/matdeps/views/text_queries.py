"""`queries` as text: the catalogue."""

from collections.abc import Sequence

from matdeps.views.layout import Page
from matdeps.views.protocols import AnswerLike, QueryRowLike


def add_queries(page: Page, answer: AnswerLike, most: int | None, paths: bool) -> None:
    """Add every canned query with its question and parameters; a catalogue is never cut."""
    rows: Sequence[QueryRowLike] = answer.rows
    for row in rows:
        page.add_heading(row.name)
        page.add(row.question, indent=2)
        for parameter in row.parameters:
            page.add_item(parameter, indent=4)
