"""`sources` as text: each stage's countries with bars, then the makers, then recycled supply."""

from collections.abc import Mapping, Sequence
from typing import Any

from matdeps.views.layout import Column, Page
from matdeps.views.protocols import AnswerLike, SourcesRowLike
from matdeps.views.stages import group_frames
from matdeps.views.text_more import add_more
from matdeps.views.words import (
    Names,
    say_amount,
    say_bounds,
    say_checked,
    say_hhi,
    say_share,
    say_source,
)

_BAR = 20


def add_sources(page: Page, answer: AnswerLike, most: int | None, paths: bool) -> None:
    """Add who makes it and where."""
    names = Names(answer)
    rows: Sequence[SourcesRowLike] = answer.rows
    for frame in group_frames(answer):
        place = f"{frame.item}, {frame.stage}" if frame.item else frame.stage
        page.add_heading(f"Stage {place}, {frame.year or 'year not recorded'}")
        _add_frame(page, answer, frame.rows, most)
        _add_figures(page, answer, frame.figures, names)
        for source in dict.fromkeys(source for row in frame.rows for source in row.sources):
            if source in answer.sources:
                page.add(say_source(answer.sources[source]), indent=2, hang=2, style="dim")
    makers = [row for row in rows if row.role == "maker"]
    if makers:
        _add_makers(page, answer, makers, names, most)
    recycled = [row for row in rows if row.role == "recycled"]
    if recycled:
        page.add_heading(f"Recycled supply ({len(recycled):,})")
        for row in recycled:
            note = f"; {row.note}" if row.note else ""
            page.add_item(f"scrap of {names.in_sentence(row.id)} [{say_checked(row.confidence, row.checked)}]{note}")


def _add_frame(page: Page, answer: AnswerLike, frame: Sequence[SourcesRowLike], most: int | None) -> None:
    ranked = sorted(frame, key=lambda row: (row.share is None, -(row.share or 0), -(row.amount or 0), row.id))
    shown = ranked if most is None else ranked[:most]
    columns = (
        Column("country", style="bold", flexible=True),
        Column("share", right=True),
        Column(""),
        Column("amount", right=True),
        Column("confidence"),
    )
    page.add_table(columns, [_make_cells(row) for row in shown])
    add_more(page, answer, len(ranked) - len(shown), len(ranked) - len(shown), "country", "countries")


def _make_cells(row: SourcesRowLike) -> tuple[str, ...]:
    bar = "" if row.share is None else "#" * max(1 if row.share > 0 else 0, round(row.share * _BAR))
    amount = "" if row.amount is None else f"{say_amount(row.amount)} {row.unit or ''}".strip()
    sure = say_checked(row.confidence, row.checked) + (f", {row.note}" if row.note else "")
    return (
        (row.name, say_share(row.share), bar.ljust(_BAR, "."), amount, sure)
        if bar
        else (row.name, say_share(row.share), "", amount, sure)
    )


def _add_figures(page: Page, answer: AnswerLike, about: Mapping[str, Any], names: Names) -> None:
    told = []
    if about.get("known_share") is not None:
        told.append(f"shares known: {say_share(about['known_share'])}")
    if about.get("hhi"):
        told.append(f"HHI {say_hhi(about['hhi'])} of 10,000")
    outside = answer.parameters.get("outside")
    if outside and about.get("outside"):
        told.append(f"outside {names(str(outside))}: {say_bounds(about['outside'])}")
    elif outside:
        told.append(f"outside {names(str(outside))}: unknown")
    if told:
        page.add("; ".join(told), indent=2, hang=2)


def _add_makers(
    page: Page, answer: AnswerLike, makers: Sequence[SourcesRowLike], names: Names, most: int | None
) -> None:
    total = max(len(makers), int(answer.summary.get("makers", 0)))
    page.add_heading(f"Makers recorded by name ({total:,})")
    shown = makers if most is None else makers[:most]
    columns = (
        Column("name", style="bold", flexible=True),
        Column("status"),
        Column("stands in", flexible=True),
        Column("share", right=True),
        Column("confidence"),
    )
    cells = [
        (
            row.name,
            row.status or "",
            ", ".join(names(country) for country in row.countries) or "not recorded",
            say_share(row.share),
            say_checked(row.confidence, row.checked),
        )
        for row in shown
    ]
    page.add_table(columns, cells)
    add_more(page, answer, total - len(shown), len(makers) - len(shown), "maker")
    for row in shown:
        if row.note:
            page.add_item(f"{row.name}: {row.note}")
