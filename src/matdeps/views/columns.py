"""Which columns the rows of each query have in tables, whatever the format."""

from collections.abc import Callable, Mapping
from typing import Any

from matdeps.views.protocols import (
    AnswerLike,
    ClaimRowLike,
    ControlRowLike,
    ExposureRowLike,
    FoundRowLike,
    GapRowLike,
    QueryRowLike,
    RowLike,
    ShownRowLike,
    SourcesRowLike,
    WhyRowLike,
)
from matdeps.views.protocols_whatif import WhatIfRowLike
from matdeps.views.sentences import say_status
from matdeps.views.words import (
    Names,
    find_via,
    name_kind,
    say_amount,
    say_bounds,
    say_certainty,
    say_chain,
    say_checked,
    say_confidence,
    say_share,
)

Cells = tuple[str, ...]


def make_exposure_cells(row: ExposureRowLike, answer: AnswerLike, names: Names) -> Cells:
    """Make tier, name, certainty, confidence and via of a row of `exposed` or `depends`."""
    return (
        str(row.tier),
        row.name,
        say_certainty(row),
        say_confidence(row.confidence, row.unchecked, row.tier),
        _say_via(row, answer, names),
    )


def _say_via(row: ExposureRowLike, answer: AnswerLike, names: Names) -> str:
    via = find_via(row)
    several = int(answer.summary.get("starts", 1)) > 1
    share = f" ({say_share(row.start_share)} made there)" if row.start_share is not None else ""
    if via is None or via == row.start:
        return names(row.start) + share if several else "direct"
    way = "from" if answer.query == "exposed" else "to"
    return names(via) + (f", {way} {names(row.start)}{share}" if several else "")


def _make_listed_exposure(row: ExposureRowLike, answer: AnswerLike, names: Names) -> Cells:
    return (name_kind(row.kind), *make_exposure_cells(row, answer, names))


def _make_why(row: WhyRowLike, answer: AnswerLike, names: Names) -> Cells:
    return (
        f"{row.by} {row.rank}",
        str(row.length),
        say_certainty(row),
        say_confidence(row.confidence, row.unchecked, row.length),
        row.oldest or "not dated",
        say_chain(row.path, names),
    )


def _make_sources(row: SourcesRowLike, answer: AnswerLike, names: Names) -> Cells:
    return (
        row.role,
        row.name,
        row.stage or "",
        "" if row.year is None else str(row.year),
        "" if row.role == "recycled" else say_share(row.share),
        "" if row.amount is None else f"{say_amount(row.amount)} {row.unit or ''}".strip(),
        row.status or "",
        "" if row.role == "country" else ", ".join(names(one) for one in row.countries),
        say_checked(row.confidence, row.checked),
    )


def say_binding(row: ControlRowLike, *, most: int | None = None) -> str:
    """Say what a restriction names, with scope and codes; what is more than `most` is counted."""
    told = []
    for binding in row.binds[:most]:
        about = [binding.scope.replace("_", " ").replace("rollup", "roll-up")] if binding.scope else []
        about += [f"codes {', '.join(binding.codes)}"] if binding.codes else []
        about += [binding.condition] if binding.condition else []
        told.append(binding.name + (f" ({'; '.join(about)})" if about else ""))
    more = len(row.binds) - len(told)
    return "; ".join(told) + (f"; and {more:,} more" if more else "")


def _make_controls(row: ControlRowLike, answer: AnswerLike, names: Names) -> Cells:
    return (
        row.status,
        row.name,
        row.because,
        (row.requires or row.kind).replace("_", " "),
        names.join(row.to) or "everywhere",
        row.use,
        say_binding(row),
    )


def _make_verdicts(row: WhatIfRowLike, answer: AnswerLike, names: Names) -> Cells:
    left = {"low": row.availability.low, "high": row.availability.high}
    verdict = row.verdict + (
        " as far as recorded" if row.as_recorded else f", leans to {row.leans}" if row.leans else ""
    )
    estimate = say_share(row.availability.estimate)
    return (verdict, name_kind(row.kind), row.name, say_bounds(left), estimate, " ".join(row.explanation))


def _make_claims(row: ClaimRowLike, answer: AnswerLike, names: Names) -> Cells:
    return (say_status(row.status), row.name, ", ".join(names(node) for node in row.nodes), row.notes)


def _make_found(row: FoundRowLike, answer: AnswerLike, names: Names) -> Cells:
    return (f"{row.score:.0f}", row.name, row.id, f"{row.how}: {row.text}", row.about)


def _make_shown(row: ShownRowLike, answer: AnswerLike, names: Names) -> Cells:
    return (row.part, row.type, row.text, say_checked(row.confidence, row.checked))


def _make_gaps(row: GapRowLike, answer: AnswerLike, names: Names) -> Cells:
    return (row.gap, row.name, row.detail)


def _make_queries(row: QueryRowLike, answer: AnswerLike, names: Names) -> Cells:
    return (row.name, row.question, ", ".join(row.parameters))


def _make_other(row: RowLike, answer: AnswerLike, names: Names) -> Cells:
    return (name_kind(row.kind), row.name, row.id)


Maker = Callable[[Any, AnswerLike, Names], Cells]
TABLES: Mapping[str, tuple[Cells, Maker]] = {
    "exposed": (("kind", "tier", "name", "certainty", "confidence", "via"), _make_listed_exposure),
    "depends": (("kind", "tier", "name", "certainty", "confidence", "via"), _make_listed_exposure),
    "why": (("path", "hops", "certainty", "confidence", "oldest", "chain"), _make_why),
    "sources": (
        ("role", "name", "stage", "year", "share", "amount", "status", "stands in", "confidence"),
        _make_sources,
    ),
    "controls": (("status", "name", "because", "requires", "toward", "use", "binds"), _make_controls),
    "whatif": (("verdict", "kind", "name", "left", "estimate", "because"), _make_verdicts),
    "claims": (("status", "claim", "about", "notes"), _make_claims),
    "find": (("score", "name", "id", "found by", "about"), _make_found),
    "show": (("part", "type", "fact", "confidence"), _make_shown),
    "coverage": (("gap", "name", "detail"), _make_gaps),
    "queries": (("name", "question", "parameters"), _make_queries),
}


def make_table(answer: AnswerLike) -> tuple[Cells, list[Cells]]:
    """Make the titles and cells of an answer; the cells are raw text that each format makes harmless."""
    titles, make = TABLES.get(answer.query, (("kind", "name", "id"), _make_other))
    names = Names(answer)
    return titles, [make(row, answer, names) for row in answer.rows]
