"""The port in plain NetworkX, written to be read: what the arrays of `compact` must agree with, link by link."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from matdeps.graph.merge import sort_links
from matdeps.graph.model import Claim, GraphInfo, LinkFacts, NodeFacts, ProductionRow, Source, is_valid_on
from matdeps.graph.names import iter_record_names
from matdeps.graph.reader import (
    KIND_ORDER,
    Handles,
    Hop,
    Makers,
    NamedNode,
    Origin,
    ReachedClass,
    Scope,
    Walk,
)
from matdeps.graph.schema import ORGANISATIONS, Leave, Surety, View, get_surety, get_view, is_walked

State = tuple[int, bool]
"""A node, and whether the walk may go on from it: an organisation can be reached without being left."""


class NetworkXReader:
    """The port over the exchange graph that `interchange.to_networkx` makes.

    Parameters
    ----------
    graph
        Nodes are ids, each with `facts`; links have `facts`; the graph holds `info`, `sources`, `production`, `claims`.
    """

    engine = "networkx"

    def __init__(self, graph: "nx.MultiDiGraph[str]") -> None:
        self._ids = sorted(graph)
        self._handles = {node_id: handle for handle, node_id in enumerate(self._ids)}
        self._nodes: list[NodeFacts] = [graph.nodes[node_id]["facts"] for node_id in self._ids]
        self._graph = graph.graph
        self._out: dict[int, list[LinkFacts]] = defaultdict(list)
        self._in: dict[int, list[LinkFacts]] = defaultdict(list)
        self._links: dict[int, LinkFacts] = {}
        link: LinkFacts
        for _, _, link in graph.edges(data="facts"):
            self._links[link.handle] = link
            self._out[link.tail].append(link)
            self._in[link.head].append(link)
        self._names: dict[str, list[NamedNode]] = defaultdict(list)
        for node in self._nodes:
            for folded, how, text in iter_record_names(node.id, node.kind, node.name, node.aliases, node.attributes):
                self._names[folded].append(NamedNode(node.handle, how, text))

    def get_info(self) -> GraphInfo:
        """Say what graph this is."""
        info: GraphInfo = self._graph["info"]
        return info

    # -- nodes and names -------------------------------------------------------------------------------------------
    def find_handles(self, ids: Iterable[str]) -> dict[str, int]:
        """Find the handles of ids; ids that are not there are left out."""
        return {node_id: self._handles[node_id] for node_id in ids if node_id in self._handles}

    def find_named(self, folded: str) -> list[NamedNode]:
        """Find the nodes that have a name whose folded form is this, by handle."""
        return sorted(set(self._names.get(folded, ())), key=lambda named: (named.node, named.how, named.text))

    def iter_names(self, prefix: str = "") -> Iterator[tuple[str, NamedNode]]:
        """Yield folded names that begin with a prefix, with their nodes."""
        for folded in sorted(name for name in self._names if name.startswith(prefix)):
            for named in self.find_named(folded):
                yield folded, named

    def get_nodes(self, handles: Iterable[int]) -> list[NodeFacts]:
        """Get the facts of nodes, in the order asked."""
        return [self._nodes[handle] for handle in handles]

    def find_nodes(self, labels: Collection[str] | None, as_of: str) -> Handles:
        """Find nodes with one of the labels (None: all) that are valid on the day, sorted."""
        return _handles(
            node.handle
            for node in self._nodes
            if (labels is None or set(labels) & set(node.labels)) and is_valid_on(as_of, node.valid_from, node.valid_to)
        )

    def get_kinds(self, handles: Handles) -> NDArray[np.int8]:
        """Get the kinds of nodes, as codes in the alphabetical order of the names of kinds."""
        return np.array([KIND_ORDER.index(self._nodes[handle].kind) for handle in handles.tolist()], np.int8)

    # -- links -----------------------------------------------------------------------------------------------------
    def get_links(self, handles: Iterable[int]) -> list[LinkFacts]:
        """Get the facts of links, in the order asked."""
        return [self._links[handle] for handle in handles]

    def find_links(
        self,
        nodes: Iterable[int],
        *,
        out: bool,
        types: Collection[str] | None = None,
        as_of: str | None = None,
    ) -> list[LinkFacts]:
        """Find the links that leave (`out`) or reach nodes, by node, other end and key."""
        found = [
            link
            for node in set(nodes)
            for link in (self._out if out else self._in)[node]
            if (types is None or link.type in types) and (as_of is None or self._is_valid(link, as_of))
        ]
        return sort_links(found, out=out)

    def find_hops(self, scope: Scope, *, among: Handles) -> list[Hop]:
        """Find the flow links that a scope lets walk between the given nodes, by handle."""
        inside = set(among.tolist())
        return [
            Hop(
                link.handle,
                link.tail,
                link.head,
                link.type,
                get_surety(link.type, link.properties),
                get_view(link.type, link.properties),
                link.confidence,
                self._get_leave(link, scope.as_of),
            )
            for node in sorted(inside)
            for link in sorted(self._out[node], key=lambda link: link.handle)
            if link.head in inside and self._is_visible(link, scope)
        ]

    def find_makers(self, items: Handles, scope: Scope, labels: Collection[str] | None = None) -> Makers:
        """Find who makes items, by item, then maker, then link."""
        found = [
            link
            for item in sorted(set(items.tolist()))
            for link in sorted(self._in[item], key=lambda link: (link.tail, link.handle))
            if link.type == "PRODUCES"
            and link.properties.get("status") != "trader"
            and self._is_visible(link, scope)
            and (labels is None or set(labels) & set(self._nodes[link.tail].labels))
        ]
        return Makers(
            _handles(link.tail for link in found),
            _handles(link.head for link in found),
            _handles(link.handle for link in found),
            np.array([link.confidence for link in found], np.int8),
        )

    # -- walks -----------------------------------------------------------------------------------------------------
    def reach(self, walk: Walk) -> Sequence[ReachedClass]:
        """Walk, class by class, best class first."""
        return [
            self._walk_class(walk, surety, view) for surety in Surety for view in View if view <= walk.scope.through
        ]

    def _walk_class(self, walk: Walk, surety: Surety, view: View) -> ReachedClass:
        hops: dict[State, int] = {}
        steps: dict[State, tuple[int, State | int]] = {}
        front: list[tuple[int, Origin | None]] = [
            (origin.node, origin) for origin in walk.origins if origin.is_sure or surety == Surety.possible
        ]
        level = 0
        while front and (walk.max_hops is None or level < walk.max_hops):
            level += 1
            offers: dict[State, list[tuple[int, int, int, State | int]]] = defaultdict(list)
            for node, origin in front:
                for link in self._find_steps(node, origin, walk, surety, view):
                    far = link.head if walk.way == "down" else link.tail
                    came_from: State | int = (node, True) if origin is None else node
                    offer = (int(link.confidence), node, link.handle, came_from)
                    offers[far, False].append(offer)
                    if self._is_opened(far, link, walk, surety):
                        offers[far, True].append(offer)
            front = []
            for state, found in offers.items():
                if state not in hops:
                    # The surest link, then the smallest neighbour, then the smallest link.
                    _, _, link_handle, previous = min(found, key=lambda offer: offer[:3])
                    hops[state], steps[state] = level, (link_handle, previous)
                    if state[1]:
                        front.append((state[0], None))
        nodes = sorted(node for node, is_open in hops if not is_open)
        return ReachedClass(
            surety,
            view,
            walk.way,
            _handles(nodes),
            np.array([hops[node, False] for node in nodes], np.int32),
            _handles(steps[node, False][0] for node in nodes),
            np.array([self._links[steps[node, False][0]].type == "PRODUCES" for node in nodes], np.bool_),
            {node: (node, False) for node in nodes},
            steps,
        )

    def _find_steps(
        self, node: int, origin: Origin | None, walk: Walk, surety: Surety, view: View
    ) -> Iterator[LinkFacts]:
        """Yield the links by which a walk of a class goes on from a node."""
        is_organisation = self._nodes[node].kind in ORGANISATIONS
        for link in (self._out if walk.way == "down" else self._in)[node]:
            if not self._is_visible(link, walk.scope):
                continue
            if get_surety(link.type, link.properties) > surety or get_view(link.type, link.properties) > view:
                continue
            competes = link.type == "PRODUCES" and link.head in walk.made and link.tail not in walk.makers
            if walk.way == "up" and competes:
                continue  # other makers of what the organisation makes: competitors
            if origin is not None:
                items = origin.get_first_items(surety)
                if items is None or (link.type == "PRODUCES" and link.head in items):
                    yield link
                continue
            if is_organisation and walk.way == "down" and not self._may_leave(link, walk, surety):
                continue
            if is_organisation and walk.way == "up" and surety < Surety.possible and not _is_nameless(link):
                continue  # surer paths go through an organisation only in a chain of links that name no item
            yield link

    def _may_leave(self, link: LinkFacts, walk: Walk, surety: Surety) -> bool:
        """Say whether an organisation that was entered on the way may be left by a link."""
        leave = self._get_leave(link, walk.scope.as_of)
        return leave == Leave.nameless or (leave == Leave.uninformed and surety == Surety.possible)

    def _is_opened(self, far: int, link: LinkFacts, walk: Walk, surety: Surety) -> bool:
        """Say whether a walk may go on from the node that a link reaches."""
        if self._nodes[far].kind not in ORGANISATIONS:
            return True
        if walk.way == "up":
            return self._may_leave(link, walk, surety)  # the link just walked is the one that leaves it
        return surety == Surety.possible or _is_nameless(link)

    def _get_leave(self, link: LinkFacts, as_of: str) -> Leave:
        if link.type == "SUPPLIES_TO":
            return Leave.nameless if _is_nameless(link) else Leave.closed
        if link.type != "PRODUCES":
            return Leave.free
        has_inputs = any(other.type == "INPUT_TO" and self._is_valid(other, as_of) for other in self._in[link.head])
        return Leave.closed if has_inputs else Leave.uninformed

    def find_loopers(self, nodes: Handles) -> Handles:
        """Find the nodes that may lie on a loop of flow links; the others surely lie on none."""
        flow: nx.DiGraph[int] = nx.DiGraph()
        flow.add_edges_from(
            (link.tail, link.head) for link in self._links.values() if is_walked(link.type, link.properties)
        )
        loops = {node for part in nx.strongly_connected_components(flow) if len(part) > 1 for node in part}
        return _handles(node for node in nodes.tolist() if node in loops)

    def count_without_upstream(self, nodes: Handles, scope: Scope) -> int:
        """Count the nodes that no flow link valid on the day reaches, and that make nothing themselves."""
        plain = Scope(scope.as_of, View.all)

        def is_known(node: int) -> bool:
            makes = (
                link.type == "PRODUCES" and link.properties.get("status") != "trader" and self._is_visible(link, plain)
                for link in self._out[node]
            )
            return any(self._is_visible(link, plain) for link in self._in[node]) or any(makes)

        return sum(not is_known(node) for node in nodes.tolist())

    def _is_valid(self, link: LinkFacts, as_of: str) -> bool:
        ends = (self._nodes[link.tail], self._nodes[link.head])
        return is_valid_on(as_of, link.properties.get("valid_from"), link.properties.get("valid_to")) and all(
            is_valid_on(as_of, end.valid_from, end.valid_to) for end in ends
        )

    def _is_visible(self, link: LinkFacts, scope: Scope) -> bool:
        return (
            is_walked(link.type, link.properties)
            and self._is_valid(link, scope.as_of)
            and get_view(link.type, link.properties) <= scope.through
            and link.confidence <= scope.confidence
            and (link.is_checked or not scope.checked)
        )

    # -- the rest of the facts ---------------------------------------------------------------------------------------
    def get_sources(self, ids: Iterable[str]) -> dict[str, Source]:
        """Get sources by id."""
        sources: dict[str, Source] = self._graph["sources"]
        return {source_id: sources[source_id] for source_id in ids if source_id in sources}

    def find_production(
        self, *, items: Collection[str] | None = None, countries: Collection[str] | None = None
    ) -> list[ProductionRow]:
        """Find production rows of items, or of all items that some row gives one of the countries."""
        rows: list[ProductionRow] = self._graph["production"]
        wanted = set(items or ())
        if countries is not None:
            wanted |= {row.item for row in rows if row.country in countries}
        return [row for row in rows if row.item in wanted]

    def find_claims(self) -> list[Claim]:
        """Get every claim, by id."""
        claims: list[Claim] = self._graph["claims"]
        return claims


def _is_nameless(link: LinkFacts) -> bool:
    return link.type == "SUPPLIES_TO" and not link.properties.get("item")


def _handles(values: Iterable[Any]) -> Handles:
    return np.fromiter(values, np.int64)
