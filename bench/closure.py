"""The closure in one process: `reach` of the default engine against a plain frontier search, and against NetworkX.

usage: python bench/closure.py STORE [--rounds 7] [--networkx]

Prints JSON: for hub, mid and rare starts the nodes reached and the medians in seconds.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from matdeps.graph.engines import open_reader
from matdeps.graph.reader import Origin, Scope, Walk
from matdeps.graph.schema import Confidence, View
from matdeps.graph.store import Store

Array = np.ndarray[Any, Any]
AS_OF = "2026-07-01"


def search(starts: Array, heads: Array, node: int) -> Array:
    """Search breadth first over compressed sparse rows and nothing else: hops of each node, -1 where not reached."""
    hops = np.full(len(starts) - 1, -1, np.int32)
    hops[node] = level = 0
    front = np.array([node])
    while len(front):
        level += 1
        first = starts[front]
        counts = starts[front + 1] - first
        ends = np.cumsum(counts)
        found = heads[np.arange(ends[-1]) + np.repeat(first - (ends - counts), counts)]
        found = found[hops[found] < 0]
        hops[found] = level
        front = np.flatnonzero(hops == level)
    return hops


def search_with_parents(starts: Array, heads: Array, node: int) -> tuple[Array, Array]:
    """Search likewise, and keep a parent of each node."""
    hops = np.full(len(starts) - 1, -1, np.int32)
    parents = np.full(len(starts) - 1, -1, np.int32)
    hops[node] = level = 0
    front = np.array([node])
    while len(front):
        level += 1
        first = starts[front]
        counts = starts[front + 1] - first
        ends = np.cumsum(counts)
        found = heads[np.arange(ends[-1]) + np.repeat(first - (ends - counts), counts)]
        fresh = hops[found] < 0
        found = found[fresh]
        hops[found] = level
        parents[found] = np.repeat(front, counts)[fresh]
        front = np.flatnonzero(hops == level)
    return hops, parents


def pick_starts(starts: Array, heads: Array, materials: Array) -> dict[str, tuple[int, int]]:
    """Pick three materials that reach about a half, a sixth and some hundreds of the nodes; each with what it reaches."""
    wanted = {"hub": (len(starts) - 1) / 2, "mid": (len(starts) - 1) / 6, "rare": 500.0}
    sample = np.random.default_rng(1).choice(materials, min(60, len(materials)), replace=False)
    reached = {int(node): int((search(starts, heads, int(node)) > 0).sum()) for node in sample}
    return {
        name: min(((node, size) for node, size in reached.items() if size), key=lambda one: abs(one[1] - size))
        for name, size in wanted.items()
    }


def measure(calls: dict[str, Callable[[], object]], rounds: int, warm_up: int = 1) -> dict[str, float]:
    """Time calls in turn, after rounds that do not count; medians in seconds."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(rounds + warm_up):
        for name, call in calls.items():
            begin = time.perf_counter()
            call()
            if number >= warm_up:
                times[name].append(time.perf_counter() - begin)
    return {name: median(found) for name, found in times.items()}


def make_networkx(image: Any) -> Any:
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(image["node_key"])))
    graph.add_edges_from(zip(image["tail"].tolist(), image["head"].tolist(), strict=True))
    return graph


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("store", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--networkx", action="store_true")
    options = parser.parse_args()
    with Store.open(options.store) as store:
        reader: Any = open_reader(store)
        image = reader._image
        starts, heads = np.array(image["out_start"]), np.array(image["head"])
        scope = Scope(AS_OF, View.consumed, Confidence.inferred)
        chosen = pick_starts(starts, heads, reader.find_nodes(["material"], AS_OF))
        ids = {name: reader.get_nodes([node])[0].id for name, (node, _) in chosen.items()}
        graph = make_networkx(image) if options.networkx else None
        found: dict[str, Any] = {}
        for name, (node, size) in chosen.items():
            walk = Walk("down", (Origin(node),), scope)
            classes = reader.reach(walk)
            hops = search(starts, heads, node)
            hops[node] = -1
            reached = [one for one in classes if len(one.nodes)]
            # The same answer, or there is nothing to compare.
            assert np.array_equal(reached[0].nodes[reached[0].nodes != node], np.flatnonzero(hops > 0))
            calls: dict[str, Callable[[], object]] = {
                "matdeps": lambda walk=walk: reader.reach(walk),
                "numpy": lambda node=node: search(starts, heads, node),
                "numpy with parents": lambda node=node: search_with_parents(starts, heads, node),
            }
            times = measure(calls, options.rounds)
            if graph is not None:
                import networkx as nx

                times |= measure(
                    {
                        "networkx descendants": lambda node=node: nx.descendants(graph, node),
                        "networkx hops": lambda node=node: nx.single_source_shortest_path_length(graph, node),
                    },
                    1,
                    0,
                )
            found[name] = {"id": ids[name], "reached": size, "classes": len(classes), **times}
        print(json.dumps(found))


if __name__ == "__main__":
    main()
