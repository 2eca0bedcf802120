"""Files for `neo4j-admin database import full`: a whole store as a new database, without a server that runs."""

import math
import shlex
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from matdeps.graph.errors import DataError
from matdeps.graph.neo4j import cypher
from matdeps.graph.neo4j.content import Content
from matdeps.graph.neo4j.push import FORMAT
from matdeps.graph.schema import KINDS

if TYPE_CHECKING:
    from matdeps.graph.store import Store

Row = dict[str, Any]
Progress = Callable[[str, int, int], None]
ARRAY_DELIMITER = "\x1f"
"""Between the parts of a list: a character that no text of a graph holds; one that does is refused."""
_ARRAY_NAME = "U+001F"
_TYPES: Mapping[type, str] = {bool: "boolean", int: "long", float: "double", str: "string"}


def export_admin(store: "Store", folder: str | Path, progress: Progress | None = None) -> list[Path]:
    """Write a store as CSV files that `neo4j-admin database import full` takes as they are.

    Parameters
    ----------
    folder
        Made where it is missing; files of these names in it are replaced.
    progress
        Called with what is written (nodes, relationships), how many are done, and how many there are.

    Returns
    -------
    list of Path
        The files: data, `import.sh` with the command, `schema.cypher` with constraints and indexes, `README.md`.

    Raises
    ------
    DataError
        If a text cannot be written so that it comes back unchanged.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for old in target.glob("*-*.csv"):
        if old.name.startswith(("nodes-", "relationships-", "auxiliary-")):
            old.unlink()
    with store.snapshot() as generation:
        writer = _Writer(target, Content(store, generation), progress)
        writer.run()
    files = [*writer.nodes, *(path for _, path in writer.links)]
    for name, text in (
        ("schema.cypher", "".join(f"{text};\n" for _, text in cypher.list_schema())),
        ("import.sh", _make_script(writer)),
        ("README.md", _README),
    ):
        path = target / name
        path.write_text(text, "utf-8")
        files.append(path)
    (target / "import.sh").chmod(0o755)
    return files


@dataclass(frozen=True, slots=True)
class _Entry:
    """A node or link to write.

    Attributes
    ----------
    labels
        Labels of a node; the type of a link.
    ends
        The node itself, or the two ends of a link, each named within its group.
    """

    what: str
    name: str
    labels: tuple[str, ...]
    ends: tuple[str, ...]
    values: Row


class _Writer:
    """Writes one export, in two passes: the first finds the columns, the second writes the rows."""

    def __init__(self, folder: Path, content: Content, progress: Progress | None) -> None:
        self._folder, self._content, self._progress = folder, content, progress
        self._tag = uuid.uuid4().hex
        self._began = datetime.now(UTC).isoformat(timespec="seconds")
        self.nodes: list[Path] = []
        self.links: list[tuple[str, Path]] = []

    def run(self) -> None:
        columns: dict[_Table, dict[str, set[str]]] = {}
        for entry in self._iter_entries():
            found = columns.setdefault((entry.what, entry.name, entry.labels), {})
            for key, value in entry.values.items():
                found.setdefault(key, set()).add(_name_type(value))
        writers: dict[tuple[_Table, tuple[tuple[str, str], ...]], tuple[TextIO, list[str]]] = {}
        counts = {"nodes": 0, "relationships": 0}
        totals = {"nodes": self._content.info.nodes, "relationships": self._content.info.relationships}
        with ExitStack() as stack:
            for entry in self._iter_entries():
                table = (entry.what, entry.name, entry.labels)
                # A property that has another type in some rows has a file of its own for these.
                mixed = tuple(
                    (key, _name_type(value))
                    for key, value in sorted(entry.values.items())
                    if len(columns[table][key]) > 1
                )
                if (table, mixed) not in writers:
                    writers[table, mixed] = self._open(table, columns[table], dict(mixed), stack)
                file, keys = writers[table, mixed]
                cells = [_quote(end) for end in entry.ends]
                cells += [_quote(_write(entry.values[key])) if key in entry.values else "" for key in keys]
                if entry.what == "nodes":
                    cells.append(_quote(ARRAY_DELIMITER.join(entry.labels)))
                file.write(",".join(cells) + "\n")
                if entry.what in counts:
                    counts[entry.what] += 1
                    self._tell(entry.what, counts[entry.what], totals[entry.what])

    def _open(
        self, table: "_Table", columns: Mapping[str, set[str]], mixed: Mapping[str, str], stack: ExitStack
    ) -> tuple[TextIO, list[str]]:
        what, name, labels = table
        keys = sorted(key for key, types in columns.items() if len(types) == 1 or key in mixed)
        header = [":ID"] if what == "nodes" else [":START_ID", ":END_ID"]
        header += [f"{_check_name(key)}:{mixed.get(key) or next(iter(columns[key]))}" for key in keys]
        if what == "nodes":
            header.append(":LABEL")
        number = len(self.nodes) + len(self.links)
        path = self._folder / f"{what}-{number:03}-{name}.csv"
        if what == "nodes":
            self.nodes.append(path)
        else:
            self.links.append((labels[0], path))
        file = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
        file.write(",".join(_quote(cell) for cell in header) + "\n")
        return file, keys

    def _iter_entries(self) -> Iterator[_Entry]:
        """Yield everything, without what is None; each pass yields the same."""
        for what, name, labels, ends, values in self._iter_rows():
            told = {key: value for key, value in values.items() if value is not None}
            yield _Entry(what, name, labels, tuple(f"{group}/{_check(key)}" for group, key in ends), told)

    def _iter_rows(self) -> Iterator[tuple[str, str, tuple[str, ...], tuple[tuple[str, str], ...], Row]]:
        content, tag = self._content, {"_tag": self._tag}
        sources, claims, production = content.list_sources(), content.list_claims(), content.list_production()
        meta = {
            **content.describe(),
            "id": "graph",
            "name": f"matdeps {content.info.name}",
            "format": FORMAT,
            "tag": self._tag,
            "state": "complete",
            "pushed_at": self._began,
            "sources": len(sources),
            "claims": len(claims),
            "production": len(production),
        }
        yield "nodes", "meta", (cypher.META,), ((cypher.META, "graph"),), meta
        for label, rows in ((cypher.SOURCE, sources), (cypher.CLAIM, claims), (cypher.PRODUCTION, production)):
            for row in rows:
                yield "nodes", cypher.SHOWN[label], (label, cypher.SHOWN[label]), ((label, row["id"]),), {**row, **tag}
        stated: list[Row] = []
        for kinds, row in content.iter_nodes():
            labels = tuple(sorted(KINDS[kind].label for kind in kinds))
            yield "nodes", "-".join(labels), (cypher.NODE, *labels), ((cypher.NODE, row["id"]),), {**row, **tag}
            stated.append({"id": row["id"], "name": row["name"], "sources": row["sources"]})
        ids = content.get_ids()
        for link_type, link in content.iter_links():
            ends = ((cypher.NODE, ids[link["a"]]), (cypher.NODE, ids[link["b"]]))
            yield "relationships", link_type, (link_type,), ends, {**link["p"], **tag}
        for name, (link_type, labels_of_ends) in cypher.AUXILIARY.items():
            tail, head = labels_of_ends.split()
            rows = {"node": stated, "claim": claims, "production": production}[name.partition("_")[0]]
            for link in _drop_twins(content.list_auxiliary(name, rows)):
                values = {"sentence": link["sentence"], "_key": name, **tag}
                yield "auxiliary", name, (link_type,), ((tail, link["a"]), (head, link["b"])), values

    def _tell(self, what: str, done: int, total: int) -> None:
        if self._progress is not None and (done % cypher.BATCH_ROWS == 0 or done == total):
            self._progress(what, done, total)


_Table = tuple[str, str, tuple[str, ...]]
"""What is written, the name of its files, and its labels or type: rows of one table have the same columns."""


def _drop_twins(rows: Iterable[Row]) -> Iterator[Row]:
    """Drop links between the same ends: a push merges them."""
    seen: set[tuple[str, str]] = set()
    for row in rows:
        if (row["a"], row["b"]) not in seen:
            seen.add((row["a"], row["b"]))
            yield row


def _quote(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _name_type(value: Any) -> str:
    if isinstance(value, list):
        inner = _TYPES[type(value[0])] if value else "string"
        return f"{inner}[]"
    return _TYPES[type(value)]


def _write(value: Any) -> str:
    if isinstance(value, list):
        return ARRAY_DELIMITER.join(_write(part) for part in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
    return _check(value) if isinstance(value, str) else str(value)


def _check(text: str) -> str:
    if ARRAY_DELIMITER in text or "\0" in text:
        raise DataError(
            f"a text holds the character {_ARRAY_NAME}: {text[:40]!r}", remedy="Push it instead: matdeps neo4j push"
        )
    return text


def _check_name(name: str) -> str:
    """Refuse names of properties in which the import tool might read a type or options."""
    if any(char in ":{}" or not char.isprintable() for char in name):
        raise DataError(
            f"the property name {name[:40]!r} cannot stand in a header", remedy="Push it instead: matdeps neo4j push"
        )
    return _check(name)


def _make_script(writer: _Writer) -> str:
    parts = [f'    --nodes="$here"/{shlex.quote(path.name)}' for path in writer.nodes]
    parts += [f'    --relationships={name}="$here"/{shlex.quote(path.name)}' for name, path in writer.links]
    lines = " \\\n".join(parts)
    return f"""\
#!/bin/sh
# Makes a database of these files. The server must be stopped, or the database be one that it does not use.
# Usage: ./import.sh [DATABASE]   (default neo4j; NEO4J_ADMIN names the tool where it is not on the path)
# What DATABASE held before is lost.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "${{TMPDIR:-/tmp}}"
exec "${{NEO4J_ADMIN:-neo4j-admin}}" database import full "${{1:-neo4j}}" --overwrite-destination \\
    --multiline-fields=true --array-delimiter=U+001F --quote='"' \\
{lines}
"""


_README = """\
# A matdeps graph for neo4j-admin

1. Stop the server, or choose the name of a database that it does not have yet.
2. `./import.sh neo4j` runs `neo4j-admin database import full` on these files. WHAT THE DATABASE HELD BEFORE IS LOST.
3. Start the server, and make the constraints and indexes: `cypher-shell -f schema.cypher`.
4. `matdeps neo4j check --graph PATH` compares the server with the store that was exported.

In a container: mount this folder at /import and run `/import/import.sh neo4j` there before the first start. Aura takes
no such files: use `matdeps neo4j push`.
"""
