"""A graph written as a folder of facts in CSV, which loads back to an equal graph."""

import csv
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from matdeps.graph.errors import ConfigError, StoreUnavailableError
from matdeps.graph.model import Dataset
from matdeps.graph.schema import RESTRICTIONS, Confidence
from matdeps.graph.store import Store, name_damage
from matdeps.graph.transaction import to_canonical_json

ABOUT_FILE: Final = "dataset.json"
_WORLD: Final = "WORLD"
_COLUMNS: Final = {
    "nodes.csv": ("id", "kind", "name", "aliases", "attributes", "sources"),
    "relationships.csv": ("from", "type", "to", "properties", "confidence", "sources"),
    "production.csv": ("item", "stage", "country", "year", "value", "unit", "share", "estimate", "source"),
    "controls.csv": (
        "id", "title", "instrument", "issuer", "destinations", "requires", "end_use", "acts_on", "effective", "ended",
        "suspended_from", "suspended_until", "hs_codes", "notes", "sources",
    ),
    "disruptions.csv": ("id", "title", "event", "destinations", "effective", "ended", "claims", "notes", "sources"),
    "claims.csv": ("id", "claim", "status", "nodes", "sources", "notes"),
    "sources.csv": ("id", "title", "publisher", "date", "url", "kind", "how_verified"),
}  # fmt: skip
_OPTIONAL: Final = ("description", "valid_from", "valid_to")
_NODE_FIELDS: Final = ("id", "kind", "name", "aliases", "attributes", "sources", *_OPTIONAL)
_PRODUCTION_FIELDS: Final = (
    "item", "stage", "country", "year", "amount", "unit", "share", "estimate", "source",
)  # fmt: skip
_BORDERS: Final = {"ISSUED_BY": "issuer", "APPLIES_TO": "destinations"}


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export wrote.

    Attributes
    ----------
    rows
        Rows by file, the header not counted.
    notices
        What the format could not hold, one sentence each.
    """

    folder: Path
    rows: dict[str, int]
    notices: tuple[str, ...] = ()


def export_csv(
    store: Store, folder: str | os.PathLike[str], *, dataset: str | None = None, overwrite: bool = False
) -> ExportReport:
    """Write what is current in a store as a folder of facts; the folder appears whole or not at all.

    Several datasets become one. Links made from other facts are not written: a load makes them again.

    Parameters
    ----------
    dataset
        Write this one only; None: all.
    overwrite
        Whether files of these names in the folder may be replaced; other files stay.

    Raises
    ------
    ConfigError
        There is no such dataset, or the folder holds files already.
    StoreUnavailableError
        The folder cannot be written.
    StoreError
        The store is damaged.
    """
    target = Path(folder)
    chosen = [one for one in store.datasets() if dataset in {None, one.name}]
    if dataset is not None and not chosen:
        loaded = ", ".join(one.name for one in store.datasets()) or "none"
        raise ConfigError(f"no dataset is called {dataset!r}", remedy=f"Loaded: {loaded}. See: matdeps loads")
    if target.exists() and not target.is_dir():
        raise ConfigError(f"{target} is a file, not a folder", remedy="Name a folder that is not there yet.")
    if target.is_dir() and any(target.iterdir()) and not overwrite:
        raise ConfigError(f"the folder {target} holds files already", remedy="Name another, or allow overwriting.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            with store.snapshot(), name_damage(store.path):
                writer = _Writer(store, work, chosen)
                writer.write()
            _move(work, target)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        raise StoreUnavailableError(
            f"cannot write to {target}: {error.strerror or error}", remedy="Check that the place may be written."
        ) from error
    return ExportReport(target, writer.rows, tuple(writer.notices))


def _move(work: Path, target: Path) -> None:
    """Put the finished files in place: the whole folder by one rename where it can be, else file by file."""
    work.chmod(0o755)
    if not target.exists():
        work.rename(target)
        return
    for path in sorted(work.iterdir()):
        path.replace(target / path.name)


@dataclass(slots=True)
class _MergedNode:
    kind: str
    name: str
    description: str
    valid_from: str | None
    valid_to: str | None
    aliases: dict[str, None]
    attributes: dict[str, Any]
    sources: dict[str, None] = field(default_factory=dict)


class _Writer:
    """Writes the files of one export."""

    def __init__(self, store: Store, folder: Path, datasets: Sequence[Dataset]) -> None:
        self._store = store
        self._folder = folder
        self._datasets = datasets
        self._loads = [one.load for one in datasets]
        self.rows: dict[str, int] = {}
        self.notices: list[str] = []

    def write(self) -> None:
        """Write every file."""
        restrictions: dict[str, _MergedNode] = {}
        borders: dict[tuple[str, str], list[str]] = {}
        extra = self._find_optional_columns()
        columns = (*_COLUMNS["nodes.csv"], *extra)
        self._write("nodes.csv", self._iter_nodes(restrictions, extra), columns)
        self._write("relationships.csv", self._iter_links(borders))
        for file, kind in (("controls.csv", "control"), ("disruptions.csv", "disruption")):
            self._write(file, self._iter_restrictions(file, kind, restrictions, borders))
        self._write("production.csv", self._iter_production())
        self._write("claims.csv", self._iter_claims())
        self._write("sources.csv", self._iter_sources())
        about = _describe(self._datasets, self._store)
        text = json.dumps(about, ensure_ascii=False, indent=2) + "\n"
        (self._folder / ABOUT_FILE).write_text(text, encoding="utf-8", newline="\n")

    def _write(self, name: str, rows: Iterable[Sequence[Any]], columns: Sequence[str] | None = None) -> None:
        count = 0
        with (self._folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow(columns or _COLUMNS[name])
            for row in rows:
                writer.writerow(row)
                count += 1
        self.rows[name] = count

    def _find_optional_columns(self) -> tuple[str, ...]:
        found: set[str] = set()
        for row in self._store.iter_table("nodes", ("kind", *_OPTIONAL), self._loads):
            if row[0] not in RESTRICTIONS:
                found.update(name for name, value in zip(_OPTIONAL, row[1:], strict=True) if value)
        return tuple(name for name in _OPTIONAL if name in found)

    def _iter_nodes(self, restrictions: dict[str, _MergedNode], extra: Sequence[str]) -> Iterator[Sequence[Any]]:
        merged: dict[str, _MergedNode] = {}
        for row in self._store.iter_table("nodes", _NODE_FIELDS, self._loads):
            node_id, kind, name, aliases, attributes, sources, description, valid_from, valid_to = row
            node = merged.get(node_id)
            if node is None:
                node = _MergedNode(kind, name, description, valid_from, valid_to, {}, {})
                merged[node_id] = node
            node.description = node.description or description
            node.aliases.update(dict.fromkeys(json.loads(aliases)))
            # The dataset that comes first has the last word.
            node.attributes = {**json.loads(attributes), **node.attributes}
            node.sources.update(dict.fromkeys(sources.split("|")))
        for node_id, node in sorted(merged.items()):
            if node.kind in RESTRICTIONS:
                restrictions[node_id] = node
                continue
            yield (
                node_id,
                node.kind,
                node.name,
                "|".join(node.aliases),
                to_canonical_json(node.attributes),
                "|".join(node.sources),
                *(getattr(node, name) or "" for name in extra),
            )

    def _iter_links(self, borders: dict[tuple[str, str], list[str]]) -> Iterator[Sequence[Any]]:
        unwritten = 0
        stated = self._store.iter_stated_links(self._loads)
        for (tail, link_type, head, properties), group in groupby(stated, key=itemgetter(0, 1, 2, 3)):
            rows = list(group)
            if link_type in _BORDERS:
                borders.setdefault((tail, link_type), []).append(head)
                continue
            if link_type == "PRODUCED_IN":
                unwritten += 1
                continue
            confidence = min(Confidence[row[4]] for row in rows).name
            sources = dict.fromkeys(source for row in rows for source in row[5].split("|"))
            yield tail, link_type, head, properties, confidence, "|".join(sources)
        if unwritten:
            self.notices.append(
                f"{unwritten} PRODUCED_IN links were not written: the format holds production rows instead"
            )

    def _iter_restrictions(
        self,
        file: str,
        kind: str,
        restrictions: dict[str, _MergedNode],
        borders: dict[tuple[str, str], list[str]],
    ) -> Iterator[Sequence[Any]]:
        columns = _COLUMNS[file]
        for node_id, node in restrictions.items():
            if node.kind != kind:
                continue
            values: dict[str, Any] = {**node.attributes}
            for link_type, column in _BORDERS.items():
                heads = borders.get((node_id, link_type), [])
                recorded = values.get(column, [])
                # The order in which destinations were written stays.
                order = recorded if isinstance(recorded, list) else [recorded]
                values[column] = [*(one for one in order if one in heads), *(one for one in heads if one not in order)]
            lost = sorted(name for name, value in values.items() if name not in columns and value)
            if lost:
                self.notices.append(f"{node_id}: {file} has no column for {', '.join(lost)}")
            values |= {"id": node_id, "title": node.name, "sources": list(node.sources)}
            yield [_to_cell(values.get(column, "")) for column in columns]

    def _iter_production(self) -> Iterator[Sequence[Any]]:
        seen: dict[tuple[Any, ...], Sequence[Any]] = {}
        left_out = 0
        for row in self._store.iter_table("production", _PRODUCTION_FIELDS, self._loads):
            item, stage, country, year, amount, unit, share, estimate, source = row
            mark = (item, stage, country or _WORLD, year, source, unit)
            cells = (
                item, stage, country or _WORLD, year, _to_cell(amount), unit, _to_cell(share),
                "true" if estimate else "", source,
            )  # fmt: skip
            left_out += seen.setdefault(mark, cells) != cells
        if left_out:
            self.notices.append(
                f"{left_out} production rows were not written: another dataset gives other figures by the same source"
            )
        yield from (cells for _, cells in sorted(seen.items()))

    def _iter_claims(self) -> Iterator[Sequence[Any]]:
        fields = ("id", "text", "status", "nodes", "sources", "notes")
        yield from self._iter_first(self._store.iter_table("claims", fields, self._loads), itemgetter(0))

    def _iter_sources(self) -> Iterator[Sequence[Any]]:
        fields = _COLUMNS["sources.csv"]
        yield from self._iter_first(self._store.iter_table("sources", fields, self._loads), itemgetter(0))

    @staticmethod
    def _iter_first(rows: Iterable[tuple[Any, ...]], key: Callable[[tuple[Any, ...]], Any]) -> Iterator[Sequence[Any]]:
        first: dict[Any, tuple[Any, ...]] = {}
        for row in rows:
            first.setdefault(key(row), row)
        yield from (row for _, row in sorted(first.items()))


def _to_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "|".join(str(part) for part in value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def _describe(datasets: Sequence[Dataset], store: Store) -> dict[str, str]:
    """Say what the folder holds: of one dataset what it says itself, of several what they have in common."""
    if len(datasets) == 1:
        one = datasets[0]
        about = {"name": one.name, "title": one.title, "version": one.version, "knowledge_until": one.knowledge_until}
    else:
        names = ", ".join(one.name for one in datasets)
        days = [one.knowledge_until for one in datasets if one.knowledge_until]
        about = {
            "name": "graph",
            "title": f"Exported: {names}" if names else "Exported: an empty graph",
            "version": f"{store.store_id[:8]}-{store.generation}",
            "knowledge_until": max(days, default=None),
        }
    return {name: value for name, value in about.items() if value}
