"""`check`: damage and contradictions of a store, as findings."""

from dataclasses import asdict
from pathlib import Path

import click

from matdeps import __version__
from matdeps.cli.command import Command
from matdeps.cli.output import tell
from matdeps.cli.plain import store_options, to_json
from matdeps.graph.errors import ConfigError, StoreError
from matdeps.graph.integrity import KINDS, Finding, iter_findings
from matdeps.views.inert import neutralise


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
    from matdeps.cli.places import open_to_check
    from matdeps.graph.store import is_damage

    kinds = _read_kinds(fail_on)
    try:
        with open_to_check(graph, quiet=quiet) as store:
            path = store.path
            findings = list(iter_findings(store))
    except StoreError as error:
        if not is_damage(error):
            raise
        # Too damaged to be opened: that is what was asked for.
        path = Path(error.message.removeprefix("the store ").partition(" is damaged: ")[0])
        findings = [Finding("damage", str(path), error.message)]
    failing = [finding for finding in findings if finding.kind in kinds]
    if format_ == "json":
        counts = {kind: sum(finding.kind == kind for finding in findings) for kind in KINDS}
        about = {"store": str(path), "counts": counts, "findings": [asdict(finding) for finding in findings]}
        click.echo(to_json({"generated_by": f"matdeps {__version__}", **about}))
    else:
        for finding in findings:
            click.echo(neutralise(f"{finding.kind}: {finding.where}: {finding.text}"))
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
