"""Questions about recorded facts: `sources`, `controls` and `claims`."""

import click

from matdeps.cli.command import Command
from matdeps.cli.options import Common, as_names, question_options, read_names
from matdeps.cli.session import BY_DATE, NO_SCOPE, answer


@click.command(
    cls=Command,
    examples=[
        ("matdeps sources terbium --as-of 2026-07-01", "countries and makers, with shares and concentration"),
        (
            "matdeps sources tungsten --outside China --stage mine --as-of 2026-07-01",
            "who mines it elsewhere",
        ),
    ],
)
@click.argument("node")
@click.option("--outside", metavar="COUNTRY", help="Only makers outside of it, and the share that they have.")
@click.option("--stage", metavar="S", help="mine, refine and so on; default: every stage recorded.")
@click.option("--year", type=int, metavar="Y", help="Production of this year; default: the newest before the date.")
@question_options
def sources(common: Common, node: str, outside: str | None, stage: str | None, year: int | None) -> None:
    """Tell who makes an item, and where.

    Countries with their shares, named makers, recycled supply, and how concentrated it is (HHI).
    """
    name = as_names(read_names((node,), quiet=common.quiet))
    answer(common, "sources", takes=BY_DATE, node=name, outside=outside, stage=stage, year=year)


@click.command(
    cls=Command,
    examples=[
        ("matdeps controls terbium --to Japan --as-of 2026-07-01", "what binds terbium on its way to Japan"),
        (
            "matdeps controls --expiring 180 --as-of 2026-07-01",
            "every restriction whose status changes within half a year",
        ),
    ],
)
@click.argument("nodes", nargs=-1, metavar="[NODE]...")
@click.option("--to", metavar="COUNTRY", help="Toward this destination.")
@click.option("--use", metavar="U", help="civil or military.")
@click.option(
    "--expiring", type=int, metavar="DAYS", help="Those whose status changes within so many days of the date."
)
@question_options
def controls(common: Common, nodes: tuple[str, ...], to: str | None, use: str | None, expiring: int | None) -> None:
    """List restrictions with their status on a day.

    Controls, disruptions and roll-ups, with what each binds; of all nodes, where none is named.
    """
    names = as_names(read_names(nodes, quiet=common.quiet)) if nodes else None
    answer(common, "controls", takes=BY_DATE, node=names, to=to, use=use, expiring=expiring)


@click.command(
    cls=Command,
    examples=[
        ("matdeps claims", "every claim, with its standing"),
        ("matdeps claims tungsten --format json", "what is claimed about tungsten"),
    ],
)
@click.argument("nodes", nargs=-1, metavar="[NODE]...")
@question_options
def claims(common: Common, nodes: tuple[str, ...]) -> None:
    """List what is claimed, and how well it is supported.

    A claim is no link: nothing is exposed because of one.
    """
    names = as_names(read_names(nodes, quiet=common.quiet)) if nodes else None
    answer(common, "claims", takes=NO_SCOPE, node=names)
