"""`exposed` and `depends` as text: rows grouped by kind."""

from collections.abc import Sequence

from matdeps.graph.schema import KINDS
from matdeps.views.columns import make_exposure_cells
from matdeps.views.layout import Column, Page
from matdeps.views.palette import STYLE_OF_CONFIDENCE
from matdeps.views.protocols import AnswerLike, ExposureRowLike
from matdeps.views.sentences import get_kinds
from matdeps.views.text_more import add_more
from matdeps.views.text_paths import Told, add_path
from matdeps.views.words import Names, name_kind, say_confidence

WIDE = 88
"""From so many columns on, rows stand in aligned columns; below, in two lines each."""


def add_exposure(page: Page, answer: AnswerLike, most: int | None, paths: bool) -> None:
    """Add the rows of `exposed` or `depends`, each kind under its heading."""
    names = Names(answer)
    several = int(answer.summary.get("starts", 1)) > 1
    told: Told = set()
    counts = dict(answer.summary.get("by_kind", {}))
    groups: dict[str, list[ExposureRowLike]] = {}
    for row in answer.rows:
        groups.setdefault(row.kind, []).append(row)
    for kind in sorted(counts.keys() | groups.keys(), key=lambda kind: [*KINDS, kind].index(kind)):
        rows = groups.get(kind, [])
        shown = rows if most is None else rows[:most]
        total = max(len(rows), int(counts.get(kind, 0)))
        plural = name_kind(kind, many=True)
        page.add_heading(f"{plural[:1].upper()}{plural[1:]}{_say_second(kind, answer)} ({total:,})")
        if shown and (paths or page.width < WIDE):
            _add_blocks(page, answer, shown, names, told=told if paths else None, most=most)
        elif shown:
            columns = (
                Column("tier", right=True),
                Column("name", style="bold", flexible=True),
                Column("certainty"),
                Column("confidence"),
                Column("via", flexible=several, is_aside=not several),
            )
            page.add_table(columns, [make_exposure_cells(row, answer, names) for row in shown])
        add_more(page, answer, total - len(shown), len(rows) - len(shown), name_kind(kind), plural)


def _say_second(kind: str, answer: AnswerLike) -> str:
    """Say why a kind is listed that was not asked for: an organisation can have two labels."""
    other = {"supplier": "customer", "customer": "supplier"}.get(kind)
    asked = get_kinds(answer)
    return f" that are also {name_kind(other, many=True)}" if other in asked and kind not in asked and other else ""


def _add_blocks(
    page: Page,
    answer: AnswerLike,
    rows: Sequence[ExposureRowLike],
    names: Names,
    *,
    told: Told | None,
    most: int | None,
) -> None:
    for row in rows:
        tier, name, certainty, _, via = make_exposure_cells(row, answer, names)
        page.add(f"{tier:>2}  {name}", indent=2, hang=4, style="bold")
        tail = f", via {via}" if via and told is None else ""
        confidence = say_confidence(row.confidence, row.unchecked, row.tier, unit="hop")
        page.add(f"{certainty}; {confidence}{tail}", indent=6, style=STYLE_OF_CONFIDENCE.get(row.confidence))
        if told is not None:
            add_path(page, row.path, answer.sources, told, indent=6, most=most)
