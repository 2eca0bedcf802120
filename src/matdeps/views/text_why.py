"""`why` as text: each path hop by hop, the shortest and then the surest."""

from collections.abc import Sequence

from matdeps.views.layout import Page
from matdeps.views.protocols import AnswerLike, WhyRowLike
from matdeps.views.text_more import add_more
from matdeps.views.text_paths import Told, add_path
from matdeps.views.words import count, say_certainty, say_confidence

_HEADINGS = {"shortest": "Shortest paths", "surest": "Surest paths"}


def add_why(page: Page, answer: AnswerLike, most: int | None, paths: bool) -> None:
    """Add the paths; one that was shown before is named, not repeated."""
    rows: Sequence[WhyRowLike] = answer.rows
    told: Told = set()
    seen: dict[tuple[tuple[str, str, str], ...], str] = {}
    for by in dict.fromkeys(row.by for row in rows):
        ranked = [row for row in rows if row.by == by]
        shown = ranked if most is None else ranked[:most]
        page.add_heading(f"{_HEADINGS.get(by, by)} ({len(ranked):,})")
        for row in shown:
            key = tuple((hop.tail, hop.head, hop.key) for hop in row.path)
            if key in seen:
                page.add(f"{by} {row.rank}: the same path as {seen[key]}.", indent=2, hang=2)
                continue
            seen[key] = f"{by} {row.rank}"
            fresh = f"its stalest hop dates from {row.oldest}" if row.oldest else "no hop is dated"
            text = f"{by} {row.rank}: {count(row.length, 'hop')}; {say_certainty(row)}; "
            page.add(
                text + f"{say_confidence(row.confidence, row.unchecked, row.length, unit='hop')}; {fresh}",
                indent=2,
                hang=2,
                style="bold",
            )
            add_path(page, row.path, answer.sources, told, indent=4, most=most)
        add_more(page, answer, len(ranked) - len(shown), len(ranked) - len(shown), "path")
