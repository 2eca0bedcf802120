"""The reading half of the store: rows that are current now, or were after an earlier load."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from matdeps.graph.errors import StoreError
from matdeps.graph.model import Claim, ProductionRow, Source
from matdeps.graph.schema import KINDS, LINK_TYPES, Confidence
from matdeps.graph.tables import FACT_TABLES, LINK_COLUMNS, NODE_COLUMNS

LATEST = 2**62
"""A load later than every load."""
_BATCH = 500
_PRODUCTION = "item, stage, country, year, amount, unit, share, estimate, source"
# A user's own dataset has the last word over the reference, whichever was loaded first.
_PRECEDENCE = "loads.dataset = 'reference', loads.dataset"
_CONFIDENCES = frozenset(level.name for level in Confidence)


def demand_json(column: str, shape: str) -> str:
    """Say in SQL whether a column holds JSON of a shape: ``object`` or ``array``."""
    return f"CASE WHEN json_valid({column}) THEN json_type({column}) = '{shape}' ELSE 0 END"


def demand_day(column: str) -> str:
    """Say in SQL whether a column holds an ISO date, or nothing."""
    # Adding no day makes SQLite count: the date alone would pass a 30th of February on as it is.
    return f"({column} IS NULL OR date({column}, '+0 days') IS {column})"


_IS_NODE = " AND ".join(
    (
        demand_json("aliases", "array"),
        demand_json("attributes", "object"),
        demand_day("nodes.valid_from"),
        demand_day("nodes.valid_to"),
    )
)
_IS_LINK = (
    f"CASE WHEN NOT ({demand_json('properties', 'object')}) THEN 0 WHEN instr(properties, '\"valid_') = 0 THEN 1 ELSE "
    + " AND ".join(demand_day(f"json_extract(properties, '$.{name}')") for name in ("valid_from", "valid_to"))
    + " END"
)


class NodeRow(NamedTuple):
    """A row of the table of nodes, with its id and its dataset; lists and objects are JSON text."""

    node: int
    key: int
    id: str
    kind: str
    name: str
    description: str
    aliases: str
    attributes: str
    valid_from: str | None
    valid_to: str | None
    sources: str
    since: int
    dataset: str


class LinkRow(NamedTuple):
    """A row of the table of links, with its dataset; `tail` and `head` are keys of ids."""

    link: int
    tail: int
    type: str
    head: int
    properties: str
    confidence: str
    sources: str
    checked: int
    derived: int
    since: int
    dataset: str


class StoredRows:
    """What can be read from the tables; `load` is a load's number: as it was after that load (None: now)."""

    def _read(self, sql: str, parameters: Any = ()) -> Iterator[tuple[Any, ...]]:
        raise NotImplementedError

    def _make_damage_error(self, text: str) -> StoreError:
        raise NotImplementedError

    # -- in bulk ------------------------------------------------------------------------------------------
    def iter_nodes(
        self, load: int | None = None, *, columns: Sequence[str] = NODE_COLUMNS
    ) -> Iterator[tuple[Any, ...]]:
        """Yield nodes, one a dataset that has it, in order of entry.

        Parameters
        ----------
        columns
            What the tuples hold, among `tables.NODE_COLUMNS`: ``node`` is the number of the row, ``key`` that of
            the id.
        """
        current, parameters = _current("nodes", load)
        yield from self._read(f"SELECT {_node_columns(columns)} WHERE {current} ORDER BY node", parameters)

    def iter_links(
        self, load: int | None = None, *, columns: Sequence[str] = LINK_COLUMNS
    ) -> Iterator[tuple[Any, ...]]:
        """Yield links whose two ends are there, one a dataset that has it, in order of entry.

        Parameters
        ----------
        columns
            What the tuples hold, among `tables.LINK_COLUMNS`: ``link`` is the number of the row, ``tail`` and
            ``head`` are keys of ids.
        """
        _demand_columns(columns, LINK_COLUMNS)
        current, parameters = _current("links", load)
        sql = f"SELECT {', '.join(columns)} FROM links WHERE {current}"
        if next(self._read("SELECT count(*) > count(DISTINCT dataset) FROM loads"))[0]:
            # The dataset that brought an end may have gone without the one that brought the link.
            end, _ = _current("nodes", load)
            sql += "".join(
                f" AND EXISTS (SELECT 1 FROM nodes WHERE key = {side} AND {end})" for side in ("tail", "head")
            )
        yield from self._read(f"{sql} ORDER BY link", parameters)

    def iter_ids(self) -> Iterator[tuple[int, str]]:
        """Yield every id that was ever a node's, with its key, by key."""
        yield from self._read("SELECT key, id FROM ids ORDER BY key")

    # -- by key -------------------------------------------------------------------------------------------
    def find_keys(self, ids: Iterable[str]) -> dict[str, int]:
        """Find the keys of ids; ids that no node ever had are left out."""
        found: dict[str, int] = {}
        for names, marks in _batches(ids):
            found.update(
                (row[0], row[1]) for row in self._read(f"SELECT id, key FROM ids WHERE id IN ({marks})", names)
            )
        return found

    def find_node_rows(self, keys: Iterable[int], load: int | None = None) -> dict[int, list[NodeRow]]:
        """Find the rows of nodes by key: one a dataset, in the order in which datasets have the last word.

        That order is by name of the dataset, the reference last; keys without a row are left out.

        Raises
        ------
        StoreError
            A row holds what no load writes.
        """
        current, parameters = _current("nodes", load)
        columns = _node_columns(NODE_COLUMNS, f", loads.dataset, {_IS_NODE}", " JOIN loads ON loads.load = nodes.since")
        found: dict[int, list[NodeRow]] = {}
        for names, marks in _batches(keys):
            sql = f"SELECT {columns} WHERE {current} AND key IN ({marks}) ORDER BY {_PRECEDENCE}"
            for row in self._read(sql, {**parameters, **names}):
                made = NodeRow(*row[:-1])
                if not row[-1] or made.kind not in KINDS:
                    raise self._make_damage_error(f"the node {made.id!r} cannot be read")
                found.setdefault(made.key, []).append(made)
        return found

    def find_link_rows(self, links: Iterable[int]) -> dict[int, LinkRow]:
        """Find rows of links by the number of the row, current or not; numbers without a row are left out.

        Raises
        ------
        StoreError
            A row holds what no load writes.
        """
        columns = ", ".join(f"links.{name}" for name in LINK_COLUMNS)
        found: dict[int, LinkRow] = {}
        for names, marks in _batches(links):
            sql = f"SELECT {columns}, dataset, {_IS_LINK} FROM links JOIN loads ON load = since WHERE link IN ({marks})"
            for row in self._read(sql, names):
                made = LinkRow(*row[:-1])
                if not row[-1] or made.type not in LINK_TYPES or made.confidence not in _CONFIDENCES:
                    raise self._make_damage_error(f"the link in row {made.link} cannot be read")
                found[made.link] = made
        return found

    def find_properties(self, links: Iterable[int]) -> dict[int, str]:
        """Find the properties of links, as JSON text, by the number of the row."""
        found: dict[int, str] = {}
        for names, marks in _batches(links):
            rows = self._read(f"SELECT link, properties FROM links WHERE link IN ({marks})", names)
            found.update((row[0], row[1]) for row in rows)
        return found

    # -- names --------------------------------------------------------------------------------------------
    def find_names(self, folded: str, load: int | None = None) -> list[tuple[int, str, str]]:
        """Find who has a name: key, how, text; in that order, each once."""
        current, parameters = _current("names", load)
        rows = self._read(
            f"SELECT DISTINCT key, how, text FROM names WHERE folded = :folded AND {current} ORDER BY key, how, text",
            {**parameters, "folded": folded},
        )
        return [(key, how, text) for key, how, text in rows]

    def iter_names(self, prefix: str = "", load: int | None = None) -> Iterator[tuple[str, int, str, str]]:
        """Yield names that begin with a folded prefix: folded, key, how, text; in that order, each once."""
        current, parameters = _current("names", load)
        if prefix:
            current += " AND folded >= :prefix AND substr(folded, 1, :length) = :prefix"
            parameters |= {"prefix": prefix, "length": len(prefix)}
            if ord(prefix[-1]) < 0xD7FF:
                # The range lets the index do the work; beyond it the next number may be no character.
                current += " AND folded < :after"
                parameters["after"] = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        sql = f"SELECT DISTINCT folded, key, how, text FROM names WHERE {current}"
        yield from self._read(f"{sql} ORDER BY folded, key, how, text", parameters)

    # -- the rest of the facts ----------------------------------------------------------------------------
    def find_sources(self, ids: Iterable[str] | None = None, load: int | None = None) -> dict[str, Source]:
        """Find sources by id (None: all), sorted; the last word as for nodes where datasets share an id."""
        current, parameters = _current("sources", load)
        sql = (
            "SELECT id, sources.title, publisher, date, url, kind, how_verified "
            f"FROM sources JOIN loads ON loads.load = sources.since WHERE {current}"
        )
        found: dict[str, Source] = {}
        for names, marks in [({}, "")] if ids is None else _batches(ids):
            chosen = f" AND id IN ({marks})" if ids is not None else ""
            for row in self._read(f"{sql}{chosen} ORDER BY {_PRECEDENCE}", {**parameters, **names}):
                found.setdefault(row[0], Source(*row))
        return dict(sorted(found.items()))

    def find_production(
        self,
        *,
        items: Iterable[str] | None = None,
        countries: Iterable[str] | None = None,
        load: int | None = None,
    ) -> list[ProductionRow]:
        """Find production rows of items, or of all items that some row gives one of the countries (None: all).

        Returns
        -------
        list of ProductionRow
            Complete per item. Sorted by item, stage, year, source, country.
        """
        if items is None and countries is not None:
            items = self.find_items_made_in(countries, load)
        current, parameters = _current("production", load)
        rows: list[tuple[Any, ...]] = []
        for names, marks in [({}, "")] if items is None else _batches(items):
            chosen = f" AND item IN ({marks})" if items is not None else ""
            sql = f"SELECT DISTINCT {_PRODUCTION} FROM production WHERE {current}{chosen}"
            rows.extend(self._read(sql, {**parameters, **names}))
        rows.sort(key=lambda row: (row[0], row[1], row[3], row[8], row[2] or "", row[5], row[7], repr(row)))
        return [ProductionRow(*(*row[:7], bool(row[7]), row[8])) for row in rows]

    def find_items_made_in(self, countries: Iterable[str], load: int | None = None) -> list[str]:
        """Find the items that have a production row in one of the countries, sorted."""
        current, parameters = _current("production", load)
        found: set[str] = set()
        for names, marks in _batches(countries):
            sql = f"SELECT DISTINCT item FROM production WHERE {current} AND country IN ({marks})"
            found.update(row[0] for row in self._read(sql, {**parameters, **names}))
        return sorted(found)

    def find_claims(self, load: int | None = None) -> list[Claim]:
        """Get every claim, by id; the last word as for nodes where datasets share an id."""
        current, parameters = _current("claims", load)
        sql = (
            "SELECT id, text, status, claims.nodes, claims.sources, notes "
            f"FROM claims JOIN loads ON loads.load = claims.since WHERE {current} ORDER BY id, {_PRECEDENCE}"
        )
        found: dict[str, Claim] = {}
        for claim_id, text, status, nodes, sources, notes in self._read(sql, parameters):
            if claim_id not in found:
                found[claim_id] = Claim(claim_id, text, status, _split_ids(nodes), _split_ids(sources), notes)
        return list(found.values())

    # -- by dataset ----------------------------------------------------------------------------------------
    def iter_table(self, table: str, columns: Sequence[str], loads: Collection[int]) -> Iterator[tuple[Any, ...]]:
        """Yield the current rows that some loads brought, in the order in which datasets have the last word.

        Parameters
        ----------
        table
            Among `tables.FACT_TABLES`.
        columns
            Names as in the table; ``id`` of a node is looked up.
        loads
            Numbers of loads.
        """
        if table not in FACT_TABLES:
            raise ValueError(f"no such table: {table}")
        chosen = ", ".join(
            f"ids.id AS {name}" if (table, name) == ("nodes", "id") else f"{table}.{name}" for name in columns
        )
        join = " JOIN ids USING (key)" if table == "nodes" else ""
        numbers = ", ".join(str(int(load)) for load in loads) or "NULL"
        yield from self._read(
            f"SELECT {chosen} FROM {table}{join} JOIN loads ON loads.load = {table}.since "
            f"WHERE until IS NULL AND since IN ({numbers}) ORDER BY {_PRECEDENCE}, {table}.rowid"
        )

    def iter_stated_links(self, loads: Collection[int]) -> Iterator[tuple[str, str, str, str, str, str]]:
        """Yield the links that some loads state (not those made from other facts), with both ends there.

        Yields
        ------
        tuple
            Ids and names: tail, type, head, properties, confidence, sources; in that order.
        """
        numbers = ", ".join(str(int(load)) for load in loads) or "NULL"
        there = "EXISTS (SELECT 1 FROM nodes WHERE nodes.key = {}.key AND nodes.until IS NULL)"
        yield from self._read(
            "SELECT t.id, type, h.id, properties, confidence, links.sources FROM links "
            "JOIN ids AS t ON t.key = tail JOIN ids AS h ON h.key = head "
            f"WHERE until IS NULL AND NOT derived AND since IN ({numbers}) "
            f"AND {there.format('t')} AND {there.format('h')} ORDER BY 1, 2, 3, 4, 5, 6"
        )


def _split_ids(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)


def _current(table: str, load: int | None) -> tuple[str, dict[str, Any]]:
    """Say in SQL which rows of a table are current, now or after an earlier load."""
    if load is None:
        return f"{table}.until IS NULL", {}
    return f"{table}.since <= :at AND ({table}.until IS NULL OR {table}.until > :at)", {"at": load}


def _batches(values: Iterable[Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Cut values into parameters and their marks, below the limit of SQLite; in order, each value once."""
    distinct: Sequence[Any] = sorted(set(values))
    for start in range(0, len(distinct), _BATCH):
        names = {f"v{index}": value for index, value in enumerate(distinct[start : start + _BATCH])}
        yield names, ", ".join(f":{name}" for name in names)


def _node_columns(columns: Collection[str], more: str = "", join: str = "") -> str:
    _demand_columns(columns, NODE_COLUMNS)
    chosen = ", ".join(name if name in {"id", "key"} else f"nodes.{name}" for name in columns)
    return f"{chosen}{more} FROM nodes{' JOIN ids USING (key)' if 'id' in columns else ''}{join}"


def _demand_columns(columns: Collection[str], known: Sequence[str]) -> None:
    unknown = [name for name in columns if name not in known]
    if unknown:
        raise ValueError(f"no such columns: {', '.join(unknown)}")
