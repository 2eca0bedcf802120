"""`ask`: a question in words, which becomes a canned query."""

import shlex
from collections.abc import Mapping
from datetime import date
from typing import Any

import click

from matdeps.cli.command import Command
from matdeps.cli.options import Common, question_options, read_names
from matdeps.cli.session import BY_DATE, BY_LINKS, NO_SCOPE, open_graph, run, write_answer
from matdeps.graph.errors import ConfigError

_TAKES: Mapping[str, frozenset[str]] = {
    "exposed": BY_LINKS,
    "depends": BY_LINKS,
    "why": BY_LINKS,
    "sources": BY_DATE,
    "controls": BY_DATE,
    "show": BY_DATE,
    "coverage": BY_DATE,
}
_POSITIONS = ("start", "node", "text", "target")
"""Arguments that stand without a flag, in this order."""


class _AskCommand(Command):
    """Lists the phrasings in its help; they are read when the help is."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the phrasings, then the examples."""
        from matdeps.queries.phrasings import PHRASINGS

        with formatter.section("Phrasings"):
            for phrase, query in PHRASINGS:
                formatter.write(f"{'':>{formatter.current_indent}}{phrase} ({query})\n")
        super().format_epilog(ctx, formatter)


@click.command(
    cls=_AskCommand,
    examples=[
        ('matdeps ask "what depends on terbium" --as-of 2026-07-01', "what is exposed to terbium"),
        ('matdeps ask "who makes tungsten outside China" --as-of 2026-07-01', "suppliers elsewhere"),
        (
            'matdeps ask "what controls bind terbium toward Japan on 2026-07-01"',
            "a date may stand in the question",
        ),
    ],
)
@click.argument("words", nargs=-1, required=True, metavar="QUESTION")
@question_options
def ask(common: Common, words: tuple[str, ...]) -> None:
    """Ask a question in words.

    The first line is the command that the question became. What is not understood is refused, with the
    nearest phrasings; nothing is guessed.
    """
    from matdeps.queries.ask import understand

    text = " ".join(read_names(words, quiet=common.quiet))
    with open_graph(common) as graph:
        understood = understand(graph.reader, text, today=date.today().isoformat())
        takes = _TAKES.get(understood.query, NO_SCOPE)
        arguments = _merge(common, understood.arguments)
        found = run(common, graph, understood.query, takes=takes, **arguments)
        command = spell(understood.query, {**arguments, **_typed(common, takes, arguments, found.parameters)})
        write_answer(common, graph, found, asked=(text, command))


def _merge(common: Common, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Let what the question says win over defaults; two different words on one thing are an error."""
    for name in ("as_of", "through"):
        said = arguments.get(name)
        typed = getattr(common, name) if name in common.given else None
        if said is not None and typed is not None and str(said) != typed:
            flag = f"--{name.replace('_', '-')}"
            raise ConfigError(f"the question says {said}, and {flag} says {typed}", remedy="Leave one of them out.")
    return dict(arguments)


def _typed(
    common: Common, takes: frozenset[str], arguments: Mapping[str, Any], parameters: Mapping[str, Any]
) -> dict[str, Any]:
    """List the options of the command that the question became: those typed, and always its date."""
    options = {name: getattr(common, name) for name in sorted(takes) if name in common.given and name not in arguments}
    if "as_of" in takes and "as_of" not in arguments:
        options["as_of"] = parameters.get("as_of") or common.as_of
    if "loaded_as_of" in common.given:
        options["loaded_as_of"] = common.loaded_as_of
    if "graph" in common.given:
        options["graph"] = common.graph
    if "engine" in common.given:
        options["engine"] = common.engine
    return options


def spell(query: str, arguments: Mapping[str, Any]) -> str:
    """Write a canned query as the command that a person would type.

    Examples
    --------
    >>> spell("exposed", {"start": ["rare earths", "Tb"], "kind": ("program",), "direct": True})
    "matdeps exposed 'rare earths' Tb --kind program --direct"
    """
    words = ["matdeps", query]
    for name in _POSITIONS:
        value = arguments.get(name)
        words += [value] if isinstance(value, str) else list(value or ())
    for name, value in arguments.items():
        if name in _POSITIONS or value is None or value is False:
            continue
        words.append("-k" if name == "k" else f"--{name.replace('_', '-')}")
        if value is not True:
            words.append(",".join(map(str, value)) if isinstance(value, list | tuple) else str(value))
    return shlex.join(words)
