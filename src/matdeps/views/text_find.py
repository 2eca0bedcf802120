"""`find` as text: the nodes that a name can mean, the nearest first."""

from collections.abc import Sequence

from matdeps.views.layout import Column, Page
from matdeps.views.protocols import AnswerLike, FoundRowLike
from matdeps.views.sentences import get_hits
from matdeps.views.text_more import add_more


def add_found(page: Page, answer: AnswerLike, most: int | None, paths: bool) -> None:
    """Add the nodes found, with what tells them apart."""
    rows: Sequence[FoundRowLike] = answer.rows
    shown = rows if most is None else rows[:most]
    if not shown:
        return
    page.add_gap()
    columns = (
        Column("fit", right=True),
        Column("name", style="bold", flexible=True),
        Column("id"),
        Column("about", flexible=True),
    )
    cells = [(f"{row.score:.0f}", row.name, row.id, _say_about(row)) for row in shown]
    page.add_table(columns, cells)
    add_more(page, answer, get_hits(answer) - len(shown), len(rows) - len(shown), "node")


def _say_about(row: FoundRowLike) -> str:
    found = "" if row.text in {row.name, row.id} else f"{row.how} {row.text}"
    return "; ".join(part for part in (found, row.about) if part)
