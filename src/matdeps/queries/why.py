"""why: through which evidence paths does Y depend on X?"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from matdeps.graph.errors import ConfigError
from matdeps.graph.handles import sort_unique
from matdeps.graph.model import NodeFacts
from matdeps.graph.reader import Origin, Reader, Scope, Walk
from matdeps.graph.schema import ORGANISATIONS, Surety, View
from matdeps.queries.answer import Answer, HopRow
from matdeps.queries.exposure import By
from matdeps.queries.paths import FoundPath, Network, find_shortest, find_surest, make_network
from matdeps.queries.question import (
    Names,
    check_count,
    describe_scope,
    find_named,
    finish,
    make_scope,
    warn_of_date,
)
from matdeps.queries.rows import RowBuilder
from matdeps.queries.starts import Starts, find_starts
from matdeps.queries.unknowns import describe_restrictions, find_open_claims, find_stops


@dataclass(frozen=True, slots=True)
class PathRow:
    """One evidence path (`why`); `id` is the target's.

    Attributes
    ----------
    by
        shortest or surest: the ranking the row belongs to.
    length
        Flow hops.
    oldest
        Date of the stalest hop: each hop is as fresh as its newest dated source; None where none is dated.
    """

    id: str
    name: str
    kind: str
    rank: int
    by: str
    length: int
    certainty: str
    through: str
    minor: bool
    confidence: str
    unchecked: int
    oldest: str | None
    start: str
    path: tuple[HopRow, ...]


def run(
    reader: Reader,
    start: Names,
    target: str,
    *,
    k: int = 3,
    include_rollup: bool = False,
    by: By = "plant",
    as_of: str | date | None = None,
    through: str = "consumed",
    confidence: str = "inferred",
    checked: bool = False,
) -> Answer:
    """Find the evidence paths from some nodes to a target: the k shortest, then the k surest.

    Parameters
    ----------
    start
        Names of the nodes that the paths leave, or that stand for where they do.
    target
        Name of the node that they lead to.
    k
        Paths in each ranking, 1 or more.
    include_rollup
        Whether a control also stands for the elements that it is only said to be about.
    by
        Where the suppliers of a country stand: "plant" or "hq".
    as_of, through, confidence, checked
        The scope: see `question.make_scope`.

    Returns
    -------
    Answer
        Rows are `PathRow`: shortest by (class, hops, weakest hop, ids, keys), then surest by (certainty, weakest hop,
        hops that weak, hops, ids, keys). Paths have no loop and cross no other start.

    Raises
    ------
    UnknownNodeError, AmbiguousNodeError
        If a name has no node, or several.
    ConfigError
        If an option has a value that cannot be meant, or the target's name stands for several nodes.
    """
    check_count("k", k)
    scope = make_scope(as_of=as_of, through=through, confidence=confidence, checked=checked)
    named, ends = find_named(reader, start), find_named(reader, target)
    if len(ends.nodes) != 1:
        raise ConfigError(
            f"{target!r} stands for {len(ends.nodes)} nodes", remedy="A path leads to one: name it by its id."
        )
    end = ends.nodes[0]
    starts = find_starts(reader, named.nodes, scope, way="down", by=by, include_rollup=include_rollup)
    network = _make_network(reader, starts, end, scope)
    found = {
        "shortest": find_shortest(network, k, through=scope.through),
        "surest": find_surest(network, k, through=scope.through),
    }
    without = _find_without_path(reader, named.nodes, end, scope, by, include_rollup) if found["shortest"] else []
    builder = RowBuilder(reader, starts, way="down")
    builder.read([step.link for paths in found.values() for path in paths for step in path.steps], [end])
    rows = [
        _make_row(reader, builder, starts, path, end, rank, by_name)
        for by_name, paths in found.items()
        for rank, path in enumerate(paths, 1)
    ]
    asked = reader.get_nodes([*named.nodes, end])
    paths = found["shortest"]
    near = {node.handle: node.id for node in builder.nodes.values()}
    notes = [
        *warn_of_date(reader.get_info(), scope.as_of),
        *named.notes,
        *describe_restrictions(asked, scope.as_of),
    ]
    if 0 < len(paths) < k:
        notes.append(
            f"There {'is only 1 path' if len(paths) == 1 else f'are only {len(paths)} paths'}; {k} were asked for."
        )
    if without:
        notes.append(f"No path leads there from {', '.join(node.name for node in without)}.")
    first, last = named.ids[0], ends.ids[0]
    summary = {
        "paths": len(paths),
        "hits": len(rows),
        "starts": len(starts.by_node),
        "starts_without_path": [node.id for node in without],
        "notes": notes,
        "not_known": [*find_stops(reader, near, scope.as_of), *find_open_claims(reader, set(near.values()))],
        "next": [
            f"matdeps exposed {first} --as-of {scope.as_of}",
            f"matdeps depends {last} --as-of {scope.as_of}",
        ],
    }
    parameters = {
        "start": list(named.ids),
        "target": last,
        "k": k,
        "include_rollup": include_rollup,
        **describe_scope(scope),
        "by": by,
    }
    return finish(
        reader, "why", parameters, rows, summary, cited=builder.cited, named=[*asked, *builder.nodes.values()]
    )


def _find_without_path(
    reader: Reader, nodes: tuple[int, ...], end: int, scope: Scope, by: By, include_rollup: bool
) -> list[NodeFacts]:
    """Find which of several nodes asked about have no path to the target by themselves."""
    if len(nodes) < 2:
        return []
    without = []
    for node in nodes:
        alone = find_starts(reader, [node], scope, way="down", by=by, include_rollup=include_rollup)
        if not find_shortest(_make_network(reader, alone, end, scope), 1, through=scope.through):
            without.append(node)
    return reader.get_nodes(without)


def _make_network(reader: Reader, starts: Starts, end: int, scope: Scope) -> Network:
    """Collect the links between what the starts reach and what reaches the target."""
    # A start is reached only from itself, back to itself.
    walk = starts.make_walk(scope, "down", None, alone=end if end in starts.by_node else None)
    origins, down = walk.origins, reader.reach(walk)
    reached = sort_unique(np.concatenate([np.array([o.node for o in origins], np.int64), *(r.nodes for r in down)]))
    makers = reader.find_makers(reached, scope)
    mine = makers.makers == end
    ends = [end, *makers.items[mine].tolist()]
    up = reader.reach(Walk("up", tuple(Origin(node) for node in ends), scope))
    leading = sort_unique(np.concatenate([np.array(ends, np.int64), *(r.nodes for r in up)]))
    among = sort_unique(np.append(reached[np.isin(reached, leading)], end))
    hops = reader.find_hops(scope, among=among)
    nodes = among.tolist()
    organisations = {
        node for node, facts in zip(nodes, reader.get_nodes(nodes), strict=True) if facts.kind in ORGANISATIONS
    }
    making = zip(
        makers.items[mine].tolist(),
        makers.links[mine].tolist(),
        makers.confidence[mine].tolist(),
        strict=True,
    )
    return make_network(hops, origins, end, barred=starts.by_node.keys(), organisations=organisations, makers=making)


def _make_row(
    reader: Reader, builder: RowBuilder, starts: Starts, path: FoundPath, end: int, rank: int, by: str
) -> PathRow:
    links = [step.link for step in path.steps]
    is_possible = path.surety == Surety.possible
    hops, confidence = builder.make_path(path.start, links, possible=is_possible)
    facts = [builder.get_link(link) for link in links]
    target = builder.nodes[end]
    return PathRow(
        target.id,
        target.name,
        target.kind,
        rank,
        by,
        len(links),
        "possible" if is_possible else "definite",
        View(path.view).name,
        any(link.properties.get("criticality") == "minor" for link in facts),
        confidence.name,
        sum(not link.is_checked for link in facts),
        _find_oldest(reader, hops),
        starts.by_node[path.start].id,
        hops,
    )


def _find_oldest(reader: Reader, hops: tuple[HopRow, ...]) -> str | None:
    """Find the date of the stalest hop: each is as fresh as its newest dated source."""
    sources = reader.get_sources({source for hop in hops for source in hop.sources})
    newest = [
        max((sources[s].date for s in hop.sources if s in sources and sources[s].date), default="") for hop in hops
    ]
    return min((day for day in newest if day), default=None)
