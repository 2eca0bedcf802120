"""What is really lost: `whatif`."""

import click

from matdeps.cli.command import Command
from matdeps.cli.options import Common, question_options
from matdeps.cli.session import BY_LINKS, answer


def _some(names: tuple[str, ...]) -> list[str] | None:
    return list(names) or None


@click.command(
    cls=Command,
    examples=[
        ("matdeps whatif --lose terbium --to JP --as-of 2026-07-01", "what is left where terbium is gone"),
        (
            "matdeps whatif --control cn-mofcom-2026-01 --use military --to JP --as-of 2026-07-01",
            "the controls toward Japan, for military use, all licences refused",
        ),
        (
            "matdeps whatif --disruption kanto-denka-wf6-exit --kind all --as-of 2026-07-01",
            "one maker stops",
        ),
    ],
)
@click.option("--lose", multiple=True, metavar="NODE", help="Taken away: an item, a group, a company, a country.")
@click.option("--control", multiple=True, metavar="NODE", help="A control that applies.")
@click.option("--disruption", multiple=True, metavar="NODE", help="A disruption that applies.")
@click.option("--to", metavar="COUNTRY", help="Where items are judged; default: the world.")
@click.option(
    "--use", type=click.Choice(("civil", "military", "both")), help="The use of targets for which none is recorded."
)
@click.option(
    "--licences",
    type=click.Choice(("withheld", "granted")),
    default="withheld",
    help="What a licence duty counts as; default withheld, the stress test.",
)
@click.option(
    "--include-rollup",
    is_flag=True,
    help="A restriction also stands for elements that it is only said to be about.",
)
@click.option("--kind", metavar="KIND,...", help="Kinds of targets, any label counts; 'all' for every kind.")
@question_options
def whatif(
    common: Common,
    lose: tuple[str, ...],
    control: tuple[str, ...],
    disruption: tuple[str, ...],
    to: str | None,
    use: str | None,
    licences: str,
    include_rollup: bool,
    kind: str | None,
) -> None:
    """Judge what is lost under a scenario.

    Each target gets a verdict, bounds of what is left of it, and the reason. Several restrictions make one scenario.
    """
    answer(
        common,
        "whatif",
        takes=BY_LINKS - {"by"},
        lose=_some(lose),
        control=_some(control),
        disruption=_some(disruption),
        to=to,
        use=use,
        licences=licences,
        include_rollup=include_rollup,
        kind=kind,
    )
