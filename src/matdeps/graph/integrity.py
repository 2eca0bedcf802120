"""What is wrong with a store: damage, links to nowhere, datasets that contradict each other, a stale image."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from matdeps.graph.errors import StoreError

if TYPE_CHECKING:
    from matdeps.graph.store import Store

KINDS: Mapping[str, str] = {
    "damage": "the database is damaged",
    "image": "the compact image is damaged; it is made again by itself",
    "dangling": "links whose ends are not there",
    "conflict": "datasets that say different things of the same node or link",
}
"""Kinds of findings, and what each means."""
_MOST = 1000
_COUNTED = {
    "nodes": "nodes", "relationships": "links", "sources": "sources", "production": "production", "claims": "claims",
}  # fmt: skip
_DANGLING = """
    SELECT dataset, t.id, type, h.id FROM links JOIN loads ON load = since
    JOIN ids AS t ON t.key = tail JOIN ids AS h ON h.key = head
    WHERE until IS NULL AND (
        NOT EXISTS (SELECT 1 FROM nodes WHERE nodes.key = tail AND nodes.until IS NULL) OR
        NOT EXISTS (SELECT 1 FROM nodes WHERE nodes.key = head AND nodes.until IS NULL))
    ORDER BY dataset, t.id, type, h.id LIMIT :most"""
_NODE_CONFLICTS = """
    SELECT id, group_concat(DISTINCT dataset), count(DISTINCT kind) > 1, count(DISTINCT name) > 1,
        count(DISTINCT coalesce(valid_from, '') || ' ' || coalesce(valid_to, '')) > 1
    FROM nodes JOIN ids USING (key) JOIN loads ON load = since WHERE until IS NULL
    GROUP BY key HAVING count(*) > 1 AND
        (count(DISTINCT kind) > 1 OR count(DISTINCT name) > 1
         OR count(DISTINCT coalesce(valid_from, '') || ' ' || coalesce(valid_to, '')) > 1)
    ORDER BY id LIMIT :most"""
_LINK_CONFLICTS = """
    SELECT t.id, type, h.id, group_concat(DISTINCT dataset), count(DISTINCT confidence) > 1
    FROM links JOIN loads ON load = since JOIN ids AS t ON t.key = tail JOIN ids AS h ON h.key = head
    WHERE until IS NULL GROUP BY tail, type, head, properties
    HAVING count(DISTINCT dataset) > 1 AND count(DISTINCT confidence) > 1
    ORDER BY t.id, type, h.id LIMIT :most"""
_ATTRIBUTE_CONFLICTS = """
    SELECT ids.id, each.key, group_concat(DISTINCT dataset)
    FROM nodes JOIN ids USING (key) JOIN loads ON load = since, json_each(attributes) AS each
    WHERE until IS NULL AND nodes.key IN (SELECT key FROM nodes WHERE until IS NULL GROUP BY key HAVING count(*) > 1)
    GROUP BY nodes.key, each.key HAVING count(DISTINCT dataset) > 1 AND count(DISTINCT
        CASE WHEN each.type IN ('integer', 'real') THEN CAST(each.value AS REAL)
        ELSE each.type || ' ' || coalesce(each.value, '') END) > 1
    ORDER BY ids.id, each.key LIMIT :most"""
# Links of one pair of ends stand side by side where they are about different items, suppliers, countries or years.
_PROPERTY_CONFLICTS = """
    WITH stated AS (
        SELECT tail, type, head, properties, dataset, json_array(
            json_extract(properties, '$.item'), json_extract(properties, '$.supplier'),
            json_extract(properties, '$.country'), json_extract(properties, '$.year')) AS about
        FROM links JOIN loads ON load = since WHERE until IS NULL AND NOT derived),
    pairs AS (
        SELECT tail, type, head, about, count(DISTINCT dataset) AS many FROM stated
        GROUP BY tail, type, head, about HAVING many > 1),
    shared AS (
        SELECT tail, type, head, about, many FROM pairs JOIN stated USING (tail, type, head, about)
        GROUP BY tail, type, head, about, properties HAVING count(DISTINCT dataset) < many)
    SELECT t.id, type, h.id, group_concat(DISTINCT dataset) FROM shared
    JOIN stated USING (tail, type, head, about) JOIN ids AS t ON t.key = tail JOIN ids AS h ON h.key = head
    GROUP BY tail, type, head, about ORDER BY t.id, type, h.id LIMIT :most"""
_SOURCE_CONFLICTS = """
    SELECT id, group_concat(DISTINCT dataset) FROM sources JOIN loads ON load = since WHERE until IS NULL
    GROUP BY id HAVING count(DISTINCT json_array(sources.title, publisher, date, url, kind, how_verified)) > 1
    ORDER BY id LIMIT :most"""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be.

    Attributes
    ----------
    kind
        One of `KINDS`.
    where
        Node, link or file.
    text
        What is wrong with it.
    """

    kind: str
    where: str
    text: str


def iter_findings(store: "Store") -> Iterator[Finding]:
    """Yield what is wrong with a store, by kind, then by place; at most 1000 of each query."""
    damage = list(_iter_damage(store))
    yield from damage
    if damage:
        return  # what a damaged database says of its links is worth nothing
    yield from _iter_image(store)
    with store.snapshot():
        yield from _iter_conflicts(store.connect())


def _iter_conflicts(connection: sqlite3.Connection) -> Iterator[Finding]:
    most = {"most": _MOST}
    for dataset, tail, link_type, head in connection.execute(_DANGLING, most):
        yield Finding("dangling", f"{tail} {link_type} {head}", f"a node is gone; the link is of dataset {dataset!r}")
    if connection.execute("SELECT count(DISTINCT dataset) < 2 FROM loads").fetchone()[0]:
        return
    for node_id, datasets, kind, name, days in connection.execute(_NODE_CONFLICTS, most):
        differing = [word for word, differs in (("kind", kind), ("name", name), ("validity", days)) if differs]
        yield Finding("conflict", node_id, f"{_join(datasets)} differ in {' and '.join(differing)}")
    for node_id, name, datasets in connection.execute(_ATTRIBUTE_CONFLICTS, most):
        yield Finding("conflict", node_id, f"{_join(datasets)} differ in the attribute {name!r}")
    for tail, link_type, head, datasets, _ in connection.execute(_LINK_CONFLICTS, most):
        text = f"{_join(datasets)} differ in confidence; the surest counts"
        yield Finding("conflict", f"{tail} {link_type} {head}", text)
    for tail, link_type, head, datasets in connection.execute(_PROPERTY_CONFLICTS, most):
        text = f"{_join(datasets)} differ in properties; the links stand side by side"
        yield Finding("conflict", f"{tail} {link_type} {head}", text)
    for source_id, datasets in connection.execute(_SOURCE_CONFLICTS, most):
        yield Finding("conflict", f"source {source_id}", f"{_join(datasets)} have different sources under this id")


def _join(datasets: str) -> str:
    return " and ".join(sorted(datasets.split(",")))


def _iter_damage(store: "Store") -> Iterator[Finding]:
    try:
        with store.snapshot():
            connection = store.connect()
            for (text,) in connection.execute("PRAGMA integrity_check(20)"):
                if text != "ok":
                    yield Finding("damage", str(store.path), str(text))
            missing = _find_missing(connection)
            for what in missing:
                yield Finding("damage", str(store.path), f"the {what} is missing")
            if any(what.startswith("table") for what in missing):
                return  # the others cannot be asked about what they refer to
            for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check").fetchmany(_MOST):
                yield Finding("damage", f"{table}, row {row}", f"names a row of {parent} that is not there")
            for table, says, condition in _list_conditions():
                sql = f"SELECT rowid FROM {table} WHERE NOT ({condition}) ORDER BY rowid LIMIT {_MOST}"
                for (row,) in connection.execute(sql):
                    yield Finding("damage", f"{table}, row {row}", says)
            yield from _iter_miscounts(connection)
    except StoreError as error:
        yield Finding("damage", str(store.path), error.message)


def _find_missing(connection: sqlite3.Connection) -> list[str]:
    """List the tables and indexes that a store has and this one has not; tables first."""
    from matdeps.graph.tables import TABLES

    there = {tuple(row) for row in connection.execute("SELECT type, name FROM sqlite_master")}
    wanted = [statement.split()[1:3] for statement in TABLES]
    missing = [(what.lower(), name) for what, name in wanted if what != "VIEW"]
    return sorted((f"{what} {name!r}" for what, name in missing if (what, name) not in there), reverse=True)


def _list_conditions() -> Iterator[tuple[str, str, str]]:
    """List what holds for each row that a load writes: table, what is wrong where it does not, the condition."""
    from matdeps.graph.schema import KINDS, LINK_TYPES, Confidence
    from matdeps.graph.store_rows import demand_day, demand_json

    levels = [level.name for level in Confidence]
    choices = (("nodes", "kind", KINDS), ("links", "type", LINK_TYPES), ("links", "confidence", levels))
    for table, column, words in choices:
        listed = ", ".join(f"'{word}'" for word in words)
        yield table, f"the {column} is not known", f"{column} IN ({listed})"
    for table, column, shape in (
        ("nodes", "aliases", "array"),
        ("nodes", "attributes", "object"),
        ("links", "properties", "object"),
        ("loads", "notices", "array"),
    ):
        yield table, f"the {column} are no JSON {shape}", demand_json(column, shape)
    for table, column in (("nodes", "valid_from"), ("nodes", "valid_to"), ("loads", "knowledge_until")):
        yield table, f"{column} is no date", demand_day(column)
    for name in ("valid_from", "valid_to"):
        value = f"json_extract(properties, '$.{name}')"
        condition = f"CASE WHEN json_valid(properties) THEN {demand_day(value)} ELSE 1 END"
        yield "links", f"{name} is no date", condition
    yield "sources", "the date is no date", f"length(date) IN (0, 4, 7) OR {demand_day('date')}"


def _iter_miscounts(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Compare what loads say that they brought with what is there of them."""
    from matdeps.graph.store_rows import LATEST
    from matdeps.graph.tables import CURRENT_LOADS

    current = [row[:2] for row in connection.execute(CURRENT_LOADS, {"load": LATEST})]
    for said, table in _COUNTED.items():
        there = dict(connection.execute(f"SELECT since, count(*) FROM {table} WHERE until IS NULL GROUP BY since"))
        recorded = dict(connection.execute(f"SELECT load, {said} FROM loads"))
        for load, dataset in current:
            found = there.get(load, 0)
            if found != recorded[load]:
                text = f"brought {recorded[load]} {said} by its record, and {found} are there"
                yield Finding("damage", f"load {load} of dataset {dataset!r}", text)


def _iter_image(store: "Store") -> Iterator[Finding]:
    from matdeps.graph.engines import IMAGE_FOLDER
    from matdeps.graph.image_files import POINTER, check_image, open_image

    folder = store.path / IMAGE_FOLDER
    if not (folder / POINTER).exists():
        return
    generation = _read_generation(folder)
    if generation is not None and generation != store.generation:
        return  # a load came since: the next question makes the image again, as it should
    image = open_image(folder, store_id=store.store_id, generation=store.generation)
    if image is None:
        yield Finding("image", str(folder), "damaged; the next question makes it again")
        return
    try:
        check_image(image)
    except StoreError as error:
        yield Finding("image", str(folder), error.message)


def _read_generation(folder: Path) -> int | None:
    from matdeps.graph.image_files import POINTER

    try:
        name = (folder / POINTER).read_text("utf-8").strip()
        found = json.loads((folder / name / "about.json").read_text("utf-8"))["generation"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, int) else None
