"""The port over Cypher: what was pushed to a server, asked there."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from types import TracebackType
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from matdeps.graph.errors import StoreUnavailableError
from matdeps.graph.image import KIND_CODES
from matdeps.graph.merge import sort_links
from matdeps.graph.model import Claim, GraphInfo, LinkFacts, NodeFacts, ProductionRow, Source, to_day
from matdeps.graph.neo4j import cypher, facts
from matdeps.graph.neo4j.content import LONGEST_TOKEN
from matdeps.graph.neo4j.reach import Ground, ServedReach, Surroundings, Walker
from matdeps.graph.neo4j.session import Ask, Row, Server
from matdeps.graph.neo4j.settings import Neo4jSettings
from matdeps.graph.neo4j.status import demand_complete, read_meta
from matdeps.graph.neo4j.values import POSITION_BITS, decode_link, list_codes
from matdeps.graph.reader import KIND_ORDER, Handles, Hop, Makers, NamedNode, Scope, Walk, Way
from matdeps.graph.schema import ORGANISATIONS, Confidence, Leave

T = TypeVar("T")
_CHUNK = 10_000
_KIND_RANKS = np.array([KIND_ORDER.index(name) for name in KIND_CODES], np.int8)
_LINK_DATES = "AND coalesce(r._from, $day) <= $day AND coalesce(r._to, $day) >= $day "
_NODE_DATES = "coalesce(n.valid_from, $as_of) <= $as_of AND coalesce(n.valid_to, $as_of) >= $as_of"


class Neo4jReader:
    """The port over a server. Safe to use from several threads; to be closed after use.

    It answers from the push that was there when it was opened: where another push has begun since, it says so.

    Parameters
    ----------
    settings
        Where the server is.

    Raises
    ------
    StoreError
        If the server holds no graph, or one of another layout.
    StoreUnavailableError
        If it cannot be reached, or the graph on it is incomplete.
    ConfigError
        If the server does not let the user in, or has no such database.
    """

    engine = "neo4j"

    def __init__(self, settings: Neo4jSettings) -> None:
        self._server = Server(settings)
        try:
            meta = demand_complete(self._server, read_meta(self._server))
        except BaseException:
            self._server.close()
            raise
        self._tag = meta["tag"]
        self._info = facts.make_info(meta)
        self._datasets = tuple(dataset.name for dataset in self._info.datasets)
        self._nodes: int = meta["nodes"]
        self._dates = _LINK_DATES if meta["dated"] else ""
        self._has_dated_inputs: bool = meta["dated_inputs"]
        ways: tuple[Way, ...] = ("down", "up")
        self._surroundings = {way: Surroundings(self._nodes, way, is_dated=meta["dated"]) for way in ways}
        self._organisations: NDArray[np.bool_] | None = None
        self._informed: dict[int, NDArray[np.bool_]] = {}
        self._names: list[tuple[str, NamedNode]] | None = None

    def close(self) -> None:
        """Close the connections."""
        self._server.close()

    def __enter__(self) -> "Neo4jReader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def get_info(self) -> GraphInfo:
        """Say what graph this is."""
        return self._info

    # -- nodes and names -------------------------------------------------------------------------------------------
    def find_handles(self, ids: Iterable[str]) -> dict[str, int]:
        """Find the handles of ids; ids that are not there are left out."""
        text = f"UNWIND $part AS id MATCH (n:{cypher.NODE} {{id: id}}) RETURN id, n._handle"
        found: dict[str, int] = {}
        for node_id, handle in self._ask_in_parts(text, sorted(set(ids))):
            found[node_id] = handle
        return found

    def find_named(self, folded: str) -> list[NamedNode]:
        """Find the nodes that have a name whose folded form is this, by handle."""
        if not folded:
            return []
        found = {named for name, named in self._search(_escape(folded[:LONGEST_TOKEN])) if name == folded}
        return sorted(found, key=lambda named: (named.node, named.how, named.text))

    def iter_names(self, prefix: str = "") -> Iterator[tuple[str, NamedNode]]:
        """Yield folded names that begin with a prefix, with their nodes."""
        if prefix:
            names = self._search(_escape(prefix[:LONGEST_TOKEN]) + "*")
            yield from _sort_names(entry for entry in names if entry[0].startswith(prefix))
            return
        if self._names is None:
            text = f"MATCH (n:{cypher.NODE}) WHERE n._handle >= $part[0] AND n._handle <= $part[1] "
            rows = self._ask_in_ranges(f"{text}RETURN collect([{facts.NAME_COLUMNS}])")
            self._names = _sort_names(entry for row in rows for entry in facts.make_names(row))
        yield from self._names

    def _search(self, query: str) -> list[tuple[str, NamedNode]]:
        text = f"CALL db.index.fulltext.queryNodes($index, $query) YIELD node AS n RETURN {facts.NAME_COLUMNS}"
        rows = self._ask(text, index=cypher.NAMES_INDEX, query=query)
        return [entry for row in rows for entry in facts.make_names(row)]

    def get_nodes(self, handles: Iterable[int]) -> list[NodeFacts]:
        """Get the facts of nodes, in the order asked."""
        wanted = [int(handle) for handle in handles]
        text = f"UNWIND $part AS h MATCH (n:{cypher.NODE} {{_handle: h}}) RETURN collect([{facts.NODE_COLUMNS}])"
        rows = (row for (part,) in self._ask_in_parts(text, sorted(set(wanted))) for row in part)
        found = {row[0]: facts.make_node(row, self._datasets) for row in rows}
        return [found[handle] for handle in wanted]

    def find_nodes(self, labels: Collection[str] | None, as_of: str) -> Handles:
        """Find nodes with one of the labels (None: all) that are valid on the day, sorted."""
        if labels is not None and not labels:
            return np.empty(0, np.int64)
        chosen = "" if labels is None else f"AND n:{cypher.make_labels(labels)} "
        rows = self._ask(f"MATCH (n:{cypher.NODE}) WHERE {_NODE_DATES} {chosen}RETURN collect(n._handle)", as_of=as_of)
        return np.sort(np.array(rows[0][0], np.int64))

    def get_kinds(self, handles: Handles) -> NDArray[np.int8]:
        """Get the kinds of nodes, as codes in the alphabetical order of the names of kinds."""
        if not len(handles):
            return np.empty(0, np.int8)
        text = f"UNWIND $part AS h MATCH (n:{cypher.NODE} {{_handle: h}}) RETURN collect(h), collect(n._kind)"
        unique, places = np.unique(handles, return_inverse=True)
        kinds = np.zeros(len(unique), np.int64)
        for found, codes in self._ask_in_parts(text, unique.tolist()):
            kinds[np.searchsorted(unique, np.array(found, np.int64))] = codes
        ranks: NDArray[np.int8] = _KIND_RANKS[kinds][places]
        return ranks

    # -- links -----------------------------------------------------------------------------------------------------
    def get_links(self, handles: Iterable[int]) -> list[LinkFacts]:
        """Get the facts of links, in the order asked."""
        wanted = [int(handle) for handle in handles]
        by_tail: dict[int, list[int]] = {}
        for handle in sorted(set(wanted)):
            by_tail.setdefault(handle >> POSITION_BITS, []).append(handle)
        text = (
            f"UNWIND $part AS p MATCH (a:{cypher.NODE} {{_handle: p[0]}})-[r:{cypher.ALL_LINKS}]->(b) "
            f"WHERE {facts.LINK_HANDLE} IN p[1] RETURN collect([{facts.LINK_COLUMNS}])"
        )
        parts = [[tail, links] for tail, links in by_tail.items()]
        found = {
            row[0]: facts.make_link(row, self._datasets) for (part,) in self._ask_in_parts(text, parts) for row in part
        }
        return [found[handle] for handle in wanted]

    def find_links(
        self,
        nodes: Iterable[int],
        *,
        out: bool,
        types: Collection[str] | None = None,
        as_of: str | None = None,
    ) -> list[LinkFacts]:
        """Find the links that leave (`out`) or reach nodes, by node, other end and key."""
        if types is not None and not types:
            return []
        chosen = cypher.ALL_LINKS if types is None else cypher.make_types(types)
        near, far = ("a", "b") if out else ("b", "a")
        arrow = f"-[r:{chosen}]->" if out else f"<-[r:{chosen}]-"
        dates = "" if as_of is None else self._dates
        text = (
            f"UNWIND $part AS h MATCH ({near}:{cypher.NODE} {{_handle: h}}){arrow}({far}) "
            f"WHERE r._rank IS NOT NULL {dates}RETURN collect([{facts.LINK_COLUMNS}])"
        )
        wanted = sorted({int(node) for node in nodes})
        day = None if as_of is None else to_day(as_of)
        rows = (row for (part,) in self._ask_in_parts(text, wanted, day=day) for row in part)
        return sort_links((facts.make_link(row, self._datasets) for row in rows), out=out)

    def find_hops(self, scope: Scope, *, among: Handles) -> list[Hop]:
        """Find the flow links that a scope lets walk between the given nodes, by handle."""
        nodes = np.unique(among).tolist()
        inside = set(nodes)
        text = (
            f"UNWIND $part AS h MATCH (a:{cypher.NODE} {{_handle: h}})-[r:{cypher.FLOW}]->(b) "
            f"WHERE r._code IN $codes {self._dates}"
            f"RETURN collect([{facts.LINK_HANDLE}, b._handle, type(r), r._code])"
        )
        codes = list_codes(views=range(scope.through + 1), confidence=scope.confidence, checked=scope.checked)
        day = to_day(scope.as_of)

        def work(ask: Ask) -> tuple[list[Row], NDArray[np.bool_] | None]:
            rows = []
            for part in _cut(nodes):
                # Whether the other end is inside is seen here: a list of many numbers is slow to look through there.
                found = ask(text, {"part": part, "codes": codes, "day": day})[0][0]
                rows += [row for row in found if row[1] in inside]
            return rows, self._find_informed(ask, day) if self._has_dated_inputs else None

        rows, informed = self._read(work)
        hops = []
        for handle, head, link_type, code in sorted(rows):
            surety, view, confidence, _, leave = decode_link(code)
            if informed is not None and link_type == "PRODUCES":
                leave = Leave.closed if informed[head] else Leave.uninformed
            hops.append(Hop(handle, handle >> POSITION_BITS, head, link_type, surety, view, confidence, leave))
        return hops

    def find_makers(self, items: Handles, scope: Scope, labels: Collection[str] | None = None) -> Makers:
        """Find who makes items, by item, then maker, then link."""
        chosen = "" if labels is None else f"AND a:{cypher.make_labels(labels)} "
        text = (
            f"UNWIND $part AS h MATCH (b:{cypher.NODE} {{_handle: h}})<-[r:PRODUCES]-(a) "
            f"WHERE r._code IN $codes AND coalesce(r.status, '') <> 'trader' {self._dates}{chosen}"
            f"RETURN collect(h), collect({facts.LINK_HANDLE}), collect(r.confidence)"
        )
        codes = list_codes(confidence=scope.confidence, checked=scope.checked)
        found = []
        if labels is None or labels:
            parts = self._ask_in_parts(text, np.unique(items).tolist(), codes=codes, day=to_day(scope.as_of))
            found = sorted(entry for part in parts for entry in zip(*part, strict=True))
        links = np.array([link for _, link, _ in found], np.int64)
        return Makers(
            links >> POSITION_BITS,
            np.array([item for item, _, _ in found], np.int64),
            links,
            np.array([Confidence[confidence] for _, _, confidence in found], np.int8),
        )

    # -- walks -----------------------------------------------------------------------------------------------------
    def reach(self, walk: Walk) -> Sequence[ServedReach]:
        """Walk, class by class, best class first."""

        def work(ask: Ask) -> list[ServedReach]:
            ground = Ground(self._find_organisations(ask), self._surroundings, self._has_dated_inputs)
            return list(Walker(ask, ground, walk, self._find_informed).run())

        return self._read(work)

    def _find_organisations(self, ask: Ask) -> NDArray[np.bool_]:
        if self._organisations is None:
            text = f"MATCH (n:{cypher.NODE}) WHERE n:{cypher.make_labels(ORGANISATIONS)} RETURN collect(n._handle)"
            self._organisations = self._mark(ask(text, {})[0][0])
        return self._organisations

    def _mark(self, handles: list[int]) -> NDArray[np.bool_]:
        marked = np.zeros(self._nodes, np.bool_)
        marked[np.array(handles, np.int64)] = True
        return marked

    def find_loopers(self, nodes: Handles) -> Handles:
        """Find the nodes that may lie on a loop of flow links; the others surely lie on none."""
        text = f"UNWIND $part AS h MATCH (n:{cypher.NODE} {{_handle: h}}) WHERE n._loops RETURN collect(h)"
        found = [handle for (part,) in self._ask_in_parts(text, np.unique(nodes).tolist()) for handle in part]
        loopers: Handles = nodes[np.isin(nodes, np.array(found, np.int64))]
        return loopers

    def count_without_upstream(self, nodes: Handles, scope: Scope) -> int:
        """Count the nodes that no flow link valid on the day reaches, and that make nothing themselves."""
        text = (
            f"UNWIND $part AS h MATCH (n:{cypher.NODE} {{_handle: h}}) "
            f"WHERE NOT EXISTS {{ (n)<-[r:{cypher.FLOW}]-() WHERE r._code IS NOT NULL {self._dates}}} "
            "AND NOT EXISTS { (n)-[r:PRODUCES]->() WHERE r._code IS NOT NULL "
            f"AND coalesce(r.status, '') <> 'trader' {self._dates}}} RETURN count(n)"
        )
        return sum(count for (count,) in self._ask_in_parts(text, nodes.tolist(), day=to_day(scope.as_of)))

    def _find_informed(self, ask: Ask, day: int) -> NDArray[np.bool_]:
        """Find which nodes, of those that somebody makes, have recorded inputs on a day."""
        if day not in self._informed:
            text = (
                f"MATCH ()-[p:PRODUCES]->(b:{cypher.NODE}) WHERE p._code IS NOT NULL WITH DISTINCT b "
                f"WHERE EXISTS {{ (b)<-[r:INPUT_TO]-() WHERE r._code IS NOT NULL {_LINK_DATES}}} "
                "RETURN collect(b._handle)"
            )
            self._informed[day] = self._mark(ask(text, {"day": day})[0][0])
        return self._informed[day]

    # -- the rest of the facts ---------------------------------------------------------------------------------------
    def get_sources(self, ids: Iterable[str]) -> dict[str, Source]:
        """Get sources by id."""
        text = f"UNWIND $part AS id MATCH (n:{cypher.SOURCE} {{id: id}}) RETURN {facts.SOURCE_COLUMNS}"
        found = [facts.make_source(row) for row in self._ask_in_parts(text, sorted(set(ids)))]
        return {source.id: source for source in sorted(found, key=lambda source: source.id)}

    def find_production(
        self, *, items: Collection[str] | None = None, countries: Collection[str] | None = None
    ) -> list[ProductionRow]:
        """Find production rows of items, or of all items that some row gives one of the countries."""
        wanted = set(items or ())
        if items is None and countries is not None:
            text = f"UNWIND $part AS c MATCH (n:{cypher.PRODUCTION} {{country: c}}) RETURN DISTINCT n.item"
            wanted = {item for (item,) in self._ask_in_parts(text, sorted(countries))}
        text = (
            f"UNWIND $part AS i MATCH (n:{cypher.PRODUCTION} {{item: i}}) RETURN n._order, {facts.PRODUCTION_COLUMNS}"
        )
        if items is None and countries is None:
            text = f"MATCH (n:{cypher.PRODUCTION}) RETURN n._order, {facts.PRODUCTION_COLUMNS}"
            return [facts.make_production(row[1:]) for row in sorted(self._ask(text), key=lambda row: row[0])]
        rows = sorted(self._ask_in_parts(text, sorted(wanted)), key=lambda row: row[0])
        return [facts.make_production(row[1:]) for row in rows]

    def find_claims(self) -> list[Claim]:
        """Get every claim, by id."""
        rows = self._ask(f"MATCH (n:{cypher.CLAIM}) RETURN {facts.CLAIM_COLUMNS}")
        return sorted((facts.make_claim(row) for row in rows), key=lambda claim: claim.id)

    # -- asking ----------------------------------------------------------------------------------------------------
    def _read(self, work: Callable[[Ask], T]) -> T:
        """Ask in one transaction, and make sure that all of it came from the push that was opened."""

        def run(ask: Ask) -> T:
            result = work(ask)
            rows = ask(f"MATCH (m:{cypher.META} {{id: 'graph'}}) RETURN m.tag, m.state", {})
            if rows != [[self._tag, "complete"]]:
                raise StoreUnavailableError(
                    f"the graph on {self._server.settings.describe()} was pushed anew while it was being read",
                    remedy="Ask again.",
                )
            return result

        return self._server.read_all(run)

    def _ask(self, text: str, **parameters: Any) -> list[Row]:
        return self._read(lambda ask: ask(text, parameters))

    def _ask_in_parts(self, text: str, values: Sequence[Any], **parameters: Any) -> list[Row]:
        """Ask about many values, some thousands at a time; `text` reads them from `$part`."""
        if not values:
            return []
        parts = _cut(values)
        return self._read(lambda ask: [row for part in parts for row in ask(text, {**parameters, "part": part})])

    def _ask_in_ranges(self, text: str) -> list[Row]:
        """Ask about all nodes, some thousands at a time; `text` reads the first and last handle from `$part`."""
        parts = [[start, start + _CHUNK - 1] for start in range(0, self._nodes, _CHUNK)]
        return self._read(lambda ask: [row for part in parts for row in ask(text, {"part": part})[0][0]])


def _cut(values: Sequence[Any]) -> list[Sequence[Any]]:
    return [values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK)]


def _escape(folded: str) -> str:
    """Escape a folded name for the query language of the full-text index."""
    return "".join(char if char.isalnum() else f"\\{char}" for char in folded)


def _sort_names(names: Iterable[tuple[str, NamedNode]]) -> list[tuple[str, NamedNode]]:
    return sorted(set(names), key=lambda entry: (entry[0], entry[1].node, entry[1].how, entry[1].text))
