"""An independent, slow reference for the questions over paths: exposed, depends, why.

Method: not a search with parents, but walks by their exact length. `W[n]` is the set of links that end a walk of
exactly n hops which keeps all rules of a class; `W[n + 1]` follows from it link by link. A node's tier is the
smallest n with a link of `W[n]` into it, and its path is read off the sets from the back, hop by hop, in the words of
the contract.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from tests.oracle_facts import (
    CONFIDENCES,
    DEFINITE,
    MINOR,
    ORGANISATIONS,
    POSSIBLE,
    VIEWS,
    Graph,
    Link,
    Sight,
    World,
    kind_of,
)
from tests.oracle_lists import controls, sources
from tests.oracle_starts import Anchor, Start, Starts, rank_chain
from tests.oracle_why import why

__all__ = ["controls", "depends", "exposed", "sources", "why"]
TARGETS = ("product", "program", "customer")
UPSTREAM = ("material", "intermediate", "product", "supplier")
Class = tuple[int, int]
Levels = list[set[Link]]


@dataclass
class Hit:
    """A node's row before it is written out; `links` in the order of the path, a maker's link last."""

    node: str
    rank: Class
    links: list[Link]
    start: Start

    @property
    def tier(self) -> int:
        return len(self.links)


def exposed(
    graph: Graph,
    *,
    start: list[str],
    kind: Any = None,
    through: str = "consumed",
    direct: bool = False,
    max_tier: int | None = None,
    min_share: float | None = None,
    include_rollup: bool = False,
    as_of: str = "2026-07-01",
    by: str = "plant",
    confidence: str = "inferred",
    checked: bool = False,
    fired: set[str] | None = None,
) -> list[dict[str, Any]]:
    """List what depends on the starts, as plain rows sorted by kind, tier and id."""
    fired = set() if fired is None else fired
    world = World(graph)
    sight = Sight(world, as_of, through, confidence, checked, fired)
    starts = Starts(sight, by=by, include_rollup=include_rollup, kinds_too=True).list_all(start, min_share)
    depth = 1 if direct else max_tier
    walk = Walk(sight, depth, down=True)
    hits = walk.find_all(list(starts.values()))
    alone = {node: walk.find_all([starts[node]], own=True) for node in sorted(starts)}
    hits |= {node: found[node] for node, found in alone.items() if node in found}
    _add_makers(walk, hits, lambda maker: maker not in starts)
    for node, found in alone.items():
        _add_makers(walk, found, lambda maker, node=node: maker == node)
        if node in found:
            fired.add("a start that is its own hit")
            hits[node] = found[node]
    return _write_rows(world, hits, kind, TARGETS, fired, walk)


def depends(
    graph: Graph,
    *,
    start: list[str],
    kind: Any = None,
    through: str = "consumed",
    direct: bool = False,
    max_tier: int | None = None,
    as_of: str = "2026-07-01",
    by: str = "plant",
    confidence: str = "inferred",
    checked: bool = False,
    include_rollup: bool = False,
    fired: set[str] | None = None,
) -> list[dict[str, Any]]:
    """List what the starts depend on; a path is in arrow order, from the row's node to the start."""
    fired = set() if fired is None else fired
    world = World(graph)
    sight = Sight(world, as_of, through, confidence, checked, fired)
    starts = Starts(sight, by=by, include_rollup=include_rollup, kinds_too=False).list_all(start, None)
    makers = [s for s in starts.values() if kind_of(s.node) in ORGANISATIONS]
    asked = {s.node for s in makers}
    made: dict[str, list[Start]] = defaultdict(list)
    for link in sight.anchors["PRODUCES"]:
        for maker in makers:
            if link.tail == maker.node and link.head not in starts:
                made[link.head].append(
                    Start(
                        link.head,
                        (*maker.chain, Anchor((link.tail, link.type, link.head), link.confidence)),
                        maker.sure,
                    )
                )
    walk = Walk(sight, 1 if direct else max_tier, down=False)
    walk.links = [
        link for link in walk.links if not (link.type == "PRODUCES" and link.head in made and link.tail not in asked)
    ]
    if len(walk.links) < len(sight.flow):
        fired.add("depends: other makers are not walked")
    for item, options in made.items():
        fired.add("anchor: PRODUCES")
        starts[item] = min(options, key=lambda s: (not s.sure, *rank_chain(s.chain)))
    hits = walk.find_all(list(starts.values()))
    for node in sorted(starts):
        alone = walk.find_all([starts[node]], own=True)
        if node in alone:
            fired.add("a start that is its own hit")
            hits[node] = alone[node]
    return _write_rows(world, hits, kind, UPSTREAM, fired, walk)


class Walk:
    """Walks by exact length, in one direction, under the rules of a class."""

    def __init__(self, sight: Sight, depth: int | None, *, down: bool) -> None:
        self.sight, self.depth, self.down = sight, depth, down
        self.links = list(sight.flow)

    def near(self, link: Link) -> str:
        """The end of a link toward the start."""
        return link.tail if self.down else link.head

    def far(self, link: Link) -> str:
        return link.head if self.down else link.tail

    def may_follow(self, before: Link, link: Link, surety: int) -> bool:
        """Whether a walk of this surety may go on from `before` (nearer to the start) to `link`."""
        proof = self.sight.turn(before, link) if self.down else self.sight.turn(link, before)
        return proof is not None and proof <= surety

    def find_all(self, starts: list[Start], *, own: bool = False) -> dict[str, Hit]:
        """Find the row of every node reached; with `own`, of a single start, what it would need to be its own hit."""
        hits: dict[str, Hit] = {}
        by_node = {s.node: s for s in starts}
        for surety in (DEFINITE, MINOR, POSSIBLE):
            for view in range(self.sight.view + 1):
                usable: dict[str, list[Link]] = defaultdict(list)
                for link in self.links:
                    if link.surety <= surety and link.view <= view:
                        usable[self.near(link)].append(link)
                levels = self._levels(usable, [s for s in starts if s.sure or surety == POSSIBLE], surety)
                first: dict[str, int] = {}
                for n, level in enumerate(levels, 1):
                    for link in level:
                        first.setdefault(self.far(link), n)
                for node, n in first.items():
                    if node in hits:
                        if n < hits[node].tier:
                            self.sight.fired.add("class: before the number of hops")
                        continue
                    if node in by_node and not own:
                        self.sight.fired.add("a start that another start leads to")
                        continue
                    links = self._choose(levels, n, node, surety)
                    hits[node] = Hit(node, (surety, view), links, by_node[self.near(links[0])])
        return hits

    def _levels(self, usable: dict[str, list[Link]], starts: list[Start], surety: int) -> Levels:
        level = set()
        for start in starts:
            for link in usable[start.node]:
                if start.only is None or (link.type == "PRODUCES" and link.head in start.only):
                    level.add(link)
                    if start.node != link.tail or kind_of(link.tail) in ORGANISATIONS:
                        self.sight.fired.add(f"first hop: {link.type}{' named' if link.props.get('item') else ''}")
        levels: Levels = []
        known: set[Link] = set()
        while level - known and (self.depth is None or len(levels) < self.depth):
            levels.append(level)
            known |= level
            level = {
                link for before in level for link in usable[self.far(before)] if self.may_follow(before, link, surety)
            }
        if level - known:
            self.sight.fired.add("max-tier: cut the walk")
        return levels

    def _choose(self, levels: Levels, n: int, node: str, surety: int) -> list[Link]:
        """Follow, from the node back, the last hop: the surest link, the smallest id, the smallest key."""
        path: list[Link] = []
        for level in reversed(levels[:n]):
            options = [
                link
                for link in level
                if self.far(link) == node and (not path or self.may_follow(link, path[-1], surety))
            ]
            ranked = sorted(options, key=lambda link: (link.confidence, self.near(link), link.key))
            if len(ranked) > 1:
                one, two = ranked[:2]
                self.sight.fired.add(
                    "tie: the surest link"
                    if one.confidence < two.confidence
                    else "tie: the smallest id"
                    if self.near(one) != self.near(two)
                    else "tie: the smallest key"
                )
            path.append(ranked[0])
            node = self.near(ranked[0])
        return path[::-1]


def _add_makers(walk: Walk, hits: dict[str, Hit], may_be: Any) -> None:
    """Put in the exposed makers, where no flow path of the same or a better class reaches them."""
    fired = walk.sight.fired
    options: dict[str, list[tuple[Any, Hit]]] = defaultdict(list)
    for link in walk.sight.makes:
        item = hits.get(link.head)
        if item is None or not may_be(link.tail):
            continue
        if item.links[-1].type == "PRODUCES":
            fired.add("maker: none of an item reached by PRODUCES")
            continue
        if walk.depth is not None and item.tier + 1 > walk.depth:
            fired.add("maker: beyond max-tier")
            continue
        hit = Hit(link.tail, item.rank, [*item.links, link], item.start)
        options[link.tail].append(((hit.rank, hit.tier, link.confidence, link.head, link.key), hit))
    for maker, found in options.items():
        best = min(found, key=lambda x: x[0])[1]
        if maker in hits and hits[maker].rank <= best.rank:
            fired.add("maker: gives way to a flow path")
            continue
        fired.add("maker: before a flow path of a worse class" if maker in hits else "maker: a row")
        hits[maker] = best
    for link in walk.sight.flow:
        if link.type == "PRODUCES" and link.props.get("status") == "trader" and link.head in hits:
            fired.add("maker: a trader is none")


def _write_rows(
    world: World, hits: dict[str, Hit], kind: Any, default: tuple[str, ...], fired: set[str], walk: Walk
) -> list[dict[str, Any]]:
    wanted = _kinds(kind, default)
    rows = []
    for hit in hits.values():
        labels = world.labels[hit.node]
        if wanted is not None and not labels & wanted:
            continue
        if wanted is not None and kind_of(hit.node) not in wanted:
            fired.add("kind: by the second label")
        first = hit.links[0]
        chain = hit.start.chain_toward(first)
        flow = hit.links if walk.down else hit.links[::-1]
        worst = max([a.confidence for a in chain] + [link.confidence for link in hit.links])
        if worst > max(link.confidence for link in hit.links):
            fired.add("confidence: an anchor is the least sure")
        minor = any(link.is_minor for link in hit.links)
        if minor:
            fired.add("minor: a row" if hit.rank[0] == MINOR else "minor: in a possible row")
        for link in hit.links:
            fired.add(
                f"path: {link.type}{' derived' if link.derived else ''}{' possible' if link.surety == POSSIBLE else ''}"
            )
            if link.props.get("status"):
                fired.add(f"path: status {link.props['status']}")
        if hit.start.share is not None:
            fired.add("share: in a row")
        rows.append(
            {
                "id": hit.node,
                "kind": kind_of(hit.node),
                "tier": hit.tier,
                "through": VIEWS[hit.rank[1]],
                "certainty": "possible" if hit.rank[0] == POSSIBLE else "definite",
                "minor": minor,
                "confidence": CONFIDENCES[worst],
                "unchecked": sum(not link.read for link in hit.links),
                "start": hit.start.node,
                "start_share": None if hit.start.share is None else round(hit.start.share, 6),
                "path": [list(a.triple) for a in chain] + [link.triple for link in flow],
            }
        )
        fired.add(f"row: {rows[-1]['certainty']} {rows[-1]['through']}")
    return sorted(rows, key=lambda r: (r["kind"], r["tier"], r["id"]))


def _kinds(kind: Any, default: tuple[str, ...]) -> set[str] | None:
    if kind is None:
        return set(default)
    names = kind.split(",") if isinstance(kind, str) else list(kind)
    return None if "all" in names else set(names)
