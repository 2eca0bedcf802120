"""Tables in memory (data frames, lists of mappings) as a graph, by way of the same checks as a folder of CSV."""

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from matdeps.graph.errors import SchemaError
from matdeps.graph.store import Store
from matdeps.loaders.graph_csv import load_graph

NOT_SOURCED = "not-sourced"
"""The source of rows that name none: it says so, and was read by nobody."""
_NODES = ("id", "kind", "name", "aliases", "attributes", "sources", "description", "valid_from", "valid_to")
_LINKS = ("from", "type", "to", "properties", "confidence", "sources")


def load_frames(folder: Path, nodes: Any, links: Any) -> Store:
    """Make a store of two tables.

    Parameters
    ----------
    folder
        An empty folder that will hold the store.
    nodes, links
        Data frames, or lists of mappings; see `matdeps.api.Graph.from_frames`.

    Raises
    ------
    DataError
        If a row cannot be used.
    """
    facts = folder / "facts"
    facts.mkdir(parents=True)
    node_rows = [_make_node(row) for row in _read(nodes, "nodes")]
    link_rows = [_make_link(row) for row in _read(links, "links")]
    source = (NOT_SOURCED, "Given without a source", "", "", "https://example.invalid/", "reference", "own_knowledge")
    _write(facts / "nodes.csv", _NODES, node_rows)
    _write(facts / "relationships.csv", _LINKS, link_rows)
    names = ("id", "title", "publisher", "date", "url", "kind", "how_verified")
    given = {name for row in (*node_rows, *link_rows) for name in row[5].split("|")} - {NOT_SOURCED}
    extra = [(name, name, "", "", "https://example.invalid/", "reference", "own_knowledge") for name in sorted(given)]
    _write(facts / "sources.csv", names, [source, *extra])
    store = Store.open(folder / "store", create=True)
    try:
        load_graph(store, facts, dataset="frames")
    except BaseException:
        store.close()
        raise
    return store


def _read(table: Any, name: str) -> Iterable[Mapping[str, Any]]:
    """Read the rows of a data frame or a list; what a frame calls missing is missing."""
    rows = table.to_dict("records") if hasattr(table, "to_dict") else list(table)
    for row in rows:
        if not isinstance(row, Mapping):
            raise SchemaError(
                f"{name} hold a {type(row).__name__}, not a mapping", remedy="Give a data frame or dicts."
            )
        # A missing cell of a data frame is the only value that is not equal to itself.
        yield {str(key): value for key, value in row.items() if value is not None and value == value}  # noqa: PLR0124


def _make_node(row: Mapping[str, Any]) -> tuple[str, ...]:
    _demand(row, ("id",), {*_NODES, "kind"}, "nodes")
    node_id = str(row["id"])
    kind = str(row.get("kind") or node_id.partition(":")[0])
    return (
        node_id,
        kind,
        str(row.get("name") or node_id.partition(":")[2]),
        _join(row.get("aliases")),
        _to_json(row.get("attributes")),
        _join(row.get("sources")) or NOT_SOURCED,
        *(str(row.get(name) or "") for name in ("description", "valid_from", "valid_to")),
    )


def _make_link(row: Mapping[str, Any]) -> tuple[str, ...]:
    _demand(row, ("from", "type", "to"), set(_LINKS), "links")
    return (
        str(row["from"]),
        str(row["type"]),
        str(row["to"]),
        _to_json(row.get("properties")),
        str(row.get("confidence") or "inferred"),
        _join(row.get("sources")) or NOT_SOURCED,
    )


def _demand(row: Mapping[str, Any], needed: Iterable[str], known: set[str], table: str) -> None:
    for name in needed:
        if name not in row:
            raise SchemaError(f"{table} lack the column {name!r}", remedy=f"Columns: {', '.join(sorted(known))}.")
    for name in row:
        if name not in known:
            raise SchemaError(
                f"{table} have an unknown column {name!r}", remedy=f"Columns: {', '.join(sorted(known))}."
            )


def _join(value: Any) -> str:
    return value if isinstance(value, str) else "|".join(str(part) for part in value or ())


def _to_json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(dict(value or {}), ensure_ascii=False)


def _write(path: Path, names: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows(rows)
