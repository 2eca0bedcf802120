"""The rules of a path judged on the whole path, over every walk written out: a check on the oracle's own method.

Only for graphs of a few nodes and walks of a few hops: the number of walks grows with the power of their length.
"""

from collections import defaultdict

from tests.oracle_facts import DEFINITE, ORGANISATIONS, POSSIBLE, Link, Sight, kind_of
from tests.oracle_starts import Start

Found = tuple[tuple[int, int], list[Link]]


def judge(sight: Sight, links: list[Link], start: Start, *, down: bool) -> tuple[int, int] | None:
    """Say of which class a whole path is, links in the order of the arrows; None where a rule forbids it."""
    first = links[0]
    if down and start.only is not None and (first.type != "PRODUCES" or first.head not in start.only):
        return None
    surety = DEFINITE if start.sure else POSSIBLE
    for n, link in enumerate(links):
        surety = max(surety, link.surety)
        if n == 0 or kind_of(link.tail) not in ORGANISATIONS:
            continue
        # An organisation that was entered on the way.
        if link.type == "PRODUCES" and link.head not in sight.with_inputs:
            surety = POSSIBLE
        elif link.type == "SUPPLIES_TO" and not link.props.get("item"):
            before = links[n - 1]
            if before.type != "SUPPLIES_TO" or before.props.get("item"):
                surety = POSSIBLE
        else:
            return None
    return surety, max(link.view for link in links)


def find_by_enumeration(
    sight: Sight, links: list[Link], starts: list[Start], longest: int, *, down: bool
) -> dict[str, Found]:
    """Find the class and the path of each node from all walks of up to `longest` hops (starts are no hits)."""
    walks: list[tuple[Start, list[Link]]] = []

    def go(start: Start, walk: list[Link], here: str) -> None:
        if walk:
            walks.append((start, walk))
        if len(walk) == longest:
            return
        for link in links:
            if (link.tail if down else link.head) == here:
                go(start, [*walk, link] if down else [link, *walk], link.head if down else link.tail)

    for start in starts:
        go(start, [], start.node)
    candidates: dict[str, list[Found]] = defaultdict(list)
    for start, walk in walks:
        rank = judge(sight, walk, start, down=down)
        if rank is not None:
            candidates[walk[-1].head if down else walk[0].tail].append((rank, walk))
    found: dict[str, Found] = {}
    for node, options in candidates.items():
        if node in {s.node for s in starts}:
            continue
        for surety in range(3):
            for view in range(3):
                inside = [w for (s, v), w in options if s <= surety and v <= view]
                if inside and node not in found:
                    shortest = min(len(w) for w in inside)
                    found[node] = (
                        (surety, view),
                        min(
                            (w for w in inside if len(w) == shortest),
                            key=lambda w: [
                                (x.confidence, x.tail if down else x.head, x.key) for x in (w[::-1] if down else w)
                            ],
                        ),
                    )
    return found
