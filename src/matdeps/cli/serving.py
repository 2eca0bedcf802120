"""`neo4j`: bring a graph to a server, compare it with a store, say what is there."""

from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from matdeps import __version__
from matdeps.cli.command import Command
from matdeps.cli.output import tell
from matdeps.cli.plain import store_options, to_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matdeps.graph.store import Store

_SHOWN = 20


@click.group()
def neo4j() -> None:
    """Bring a graph to a Neo4j server, and compare.

    The server is named as in Neo4j's own documents: NEO4J_URI, NEO4J_USERNAME, NEO4J_PASSWORD, NEO4J_DATABASE. A
    password never stands on the command line. What others keep in the database is never touched.
    """


@contextmanager
def _open_store(graph: str | None, *, quiet: bool) -> "Iterator[Store]":
    from matdeps import api

    with api.open(graph) as opened:
        if opened.notice and graph is None:
            tell(opened.notice.replace("Answering from", "Taking"), quiet=quiet)
        yield opened.store


@neo4j.command(
    cls=Command,
    examples=[
        ("matdeps neo4j push --graph reference", "the built-in graph, to the server of NEO4J_URI"),
        ("matdeps neo4j push", "your own store"),
    ],
)
@store_options
def push(graph: str | None, quiet: bool, format_: str) -> None:
    """Bring a graph to the server.

    Pushing twice changes nothing; a push that died is completed by the next. Until it is complete the server says so.
    """
    from matdeps.cli.progress import RowCounter
    from matdeps.graph.neo4j.push import push as push_store
    from matdeps.graph.neo4j.settings import Neo4jSettings

    settings = Neo4jSettings.from_environment()
    with _open_store(graph, quiet=quiet) as store, RowCounter(quiet=quiet) as counter:
        report = push_store(store, settings, progress=lambda what, done, _: counter(what, done))
    facts = asdict(report)
    if format_ == "json":
        click.echo(to_json({"generated_by": f"matdeps {__version__}", "push": facts}))
        return
    click.echo(
        f"Pushed {report.graph} {report.version} to {settings.describe()} (Neo4j {report.server}): "
        f"{report.nodes:,} nodes, {report.relationships:,} relationships, {report.sources:,} sources, "
        f"{report.claims:,} claims, {report.production:,} production rows."
    )
    if report.removed_nodes or report.removed_relationships:
        click.echo(
            f"Removed what an earlier push had left: {report.removed_nodes:,} nodes, "
            f"{report.removed_relationships:,} relationships."
        )
    if report.given_up:
        click.echo(f"{report.given_up:,} nodes stay without our labels: other links hold on to them.")


@neo4j.command(
    cls=Command,
    examples=[
        ("matdeps neo4j check --graph reference", "differences between the server and the built-in graph"),
        ("matdeps neo4j check --format json", "all of them, as data"),
    ],
)
@store_options
@click.pass_context
def check(context: click.Context, graph: str | None, quiet: bool, format_: str) -> None:
    """Compare the server with a store; exit 1 where they differ."""
    from matdeps.graph.neo4j.settings import Neo4jSettings
    from matdeps.graph.neo4j.status import check as compare

    settings = Neo4jSettings.from_environment()
    with _open_store(graph, quiet=quiet) as store:
        differences = compare(store, settings)
    if format_ == "json":
        found = [asdict(difference) for difference in differences]
        click.echo(to_json({"generated_by": f"matdeps {__version__}", "differences": found}))
    elif not differences:
        click.echo(f"{settings.describe()} holds what the store holds.")
    else:
        click.echo(f"{len(differences):,} differences between {settings.describe()} and the store:")
        for difference in differences[:_SHOWN]:
            named = f" ({', '.join(difference.properties)})" if difference.properties else ""
            click.echo(f"  {difference.how}  {difference.what} {difference.name}{named}")
        if len(differences) > _SHOWN:
            click.echo(f"  ... and {len(differences) - _SHOWN:,} more (--format json lists all)")
    if differences:
        context.exit(1)


@neo4j.command(
    cls=Command,
    examples=[
        ("matdeps neo4j status", "version, counts and the last push"),
        ("matdeps neo4j status --format json", "the same, as data"),
    ],
)
@click.option("--format", "format_", type=click.Choice(("text", "json")), default="text", help="Default: text.")
def status(format_: str) -> None:
    """Say what is on the server."""
    from matdeps.graph.neo4j.settings import Neo4jSettings
    from matdeps.graph.neo4j.status import status as read_status

    found = read_status(Neo4jSettings.from_environment())
    if format_ == "json":
        click.echo(to_json({"generated_by": f"matdeps {__version__}", "status": asdict(found)}))
        return
    where = f"{found.uri} (database {found.database})" if found.database else found.uri
    click.echo(f"Neo4j {found.server} at {where}: {_SAID[found.state]}")
    if found.state != "empty":
        click.echo(f"Graph       {found.graph} {found.version}, pushed {found.pushed_at}")
        expected = f" of {found.expected_relationships:,}" if found.state == "incomplete" else ""
        click.echo(f"Size        {found.nodes:,} nodes, {found.relationships:,}{expected} relationships")
        click.echo(
            f"Beside it   {found.sources:,} sources, {found.claims:,} claims, {found.production:,} production rows"
        )
    click.echo(f"Others'     {found.other_nodes:,} nodes, never touched")


_SAID = {
    "empty": "no matdeps graph is there; push one: matdeps neo4j push",
    "incomplete": "INCOMPLETE: a push is under way, or died; push again: matdeps neo4j push",
    "complete": "complete",
}


@neo4j.command(
    "browser-kit",
    cls=Command,
    examples=[("matdeps neo4j browser-kit kit", "style, favourites and guide for Neo4j Browser")],
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def browser_kit(folder: Path) -> None:
    """Write a style, favourites and a guide for Neo4j Browser."""
    from matdeps.graph.neo4j.browser_kit import write_browser_kit

    written: list[Any] = write_browser_kit(folder)
    click.echo(f"Wrote {len(written)} files into {folder}; start with {folder / 'README.md'}.")
