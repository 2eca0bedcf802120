"""Which country rows of `sources` belong together: one frame for each item and stage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matdeps.views.protocols import AnswerLike, SourcesRowLike
from matdeps.views.words import Names


@dataclass(frozen=True, slots=True)
class StageFrame:
    """The countries of one stage, with the figures that the summary gives for it.

    Attributes
    ----------
    item
        Name of the item, where several were asked about; else None.
    figures
        known_share, hhi, outside, as far as known.
    """

    item: str | None
    stage: str
    year: int | None
    rows: Sequence[SourcesRowLike]
    figures: Mapping[str, Any]


def group_frames(answer: AnswerLike) -> list[StageFrame]:
    """Group the country rows into frames, in the order of the answer: one for each item and stage."""
    names = Names(answer)
    stages: Mapping[str, Mapping[str, Any]] = answer.summary.get("stages", {})
    groups: dict[tuple[str, str], list[SourcesRowLike]] = {}
    for row in answer.rows:
        if row.role == "country":
            groups.setdefault((row.item, row.stage or "stage not recorded"), []).append(row)
    several = len({item for item, _ in groups}) > 1
    return [
        StageFrame(
            names(item) if several else None,
            stage,
            rows[0].year,
            rows,
            stages.get(stage) or stages.get(f"{item} {stage}") or {},
        )
        for (item, stage), rows in groups.items()
    ]
