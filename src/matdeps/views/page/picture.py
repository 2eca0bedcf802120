"""The picture of an answer: which nodes and links its paths hold, and in which column each node stands."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from matdeps.graph.schema import LINK_TYPES, ORGANISATIONS, get_surety
from matdeps.views.protocols import AnswerLike, HopLike, PathRowLike
from matdeps.views.words import Names, get_flow

MOST_NODES = 2000
"""Up to so many nodes are drawn; what is left out is counted and said."""


@dataclass(slots=True)
class Spot:
    """A node on the picture.

    Attributes
    ----------
    tier
        Flow hops from the start; negative for what only leads to the start.
    passes
        Rows whose paths cross the node or end at it.
    is_asked
        Whether the question names it.
    is_row
        Whether a row is about it.
    """

    id: str
    name: str
    kind: str
    tier: int
    passes: int = 0
    is_asked: bool = False
    is_row: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A link on the picture.

    Attributes
    ----------
    tail, head
        Places in `Picture.spots`, in the link's own direction.
    certainty
        What it proves where it stands: definite, minor or possible.
    """

    tail: int
    head: int
    certainty: str
    hop: HopLike


@dataclass(slots=True)
class Picture:
    """Nodes and links of an answer's paths.

    Attributes
    ----------
    paths
        For each row the places of its links, in the order of the path; empty where the row is not drawn.
    rows_left_out
        Rows with a path that are not drawn, because the picture would have more than `MOST_NODES` nodes.
    """

    spots: list[Spot] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    paths: list[tuple[int, ...]] = field(default_factory=list)
    rows_left_out: int = 0

    def find(self, node_id: str) -> int | None:
        """Find the place of a node; None where it is not drawn."""
        return next((place for place, spot in enumerate(self.spots) if spot.id == node_id), None)


_SURENESS = ("definite", "minor", "possible")


def make_picture(answer: AnswerLike, *, most: int = MOST_NODES) -> Picture:
    """Collect what the paths of an answer hold; an answer without paths gives an empty picture.

    Parameters
    ----------
    most
        Nodes at most; rows of the lowest tiers come first.
    """
    names = Names(answer)
    upstream = answer.query == "depends"
    picture = Picture(paths=[()] * len(answer.rows))
    rows = [(place, row) for place, row in enumerate(answer.rows) if getattr(row, "path", None)]
    rows.sort(key=lambda pair: (len(pair[1].path), pair[0]))
    asked = _find_asked(answer)
    places: dict[str, int] = {}
    known: dict[tuple[str, str, str], int] = {}
    for place, row in rows:
        ends = {end for hop in row.path for end in (hop.tail, hop.head)}
        if len(picture.spots) + len(ends - places.keys()) > most:
            picture.rows_left_out += 1
            continue
        tiers = _find_tiers(row, upstream=upstream)
        for end in sorted(ends, key=lambda one: (tiers.get(one, 0), one)):
            if end not in places:
                places[end] = len(picture.spots)
                kind = end.partition(":")[0]
                picture.spots.append(Spot(end, names(end), kind, tiers.get(end, 0), is_asked=end in asked))
            spot = picture.spots[places[end]]
            spot.passes += 1
            if not spot.is_row:
                spot.tier = min(spot.tier, tiers.get(end, spot.tier))
        own = picture.spots[places[row.id]] if row.id in places else None
        if own is not None and not own.is_row:
            own.is_row, own.name = True, row.name
            own.kind = row.kind
            # What a row says of its tier wins over where other paths happen to cross its node.
            own.tier = tiers.get(row.id, own.tier)
        picture.paths[place] = tuple(_add_links(picture, row, places, known))
    if answer.query == "why":
        _stretch(picture)
    return picture


def _find_asked(answer: AnswerLike) -> set[str]:
    found: set[str] = set()
    for name in ("start", "node", "target"):
        value = answer.parameters.get(name)
        found |= {value} if isinstance(value, str) else set(value or ())
    return found


def _find_tiers(row: PathRowLike, *, upstream: bool) -> dict[str, int]:
    """Count hops between each node of a path and the row's start; anchors stand before it."""
    flow = get_flow(row.path)
    tiers: dict[str, int] = {}
    at = row.id if upstream else row.start
    for number, hop in enumerate(flow):
        if at not in {hop.tail, hop.head}:
            at = hop.tail
        tiers.setdefault(at, len(flow) - number if upstream else number)
        at = hop.head if hop.tail == at else hop.tail
        # A loop back to the start does not move the start.
        tiers.setdefault(at, len(flow) - number - 1 if upstream else number + 1)
    tiers.setdefault(row.start, 0)
    at, tier = row.start, 0
    left = [hop for hop in row.path if hop.anchor]
    while left:
        near = next((hop for hop in left if at in {hop.tail, hop.head}), left[-1])
        left.remove(near)
        at = near.head if near.tail == at else near.tail
        tier -= 1
        tiers.setdefault(at, tier)
    for hop in row.path:
        tiers.setdefault(hop.tail, tier)
        tiers.setdefault(hop.head, tier)
    return tiers


def _add_links(
    picture: Picture, row: PathRowLike, places: dict[str, int], known: dict[tuple[str, str, str], int]
) -> Iterable[int]:
    entered: str | None = None
    for hop in row.path:
        certainty = say_link_certainty(hop)
        is_left = entered == hop.tail and hop.tail.partition(":")[0] in ORGANISATIONS
        if is_left and row.certainty == "possible":
            # A company that was entered on the way proves nothing definite of what it makes.
            certainty = "possible"
        entered = None if hop.anchor else hop.head
        key = (hop.tail, hop.head, hop.key)
        at = known.get(key)
        if at is None:
            at = known[key] = len(picture.links)
            picture.links.append(Link(places[hop.tail], places[hop.head], certainty, hop))
        elif _SURENESS.index(certainty) < _SURENESS.index(picture.links[at].certainty):
            old = picture.links[at]
            picture.links[at] = Link(old.tail, old.head, certainty, old.hop)
        yield at


def say_link_certainty(hop: HopLike) -> str:
    """Say what a hop proves by itself: definite, minor or possible."""
    if hop.type not in LINK_TYPES:
        return "definite"
    return get_surety(hop.type, read_properties(hop)).name


def read_properties(hop: HopLike) -> dict[str, Any]:
    """Read the properties of a hop's link, which its key holds as JSON; none where it holds none."""
    try:
        found = json.loads(hop.key.partition(" ")[2] or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _stretch(picture: Picture) -> None:
    """Let every arrow of some paths between two nodes point to the right, as far as there is no loop."""
    after: dict[int, set[int]] = {}
    for path in picture.paths:
        for link in (picture.links[place] for place in path):
            if not link.hop.anchor and link.hop.type != "PRODUCES":
                after.setdefault(link.tail, set()).add(link.head)
    tiers = [spot.tier for spot in picture.spots]
    for _ in range(len(tiers)):
        moved = False
        for tail, heads in sorted(after.items()):
            for head in sorted(heads):
                if tiers[head] <= tiers[tail]:
                    tiers[head], moved = tiers[tail] + 1, True
        if not moved:
            break
    else:
        return
    for spot, tier in zip(picture.spots, tiers, strict=True):
        spot.tier = tier


def list_columns(picture: Picture, *, upstream: bool) -> list[int]:
    """List the tiers of the picture from left to right: for `depends` what is asked about stands at the right."""
    return sorted({spot.tier for spot in picture.spots}, reverse=upstream)


def find_neighbours(picture: Picture) -> Sequence[set[int]]:
    """Find for each node those that a link joins it to, in either direction."""
    near: list[set[int]] = [set() for _ in picture.spots]
    for link in picture.links:
        if link.tail != link.head:
            near[link.tail].add(link.head)
            near[link.head].add(link.tail)
    return near
