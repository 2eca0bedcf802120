"""From what a walk reached to rows: the one place that knows classes, tiers, makers and the chosen path."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matdeps.graph.handles import sort_unique
from matdeps.graph.model import LinkFacts, NodeFacts
from matdeps.graph.reader import KIND_ORDER, ClassReach, Handles, Reader, Scope, Way
from matdeps.graph.schema import Confidence, Surety, View, make_sentence
from matdeps.queries.answer import HopRow
from matdeps.queries.starts import Anchor, Starts


@dataclass(frozen=True, slots=True)
class ExposureRow:
    """One node that depends on the start (`exposed`), or that it depends on (`depends`).

    Attributes
    ----------
    kinds
        The kinds of all labels of the node; two for a company that both makes and buys.
    tier
        Flow hops of the path.
    through
        Narrowest view that reaches the node with this certainty: contained, consumed, all.
    certainty
        definite or possible.
    minor
        Whether the path crosses a minor input.
    confidence
        Of the least sure hop: confirmed, reported, inferred.
    unchecked
        Flow hops whose sources nobody read.
    start
        Id of the node that the path leaves (for `depends`: where it ends).
    start_share
        Share of the countries asked about in the start's production, 0..1; None where unknown or not asked.
    """

    id: str
    name: str
    kind: str
    kinds: tuple[str, ...]
    tier: int
    through: str
    certainty: str
    minor: bool
    confidence: str
    unchecked: int
    start: str
    start_share: float | None
    path: tuple[HopRow, ...]


@dataclass(slots=True)
class Hits:
    """What a question hits, as parallel arrays sorted by kind, tier and id.

    Attributes
    ----------
    place
        For each hit, which of `reaches` describes it.
    tier
        Flow hops.
    maker_link, maker_item
        Where the hit is an exposed maker: its PRODUCES link and the item; -1 elsewhere.
    """

    nodes: Handles
    place: Handles
    tier: Handles
    maker_link: Handles
    maker_item: Handles
    kinds: Handles
    reaches: list[ClassReach]

    def __len__(self) -> int:
        return len(self.nodes)

    def count_by_kind(self) -> dict[str, int]:
        """Count the hits of each kind, kinds in alphabetical order."""
        counts = np.bincount(self.kinds, minlength=len(KIND_ORDER)) if len(self.kinds) else [0] * len(KIND_ORDER)
        return {name: int(count) for name, count in zip(KIND_ORDER, counts, strict=True) if count}

    def count_by_surety(self) -> dict[str, int]:
        """Count the hits by what their paths prove: definite, minor, possible."""
        sureties = np.array([reach.surety for reach in self.reaches], np.int64)
        counts = np.bincount(sureties[self.place], minlength=len(Surety)) if len(self) else [0] * len(Surety)
        return {surety.name: int(count) for surety, count in zip(Surety, counts, strict=True)}


_NONE = np.empty(0, np.int64)


@dataclass(slots=True)
class _Group:
    """Hits that one reach describes."""

    place: int
    nodes: Handles
    tiers: Handles
    links: Handles = field(default_factory=lambda: _NONE)
    items: Handles = field(default_factory=lambda: _NONE)

    def pick(self, at: Handles, first: int) -> "_Group":
        """Pick some hits; reaches are counted from `first` on."""
        made = len(self.links) > 0
        links, items = (self.links[at], self.items[at]) if made else (_NONE, _NONE)
        return _Group(first + self.place, self.nodes[at], self.tiers[at], links, items)


def find_hits(
    reader: Reader,
    starts: Starts,
    scope: Scope,
    *,
    way: Way,
    kinds: Sequence[str],
    max_hops: int | None = None,
) -> Hits:
    """Walk from the starts and find what is hit.

    Parameters
    ----------
    kinds
        Hits carry one of these labels.
    max_hops
        None walks to the end.

    Notes
    -----
    A node belongs to the first class of paths that reaches it. A start is a hit only through a path from itself back
    to itself, so starts that may lie on a loop are walked from one by one.
    """
    started = np.array(sorted(starts.by_node), np.int64)
    asked = reader.find_nodes(kinds, scope.as_of)
    reaches: list[ClassReach] = list(reader.reach(starts.make_walk(scope, way, max_hops)))
    groups = _sort_into_classes(reaches, started)
    # A restricted start may also come back to itself as the maker of an item beyond its first hop.
    restricted = [
        node for node, start in sorted(starts.by_node.items()) if way == "down" and start.only_items is not None
    ]
    for node in sorted({*reader.find_loopers(started).tolist(), *restricted}):
        alone = list(reader.reach(starts.make_walk(scope, way, max_hops, alone=node)))
        found = _sort_into_classes(alone, _NONE)
        if node in restricted:
            found = _add_makers(reader, found, alone, _NONE, scope, ("supplier", "customer"), max_hops)
        for group in found:
            at = np.flatnonzero(group.nodes == node)
            if len(at):
                groups.append(group.pick(at, len(reaches)))
                reaches += alone
                break
    if way == "down" and {"supplier", "customer"} & set(kinds):
        groups = _add_makers(reader, groups, reaches, started, scope, kinds, max_hops)
    return _join(reader, groups, reaches, asked)


def _sort_into_classes(reaches: Sequence[ClassReach], left_out: Handles) -> list[_Group]:
    groups: list[_Group] = []
    for place, reach in enumerate(reaches):
        fresh = np.ones(len(reach.nodes), np.bool_)
        for known in (left_out, *(better.nodes for better in reaches[:place])):
            fresh[_find_places(reach.nodes, known)] = False
        groups.append(_Group(place, reach.nodes[fresh], reach.hops[fresh].astype(np.int64)))
    return groups


def _find_places(nodes: Handles, known: Handles) -> Handles:
    """Find where in sorted nodes others stand, sorted likewise; those that are not among them are passed over."""
    if len(known) > len(nodes):
        at = np.searchsorted(known, nodes)
        at[at == len(known)] = 0
        return np.flatnonzero(known[at] == nodes)
    at = np.searchsorted(nodes, known)
    inside = at < len(nodes)
    at, known = at[inside], known[inside]
    places: Handles = at[nodes[at] == known]
    return places


def _add_makers(
    reader: Reader,
    groups: list[_Group],
    reaches: Sequence[ClassReach],
    started: Handles,
    scope: Scope,
    kinds: Sequence[str],
    max_hops: int | None,
) -> list[_Group]:
    """Add the exposed makers: PRODUCES read against the arrow as the last hop, where no flow path is as good.

    An item reached by PRODUCES has none: its other makers are competitors.
    """
    labels = [kind for kind in ("supplier", "customer") if kind in kinds]
    # One row an offer: maker, rank of the class, tier, confidence, item, link, place.
    parts: list[NDArray[np.int64]] = [np.empty((0, 7), np.int64)]
    for group in groups:
        if len(group.links):
            continue  # makers themselves
        reach = reaches[group.place]
        makers = reader.find_makers(group.nodes, scope, labels)
        tiers = group.tiers[np.searchsorted(group.nodes, makers.items)] + 1
        usable = ~reach.made[np.searchsorted(reach.nodes, makers.items)]
        if max_hops is not None:
            usable &= tiers <= max_hops
        rank, place = (np.full(len(tiers), value, np.int64) for value in (_get_rank(reach), group.place))
        columns = (makers.makers, rank, tiers, makers.confidence, makers.items, makers.links, place)
        parts.append(np.stack(columns, axis=1)[usable].astype(np.int64))
    offers = np.concatenate(parts)
    if not len(offers):
        return groups
    offers = offers[np.lexsort(offers.T[::-1])]
    first = np.ones(len(offers), np.bool_)
    first[1:] = offers[1:, 0] != offers[:-1, 0]
    offers = offers[first]
    beaten = np.isin(offers[:, 0], started)
    for group in groups:
        at = _find_places(offers[:, 0], group.nodes)
        beaten[at] |= _get_rank(reaches[group.place]) <= offers[at, 1]
    offers = offers[~beaten]
    kept = []
    for group in groups:
        stay = np.ones(len(group.nodes), np.bool_)
        stay[_find_places(group.nodes, offers[:, 0])] = False
        kept.append(group.pick(np.flatnonzero(stay), 0))
    for place in sort_unique(offers[:, 6]).tolist():
        chosen = offers[offers[:, 6] == place]
        kept.append(_Group(place, chosen[:, 0], chosen[:, 2], chosen[:, 5], chosen[:, 4]))
    return kept


def _get_rank(reach: ClassReach) -> int:
    """Rank the class of a reach among all classes, best first."""
    return reach.surety * len(View) + reach.view


def _join(reader: Reader, groups: Iterable[_Group], reaches: list[ClassReach], asked: Handles) -> Hits:
    columns: list[list[Handles]] = [[], [], [], [], []]
    for group in groups:
        keep = _find_places(group.nodes, asked)
        count = len(keep)
        if not count:
            continue
        none = np.full(count, -1, np.int64)
        columns[0].append(group.nodes[keep])
        columns[1].append(np.full(count, group.place, np.int64))
        columns[2].append(group.tiers[keep])
        columns[3].append(group.links[keep] if len(group.links) else none)
        columns[4].append(group.items[keep] if len(group.items) else none)
    nodes, place, tier, links, items = (np.concatenate(column) if column else _NONE for column in columns)
    kinds = reader.get_kinds(nodes).astype(np.int64)
    order = np.argsort(nodes, kind="stable")
    rank = (kinds * (int(tier.max(initial=0)) + 1) + tier)[order]
    # Small numbers are sorted by their digits, in one pass.
    order = order[np.argsort(rank.astype(np.uint16) if rank.max(initial=0) < 2**16 else rank, kind="stable")]
    return Hits(nodes[order], place[order], tier[order], links[order], items[order], kinds[order], reaches)


class RowBuilder:
    """Makes rows of hits; facts that rows share are read once."""

    def __init__(self, reader: Reader, starts: Starts, *, way: Way) -> None:
        self._reader, self._starts, self._way = reader, starts, way
        self._links: dict[int, LinkFacts] = {}
        self.nodes: dict[int, NodeFacts] = {}
        self._hops: dict[tuple[int, bool, Confidence], HopRow] = {}
        self.cited: set[str] = set()

    def make_rows(self, hits: Hits, *, limit: int | None = None) -> list[ExposureRow]:
        """Make the rows of the first hits; None makes all."""
        count = len(hits) if limit is None else min(limit, len(hits))
        paths = []
        for index in range(count):
            node = int(hits.nodes[index])
            reach = hits.reaches[int(hits.place[index])]
            maker_link = int(hits.maker_link[index])
            start, links = reach.find_path(node if maker_link < 0 else int(hits.maker_item[index]))
            paths.append((node, reach, start, links if maker_link < 0 else [*links, maker_link]))
        self.read([link for _, _, _, links in paths for link in links], [node for node, _, _, _ in paths])
        return [self._make_row(*path, tier) for path, tier in zip(paths, hits.tier[:count].tolist(), strict=True)]

    def read(self, links: Iterable[int], nodes: Iterable[int] = ()) -> None:
        """Read the facts of links and nodes that are not known yet, and of the nodes that the links join."""
        fresh = sorted({int(link) for link in links} - self._links.keys())
        self._links.update(zip(fresh, self._reader.get_links(fresh), strict=True))
        self.read_nodes([end for link in fresh for end in (self._links[link].tail, self._links[link].head)])
        self.read_nodes(nodes)

    def read_nodes(self, nodes: Iterable[int]) -> None:
        """Read the facts of nodes that are not known yet."""
        fresh = sorted({int(node) for node in nodes} - self.nodes.keys())
        if fresh:
            self.nodes.update(zip(fresh, self._reader.get_nodes(fresh), strict=True))

    def get_link(self, link: int) -> LinkFacts:
        """Get the facts of a link that was read."""
        return self._links[link]

    def _make_row(self, node: int, reach: ClassReach, start: int, links: list[int], tier: int) -> ExposureRow:
        facts = self.nodes[node]
        hops, confidence = self.make_path(start, links, possible=reach.surety == Surety.possible)
        return ExposureRow(
            facts.id,
            facts.name,
            facts.kind,
            facts.labels,
            tier,
            reach.view.name,
            "possible" if reach.surety == Surety.possible else "definite",
            any(self._links[link].properties.get("criticality") == "minor" for link in links),
            confidence.name,
            sum(not self._links[link].is_checked for link in links),
            self._starts.by_node[start].id,
            self._starts.by_node[start].share if self._way == "down" else None,
            hops,
        )

    def make_path(self, start: int, links: Sequence[int], *, possible: bool) -> tuple[tuple[HopRow, ...], Confidence]:
        """Make the hops of a path, anchors first, and say how sure the least sure of them is."""
        first = self._links[links[0]].head if links else None
        anchors = self._starts.by_node[start].get_chain(first, possible=possible).anchors
        self.read_nodes(end for anchor in anchors for end in (anchor.link.tail, anchor.link.head))
        facts = [self._links[link] for link in links]
        hops = [self._make_hop(anchor.link, anchor=anchor) for anchor in anchors] + [
            self._make_hop(link) for link in facts
        ]
        sureness = [*(anchor.confidence for anchor in anchors), *(link.confidence for link in facts)]
        return tuple(hops), max(sureness, default=Confidence.confirmed)

    def _make_hop(self, link: LinkFacts, *, anchor: Anchor | None = None) -> HopRow:
        confidence = link.confidence if anchor is None else anchor.confidence
        known = self._hops.get((link.handle, anchor is not None, confidence))
        if known is None:
            tail, head = self.nodes[link.tail], self.nodes[link.head]
            known = self._hops[link.handle, anchor is not None, confidence] = HopRow(
                tail.id,
                link.type,
                head.id,
                link.key,
                make_sentence(link.type, link.properties, tail.name, head.name),
                confidence.name,
                link.is_checked,
                link.sources,
                anchor is not None,
                link.properties.get("valid_from"),
                link.properties.get("valid_to"),
            )
            self.cited.update(link.sources)
        return known
