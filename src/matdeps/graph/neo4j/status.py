"""What a server holds, and how it differs from a store."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from matdeps.graph.errors import StoreError, StoreUnavailableError
from matdeps.graph.neo4j import cypher
from matdeps.graph.neo4j.content import Content
from matdeps.graph.neo4j.push import FORMAT
from matdeps.graph.neo4j.session import Server
from matdeps.graph.neo4j.settings import Neo4jSettings
from matdeps.graph.neo4j.values import HANDLE_MASK, POSITION_BITS
from matdeps.graph.schema import KINDS

if TYPE_CHECKING:
    from matdeps.graph.store import Store

_CHUNK = 10_000
_KIND_OF_LABEL = {kind.label: kind.name for kind in KINDS.values()}
_MOST_NAMED = 100
"""Of so many differences the properties are named."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Neo4jStatus:
    """What a server holds.

    Attributes
    ----------
    state
        ``empty``: nothing of ours; ``incomplete``: a push is under way, or died; ``complete``.
    server
        Version of the server.
    graph, version, generation, pushed_at, tag
        Of the last push; None where there is none.
    nodes, relationships, sources, claims, production
        Counted on the server.
    expected_nodes, expected_relationships
        What the last push announced; None where there is none.
    other_nodes
        Nodes that are not ours.
    """

    state: Literal["empty", "incomplete", "complete"]
    server: str
    uri: str
    database: str | None
    graph: str | None
    version: str | None
    store_id: str | None
    generation: int | None
    pushed_at: str | None
    tag: str | None
    nodes: int
    relationships: int
    sources: int
    claims: int
    production: int
    expected_nodes: int | None
    expected_relationships: int | None
    other_nodes: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A way in which a server differs from a store.

    Attributes
    ----------
    what
        ``graph``, ``node``, ``relationship``, ``source``, ``claim`` or ``production row``.
    name
        Id, or tail, type and head.
    how
        ``missing`` on the server, ``extra`` there, or ``different`` in the named properties.
    """

    what: str
    name: str
    how: Literal["missing", "extra", "different"]
    properties: tuple[str, ...] = ()


def read_meta(server: Server) -> Row | None:
    """Read the meta node of a server; None where nothing was pushed.

    Raises
    ------
    StoreError
        If the graph was pushed by a matdeps with another layout.
    """
    rows = server.read(f"MATCH (m:{cypher.META} {{id: 'graph'}}) RETURN properties(m)")
    if not rows:
        return None
    meta: Row = rows[0][0]
    if meta.get("format") != FORMAT:
        raise StoreError(
            f"the graph on {server.settings.describe()} has format {meta.get('format')}; this matdeps reads {FORMAT}",
            remedy="Push again: matdeps neo4j push",
        )
    return meta


def demand_complete(server: Server, meta: Row | None) -> Row:
    """Get the meta node of a complete graph.

    Raises
    ------
    StoreError
        If nothing was pushed.
    StoreUnavailableError
        If a push is under way, or died.
    """
    where = server.settings.describe()
    if meta is None:
        raise StoreError(f"{where} holds no matdeps graph", remedy="Push one: matdeps neo4j push")
    if meta["state"] != "complete":
        raise StoreUnavailableError(
            f"the graph on {where} is incomplete: the push that began at {meta['pushed_at']} is under way, or died",
            remedy="Wait for it, or push again: matdeps neo4j push",
        )
    return meta


def status(settings: Neo4jSettings) -> Neo4jStatus:
    """Say what a server holds.

    Raises
    ------
    StoreUnavailableError, ConfigError, StoreError
        If the server cannot be asked.
    """
    with Server(settings) as server:
        meta = read_meta(server)
        counts = [server.read(f"MATCH (n:{label}) RETURN count(n)")[0][0] for label in cypher.OWNED]
        links = server.read(f"MATCH ()-[r:{cypher.ALL_LINKS}]->() WHERE r._tag IS NOT NULL RETURN count(r)")[0][0]
        total = server.read("MATCH (n) RETURN count(n)")[0][0]
        about = meta or {}
        return Neo4jStatus(
            state="empty" if meta is None else "complete" if meta["state"] == "complete" else "incomplete",
            server=server.version,
            uri=settings.uri,
            database=settings.database,
            graph=about.get("graph"),
            version=about.get("version"),
            store_id=about.get("store_id"),
            generation=about.get("generation"),
            pushed_at=about.get("pushed_at"),
            tag=about.get("tag"),
            nodes=counts[0],
            relationships=links,
            sources=counts[1],
            claims=counts[2],
            production=counts[3],
            expected_nodes=about.get("nodes"),
            expected_relationships=about.get("relationships"),
            other_nodes=total - sum(counts) - (meta is not None),
        )


def check(store: "Store", settings: Neo4jSettings) -> list[Difference]:
    """Compare a server with a store: every node, link, source, claim and production row, with every property.

    Returns
    -------
    list of Difference
        Empty where the server holds what a push would write.

    Raises
    ------
    StoreUnavailableError
        If a push is under way, or died.
    StoreError
        If nothing was pushed, or the server cannot be asked.
    """
    with Server(settings) as server, store.snapshot() as generation:
        meta = demand_complete(server, read_meta(server))
        content = Content(store, generation)
        found = [
            Difference("graph", name, "different", (name,))
            for name, value in content.describe().items()
            if meta.get(name) != value
        ]
        for what, label, rows in (
            ("source", cypher.SOURCE, content.list_sources()),
            ("claim", cypher.CLAIM, content.list_claims()),
            ("production row", cypher.PRODUCTION, content.list_production()),
            ("node", cypher.NODE, _iter_expected_nodes(content)),
        ):
            found += _compare(
                what,
                _iter_nodes(server, label),
                ((row["id"], row["id"], row) for row in rows),
                partial(_fetch_node, server, label),
            )
        ids = content.get_ids()
        expected = (
            (
                str(row["p"]["_rank"] & HANDLE_MASK),
                f"{ids[row['a']]} {name} {ids[row['b']]}",
                {**row["p"], "a": row["a"], "b": row["b"]},
            )
            for name, row in content.iter_links()
        )
        found += _compare("relationship", _iter_links(server, len(ids)), expected, partial(_fetch_link, server))
    return found


def _iter_expected_nodes(content: Content) -> Iterator[Row]:
    for labels, row in content.iter_nodes():
        yield {**row, "labels": sorted(labels)}


def _iter_nodes(server: Server, label: str) -> Iterator[tuple[str, str, Row]]:
    last = ""
    while True:
        rows = server.read(
            f"MATCH (n:{label}) WHERE n.id > $last RETURN properties(n), labels(n) ORDER BY n.id LIMIT {_CHUNK}",
            last=last,
        )
        for properties, labels in rows:
            last = properties["id"]
            yield last, last, _add_labels(label, properties, labels)
        if len(rows) < _CHUNK:
            return


def _add_labels(label: str, properties: Row, labels: list[str]) -> Row:
    if label != cypher.NODE:
        return properties
    return {**properties, "labels": sorted(_KIND_OF_LABEL[name] for name in labels if name in _KIND_OF_LABEL)}


def _fetch_node(server: Server, label: str, key: str) -> Row:
    properties, labels = server.read(f"MATCH (n:{label} {{id: $id}}) RETURN properties(n), labels(n)", id=key)[0]
    return _add_labels(label, properties, labels)


_LINK = (
    f"MATCH (a:{cypher.NODE} {{_handle: h}})-[r:{cypher.ALL_LINKS}]->(b) WHERE r._tag IS NOT NULL {{}}"
    "RETURN properties(r), a._handle, b._handle, a.id, type(r), b.id"
)


def _iter_links(server: Server, count: int) -> Iterator[tuple[str, str, Row]]:
    for start in range(0, count, 2000):
        text = "UNWIND range($start, $end) AS h " + _LINK.replace("{}", "")
        for row in server.read(text, start=start, end=min(start + 2000, count) - 1):
            properties, tail, head, tail_id, name, head_id = row
            yield (
                str((properties.get("_rank") or 0) & HANDLE_MASK),
                f"{tail_id} {name} {head_id}",
                {**properties, "a": tail, "b": head},
            )


def _fetch_link(server: Server, key: str) -> Row:
    text = "WITH $tail AS h " + _LINK.replace("{}", f"AND r._rank % {HANDLE_MASK + 1} = $link ")
    properties, tail, head, *_ = server.read(text, tail=int(key) >> POSITION_BITS, link=int(key))[0]
    return {**properties, "a": tail, "b": head}


def _compare(
    what: str,
    there: Iterator[tuple[str, str, Row]],
    expected: Iterator[tuple[str, str, Row]],
    fetch: Callable[[str], Row],
) -> list[Difference]:
    """Compare by digests, so that a large graph fits into memory; what differs is fetched again to be named."""
    held: dict[str, tuple[str, bytes]] = {}
    extra: list[Difference] = []
    for key, name, values in there:
        if key in held:
            extra.append(Difference(what, name, "extra"))
        held[key] = (name, _digest(values))
    found: list[Difference] = []
    named = 0
    for key, name, values in expected:
        entry = held.pop(key, None)
        if entry is None:
            found.append(Difference(what, name, "missing"))
        elif entry[1] != _digest(values):
            named += 1
            properties = _name_different(values, fetch(key)) if named <= _MOST_NAMED else ()
            found.append(Difference(what, name, "different", properties))
    return found + extra + [Difference(what, name, "extra") for name, _ in held.values()]


def _digest(values: Row) -> bytes:
    text = json.dumps(_get_told(values), ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()


def _get_told(values: Row) -> Row:
    """Get the properties that a push decides; the tag is a new one each time."""
    return {name: value for name, value in values.items() if name != "_tag" and value is not None}


def _name_different(mine: Row, theirs: Row) -> tuple[str, ...]:
    mine, theirs = _get_told(mine), _get_told(theirs)
    return tuple(sorted(name for name in mine.keys() | theirs.keys() if mine.get(name) != theirs.get(name)))
