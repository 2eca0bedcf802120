"""A query without a renderer of its own as text: the columns that its rows have in every format."""

from matdeps.views.columns import make_table
from matdeps.views.layout import Column, Page
from matdeps.views.protocols import AnswerLike
from matdeps.views.sentences import get_hits
from matdeps.views.text_more import add_more


def add_rows(page: Page, answer: AnswerLike, most: int | None, paths: bool) -> None:
    """Add the rows as one table."""
    titles, cells = make_table(answer)
    shown = cells if most is None else cells[:most]
    if shown:
        page.add_gap()
        page.add_table([Column(title, flexible=True) for title in titles], shown)
    add_more(page, answer, get_hits(answer) - len(shown), len(cells) - len(shown), "row")
