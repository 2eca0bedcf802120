"""Pushing a store to a server: merged in batches, tagged, and cleaned of what an earlier push left."""

import time
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any

from matdeps.graph.errors import StoreConflictError, TooMuchMemoryError
from matdeps.graph.neo4j import cypher
from matdeps.graph.neo4j.content import Content
from matdeps.graph.neo4j.session import Server
from matdeps.graph.neo4j.settings import Neo4jSettings

if TYPE_CHECKING:
    from matdeps.graph.store import Store

FORMAT = 1
"""Number of the layout on the server; a reader refuses another one."""
SMALLEST_BATCH = 50
Progress = Callable[[str, int, int], None]
"""Called with what is pushed (nodes, relationships, ...), how many are done, and how many there are."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PushReport:
    """What a push did.

    Attributes
    ----------
    tag
        Name of this push; everything that it owns carries it.
    removed_nodes, removed_relationships
        What an earlier push had left and this one does not hold.
    given_up
        Nodes no longer held that stayed, without our labels, because other links hold on to them.
    seconds
        Wall-clock time.
    """

    tag: str
    server: str
    graph: str
    version: str
    nodes: int
    relationships: int
    sources: int
    claims: int
    production: int
    removed_nodes: int
    removed_relationships: int
    given_up: int
    seconds: float


def push(store: "Store", settings: Neo4jSettings, progress: Progress | None = None) -> PushReport:
    """Push a store, as it is now, to a server; what the server held of an earlier push is brought in line.

    Only nodes with the labels of `cypher.OWNED`, and links with a tag of ours, are ever changed or deleted. A push that
    dies is completed by the next; until then the server says that it is incomplete, and no reader answers from it.

    Parameters
    ----------
    progress
        Called after each batch.

    Raises
    ------
    ConfigError
        Wrong address, user, password or database.
    StoreUnavailableError
        The server cannot be reached, for longer than `session.RETRY_SECONDS`.
    StoreConflictError
        Another push began meanwhile.
    StoreError
        The user may not write, the server is too old, or it allows too little memory.
    """
    began = time.monotonic()
    with Server(settings) as server, store.snapshot() as generation:
        content = Content(store, generation)
        pusher = _Pusher(server, content, progress)
        with pusher:
            counts = pusher.run()
        return PushReport(
            tag=pusher.tag,
            server=server.version,
            graph=content.info.name,
            version=content.info.version,
            **counts,
            seconds=time.monotonic() - began,
        )


class _Pusher:
    """One push. While the server works on a batch, the next one is made."""

    def __init__(self, server: Server, content: Content, progress: Progress | None) -> None:
        self.server, self.content, self.progress = server, content, progress
        self.tag = uuid.uuid4().hex
        self._size = cypher.BATCH_ROWS
        self._pool = ThreadPoolExecutor(1, "matdeps-push")
        self._under_way: Future[None] | None = None
        self._done: dict[str, int] = {}
        self._totals: dict[str, int] = {}

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def run(self) -> dict[str, int]:
        content = self.content
        self._make_schema()
        about = {**content.describe(), "format": FORMAT, "tag": self.tag, "state": "pushing"}
        about["pushed_at"] = datetime.now(UTC).isoformat(timespec="seconds")
        # One statement: of two pushes that begin together the later one finds itself alone in the meta node.
        self.server.write(
            f"MERGE (m:{cypher.META} {{id: 'graph'}}) SET m = $about, m.id = 'graph', m.name = $name",
            about=about,
            name=f"matdeps {content.info.name}",
        )
        sources, claims, production = content.list_sources(), content.list_claims(), content.list_production()
        self._totals = {
            "sources": len(sources),
            "nodes": content.info.nodes,
            "claims": len(claims),
            "production": len(production),
            "relationships": content.info.relationships,
        }
        self._send_all("sources", ((cypher.merge_others(cypher.SOURCE), row) for row in sources))
        stated: list[Row] = []
        self._send_all("nodes", self._iter_nodes(stated))
        self._send_all("claims", ((cypher.merge_others(cypher.CLAIM), row) for row in claims))
        self._send_all("production", ((cypher.merge_others(cypher.PRODUCTION), row) for row in production))
        # Nodes of an earlier push go before links are merged: both ends are found by their new handles.
        removed = {"links": 0, "nodes": 0, "given up": 0}
        self._demand_turn()
        for what, text in cypher.list_removals():
            removed[what] += self._count(self.server.run_batches(text, tag=self.tag))
        self._send_all("relationships", ((cypher.merge_links(name), row) for name, row in content.iter_links()))
        for name in cypher.AUXILIARY:
            rows = {"node": stated, "claim": claims, "production": production}[name.partition("_")[0]]
            text = cypher.merge_auxiliary(name)
            self._send_all(name, ((text, row) for row in content.list_auxiliary(name, rows)), name=name)
        self._demand_turn()
        removed["links"] += self._count(self.server.run_batches(cypher.REMOVE_LINKS, tag=self.tag))
        self._finish(len(sources), len(claims), len(production))
        return {
            **{name: self._totals[name] for name in ("nodes", "relationships", "sources", "claims", "production")},
            "removed_nodes": removed["nodes"],
            "removed_relationships": removed["links"],
            "given_up": removed["given up"],
        }

    def _make_schema(self) -> None:
        """Make the constraints and indexes that are missing."""
        there = {
            name for text in ("SHOW INDEXES", "SHOW CONSTRAINTS") for (name,) in self.server.read(f"{text} YIELD name")
        }
        missing = [text for name, text in cypher.list_schema() if name not in there]
        for text in missing:
            self.server.write(text)
        if missing:
            self.server.write("CALL db.awaitIndexes(300)")

    def _iter_nodes(self, stated: list[Row]) -> Iterable[tuple[str, Row]]:
        texts: dict[frozenset[str], str] = {}
        for labels, row in self.content.iter_nodes():
            kinds = frozenset(labels)
            if kinds not in texts:
                texts[kinds] = cypher.merge_nodes(kinds)
            if row["sources"]:
                stated.append({"id": row["id"], "name": row["name"], "sources": row["sources"]})
            yield texts[kinds], row

    # -- sending ---------------------------------------------------------------------------------------------------
    def _send_all(self, what: str, rows: Iterable[tuple[str, Row]], **parameters: Any) -> None:
        """Send rows in batches, one statement each; rows of one statement are gathered until a batch is full."""
        waiting: dict[str, list[Row]] = {}
        for text, row in rows:
            batch = waiting.setdefault(text, [])
            batch.append(row)
            if len(batch) >= cypher.BATCH_ROWS:
                self._submit(what, text, waiting.pop(text), parameters)
        for text, batch in waiting.items():
            self._submit(what, text, batch, parameters)
        self._wait()

    def _submit(self, what: str, text: str, batch: list[Row], parameters: Row) -> None:
        self._wait()
        self._under_way = self._pool.submit(self._send, what, text, batch, parameters)

    def _wait(self) -> None:
        under_way, self._under_way = self._under_way, None
        if under_way is not None:
            under_way.result()

    def _send(self, what: str, text: str, batch: list[Row], parameters: Row) -> None:
        start = 0
        while start < len(batch):
            part = batch[start : start + self._size]
            try:
                self.server.write(text, rows=part, tag=self.tag, **parameters)
            except TooMuchMemoryError:
                if self._size <= SMALLEST_BATCH:
                    raise
                self._size = max(self._size // 4, SMALLEST_BATCH)
                continue
            start += len(part)
        self._done[what] = self._done.get(what, 0) + len(batch)
        if self.progress is not None and what in self._totals:
            self.progress(what, self._done[what], self._totals[what])

    # -- the meta node ---------------------------------------------------------------------------------------------
    def _demand_turn(self) -> None:
        """Make sure that no other push began meanwhile: two would take each other's nodes for old ones."""
        rows = self.server.read(f"MATCH (m:{cypher.META} {{id: 'graph'}}) RETURN m.tag")
        if rows != [[self.tag]]:
            raise self._make_conflict()

    def _finish(self, sources: int, claims: int, production: int) -> None:
        done = self.server.write(
            f"MATCH (m:{cypher.META} {{id: 'graph', tag: $tag}}) SET m.state = 'complete', m.sources = $sources, "
            "m.claims = $claims, m.production = $production RETURN count(m)",
            tag=self.tag,
            sources=sources,
            claims=claims,
            production=production,
        )
        if done != [[1]]:
            raise self._make_conflict()

    def _make_conflict(self) -> StoreConflictError:
        where = self.server.settings.describe()
        return StoreConflictError(f"another push to {where} began meanwhile", remedy="Push again when it has ended.")

    @staticmethod
    def _count(rows: list[list[Any]]) -> int:
        return int(rows[0][0]) if rows else 0
