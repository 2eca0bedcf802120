"""`whatif` as text: the targets verdict by verdict, each with its reason."""

from collections.abc import Sequence

from matdeps.views.layout import Page
from matdeps.views.protocols import AnswerLike
from matdeps.views.protocols_whatif import WhatIfRowLike
from matdeps.views.sentences import VERDICT_ORDER
from matdeps.views.text_more import add_more
from matdeps.views.words import name_kind, say_bounds, say_share

_UNEXPLAINED = frozenset({"clear", "no data"})
"""Verdicts whose reason is the same for all: their targets are only named."""


def add_verdicts(page: Page, answer: AnswerLike, most: int | None, paths: bool) -> None:
    """Add the targets, the worst verdict first."""
    rows: Sequence[WhatIfRowLike] = answer.rows
    for verdict in VERDICT_ORDER:
        group = [row for row in rows if row.verdict == verdict]
        if not group:
            continue
        shown = group if most is None else group[:most]
        page.add_heading(f"{verdict.capitalize()} ({len(group):,})")
        if verdict in _UNEXPLAINED:
            page.add("; ".join(row.name for row in shown), indent=2)
        else:
            for row in shown:
                _add_row(page, row)
        add_more(page, answer, len(group) - len(shown), len(group) - len(shown), "target")


def _add_row(page: Page, row: WhatIfRowLike) -> None:
    left = {"low": row.availability.low, "high": row.availability.high}
    bounds = say_bounds(left)
    if row.verdict == "reduced" and left["high"] == 1:
        # One of several makers is closed, and how much that is nobody knows: surely less than all.
        bounds = f"{say_share(left['low'])} to less than 100%"
    told = [name_kind(row.kind), f"{bounds} is left"]
    if left["low"] != left["high"]:
        told.append(f"estimate {say_share(row.availability.estimate)}")
    if row.leans:
        told.append(f"leans to {row.leans}")
    if row.as_recorded:
        told.append("as far as recorded: nobody has marked the list of makers complete")
    page.add(f"{row.name} ({'; '.join(told)})", indent=2, hang=2, style="bold")
    page.add(" ".join(row.explanation), indent=4, hang=2)
