"""One load as one commit: what a loader may write while it holds the store."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Any, TypeVar

from matdeps.graph.errors import ConfigError
from matdeps.graph.records import ClaimRecord, LinkRecord, NodeRecord, ProductionRecord, SourceRecord
from matdeps.graph.store_rows import LATEST
from matdeps.graph.tables import CURRENT_LOADS, FACT_TABLES

CHUNK = 20_000
"""Rows handed to SQLite at a time: enough to be fast, few enough to bound memory."""
LINKS_AT_ONCE = 40
"""Links to one INSERT: with their values it stays far below the limit of SQLite, also of older ones."""
FEW_LINKS = 200_000
"""Up to so many links in the store, an index over them is dropped for a load and made anew after it."""
T = TypeVar("T")
_LINK_COLUMNS = "tail, type, head, properties, confidence, sources, checked, derived, since"
LinkRow = tuple[int, str, int, str, str, str, int, int]
"""What the table of links holds of a link: keys of both ends, and 0 or 1 for checked and derived."""


def to_canonical_json(value: Any) -> str:
    """Write JSON the one way the store keeps it: sorted keys, characters as they are."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False)


class Transaction:
    """What may be written between `Store.write` and its commit; made by the store only.

    Attributes
    ----------
    has_changed
        Whether anything was written, so that the commit counts a generation.
    load
        Number of the load under way; None outside of one.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._keys: dict[str, int] = {}
        self._dropped: dict[str, str] = {}
        self._is_fresh = connection.execute("SELECT 1 FROM ids LIMIT 1").fetchone() is None
        self.present: dict[str, int] = {}
        """Keys of nodes known to be there now; those of other datasets only once they were asked for."""
        self._next_key = 1 + connection.execute("SELECT coalesce(max(key), 0) FROM ids").fetchone()[0]
        self._counts: dict[str, int] = {}
        self.has_changed = False
        self.load: int | None = None

    # -- loads --------------------------------------------------------------------------------------------
    def find_current_fingerprint(self, dataset: str) -> str | None:
        """Find the fingerprint of the input that a dataset was loaded from; None where it is not loaded."""
        for row in self._connection.execute(CURRENT_LOADS, {"load": LATEST}):
            if row[1] == dataset:
                return None if row[7] is None else str(row[7])
        return None

    def begin_load(
        self,
        dataset: str,
        *,
        loader: str,
        title: str = "",
        version: str = "",
        knowledge_until: str | None = None,
        fingerprint: str | None = None,
    ) -> int:
        """Begin a load of a dataset; what an earlier load of it brought is current no more.

        Parameters
        ----------
        knowledge_until
            ISO date; None where no source is dated.
        fingerprint
            Hash of the input, by which the same input is known again; None where there is none.

        Returns
        -------
        int
            Number of the load.
        """
        load = self._record("load", dataset, loader, title, version, knowledge_until, fingerprint)
        self._retire(dataset, load)
        self.load = load
        self._counts = dict.fromkeys(("nodes", "relationships", "sources", "production", "claims"), 0)
        return load

    def end_load(
        self,
        notices: Sequence[str] = (),
        *,
        knowledge_until: str | None = None,
        fingerprint: str | None = None,
    ) -> dict[str, int]:
        """End the load under way: write its counts and notices.

        Parameters
        ----------
        knowledge_until, fingerprint
            As for `begin_load`, where they are known only now; None leaves what was said then.

        Returns
        -------
        dict
            Rows written, by ``nodes``, ``relationships``, ``sources``, ``production``, ``claims``.
        """
        counts, load = self._counts, self._get_load()
        self._restore_indexes()
        notices = [*notices, *self._describe_dangling()]
        self._connection.execute(
            "UPDATE loads SET nodes = :nodes, relationships = :relationships, sources = :sources, "
            "production = :production, claims = :claims, notices = :notices, "
            "knowledge_until = coalesce(:knowledge_until, knowledge_until), "
            "fingerprint = coalesce(:fingerprint, fingerprint) WHERE load = :load",
            {
                **counts,
                "notices": json.dumps(notices, ensure_ascii=False),
                "knowledge_until": knowledge_until,
                "fingerprint": fingerprint,
                "load": load,
            },
        )
        self.load = None
        return counts

    def unload(self, dataset: str) -> int:
        """Take a dataset out; its rows stay as history.

        Returns
        -------
        int
            Number of the load that records it.

        Raises
        ------
        ConfigError
            No such dataset is loaded.
        """
        current = {row[1]: row for row in self._connection.execute(CURRENT_LOADS, {"load": LATEST})}
        if dataset not in current:
            loaded = ", ".join(current) or "none"
            raise ConfigError(f"no dataset is called {dataset!r}", remedy=f"Loaded: {loaded}. See: matdeps loads")
        _, _, loader, title, version, until, _, _ = current[dataset]
        load = self._record("unload", dataset, loader, title, version, until, None)
        self._retire(dataset, load)
        self._connection.execute(
            "UPDATE loads SET notices = ? WHERE load = ?",
            (json.dumps(self._describe_dangling(), ensure_ascii=False), load),
        )
        return load

    def _record(
        self,
        action: str,
        dataset: str,
        loader: str,
        title: str,
        version: str,
        until: str | None,
        mark: str | None,
    ) -> int:
        self.has_changed = True
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        cursor = self._connection.execute(
            "INSERT INTO loads (action, dataset, loader, title, version, knowledge_until, fingerprint, "
            "loaded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (action, dataset, loader, title, version, until, mark, now),
        )
        assert cursor.lastrowid is not None  # noqa: S101 - an INSERT into a rowid table has one
        return cursor.lastrowid

    def _retire(self, dataset: str, load: int) -> None:
        earlier = "SELECT load FROM loads WHERE dataset = :dataset AND action = 'load' AND load < :load"
        parameters = {"dataset": dataset, "load": load}
        if self._connection.execute(f"{earlier} LIMIT 1", parameters).fetchone() is None:
            return
        for table in FACT_TABLES:
            self._connection.execute(
                f"UPDATE {table} SET until = :load WHERE until IS NULL AND since IN ({earlier})", parameters
            )
        # What is there must be asked of the tables again.
        self.present.clear()
        self._is_fresh = False

    def _describe_dangling(self) -> list[str]:
        # Links of other datasets may lead to nodes that went with this one; they are not seen until those are back.
        retired = self._connection.execute("SELECT 1 FROM nodes WHERE until IS NOT NULL LIMIT 1").fetchone()
        if retired is None:
            return []
        rows = self._connection.execute(
            "SELECT dataset, count(*) FROM links JOIN loads ON load = since WHERE until IS NULL AND ("
            "NOT EXISTS (SELECT 1 FROM nodes WHERE nodes.key = tail AND nodes.until IS NULL) OR "
            "NOT EXISTS (SELECT 1 FROM nodes WHERE nodes.key = head AND nodes.until IS NULL)) "
            "GROUP BY dataset ORDER BY dataset"
        )
        return [
            f"{count} link{'s' if count != 1 else ''} of {name!r} lead to nodes that are gone; "
            "they are not shown until the nodes are back"
            for name, count in rows
        ]

    # -- rows ---------------------------------------------------------------------------------------------
    def add_sources(self, rows: Iterable[SourceRecord]) -> int:
        """Add sources.

        Returns
        -------
        int
            How many.
        """
        return self._insert(
            "INSERT INTO sources (id, title, publisher, date, url, kind, how_verified, since) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
            lambda row, load: (*row, load),
            "sources",
        )

    def add_nodes(self, rows: Iterable[NodeRecord]) -> int:
        """Add nodes, and index their names.

        Returns
        -------
        int
            How many.
        """
        from matdeps.graph.names import iter_record_names

        load, count = self._get_load(), 0
        if self._is_fresh:
            # Sorting the names once at the end is faster than keeping millions of them sorted all along.
            self._drop_index("names_by_folded")
        for chunk in _split(rows):
            new: list[tuple[int, str]] = []
            nodes: list[tuple[Any, ...]] = []
            names: list[tuple[str, int, str, str, int]] = []
            for row in chunk:
                key = self._intern(row.id, new)
                nodes.append(
                    (
                        key, row.kind, row.name, row.description,
                        json.dumps(list(row.aliases), ensure_ascii=False) if row.aliases else "[]",
                        to_canonical_json(row.attributes) if row.attributes else "{}",
                        row.valid_from, row.valid_to, "|".join(row.sources), load,
                    )
                )  # fmt: skip
                names.extend(
                    (folded, key, how, text, load)
                    for folded, how, text in iter_record_names(row.id, row.kind, row.name, row.aliases, row.attributes)
                )
                self.present[row.id] = key
            self._connection.executemany("INSERT INTO ids (key, id) VALUES (?, ?)", new)
            self._connection.executemany(
                "INSERT INTO nodes (key, kind, name, description, aliases, attributes, valid_from, valid_to, "
                "sources, since) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                nodes,
            )
            self._connection.executemany(
                "INSERT INTO names (folded, key, how, text, since) VALUES (?, ?, ?, ?, ?)", names
            )
            count += len(nodes)
        self._counts["nodes"] += count
        return count

    def add_links(self, rows: Iterable[LinkRecord]) -> int:
        """Add links between nodes that are there; both ends must have been seen as nodes once.

        Returns
        -------
        int
            How many.
        """
        return self.add_link_rows(self.to_link_row(row) for row in rows)

    def to_link_row(self, link: LinkRecord) -> LinkRow:
        """Turn a link into what its table holds; `KeyError` where an end never was a node."""
        tail, link_type, head, properties, confidence, sources, is_checked, is_derived = link
        return (
            self.get_key(tail),
            link_type,
            self.get_key(head),
            properties,
            confidence,
            sources,
            int(is_checked),
            int(is_derived),
        )

    def add_link_rows(self, rows: Iterable[LinkRow]) -> int:
        """Add links whose ends are known by key already: the way for millions of them.

        Returns
        -------
        int
            How many.
        """
        connection, load, total = self._connection, self._get_load(), 0
        if connection.execute("SELECT coalesce(max(link), 0) FROM links").fetchone()[0] <= FEW_LINKS:
            # Asking of each of millions of links whether it belongs into the index takes longer than to insert it.
            self._drop_index("links_without_loops")
        row_marks = f"(?, ?, ?, ?, ?, ?, ?, ?, {load})"
        for chunk in _split(rows):
            # Rows go in by the dozen: each statement has its price, too.
            whole = len(chunk) - len(chunk) % LINKS_AT_ONCE
            for count, part in ((LINKS_AT_ONCE, chunk[:whole]), (1, chunk[whole:])):
                values = list(chain.from_iterable(part))
                width = 8 * count
                sql = f"INSERT INTO links ({_LINK_COLUMNS}) VALUES {', '.join([row_marks] * count)}"
                connection.executemany(sql, (values[start : start + width] for start in range(0, len(values), width)))
            total += len(chunk)
        self._counts["relationships"] += total
        return total

    def add_production(self, rows: Iterable[ProductionRecord]) -> int:
        """Add production rows; the PRODUCED_IN links that they stand for are the loader's to add.

        Returns
        -------
        int
            How many.
        """
        return self._insert(
            "INSERT INTO production (item, stage, country, year, amount, unit, share, estimate, source, "
            "since) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
            lambda row, load: (*row[:7], int(row.is_estimate), row.source, load),
            "production",
        )

    def add_claims(self, rows: Iterable[ClaimRecord]) -> int:
        """Add claims.

        Returns
        -------
        int
            How many.
        """
        return self._insert(
            "INSERT INTO claims (id, text, status, nodes, sources, notes, since) VALUES (?, ?, ?, ?, ?, ?, ?)",
            rows,
            lambda row, load: (*row[:3], "|".join(row.nodes), "|".join(row.sources), row.notes, load),
            "claims",
        )

    # -- what is there ------------------------------------------------------------------------------------
    def find_key(self, node_id: str) -> int | None:
        """Find the number of a node that is there now, current in the store or added here; else None."""
        key = self.present.get(node_id)
        if key is None and not self._is_fresh:
            row = self._connection.execute(
                "SELECT key FROM ids JOIN nodes USING (key) WHERE id = ? AND until IS NULL LIMIT 1",
                (node_id,),
            ).fetchone()
            if row is not None:
                key = self._keys[node_id] = self.present[node_id] = int(row[0])
        return key

    def has_id(self, node_id: str) -> bool:
        """Say whether a node is there now: current in the store, or added by this transaction."""
        return self.find_key(node_id) is not None

    def find_source_checks(self, source_id: str) -> tuple[str, bool] | None:
        """Find the kind of a current source and whether somebody read it; None where there is none."""
        row = self._connection.execute(
            "SELECT kind, max(how_verified = 'read_in_search') FROM sources WHERE id = ? AND until IS NULL GROUP BY id",
            (source_id,),
        ).fetchone()
        return None if row is None else (str(row[0]), bool(row[1]))

    def find_sources_elsewhere(self, source_id: str) -> list[tuple[str, SourceRecord]]:
        """Find what other datasets have now under the id of a source: name of the dataset, and the source."""
        if self._is_fresh:
            return []
        rows = self._connection.execute(
            "SELECT dataset, id, sources.title, publisher, date, url, kind, how_verified FROM sources "
            "JOIN loads ON load = since WHERE id = ? AND until IS NULL AND since <> ? ORDER BY dataset",
            (source_id, self._get_load()),
        )
        return [(row[0], SourceRecord(*row[1:])) for row in rows]

    def iter_current_ends(self, link_type: str) -> Iterator[tuple[str, str]]:
        """Yield the ids at the ends of the current links of a type that may form no loop."""
        self._restore_indexes()
        cursor = self._connection.execute(
            "SELECT t.id, h.id FROM links JOIN ids AS t ON t.key = tail JOIN ids AS h ON h.key = head "
            "WHERE type = ? AND type IN ('MEMBER_OF', 'IS_A', 'OWNED_BY') AND until IS NULL",
            (link_type,),
        )
        return ((tail, head) for tail, head in cursor)

    def get_key(self, node_id: str) -> int:
        """Get the number under which an id is interned; `KeyError` where no node ever had it."""
        key = self._keys.get(node_id)
        if key is None:
            row = self._connection.execute("SELECT key FROM ids WHERE id = ?", (node_id,)).fetchone()
            if row is None:
                raise KeyError(node_id)
            key = self._keys[node_id] = int(row[0])
        return key

    def _intern(self, node_id: str, new: list[tuple[int, str]]) -> int:
        key = self._keys.get(node_id)
        if key is None and not self._is_fresh:
            row = self._connection.execute("SELECT key FROM ids WHERE id = ?", (node_id,)).fetchone()
            key = None if row is None else int(row[0])
        if key is None:
            key = self._next_key
            self._next_key += 1
            new.append((key, node_id))
        self._keys[node_id] = key
        return key

    def _get_load(self) -> int:
        if self.load is None:
            raise RuntimeError("no load has begun")
        return self.load

    def _drop_index(self, name: str) -> None:
        """Drop an index until the end of the load, once."""
        if name not in self._dropped:
            row = self._connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()
            if row is None:
                return  # a damaged store; `check` says so
            self._dropped[name] = str(row[0])
            self._connection.execute(f"DROP INDEX {name}")

    def _restore_indexes(self) -> None:
        while self._dropped:
            self._connection.execute(self._dropped.popitem()[1])

    def _insert(self, sql: str, rows: Iterable[T], flatten: Callable[[T, int], tuple[Any, ...]], count: str) -> int:
        load, total = self._get_load(), 0
        for chunk in _split(rows):
            self._connection.executemany(sql, [flatten(row, load) for row in chunk])
            total += len(chunk)
        self._counts[count] += total
        return total


def _split(rows: Iterable[T]) -> Iterator[list[T]]:
    """Cut rows into chunks without holding more than one."""
    iterator = iter(rows)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk
