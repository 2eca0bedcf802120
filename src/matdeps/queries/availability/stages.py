"""Stages of an item and who stands in each: frames of countries, its own or its group's, and named makers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matdeps.graph.model import NodeFacts
from matdeps.graph.reader import Reader
from matdeps.queries.availability.rules import is_mine, rank_stage
from matdeps.queries.frames import Frame, find_frames

if TYPE_CHECKING:
    from matdeps.queries.availability.model import Maker

ONLY = "made"
"""Name of the one stage of an item of which no stage is recorded."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of making an item.

    Attributes
    ----------
    countries
        Share of the world by country, 0..1, None where unknown; None where no frame is recorded.
    is_mined
        Whether it is the mine stage.
    borrowed_from
        Id of the group whose frame it is; None where it is the item's own.
    frame
        The frame itself: whose shares they are, and of which year.
    """

    name: str
    is_mined: bool
    countries: Mapping[str, float | None] | None
    makers: tuple["Maker", ...]
    borrowed_from: str | None = None
    frame: Frame | None = None


Series = tuple[tuple[Stage, ...], ...]


def find_stages(
    reader: Reader, items: Mapping[int, tuple[NodeFacts, Sequence["Maker"]]], as_of: str
) -> dict[int, Series]:
    """Find the stages of items.

    Parameters
    ----------
    items
        By handle: the node, and those who make it.
    """
    groups = _find_groups(reader, items, as_of)
    ids = {node.id for node, _ in items.values()} | {group for found in groups.values() for group in found}
    frames: dict[str, dict[str, Frame]] = {}
    for (item, stage), frame in find_frames(reader.find_production(items=ids), year=int(as_of[:4])).items():
        frames.setdefault(item, {})[stage] = frame
    return {
        handle: _make_series(node, makers, frames, groups.get(handle, ())) for handle, (node, makers) in items.items()
    }


def _find_groups(
    reader: Reader, items: Mapping[int, tuple[NodeFacts, Sequence["Maker"]]], as_of: str
) -> dict[int, list[str]]:
    """Find the groups that items belong to, the smallest first."""
    above: dict[int, set[int]] = {}
    front = {handle for handle, (node, _) in items.items() if node.kind == "material"}
    while front:
        links = reader.find_links(sorted(front), out=True, types={"MEMBER_OF"}, as_of=as_of)
        for link in links:
            above.setdefault(link.tail, set()).add(link.head)
        front = {link.head for link in links} - above.keys()
    all_groups = sorted({group for groups in above.values() for group in groups})
    size = dict.fromkeys(all_groups, 0)
    for link in reader.find_links(all_groups, out=False, types={"MEMBER_OF"}, as_of=as_of):
        size[link.head] += 1
    ids = {node.handle: node.id for node in reader.get_nodes(all_groups)}
    found = {}
    for handle in items.keys() & above.keys():
        groups, stack = set[int](), [handle]
        while stack:
            fresh = above.get(stack.pop(), set()) - groups
            groups |= fresh
            stack += fresh
        found[handle] = [ids[group] for group in sorted(groups, key=lambda group: (size[group], group))]
    return found


def _make_series(
    node: NodeFacts, makers: Sequence["Maker"], frames: Mapping[str, Mapping[str, Frame]], groups: Sequence[str]
) -> Series:
    chosen = {stage: (frame, None) for stage, frame in frames.get(node.id, {}).items()}
    borrowed: dict[str, tuple[Frame, str | None]] = dict(chosen)
    has_mine = any(is_mine(stage) for stage in chosen)
    for group in groups:
        for stage, frame in frames.get(group, {}).items():
            if stage not in borrowed and not (has_mine and is_mine(stage)):
                borrowed[stage] = (frame, group)
    names = {*borrowed, *(maker.stage for maker in makers if maker.stage)}
    if not names:
        if not makers:
            return ()
        names = {"mine" if node.kind == "material" else ONLY}
    ranked: dict[tuple[int, str], list[str]] = {}
    for name in sorted(names):
        ranked.setdefault((rank_stage(name), "" if is_mine(name) else name), []).append(name)
    order = [ranked[key] for key in sorted(ranked)]
    # A material's maker without a stage stands where it is mined, else in the first stage; others finish it.
    unplaced = order[0] if node.kind == "material" else order[-1]
    return tuple(
        tuple(
            Stage(
                name,
                is_mine(name),
                _read_shares(borrowed[name][0]) if name in borrowed else None,
                tuple(maker for maker in makers if maker.stage == name or (not maker.stage and name in unplaced)),
                *((borrowed[name][1], borrowed[name][0]) if name in borrowed else ()),
            )
            for name in names_of_step
        )
        for names_of_step in order
    )


def _read_shares(frame: Frame) -> dict[str, float | None]:
    """Read shares off a frame; where it has none at all, off its amounts in one unit."""
    shares = dict(frame.shares)
    if any(share is not None for share in shares.values()):
        return shares
    amounts = {row.country or "": row.amount for row in frame.rows if row.amount is not None}
    total = sum(amounts.values())
    if total <= 0 or len({row.unit for row in frame.rows}) > 1 or len(amounts) < len(shares):
        return {country: None for country in shares if amounts.get(country) != 0}
    return {country: amounts[country] / total for country in shares}
