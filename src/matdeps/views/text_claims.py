"""`claims` as text: grouped by how well they are supported."""

from collections.abc import Sequence

from matdeps.views.layout import Page
from matdeps.views.protocols import AnswerLike, ClaimRowLike
from matdeps.views.sentences import say_status, sort_statuses
from matdeps.views.text_more import add_more
from matdeps.views.words import Names, say_sources


def add_claims(page: Page, answer: AnswerLike, most: int | None, paths: bool) -> None:
    """Add the claims, the best supported first; those that contradict each other stand side by side."""
    rows: Sequence[ClaimRowLike] = answer.rows
    names = Names(answer)
    for status in sort_statuses({row.status for row in rows}):
        group = [row for row in rows if row.status == status]
        shown = group if most is None else group[:most]
        words = say_status(status)
        page.add_heading(f"{words[:1].upper()}{words[1:]} ({len(group):,})")
        for row in shown:
            page.add(f"“{row.name}” [{row.id}]", indent=2, hang=2, style="bold")
            if row.nodes:
                page.add(f"about {names.join(row.nodes)}", indent=4, hang=2)
            if row.notes:
                page.add(row.notes, indent=4, hang=2)
            cited = say_sources(row.sources, answer.sources)
            page.add(cited or "no source is recorded", indent=4, hang=2, style="dim")
        add_more(page, answer, len(group) - len(shown), len(group) - len(shown), "claim")
