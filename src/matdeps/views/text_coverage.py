"""`coverage` as text: what the graph does not know, one sort of gap after the other."""

from collections import Counter
from collections.abc import Mapping, Sequence

from matdeps.views.layout import Column, Page
from matdeps.views.protocols import AnswerLike, GapRowLike
from matdeps.views.text_more import add_more


def add_gaps(page: Page, answer: AnswerLike, most: int | None, paths: bool) -> None:
    """Add the gaps, each sort under its heading."""
    rows: Sequence[GapRowLike] = answer.rows
    held = Counter(row.gap for row in rows)
    given = answer.summary.get("gaps")
    counts: Mapping[str, int] = given if isinstance(given, Mapping) else held
    for gap in dict.fromkeys([*counts, *held]):
        group = [row for row in rows if row.gap == gap]
        shown = group if most is None else group[:most]
        total = max(len(group), int(counts.get(gap, 0)))
        if not total:
            continue
        words = gap.replace("_", " ")
        page.add_heading(f"{words[:1].upper()}{words[1:]} ({total:,})")
        details = {row.detail for row in group}
        if len(details) == 1:
            # One detail for all of them is said once.
            page.add(details.pop(), indent=2)
            page.add("; ".join(row.name for row in shown), indent=4)
        elif shown:
            columns = (Column("name", style="bold", flexible=True), Column("detail", flexible=True))
            page.add_table(columns, [(row.name, row.detail) for row in shown], titles=False)
        add_more(page, answer, total - len(shown), len(group) - len(shown), "gap")
