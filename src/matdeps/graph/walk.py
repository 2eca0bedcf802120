"""Breadth-first walks over the arrays of an image, class by class, with the rule of companies in the middle.

A node can be *reached* without being *open*: an organisation that was entered on the way is left by few links only.
Each node therefore has two layers, reached and open; for items and programmes they are one. What opens an organisation,
and by which links an open one is walked on from, is written down in `_Class`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matdeps.graph.handles import sort_unique
from matdeps.graph.image import TYPE_CODES, Image, spread
from matdeps.graph.reader import Handles, Origin, Walk
from matdeps.graph.schema import Leave, Surety, View

Array = NDArray[Any]
_PRODUCES = TYPE_CODES["PRODUCES"]
_UNREACHED = -1
_FEW = 64
"""One node in so many on a level: below, sorting them is quicker than a look at every node."""


@dataclass(frozen=True, slots=True)
class ArrayReach:
    """A `ClassReach` over arrays."""

    surety: Surety
    view: View
    nodes: Handles
    hops: NDArray[np.int32]
    down: bool
    arrays: Mapping[str, Array]
    reached: tuple[Array, Array]
    opened: tuple[Array, Array]
    organisations: Array

    @property
    def last_links(self) -> Handles:
        """The chosen last hop of each node reached."""
        links: Handles = self.reached[1][self.nodes].astype(np.int64)
        return links

    @property
    def made(self) -> NDArray[np.bool_]:
        """Whether that last hop is PRODUCES."""
        made: NDArray[np.bool_] = self.arrays["type"][self.reached[1][self.nodes]] == _PRODUCES
        return made

    def find_path(self, node: int) -> tuple[int, list[int]]:
        """Follow the chosen hops of a node back to an origin."""
        hops, steps = self.reached
        far = self.arrays["tail" if self.down else "head"]
        links: list[int] = []
        for _ in range(int(hops[node])):
            link = int(steps[node])
            links.append(link)
            node = int(far[link])
            # From the second hop back on, the node was walked on from: its open layer is meant.
            steps = self.opened[1] if self.organisations[node] else self.reached[1]
        if self.down:
            links.reverse()
        return node, links


def walk_classes(image: Image, walk: Walk, visible: Array | None, leave: Array) -> Iterator[ArrayReach]:
    """Walk every class of paths, best first; classes that can reach nothing new are left out.

    Parameters
    ----------
    visible
        Which flow links the scope lets walk; None: all.
    leave
        For each flow link, whether an organisation may be left by it on the day (`schema.Leave`).

    Notes
    -----
    Time O(links reached) for each class walked, and there are at most nine.
    """
    # An origin is walked from; it is reached only where hops lead back to it.
    reached = np.zeros(len(image["node_key"]), np.bool_)
    walked_from = np.zeros(len(image["node_key"]), np.bool_)
    started: set[int] = set()
    for surety in Surety:
        origins = [origin for origin in walk.origins if origin.is_sure or surety == Surety.possible]
        if not origins:
            continue
        for view in View:
            if view > walk.scope.through:
                continue
            if len(origins) in started:
                one = _Crossing(image, walk, visible, leave, reached, walked_from)
                if not one.leads_on(surety, view):
                    continue
            started.add(len(origins))
            found = _Class(image, walk, visible, leave, surety, view, origins).run()
            reached[found.nodes] = True
            walked_from[found.nodes] = True
            walked_from[[origin.node for origin in origins]] = True
            yield found


@dataclass(frozen=True, slots=True)
class _Crossing:
    """What better classes reached, and whether a class may go beyond it."""

    image: Image
    walk: Walk
    visible: Array | None
    leave: Array
    reached: Array
    walked_from: Array

    def leads_on(self, surety: Surety, view: View) -> bool:
        """Say whether a class may reach what no better class has reached.

        A path to something new crosses from what is walked to what is not by a link of the class that is not of the
        plainest kind, or leaves an organisation. Where hops are bounded, a link that makes a way shorter matters too.
        """
        image, down = self.image, self.walk.way == "down"
        odd = image["odd"]
        odd = odd[(image["surety"][odd] <= surety) & (image["view"][odd] <= view)]
        if self.visible is not None:
            odd = odd[self.visible[odd]]
        if self._crosses(odd):
            return True
        if surety != Surety.possible:
            return False
        leaving = image["leaving"]
        leaving = leaving[self.leave[leaving] != Leave.closed]
        return self._crosses(leaving) if down else bool(self.walked_from[image["head"][leaving]].any())

    def _crosses(self, links: Array) -> bool:
        near, far = ("tail", "head") if self.walk.way == "down" else ("head", "tail")
        onward = self.walked_from[self.image[near][links]]
        if self.walk.max_hops is None:
            onward &= ~self.reached[self.image[far][links]]
        return bool(onward.any())


class _Class:
    """One class of paths: which links it walks, and from where."""

    def __init__(
        self,
        image: Image,
        walk: Walk,
        visible: Array | None,
        leave: Array,
        surety: Surety,
        view: View,
        origins: Sequence[Origin],
    ) -> None:
        self.image, self.walk, self.surety, self.view = image, walk, surety, view
        self.origins = origins
        self.down = walk.way == "down"
        self.far = image["head"] if self.down else image["tail"]
        self.near = image["tail"] if self.down else image["head"]
        self.starts = image["out_start"] if self.down else image["in_start"]
        self.organisations = image["node_is_organisation"]
        self.leave = leave
        # An organisation is left for possible paths by nameless and uninformed links; surer paths leave one only in
        # a chain of nameless links.
        self.leaving = (Leave.nameless, Leave.uninformed) if surety == Surety.possible else (Leave.nameless,)
        self.allowed = visible
        worst = np.array([[0, 0], *image.about["mixed"]]).max(axis=0)
        for name, limit, most in (("surety", surety, worst[0]), ("view", view, worst[1])):
            if most > limit:
                within = image[name] <= limit
                self.allowed = within if self.allowed is None else self.allowed & within
        if walk.made:
            competing = self._find_competing()
            self.allowed = ~competing if self.allowed is None else self.allowed & ~competing

    def _find_competing(self) -> Array:
        """Find the PRODUCES links of the other makers of what organisations make: their competitors."""
        links = self.image["in_link"][spread(self.image["in_start"], np.array(sorted(self.walk.made)))]
        others = ~np.isin(self.image["tail"][links], sorted(self.walk.makers))
        competing = np.zeros(len(self.leave), np.bool_)
        competing[links[others & (self.image["type"][links] == _PRODUCES)]] = True
        return competing

    def run(self) -> ArrayReach:
        """Walk the class to the end, or to the hops allowed."""
        count = len(self.organisations)
        hops, steps = np.full(count, _UNREACHED, np.int32), np.empty(count, np.int32)
        # Where no link opens an organisation, nothing is walked on from one, and the layer of open ones stays empty.
        can_open = self._can_open()
        open_hops, open_steps = (
            (np.full(count, _UNREACHED, np.int32), np.empty(count, np.int32)) if can_open else (hops, steps)
        )
        level = 0
        links = self._first_links()
        while len(links):
            level += 1
            heads = self.far[links]
            fresh = hops[heads] == _UNREACHED
            front = self._settle(links[fresh], heads[fresh], hops, steps, level)
            front = front[~self.organisations[front]]
            if can_open:
                organised = self.organisations[heads]
                links, heads = links[organised], heads[organised]
                opening = self._opens(links) & (open_hops[heads] == _UNREACHED)
                opened = self._settle(links[opening], heads[opening], open_hops, open_steps, level)
                front = np.sort(np.concatenate([front, opened]))
            if self.walk.max_hops is not None and level >= self.walk.max_hops:
                break
            links = self._next_links(front)
        nodes = np.flatnonzero(hops > 0)
        return ArrayReach(
            self.surety,
            self.view,
            nodes,
            hops[nodes],
            self.down,
            self.image.arrays,
            (hops, steps),
            (open_hops, open_steps),
            self.organisations,
        )

    def _can_open(self) -> bool:
        """Say whether some link of the class may open an organisation that it reaches."""
        if self.down and self.surety == Surety.possible:
            return bool(self.organisations.any())
        ways = self.leaving if not self.down else (Leave.nameless,)
        return bool(np.isin(self.leave[self.image["leaving"]], ways).any())

    def _first_links(self) -> Array:
        nodes = np.array(sorted({origin.node for origin in self.origins}), np.int64)
        links = self._links_of(nodes)
        first_items = {origin.node: origin.get_first_items(self.surety) for origin in self.origins}
        narrowed = {node: items for node, items in first_items.items() if items is not None}
        for node, items in narrowed.items():
            named = (self.image["type"][links] == _PRODUCES) & np.isin(self.far[links], sorted(items))
            links = links[(self.near[links] != node) | named]
        return links

    def _next_links(self, nodes: Array) -> Array:
        links = self._links_of(nodes)
        if not self.organisations[nodes].any() or (not self.down and self.surety == Surety.possible):
            return links
        near = self.organisations[self.near[links]]
        if self.down:
            return links[~near | np.isin(self.leave[links], self.leaving)]
        chosen: Array = links[~near | (self.leave[links] == Leave.nameless)]
        return chosen

    def _opens(self, links: Array) -> Array:
        """Say which links open the organisation that they reach."""
        if not self.down:
            return np.isin(self.leave[links], self.leaving)
        opened: Array = (self.leave[links] == Leave.nameless) | (self.surety == Surety.possible)
        return opened

    def _links_of(self, nodes: Array) -> Array:
        places = spread(self.starts, nodes)
        # Numbers that index arrays are as wide as pointers: others are widened at each use.
        links = places if self.down else self.image["in_link"][places].astype(np.int64)
        chosen: Array = links if self.allowed is None else links[self.allowed[links]]
        return chosen

    def _settle(self, links: Array, heads: Array, hops: Array, steps: Array, level: int) -> Array:
        """Note for each node reached the best of the links that reach it, and list the nodes, sorted.

        Links come in the order of the neighbour and then of the link, so of equally sure ones the first is the best;
        written in reverse, it is written last, and stays.
        """
        heads = heads.astype(np.int64)
        hops[heads] = level
        if len(self.image.about["confidences"]) < 2:
            steps[heads[::-1]] = links[::-1]
        else:
            sureness = self.image["confidence"][links]
            for value in reversed(self.image.about["confidences"]):
                chosen = np.flatnonzero(sureness == value)[::-1]
                steps[heads[chosen]] = links[chosen]
        return _list_distinct(heads, hops, level)


def _list_distinct(nodes: Array, hops: Array, level: int) -> Array:
    """List the nodes settled on a level once each, sorted: by sorting a few, by a look at all where there are many."""
    if len(nodes) * _FEW > len(hops):
        return np.flatnonzero(hops == level)
    return sort_unique(nodes)
