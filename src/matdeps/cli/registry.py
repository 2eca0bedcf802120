"""The commands as data: the top-level help and its suggestions import no command."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click


@dataclass(frozen=True, slots=True)
class Entry:
    """A command: where it is, and what the top-level help says of it.

    Attributes
    ----------
    module, attribute
        Imported when the command is used.
    section
        Heading of the top-level help under which it stands.
    help
        One line; the first line of the command's own help.
    """

    module: str
    attribute: str
    section: str
    help: str


_ASK = "Questions"
_LOOK = "Look-ups"
_DATA = "Data"

COMMANDS: Mapping[str, Entry] = {
    "ask": Entry("asking", "ask", _ASK, "Ask a question in words."),
    "exposed": Entry("chains", "exposed", _ASK, "List what depends on nodes."),
    "depends": Entry("chains", "depends", _ASK, "List what nodes depend on."),
    "why": Entry("chains", "why", _ASK, "Show the evidence paths from a node to a target."),
    "whatif": Entry("scenarios", "whatif", _ASK, "Judge what is lost under a scenario."),
    "sources": Entry("facts", "sources", _ASK, "Tell who makes an item, and where."),
    "controls": Entry("facts", "controls", _ASK, "List restrictions with their status on a day."),
    "claims": Entry("facts", "claims", _ASK, "List what is claimed, and how well it is supported."),
    "find": Entry("lookups", "find", _LOOK, "Look a node up by any of its names."),
    "show": Entry("lookups", "show", _LOOK, "Show everything known about nodes."),
    "coverage": Entry("lookups", "coverage", _LOOK, "Tell what the graph does not know."),
    "queries": Entry("lookups", "queries", _LOOK, "List the canned queries."),
    "view": Entry("viewing", "view", _LOOK, "Make a page of an answer that opens in any browser."),
    "load": Entry("loading", "load", _DATA, "Load data into a store."),
    "loaders": Entry("loading", "loaders", _DATA, "List the loaders."),
    "loads": Entry("loading", "loads", _DATA, "Show the history of loads of a store."),
    "unload": Entry("loading", "unload", _DATA, "Take a dataset out of a store."),
    "export": Entry("keeping", "export", _DATA, "Write a graph into files."),
    "neo4j": Entry("serving", "neo4j", _DATA, "Bring a graph to a Neo4j server, and compare."),
    "info": Entry("keeping", "info", _DATA, "Say what a graph is and where it is kept."),
    "check": Entry("checking", "check", _DATA, "Check a store for damage and contradictions."),
}

LATER = frozenset(
    {
        "controlled-in", "single-source", "chokepoints", "substitutes", "diff", "match", "report",
        "example",
    }
)  # fmt: skip
"""Names that are taken by commands of later versions."""


def load_command(name: str) -> "click.Command":
    """Import a command.

    Raises
    ------
    KeyError
        There is none of that name.
    """
    entry = COMMANDS[name]
    command: click.Command = getattr(import_module(f"matdeps.cli.{entry.module}"), entry.attribute)
    return command


def iter_commands() -> "Iterator[tuple[str, click.Command]]":
    """Yield every command with its name, in the order of the top-level help; documentation is made from them.

    A group gives its commands, not itself: ``neo4j push``.
    """
    for name in COMMANDS:
        command = load_command(name)
        parts = getattr(command, "commands", None)
        if parts is None:
            yield name, command
        else:
            yield from ((f"{name} {part}", parts[part]) for part in parts)
