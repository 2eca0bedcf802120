"""The default engine: the port over the memory-mapped arrays of an image, with facts read from the store."""

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matdeps.graph.handles import sort_unique
from matdeps.graph.image import KIND_CODES, TYPE_CODES, TYPE_NAMES, Image, spread
from matdeps.graph.merge import get_labels, merge_link_rows, merge_node_rows, sort_links
from matdeps.graph.model import Claim, GraphInfo, LinkFacts, NodeFacts, ProductionRow, Source, to_day
from matdeps.graph.reader import KIND_ORDER, Handles, Hop, Makers, NamedNode, Scope, Walk
from matdeps.graph.schema import Confidence, Leave, Surety, View
from matdeps.graph.walk import ArrayReach, walk_classes

if TYPE_CHECKING:
    from matdeps.graph.store import Store

Array = NDArray[Any]
_KIND_RANKS = np.array([KIND_ORDER.index(name) for name in KIND_CODES], np.int8)
_PRODUCES, _INPUT_TO = TYPE_CODES["PRODUCES"], TYPE_CODES["INPUT_TO"]


class CompactReader:
    """The port over arrays.

    Parameters
    ----------
    store
        Where facts are read from.
    image
        The arrays of the store's current generation, or of an earlier load.
    info
        What to say of the graph.
    load
        Facts as they were after this load; None: as they are.
    """

    engine = "embedded"

    def __init__(self, store: "Store", image: Image, info: GraphInfo, *, load: int | None = None) -> None:
        self._store, self._image, self._info, self._load = store, image, info, load
        self._flows = len(image["tail"])

    def get_info(self) -> GraphInfo:
        """Say what graph this is."""
        return self._info

    # -- nodes and names -------------------------------------------------------------------------------------------
    def find_handles(self, ids: Iterable[str]) -> dict[str, int]:
        """Find the handles of ids; ids that are not there are left out."""
        keys = self._store.find_keys(ids)
        return {node_id: handle for node_id, key in keys.items() if (handle := self._handle(key)) is not None}

    def _handle(self, key: int) -> int | None:
        table = self._image["handle_of_key"]
        handle = int(table[key]) if 0 <= key < len(table) else -1
        return handle if handle >= 0 else None

    def find_named(self, folded: str) -> list[NamedNode]:
        """Find the nodes that have a name whose folded form is this, by handle."""
        found = {
            NamedNode(handle, how, text)
            for key, how, text in self._store.find_names(folded, load=self._load)
            if (handle := self._handle(key)) is not None
        }
        return sorted(found, key=lambda named: (named.node, named.how, named.text))

    def iter_names(self, prefix: str = "") -> Iterable[tuple[str, NamedNode]]:
        """Yield folded names that begin with a prefix, with their nodes."""
        found = {
            (folded, handle, how, text)
            for folded, key, how, text in self._store.iter_names(prefix, load=self._load)
            if (handle := self._handle(key)) is not None
        }
        for folded, handle, how, text in sorted(found):
            yield folded, NamedNode(handle, how, text)

    def get_nodes(self, handles: Iterable[int]) -> list[NodeFacts]:
        """Get the facts of nodes, in the order asked."""
        wanted = [int(handle) for handle in handles]
        keys = {handle: int(self._image["node_key"][handle]) for handle in set(wanted)}
        rows = self._store.find_node_rows(keys.values(), load=self._load)
        labels = self._image["node_labels"]
        facts = {
            handle: merge_node_rows(handle, rows[key], get_labels(int(labels[handle]), rows[key][0].kind))
            for handle, key in keys.items()
        }
        return [facts[handle] for handle in wanted]

    def find_nodes(self, labels: Collection[str] | None, as_of: str) -> Handles:
        """Find nodes with one of the labels (None: all) that are valid on the day, sorted."""
        day = to_day(as_of)
        image = self._image
        chosen = (image["node_from"] <= day) & (image["node_to"] >= day)
        if labels is not None:
            chosen &= (image["node_labels"] & _mask(labels)) != 0
        return np.flatnonzero(chosen).astype(np.int64)

    def get_kinds(self, handles: Handles) -> NDArray[np.int8]:
        """Get the kinds of nodes, as codes in the alphabetical order of the names of kinds."""
        ranks: NDArray[np.int8] = _KIND_RANKS[self._image["node_kind"][handles]]
        return ranks

    # -- links -----------------------------------------------------------------------------------------------------
    def get_links(self, handles: Iterable[int]) -> list[LinkFacts]:
        """Get the facts of links, in the order asked."""
        image = self._image
        wanted = [int(handle) for handle in handles]
        places = {h: (("", h) if h < self._flows else ("other_", h - self._flows)) for h in set(wanted)}
        rows = {h: [int(image[prefix + "row"][place])] for h, (prefix, place) in places.items()}
        if len(image["twin_handle"]):
            for twin in np.flatnonzero(np.isin(image["twin_handle"], list(places))).tolist():
                rows[int(image["twin_handle"][twin])].append(int(image["twin_row"][twin]))
        found = self._store.find_link_rows(row for group in rows.values() for row in group)
        facts = {}
        for handle, (prefix, place) in places.items():
            tail, head = int(image[prefix + "tail"][place]), int(image[prefix + "head"][place])
            facts[handle] = merge_link_rows(handle, tail, head, [found[row] for row in rows[handle]])
        return [facts[handle] for handle in wanted]

    def find_links(
        self,
        nodes: Iterable[int],
        *,
        out: bool,
        types: Collection[str] | None = None,
        as_of: str | None = None,
    ) -> list[LinkFacts]:
        """Find the links that leave (`out`) or reach nodes, by node, other end and key."""
        image = self._image
        wanted = sort_unique(np.fromiter((int(node) for node in nodes), np.int64))
        codes = None if types is None else [TYPE_CODES[name] for name in types]
        day = None if as_of is None else to_day(as_of)
        handles: list[Array] = []
        for prefix, offset in (("", 0), ("other_", self._flows)):
            places = spread(image[prefix + ("out_start" if out else "in_start")], wanted)
            links = places if out else image[prefix + "in_link"][places]
            if codes is not None:
                links = links[np.isin(image[prefix + "type"][links], codes)]
            if day is not None:
                links = links[(image[prefix + "valid_from"][links] <= day) & (image[prefix + "valid_to"][links] >= day)]
            handles.append(links.astype(np.int64) + offset)
        facts = self.get_links(np.concatenate(handles))
        return sort_links(facts, out=out)

    def find_hops(self, scope: Scope, *, among: Handles) -> list[Hop]:
        """Find the flow links that a scope lets walk between the given nodes, by handle."""
        image = self._image
        inside = np.zeros(len(image["node_key"]), np.bool_)
        inside[among] = True
        links = spread(image["out_start"], np.flatnonzero(inside))
        links = links[inside[image["head"][links]] & (image["view"][links] <= scope.through)]
        visible = self._visible(scope)
        if visible is not None:
            links = links[visible[links]]
        leave = self._leave(scope.as_of)
        columns = [image[name][links].tolist() for name in ("tail", "head", "type", "surety", "view", "confidence")]
        return [
            Hop(link, tail, head, TYPE_NAMES[code], Surety(surety), View(view), Confidence(confidence), left)
            for link, tail, head, code, surety, view, confidence, left in zip(
                links.tolist(), *columns, leave[links].tolist(), strict=True
            )
        ]

    def find_makers(self, items: Handles, scope: Scope, labels: Collection[str] | None = None) -> Makers:
        """Find who makes items, by item, then maker, then link."""
        image = self._image
        links = self._find_making(items, labels)
        visible = self._visible(scope)
        if visible is not None:
            links = links[visible[links]]
        return Makers(
            image["tail"][links].astype(np.int64),
            image["head"][links].astype(np.int64),
            links,
            image["confidence"][links],
        )

    def _find_making(self, items: Handles, labels: Collection[str] | None) -> Array:
        """Find the links by which items are made, from the side that has fewer links; by item, then link."""
        image = self._image
        inside = np.zeros(len(image["node_key"]), np.bool_)
        inside[items] = True
        if labels is not None:
            labelled = (image["node_labels"] & _mask(labels)) != 0
            makers = np.flatnonzero(labelled)
            if _count_links(image["out_start"], makers) < _count_links(image["in_start"], items):
                links = spread(image["out_start"], makers)
                links = links[image["makes"][links] & inside[image["head"][links]]]
                # Links stand by maker: a stable sort by item leaves them so within each.
                return links[np.argsort(image["head"][links], kind="stable")]
        links = image["in_link"][spread(image["in_start"], np.flatnonzero(inside))].astype(np.int64)
        links = links[image["makes"][links]]
        return links if labels is None else links[labelled[image["tail"][links]]]

    # -- walks -----------------------------------------------------------------------------------------------------
    def reach(self, walk: Walk) -> Sequence[ArrayReach]:
        """Walk, class by class, best class first."""
        return list(walk_classes(self._image, walk, self._visible(walk.scope), self._leave(walk.scope.as_of)))

    def find_loopers(self, nodes: Handles) -> Handles:
        """Find the nodes that may lie on a loop of flow links; the others surely lie on none."""
        chosen: Handles = nodes[self._image["node_loops"][nodes]]
        return chosen

    def count_without_upstream(self, nodes: Handles, scope: Scope) -> int:
        """Count the nodes that no flow link valid on the day reaches, and that make nothing themselves."""
        image = self._image
        known = np.zeros(len(image["node_key"]), np.bool_)
        dated = self._visible(Scope(scope.as_of))
        if dated is None:
            alone = nodes[image["in_start"][nodes + 1] == image["in_start"][nodes]]
        else:
            known[image["head"][dated]] = True
            alone = nodes[~known[nodes]]
        links = spread(image["out_start"], alone)
        links = links[image["makes"][links]]
        known[image["tail"][links if dated is None else links[dated[links]]]] = True
        return int((~known[alone]).sum())

    def _visible(self, scope: Scope) -> Array | None:
        """Say which flow links a scope lets walk; None: all."""
        image = self._image
        masks = []
        if image.about["dated"]:
            day = to_day(scope.as_of)
            masks.append((image["valid_from"] <= day) & (image["valid_to"] >= day))
        if scope.confidence < max(image.about["confidences"], default=0):
            masks.append(image["confidence"] <= scope.confidence)
        if scope.checked:
            masks.append(image["checked"])
        if not masks:
            return None
        visible: Array = np.logical_and.reduce(masks)
        return visible

    def _leave(self, as_of: str) -> Array:
        """Say by which links an organisation may be left on a day: not into items whose inputs are recorded then."""
        image = self._image
        if not image.about["dated_inputs"]:
            return image["leave"]
        day = to_day(as_of)
        inputs = (image["type"] == _INPUT_TO) & (image["valid_from"] <= day) & (image["valid_to"] >= day)
        informed = np.zeros(len(image["node_key"]), np.bool_)
        informed[image["head"][inputs]] = True
        leave = image["leave"].copy()
        made = image["type"] == _PRODUCES
        leave[made] = np.where(informed[image["head"][made]], Leave.closed, Leave.uninformed)
        return leave

    # -- the rest of the facts ---------------------------------------------------------------------------------------
    def get_sources(self, ids: Iterable[str]) -> dict[str, Source]:
        """Get sources by id."""
        return self._store.find_sources(ids, load=self._load)

    def find_production(
        self, *, items: Collection[str] | None = None, countries: Collection[str] | None = None
    ) -> list[ProductionRow]:
        """Find production rows of items, or of all items that some row gives one of the countries."""
        return self._store.find_production(items=items, countries=countries, load=self._load)

    def find_claims(self) -> list[Claim]:
        """Get every claim, by id."""
        return self._store.find_claims(load=self._load)


def _mask(labels: Collection[str]) -> int:
    return sum(1 << KIND_CODES[label] for label in labels)


def _count_links(starts: Array, nodes: Handles) -> int:
    return int((starts[nodes + 1] - starts[nodes]).sum())
