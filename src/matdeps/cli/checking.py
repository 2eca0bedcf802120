"""`check`: damage and contradictions of a store, as findings."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from matdeps import __version__
from matdeps.cli.command import Command
from matdeps.cli.output import tell
from matdeps.cli.plain import store_options, to_json
from matdeps.graph.errors import ConfigError, StoreError

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


@click.command(
    cls=Command,
    examples=[
        ("matdeps check", "every finding in your own store; exit code 0"),
        (
            "matdeps check --fail-on damage,dangling --graph ./store",
            "exit code 1 where there is one of these",
        ),
    ],
)
@click.option(
    "--fail-on",
    metavar="KIND,...",
    help=f"Exit with 1 on findings of these kinds: {', '.join(KINDS)}; or any.",
)
@store_options
@click.pass_context
def check(context: click.Context, graph: str | None, quiet: bool, format_: str, fail_on: str | None) -> None:
    """Check a store for damage and contradictions.

    Findings are no errors: without --fail-on the exit code is 0.
    """
    from matdeps.cli.places import open_readable

    kinds = _read_kinds(fail_on)
    with open_readable(graph, quiet=quiet) as store:
        findings = list(iter_findings(store))
        path = store.path
    failing = [finding for finding in findings if finding.kind in kinds]
    if format_ == "json":
        counts = {kind: sum(finding.kind == kind for finding in findings) for kind in KINDS}
        about = {"store": str(path), "counts": counts, "findings": [asdict(finding) for finding in findings]}
        click.echo(to_json({"generated_by": f"matdeps {__version__}", **about}))
    else:
        for finding in findings:
            click.echo(f"{finding.kind}: {finding.where}: {finding.text}")
        if not findings:
            click.echo(f"Nothing found: the store {path} is sound.")
    if failing:
        tell(
            f"{len(failing)} finding{'s' if len(failing) > 1 else ''} of: {', '.join(sorted(kinds))}.",
            quiet=quiet,
        )
        context.exit(1)


def _read_kinds(text: str | None) -> frozenset[str]:
    if text is None:
        return frozenset()
    kinds = {word.strip() for word in text.split(",") if word.strip()}
    for kind in sorted(kinds - {*KINDS, "any"}):
        raise ConfigError(f"--fail-on {kind!r} is no kind of finding", remedy=f"One of: {', '.join(KINDS)}, any.")
    if not kinds:
        raise ConfigError("--fail-on names no kind", remedy=f"One of: {', '.join(KINDS)}, any.")
    return frozenset(KINDS) if "any" in kinds else frozenset(kinds)


def iter_findings(store: "Store") -> Iterator[Finding]:
    """Yield what is wrong with a store, by kind, then by place; at most 1000 of each query."""
    damage = list(_iter_damage(store))
    yield from damage
    if damage:
        return  # what a damaged database says of its links is worth nothing
    yield from _iter_image(store)
    with store.snapshot():
        connection = store.connect()
        for dataset, tail, link_type, head in connection.execute(_DANGLING, {"most": _MOST}):
            yield Finding(
                "dangling",
                f"{tail} {link_type} {head}",
                f"a node is gone; the link is of dataset {dataset!r}",
            )
        for node_id, datasets, kind, name, days in connection.execute(_NODE_CONFLICTS, {"most": _MOST}):
            differing = [word for word, differs in (("kind", kind), ("name", name), ("validity", days)) if differs]
            yield Finding("conflict", node_id, f"{_join(datasets)} differ in {' and '.join(differing)}")
        for tail, link_type, head, datasets, _ in connection.execute(_LINK_CONFLICTS, {"most": _MOST}):
            yield Finding(
                "conflict",
                f"{tail} {link_type} {head}",
                f"{_join(datasets)} differ in confidence; the surest counts",
            )


def _join(datasets: str) -> str:
    return " and ".join(sorted(datasets.split(",")))


def _iter_damage(store: "Store") -> Iterator[Finding]:
    try:
        with store.snapshot():
            for (text,) in store.connect().execute("PRAGMA integrity_check(20)"):
                if text != "ok":
                    yield Finding("damage", str(store.path), str(text))
            for table, row, parent, _ in store.connect().execute("PRAGMA foreign_key_check").fetchmany(_MOST):
                yield Finding("damage", f"{table}, row {row}", f"names a row of {parent} that is not there")
    except StoreError as error:
        yield Finding("damage", str(store.path), error.message)


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
