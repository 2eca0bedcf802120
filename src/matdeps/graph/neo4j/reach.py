"""Walks on the server: breadth first, each node expanded there once, class by class.

One statement expands the whole front of a level and gives the flow links of its nodes as lists of numbers: rows of
their own would cost more on the wire than the walk itself. What was expanded is kept, so the further classes of a
question, and its walks from single starts, cost nothing more. Nothing bounds the depth but the graph.

A node can be reached without being open (`walk`): an organisation that was entered on the way is left by few links.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matdeps.graph.model import MAX_DAY, MIN_DAY, to_day
from matdeps.graph.neo4j import cypher
from matdeps.graph.neo4j.session import Ask
from matdeps.graph.neo4j.values import HANDLE_MASK, MOST_CODES, POSITION_BITS, decode_link
from matdeps.graph.reader import Handles, Origin, Walk, Way
from matdeps.graph.schema import Leave, Surety, View

Array = NDArray[Any]
_UNREACHED = -1
_CHUNK = 20_000
"""Most nodes that one statement expands."""
_SURETY, _VIEW, _CONFIDENCE, _CHECKED, _LEAVE = (
    np.array(column, np.int8) for column in zip(*(decode_link(code) for code in range(MOST_CODES)), strict=True)
)
FindInformed = Callable[[Ask, int], Array]
"""Finds, for each node, whether it has recorded inputs on a day; asked only where inputs have dates."""


@dataclass(frozen=True, slots=True)
class ServedReach:
    """A `ClassReach` that was walked on a server.

    Attributes
    ----------
    reached, opened
        For each node of the graph hops, chosen link, and the node that the link came from.
    """

    surety: Surety
    view: View
    nodes: Handles
    hops: NDArray[np.int32]
    last_links: Handles
    made: NDArray[np.bool_]
    is_down: bool
    reached: tuple[Array, Array, Array]
    opened: tuple[Array, Array, Array]

    def find_path(self, node: int) -> tuple[int, list[int]]:
        """Follow the chosen hops of a node back to an origin."""
        links: list[int] = []
        layer = self.reached
        for _ in range(int(self.reached[0][node])):
            links.append(int(layer[1][node]))
            node = int(layer[2][node])
            # From the second hop back on, the node was walked on from: its open layer is meant.
            layer = self.opened
        if self.is_down:
            links.reverse()
        return node, links


@dataclass(frozen=True, slots=True)
class Links:
    """Some flow links, as parallel arrays; `near` is the end that was expanded."""

    near: Array
    far: Array
    rank: Array
    code: Array
    first: Array
    last: Array

    def choose(self, which: Array) -> "Links":
        """Choose some of them by a mask or by places."""
        return Links(*(getattr(self, name)[which] for name in self.__slots__))

    @classmethod
    def join(cls, parts: Sequence["Links"]) -> "Links":
        """Join several."""
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__))


class Surroundings:
    """The flow links of the nodes expanded so far, one way. Safe to use from several threads."""

    def __init__(self, nodes: int, way: Way, *, is_dated: bool) -> None:
        self._is_down = way == "down"
        arrow = f"-[r:{cypher.FLOW}]->" if self._is_down else f"<-[r:{cypher.FLOW}]-"
        # The tail of a link is read off its handle: only the other end is given.
        head = "collect(b._handle)" if self._is_down else "collect(h)"
        dates = f", collect(coalesce(r._from, {MIN_DAY})), collect(coalesce(r._to, {MAX_DAY}))" if is_dated else ""
        self._text = (
            f"UNWIND $part AS h MATCH (a:{cypher.NODE} {{_handle: h}}){arrow}(b) WHERE r._code IS NOT NULL "
            f"RETURN collect(r._rank), {head}, collect(r._code){dates}"
        )
        self._start = np.zeros(nodes, np.int64)
        self._count = np.full(nodes, -1, np.int64)
        self._links = Links(*(np.empty(0, np.int64) for _ in range(6)))
        self._lock = threading.Lock()

    def find(self, ask: Ask, nodes: Array) -> Links:
        """Find the flow links of nodes; those of nodes that were not expanded before are asked for."""
        with self._lock:
            fresh = nodes[self._count[nodes] < 0]
            if len(fresh):
                self._expand(ask, fresh)
            counts, links = self._count[nodes], self._links
            places = np.repeat(self._start[nodes] - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())
        return links.choose(places)

    def _expand(self, ask: Ask, nodes: Array) -> None:
        parts = [self._links]
        for start in range(0, len(nodes), _CHUNK):
            columns = ask(self._text, {"part": nodes[start : start + _CHUNK].tolist()})[0]
            rank, head, code, *dates = (np.array(column, np.int64) for column in columns)
            tail = (rank & HANDLE_MASK) >> POSITION_BITS
            near, far = (tail, head) if self._is_down else (head, tail)
            first, last = dates or (np.full(len(rank), MIN_DAY, np.int64), np.full(len(rank), MAX_DAY, np.int64))
            parts.append(Links(near, far, rank, code, first, last).choose(np.argsort(near, kind="stable")))
        had = len(self._links.near)
        joined = Links.join(parts)
        added = joined.near[had:]
        known, starts, counts = np.unique(added, return_index=True, return_counts=True)
        self._links = joined
        self._count[nodes] = 0
        self._start[known], self._count[known] = starts + had, counts


@dataclass(frozen=True, slots=True)
class Ground:
    """What a walk must know of the graph that it walks on.

    Attributes
    ----------
    organisations
        For each node, whether it is one.
    surroundings
        What was expanded so far, by way.
    dated_inputs
        Whether any input has a first or last day.
    """

    organisations: Array
    surroundings: dict[Way, Surroundings]
    dated_inputs: bool


class Walker:
    """One walk within one transaction."""

    def __init__(self, ask: Ask, ground: Ground, walk: Walk, find_informed: FindInformed) -> None:
        self._ask, self._walk = ask, walk
        self._organisations, self._surroundings = ground.organisations, ground.surroundings[walk.way]
        self._is_down = walk.way == "down"
        self._day = to_day(walk.scope.as_of)
        self._informed = find_informed(ask, self._day) if ground.dated_inputs else None

    def run(self) -> Iterator[ServedReach]:
        """Walk every class of paths, best first; classes that reach nothing new are left out."""
        seen = np.zeros(len(self._organisations), np.bool_)
        for surety in Surety:
            origins = [origin for origin in self._walk.origins if origin.is_sure or surety == Surety.possible]
            for view in View:
                if not origins or view > self._walk.scope.through:
                    continue
                found = self._walk_class(surety, view, origins)
                if not seen[found.nodes].all():
                    seen[found.nodes] = True
                    yield found

    def _walk_class(self, surety: Surety, view: View, origins: Sequence[Origin]) -> ServedReach:
        """Walk a class to the end, or to the hops allowed."""
        reached, opened = (_make_layer(len(self._organisations)) for _ in range(2))
        level, front = 0, np.unique(np.array([origin.node for origin in origins], np.int64))
        while len(front) and (self._walk.max_hops is None or level < self._walk.max_hops):
            level += 1
            links = self._find_links(front, surety, view)
            leave = self._find_leave(links)
            allowed = self._narrow(links, origins, surety) if level == 1 else self._may_go_on(links, leave, surety)
            links, leave = links.choose(allowed), leave[allowed]
            _settle(reached, links, level)
            front = _settle(opened, links.choose(self._opens(links, leave, surety)), level)
        nodes = np.flatnonzero(reached[0] > 0).astype(np.int64)
        chosen = reached[1][nodes]
        is_made = (chosen & 1).astype(np.bool_)
        return ServedReach(surety, view, nodes, reached[0][nodes], chosen, is_made, self._is_down, reached, opened)

    def _find_links(self, front: Array, surety: Surety, view: View) -> Links:
        """Find the links of a class by which a walk may go on from nodes, companies in the middle apart."""
        scope = self._walk.scope
        links = self._surroundings.find(self._ask, front)
        seen = (_SURETY[links.code] <= surety) & (_VIEW[links.code] <= min(view, scope.through))
        seen &= (_CONFIDENCE[links.code] <= scope.confidence) & (links.first <= self._day) & (links.last >= self._day)
        if scope.checked:
            seen &= _CHECKED[links.code] == 1
        if self._walk.made and not self._is_down:
            # The other makers of what an organisation makes are its competitors, not what it depends on.
            mine = np.isin(links.far, sorted(self._walk.makers))
            seen &= mine | ~_is_made(links) | ~np.isin(links.near, sorted(self._walk.made))
        return links.choose(seen)

    def _find_leave(self, links: Links) -> Array:
        """Say how links may be left by on the day (`schema.Leave`)."""
        leave = _LEAVE[links.code]
        if self._informed is None:
            return leave
        informed = self._informed[links.far if self._is_down else links.near]
        made = np.where(informed, np.int8(Leave.closed), np.int8(Leave.uninformed))
        dated: Array = np.where(_is_made(links), made, leave)
        return dated

    def _narrow(self, links: Links, origins: Sequence[Origin], surety: Surety) -> Array:
        """Keep the first hops that origins allow."""
        free = {origin.node for origin in origins if origin.get_first_items(surety) is None}
        allowed = np.ones(len(links.near), np.bool_)
        heads = links.far if self._is_down else links.near
        for origin in origins:
            items = origin.get_first_items(surety)
            if items is not None and origin.node not in free:
                named = _is_made(links) & np.isin(heads, sorted(items))
                allowed &= (links.near != origin.node) | named
        return allowed

    def _may_go_on(self, links: Links, leave: Array, surety: Surety) -> Array:
        """Say by which links a walk goes on from an organisation that it entered on the way."""
        free: Array = ~self._organisations[links.near]
        if self._is_down:
            free |= np.isin(leave, _list_leaving(surety))
        elif surety < Surety.possible:
            free |= leave == Leave.nameless
        else:
            free[:] = True
        return free

    def _opens(self, links: Links, leave: Array, surety: Surety) -> Array:
        """Say which links open the node that they reach."""
        opens: Array = ~self._organisations[links.far]
        if not self._is_down:
            opens |= np.isin(leave, _list_leaving(surety))
        elif surety < Surety.possible:
            opens |= leave == Leave.nameless
        else:
            opens[:] = True
        return opens


def _list_leaving(surety: Surety) -> list[Leave]:
    """List the ways in which a walk of a class leaves an organisation."""
    return [Leave.nameless] if surety < Surety.possible else [Leave.nameless, Leave.uninformed]


def _is_made(links: Links) -> Array:
    made: Array = (links.rank & 1).astype(np.bool_)
    return made


def _make_layer(count: int) -> tuple[Array, Array, Array]:
    return np.full(count, _UNREACHED, np.int32), np.empty(count, np.int64), np.empty(count, np.int64)


def _settle(layer: tuple[Array, Array, Array], links: Links, level: int) -> Array:
    """Note the nodes that a layer had not reached, each with the best of the links that reach it; give them back.

    Of links that share their far end the smallest rank is the surest, then that of the smallest neighbour, then the
    smallest link.
    """
    hops, chosen, nears = layer
    links = links.choose(hops[links.far] == _UNREACHED)
    order = np.lexsort((links.rank, links.far))
    fresh, places = np.unique(links.far[order], return_index=True)
    best = order[places]
    hops[fresh], chosen[fresh], nears[fresh] = level, links.rank[best] & HANDLE_MASK, links.near[best]
    return fresh
