"""Look-ups: `find`, `show`, `coverage` and `queries`."""

import click

from matdeps import __version__
from matdeps.cli.command import Command
from matdeps.cli.options import Common, as_names, question_options, read_names
from matdeps.cli.plain import to_json
from matdeps.cli.session import AS_CYPHER, BY_DATE, NO_SCOPE, answer


@click.command(
    cls=Command,
    examples=[
        ("matdeps find magnet", "nodes with this in a name"),
        ("matdeps find 铽", "any language, symbol, formula or code"),
    ],
)
@click.argument("text", nargs=-1, required=True)
@question_options
def find(common: Common, text: tuple[str, ...]) -> None:
    """Look a node up by any of its names.

    Names, aliases, symbols, formulas, CAS numbers, HS and control codes, part numbers; then the nearest
    names. The best 20, unless --limit says otherwise.
    """
    words = read_names(text, quiet=common.quiet)
    answer(common, "find", takes=NO_SCOPE, text=" ".join(words))


@click.command(
    cls=Command,
    examples=[
        ("matdeps show terbium --as-of 2026-07-01", "names, links, production, controls, claims and sources"),
        ("matdeps show WF6 --format json --as-of 2026-07-01", "a node by its formula, as data"),
    ],
)
@click.argument("nodes", nargs=-1, required=True, metavar="NODE...")
@question_options
def show(common: Common, nodes: tuple[str, ...]) -> None:
    """Show everything known about nodes."""
    answer(common, "show", takes=BY_DATE, node=as_names(read_names(nodes, quiet=common.quiet)))


@click.command(
    cls=Command,
    examples=[
        ("matdeps coverage --as-of 2026-07-01", "gaps by kind, then the nodes"),
        ("matdeps coverage --format csv --as-of 2026-07-01 -o gaps.csv", "every gap as a table"),
    ],
)
@question_options
def coverage(common: Common) -> None:
    """Tell what the graph does not know."""
    answer(common, "coverage", takes=BY_DATE)


@click.command(
    cls=Command,
    context_settings={"ignore_unknown_options": True},
    examples=[
        ("matdeps queries", "the catalogue"),
        ("matdeps queries exposed", "one query and its parameters"),
        (
            "matdeps queries exposed terbium --as-of 2026-07-01 --cypher",
            "the same question as Cypher, to be pasted into Neo4j Browser",
        ),
    ],
)
@click.argument("name", required=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[ARGS]...")
@click.option("--cypher", is_flag=True, help="Write a question as Cypher: NAME, then what its own command takes.")
@click.option("--format", "format_", type=click.Choice(("text", "json")), default="text", help="Default: text.")
@click.pass_context
def queries(context: click.Context, name: str | None, arguments: tuple[str, ...], cypher: bool, format_: str) -> None:
    """List the canned queries.

    With a NAME: its parameters and their defaults, as in Python. With --cypher: the text of one question, which gives
    on a Neo4j server what matdeps answers, and draws it.
    """
    from matdeps.queries.catalogue import QUERIES, get_query

    if cypher:
        _write_cypher(context, name, arguments)
        return
    if arguments:
        context.fail(f"{' '.join(arguments)}: only --cypher takes arguments of a query.")
    chosen = list(QUERIES.values()) if name is None else [get_query(name)]
    if format_ == "json":
        rows = [
            {
                "id": f"query:{query.name}",
                "name": query.name,
                "kind": "query",
                "question": query.question,
                "parameters": query.list_parameters(),
            }
            for query in chosen
        ]
        click.echo(to_json({"generated_by": f"matdeps {__version__}", "query": "queries", "rows": rows}))
        return
    if name is None:
        width = max(map(len, QUERIES))
        for query in chosen:
            click.echo(f"{query.name:<{width}}  {query.question}")
        return
    parameters = chosen[0].list_parameters()
    click.echo(f"{chosen[0].name}: {chosen[0].question}")
    width = max(map(len, parameters), default=0)
    for parameter, default in parameters.items():
        click.echo(f"  {parameter:<{width}}  {'required' if default == 'required' else f'default {default}'}")


def _write_cypher(context: click.Context, name: str | None, arguments: tuple[str, ...]) -> None:
    """Let the query's own command read its arguments, and write its question instead of answering it."""
    from matdeps.cli.registry import load_command
    from matdeps.queries.catalogue import get_query

    if name is None:
        context.fail("--cypher needs the NAME of a query.")
    command = load_command(get_query(name).name)
    context.meta[AS_CYPHER] = True
    with command.make_context(name, list(arguments), parent=context) as asked:
        command.invoke(asked)
