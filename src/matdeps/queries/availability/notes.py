"""What an answer about availability must tell: whose shares were used, and what of them is inferred or missing."""

from collections.abc import Iterable, Iterator

from matdeps.queries.availability.model import Model
from matdeps.queries.availability.scenario import Scenario
from matdeps.queries.availability.stages import Stage
from matdeps.queries.frames import Frame

_LISTED = 5
"""Most names in one note."""


def _iter_frames(model: Model) -> Iterator[tuple[int, Stage, Frame]]:
    for node, item in model.items.items():
        for step in item.series:
            for stage in step:
                if stage.frame is not None:
                    yield node, stage, stage.frame


def list_share_sources(model: Model) -> set[str]:
    """List the ids of the sources of the country shares that were used."""
    return {frame.source for _, _, frame in _iter_frames(model)}


def describe_shares(model: Model, scenario: Scenario) -> list[str]:
    """Say whose shares were used, which are a group's, and what is known of no maker."""
    by_source: dict[str, set[int]] = {}
    borrowed, scaled, later = set(), set(), set()
    for node, stage, frame in _iter_frames(model):
        by_source.setdefault(f"{frame.source}, {frame.year}", set()).add(node)
        borrowed |= {node} if stage.borrowed_from else set()
        scaled |= {node} if frame.is_scaled else set()
        later |= {node} if frame.later_year else set()
    unsourced = {node for node, item in model.items.items() if not item.series and not item.stands}
    closed = {item for closure in scenario.closures if closure.made_in for item in closure.items or ()}
    texts = []
    if by_source:
        parts = [f"{source} (items: {len(nodes)})" for source, nodes in sorted(by_source.items())]
        texts.append(f"Shares of countries are those of {'; '.join(parts)}.")
    texts += _say("Inferred: these have the country shares of the group that they belong to: {}.", model, borrowed)
    texts += _say("Recorded shares above 1 were scaled: {}.", model, scaled)
    texts += _say("A later year has amounts only, and was not used: {}.", model, later)
    texts += _say("Inferred: these makers stand at their headquarters, for want of a plant: {}.", model, model.seated)
    texts += _say("No maker is recorded, so they are judged by what goes into them: {}.", model, unsourced - closed)
    texts += _say(
        "No maker is recorded of these, so what restricts them closes nothing that is known: {}.",
        model,
        unsourced & closed,
    )
    return texts


def _say(pattern: str, model: Model, nodes: Iterable[int]) -> list[str]:
    names = [model.name(node) for node in sorted(nodes)]
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return [pattern.format(", ".join(names[:_LISTED]) + more)] if names else []
