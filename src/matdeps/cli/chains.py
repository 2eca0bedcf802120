"""Questions about chains: `exposed`, `depends` and `why`."""

import click

from matdeps.cli.command import Command
from matdeps.cli.options import Common, as_names, question_options, read_names
from matdeps.cli.session import BY_LINKS, answer

_KIND = click.option("--kind", metavar="KIND,...", help="Kinds of nodes, any label counts; 'all' for every kind.")
_DIRECT = click.option("--direct", is_flag=True, help="One hop only.")
_MAX_TIER = click.option("--max-tier", type=int, metavar="N", help="At most so many flow hops.")
_ROLLUP = click.option(
    "--include-rollup",
    is_flag=True,
    help="A restriction also stands for elements that it is only said to be about.",
)
_NODES = click.argument("nodes", nargs=-1, required=True, metavar="NODE...")


@click.command(
    cls=Command,
    examples=[
        (
            "matdeps exposed terbium --as-of 2026-07-01",
            "products, programmes and customers that depend on terbium",
        ),
        (
            "matdeps exposed Tb Dy --kind program --paths --as-of 2026-07-01",
            "programmes that need either, with the chains",
        ),
        (
            "matdeps exposed China --min-share 0.5 --format csv -q --as-of 2026-07-01",
            "what depends on items mostly made in China",
        ),
    ],
)
@_NODES
@_KIND
@_DIRECT
@_MAX_TIER
@click.option(
    "--min-share",
    type=float,
    metavar="S",
    help="Of a country: only items of which it makes this share, 0 to 1.",
)
@_ROLLUP
@question_options
def exposed(
    common: Common,
    nodes: tuple[str, ...],
    kind: str | None,
    direct: bool,
    max_tier: int | None,
    min_share: float | None,
    include_rollup: bool,
) -> None:
    """List what depends on nodes.

    Products, programmes and customers, unless --kind asks for others. NODE is an id, a name in any language, a code
    or a country; - reads one name a line from standard input.
    """
    answer(
        common,
        "exposed",
        takes=BY_LINKS,
        start=as_names(read_names(nodes, quiet=common.quiet)),
        kind=kind,
        direct=direct,
        max_tier=max_tier,
        min_share=min_share,
        include_rollup=include_rollup,
    )


@click.command(
    cls=Command,
    examples=[
        (
            "matdeps depends program:f-15j-upgrade --as-of 2026-07-01",
            "items and suppliers behind a programme",
        ),
        (
            "matdeps depends WF6 --kind material --as-of 2026-07-01",
            "raw materials that go into tungsten hexafluoride",
        ),
    ],
)
@_NODES
@_KIND
@_DIRECT
@_MAX_TIER
@question_options
def depends(common: Common, nodes: tuple[str, ...], kind: str | None, direct: bool, max_tier: int | None) -> None:
    """List what nodes depend on.

    Back to raw materials; items and suppliers, unless --kind asks for others.
    """
    answer(
        common,
        "depends",
        takes=BY_LINKS,
        node=as_names(read_names(nodes, quiet=common.quiet)),
        kind=kind,
        direct=direct,
        max_tier=max_tier,
    )


@click.command(
    cls=Command,
    examples=[
        (
            "matdeps why terbium program:f-15j-upgrade --as-of 2026-07-01",
            "how terbium gets into the programme",
        ),
        (
            "matdeps why tungsten WF6 -k 1 --format md --as-of 2026-07-01",
            "the one shortest and the one surest path",
        ),
    ],
)
@click.argument("node")
@click.argument("target")
@click.option(
    "-k",
    "k",
    type=int,
    default=3,
    metavar="K",
    help="So many shortest, then so many surest paths; default 3.",
)
@_ROLLUP
@question_options
def why(common: Common, node: str, target: str, k: int, include_rollup: bool) -> None:
    """Show the evidence paths from a node to a target.

    The shortest, then the surest; each hop with its sentence, confidence, sources and dates.
    """
    start = as_names(read_names((node,), quiet=common.quiet))
    answer(common, "why", takes=BY_LINKS, start=start, target=target, k=k, include_rollup=include_rollup)
