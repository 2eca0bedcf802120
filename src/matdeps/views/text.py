"""An answer as text that an analyst can read aloud: the sentence, the rows, what is not known, what to ask next."""

from collections.abc import Callable

from matdeps.views.layout import MIN_WIDTH, Page
from matdeps.views.palette import Palette
from matdeps.views.protocols import AnswerLike
from matdeps.views.sentences import summarise
from matdeps.views.text_end import add_end

ROWS_SHOWN = 12
"""Rows of one kind that text shows unless told otherwise; the rest is counted."""


def render_text(answer: AnswerLike, *, width: int, color: bool, paths: bool = False, limit: int | None = None) -> str:
    """Render an answer as text.

    Parameters
    ----------
    answer
        The answer of any canned query.
    width
        Columns of the terminal, 40 or more; less counts as 40.
    color
        Whether escape codes are written; the words are the same without.
    paths
        Whether the path of each row is written out; for `why` it always is.
    limit
        Most rows of one group; None is `ROWS_SHOWN`, 0 is all. How many are left out is said.

    Returns
    -------
    str
        Lines that end with a line break. Control characters in names are made visible.
    """
    page = Page(max(width, MIN_WIDTH), Palette(color=color))
    page.add(summarise(answer), style="bold")
    most = ROWS_SHOWN if limit is None else limit or None
    _get_body(answer.query)(page, answer, most, paths)
    add_end(page, answer)
    return page.finish()


Body = Callable[[Page, AnswerLike, int | None, bool], None]


def _get_body(query: str) -> Body:
    # Each renderer is imported when it is needed: a cold command line pays for one of them.
    match query:
        case "exposed" | "depends":
            from matdeps.views.text_exposure import add_exposure as add
        case "why":
            from matdeps.views.text_why import add_why as add
        case "whatif":
            from matdeps.views.text_whatif import add_verdicts as add
        case "sources":
            from matdeps.views.text_sources import add_sources as add
        case "controls":
            from matdeps.views.text_controls import add_controls as add
        case "claims":
            from matdeps.views.text_claims import add_claims as add
        case "find":
            from matdeps.views.text_find import add_found as add
        case "show":
            from matdeps.views.text_show import add_shown as add
        case "coverage":
            from matdeps.views.text_coverage import add_gaps as add
        case "queries":
            from matdeps.views.text_queries import add_queries as add
        case _:
            from matdeps.views.text_other import add_rows as add
    return add
