"""The oracle's evidence paths: every loopless path is written out, then sorted."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from tests.oracle_facts import CONFIDENCES, DEFINITE, POSSIBLE, VIEWS, Graph, Link, Sight, World
from tests.oracle_starts import Start, Starts


def why(
    graph: Graph,
    *,
    start: list[str],
    target: str,
    k: int = 3,
    through: str = "consumed",
    include_rollup: bool = False,
    as_of: str = "2026-07-01",
    by: str = "plant",
    confidence: str = "inferred",
    checked: bool = False,
    longest: int | None = None,
    fired: set[str] | None = None,
) -> list[dict[str, Any]]:
    """Rank the evidence paths to a target: the k shortest, then the k surest.

    `longest` leaves out paths with more hops: only for large graphs, where writing out every path takes too long.
    """
    fired = set() if fired is None else fired
    world = World(graph)
    sight = Sight(world, as_of, through, confidence, checked, fired)
    starts = Starts(sight, by=by, include_rollup=include_rollup, kinds_too=True).list_all(start, None)
    merged: dict[Any, Path] = {}
    for path in _list_paths(sight, starts, target, longest):
        same = (path.start.node, tuple(tuple(link.triple) for link in path.links))
        if same in merged:
            fired.add("why: parallel links are one hop")
        if same not in merged or path.sureness < merged[same].sureness:
            merged[same] = path
    rows = []
    for by_what, rank in (("shortest", Path.rank_shortest), ("surest", Path.rank_surest)):
        ordered = sorted(merged.values(), key=rank)
        if len(ordered) > k:
            fired.add("why: more than k")
        for number, path in enumerate(ordered[:k], 1):
            chain = path.start.chain_toward(path.links[0])
            worst = max([path.weakest] + [a.confidence for a in chain])
            rows.append(
                {
                    "rank": number,
                    "by": by_what,
                    "id": target,
                    "length": len(path.links),
                    "certainty": "possible" if path.possible else "definite",
                    "through": VIEWS[path.view],
                    "minor": any(link.is_minor for link in path.links),
                    "confidence": CONFIDENCES[worst],
                    "unchecked": sum(not link.read for link in path.links),
                    "start": path.start.node,
                    "path": [list(a.triple) for a in chain] + [link.triple for link in path.links],
                }
            )
    half = [[r["path"] for r in rows if r["by"] == b] for b in ("shortest", "surest")]
    if half[0] != half[1]:
        fired.add("why: shortest and surest differ")
    return rows


@dataclass
class Path:
    """One loopless path as `why` ranks it; `proofs` says of each hop whether it is only possible."""

    start: Start
    links: list[Link]
    proofs: list[bool]

    @property
    def possible(self) -> bool:
        return not self.start.sure or any(self.proofs)

    @property
    def view(self) -> int:
        return max(link.view for link in self.links)

    @property
    def weakest(self) -> int:
        return max(link.confidence for link in self.links)

    @property
    def nodes(self) -> list[str]:
        found = [self.start.node]
        for link in self.links:
            found.append(link.head if link.tail == found[-1] else link.tail)
        return found

    @property
    def sureness(self) -> Any:
        """Which of parallel links stands for the hop: the surest, else the one that ranks first."""
        return ([(p, link.confidence) for p, link in zip(self.proofs, self.links, strict=True)], self.rank_shortest())

    def rank_shortest(self) -> Any:
        return (self.possible, self.view, len(self.links), self.weakest, self.nodes, [link.key for link in self.links])

    def rank_surest(self) -> Any:
        weak = sum(link.confidence == self.weakest for link in self.links)
        return (self.possible, self.weakest, weak, len(self.links), self.nodes, [link.key for link in self.links])


def _list_paths(sight: Sight, starts: dict[str, Start], target: str, longest: int | None) -> list[Path]:
    outgoing: dict[str, list[Link]] = defaultdict(list)
    for link in sight.flow:
        outgoing[link.tail].append(link)
    makes = [link for link in sight.makes if link.tail == target]
    goals = {target} | {link.head for link in makes}
    away = _hops_to(sight, goals)
    found: list[Path] = []

    def go(start: Start, links: list[Link], proofs: list[bool], nodes: list[str]) -> None:
        here = nodes[-1]
        if links and here == target:
            found.append(Path(start, list(links), list(proofs)))
            return
        if links and here not in starts and (target not in starts or target == start.node):
            for link in makes:
                if link.head == here and (target not in nodes or target == start.node) and links[-1].type != "PRODUCES":
                    sight.fired.add("why: a maker's link is the last hop")
                    found.append(Path(start, [*links, link], [*proofs, False]))
        if longest is not None and len(links) >= longest:
            return
        for link in outgoing[here]:
            if not links and start.only is not None and (link.type != "PRODUCES" or link.head not in start.only):
                continue
            closes = link.head == target == start.node
            if link.head in nodes and not closes:
                sight.fired.add("why: a loop is left out")
                continue
            if link.head in starts and not closes:
                sight.fired.add("why: another start is not crossed")
                continue
            if link.head not in away or (longest is not None and len(links) + 1 + away[link.head] > longest):
                continue
            proof = sight.turn(links[-1], link) if links else DEFINITE
            if proof is not None:
                go(start, [*links, link], [*proofs, max(proof, link.surety) == POSSIBLE], [*nodes, link.head])

    for start in starts.values():
        go(start, [], [], [start.node])
    return found


def _hops_to(sight: Sight, goals: set[str]) -> dict[str, int]:
    """Say how far each node is from the goals at least: only to leave dead ends early."""
    away = dict.fromkeys(goals, 0)
    for n in range(1, len(sight.flow) + 2):
        new = {link.tail for link in sight.flow if away.get(link.head) == n - 1} - set(away)
        if not new:
            break
        away.update(dict.fromkeys(new, n))
    return away
