"""What a graph is, and writing it into files: `info` and `export`."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from matdeps import __version__
from matdeps.cli.command import Command
from matdeps.cli.output import tell
from matdeps.cli.places import REFERENCE
from matdeps.cli.plain import store_options, to_json

if TYPE_CHECKING:
    from matdeps.api import Graph
    from matdeps.graph.store import Store


@click.command(
    cls=Command,
    examples=[
        ("matdeps info", "the graph that answers where none is named"),
        ("matdeps info --graph reference --format json", "the built-in graph, as data"),
    ],
)
@store_options
def info(graph: str | None, quiet: bool, format_: str) -> None:
    """Say what a graph is and where it is kept.

    Its datasets with their versions, its size, and the day to which its knowledge reaches.
    """
    from matdeps import api
    from matdeps.api import get_default_store

    with api.open(graph) as opened:
        if opened.notice and graph is None:
            tell(opened.notice, quiet=quiet)
        facts = _describe(opened, built_in=graph in {None, REFERENCE} and opened.store.path != get_default_store())
    if format_ == "json":
        click.echo(to_json({"generated_by": f"matdeps {__version__}", **facts}))
        return
    click.echo("\n".join(_read_aloud(facts)))


def _describe(graph: "Graph", *, built_in: bool) -> dict[str, Any]:
    about = graph.info
    facts: dict[str, Any] = {
        "graph": {
            "name": about.name,
            "version": about.version,
            "nodes": about.nodes,
            "relationships": about.relationships,
            "knowledge_until": about.knowledge_until,
        },
        "store": None,
        "datasets": [
            {
                "name": dataset.name,
                "loader": dataset.loader,
                "title": dataset.title,
                "version": dataset.version,
                "knowledge_until": dataset.knowledge_until,
                "loaded_at": dataset.loaded_at,
                "load": dataset.load,
            }
            for dataset in about.datasets
        ],
        "notices": list(about.notices),
    }
    store = graph.store
    if not built_in:
        facts["store"] = {
            "path": str(store.path),
            "id": store.store_id,
            "generation": store.generation,
            "read_only": store.is_read_only,
            "size_bytes": sum(file.stat().st_size for file in store.path.rglob("*") if file.is_file()),
        }
    return facts


def _read_aloud(facts: dict[str, Any]) -> list[str]:
    graph, store = facts["graph"], facts["store"]
    lines = [
        f"Graph       {graph['name']} {graph['version']}".rstrip(),
        f"Size        {graph['nodes']:,} nodes, {graph['relationships']:,} relationships",
        f"Knowledge   until {graph['knowledge_until'] or 'a day that no source names'}",
    ]
    if store is None:
        lines.append("Store       built in")
    else:
        readable = f"{store['size_bytes'] / 1e6:.1f} MB" + (", read-only" if store["read_only"] else "")
        lines += [
            f"Store       {store['path']} ({readable})",
            f"            id {store['id']}, generation {store['generation']}",
        ]
    for dataset in facts["datasets"]:
        until = f", knowledge until {dataset['knowledge_until']}" if dataset["knowledge_until"] else ""
        loaded = f"load {dataset['load']}, {dataset['loaded_at']}{until}"
        lines.append(f"Dataset     {dataset['name']} {dataset['version']} ({loaded})")
    return lines + [f"note: {notice}" for notice in facts["notices"]]


@click.command(
    cls=Command,
    examples=[
        ("matdeps export csv -o facts --graph reference", "the built-in graph as CSV files"),
        (
            "matdeps export csv -o ours --dataset ours",
            "one dataset of your own store; loads back to an equal graph",
        ),
        ("matdeps export neo4j-admin -o bulk --graph reference", "files that neo4j-admin imports as they are"),
    ],
)
@click.argument("format_name", metavar="FORMAT", type=click.Choice(("csv", "neo4j-admin")))
@click.option("-o", "--output", metavar="PATH", required=True, help="Folder to write; it appears whole or not at all.")
@click.option("--dataset", metavar="DATASET", help="Only this one; default: all, as one.")
@click.option("--overwrite", is_flag=True, help="Replace files of these names in a folder that holds some.")
@store_options
def export(
    graph: str | None,
    quiet: bool,
    format_: str,
    format_name: str,
    output: str,
    dataset: str | None,
    overwrite: bool,
) -> None:
    """Write a graph into files.

    csv: a folder of facts in the format of the built-in data, which 'matdeps load graph' reads back. neo4j-admin:
    files for 'neo4j-admin database import full', with the command in import.sh.
    """
    if format_name == "neo4j-admin":
        _export_admin(graph, output, dataset, quiet=quiet, as_json=format_ == "json", overwrite=overwrite)
        return
    from matdeps.graph.export_csv import export_csv

    with _open_exported(graph, quiet=quiet) as store:
        report = export_csv(store, output, dataset=dataset, overwrite=overwrite)
    if format_ == "json":
        about = {"folder": str(report.folder), "rows": report.rows, "notices": list(report.notices)}
        click.echo(to_json({"generated_by": f"matdeps {__version__}", "format": format_name, **about}))
        return
    for notice in report.notices:
        tell(f"note: {notice}", quiet=quiet)
    click.echo(f"Written: {report.folder}")
    width = max(map(len, report.rows), default=0)
    for name, rows in report.rows.items():
        click.echo(f"  {name:<{width}}  {rows:,} rows")


def _export_admin(
    graph: str | None, output: str, dataset: str | None, *, quiet: bool, as_json: bool, overwrite: bool
) -> None:
    from matdeps.cli.progress import RowCounter
    from matdeps.graph.errors import ConfigError
    from matdeps.graph.neo4j.admin_export import export_admin

    if dataset is not None:
        raise ConfigError("a database is made of the whole graph", remedy="Leave out --dataset.")
    folder = Path(output)
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not overwrite)):
        raise ConfigError(f"{output} is there and not empty", remedy="Name another folder, or add --overwrite.")
    with _open_exported(graph, quiet=quiet) as store, RowCounter(quiet=quiet) as counter:
        files = export_admin(store, folder, lambda what, done, _: counter(what, done))
    if as_json:
        about = {"folder": str(folder), "files": [path.name for path in files]}
        click.echo(to_json({"generated_by": f"matdeps {__version__}", "format": "neo4j-admin", **about}))
        return
    click.echo(f"Written: {folder} ({len(files)} files). Stop the server, then: {folder / 'import.sh'} neo4j")


@contextmanager
def _open_exported(graph: str | None, *, quiet: bool) -> "Iterator[Store]":
    """Open the store to export; the built-in graph is put into one for as long as it takes."""
    from matdeps.api import get_default_store
    from matdeps.graph.store import Store
    from matdeps.loaders.registry import make_store

    if graph is None and not get_default_store().exists():
        tell("No store of your own: the built-in reference graph is written.", quiet=quiet)
        graph = REFERENCE
    if graph != REFERENCE:
        with Store.open(graph or get_default_store()) as store:
            yield store
        return
    with (
        tempfile.TemporaryDirectory(prefix="matdeps-") as folder,
        make_store(Path(folder) / "store") as store,
    ):
        yield store
