"""The line that says what is not shown, and how to see it: no list ends silently."""

from matdeps.views.layout import Page
from matdeps.views.protocols import AnswerLike
from matdeps.views.words import count


def add_more(page: Page, answer: AnswerLike, hidden: int, held: int, singular: str, plural: str | None = None) -> None:
    """Say how many rows are not shown.

    Parameters
    ----------
    hidden
        Rows that are not shown.
    held
        How many of them the answer holds; the others were cut by its own limit.
    """
    if hidden <= 0:
        return
    how = "--limit 0 shows all"
    if held == hidden:
        how += ", --format json holds them all"
    else:
        how += f", this answer was cut at {count(len(answer.rows), 'row')}"
    page.add(
        f"... and {count(hidden, f'more {singular}', f'more {plural}' if plural else None)} ({how})",
        indent=2,
        style="dim",
    )
