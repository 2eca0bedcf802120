"""The options that every question takes, in one place, and what they were set to."""

import functools
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import click

from matdeps.cli.command import CommonOption
from matdeps.graph.errors import ConfigError, DataError
from matdeps.views.formats import FILE_FORMATS, SUFFIXES

ENGINES = ("embedded", "networkx", "neo4j")
FORMATS = ("text", "json", "jsonl", "csv", "md", *FILE_FORMATS)
_SUFFIXES = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".md": "md",
    ".txt": "text",
    **SUFFIXES,
}
_SCOPE = ("through", "as_of", "by", "confidence", "checked")


@dataclass(frozen=True, slots=True)
class Common:
    """What the options of every question were set to.

    Attributes
    ----------
    limit
        Rows at most; 0 is all, None the default of the format.
    given
        Names of those that were typed.
    """

    graph: str | None
    through: str
    as_of: str | None
    loaded_as_of: str | None
    by: str
    confidence: str
    checked: bool
    engine: str
    format: str
    output: str | None
    limit: int | None
    paths: bool
    color: str
    quiet: bool
    verbose: int
    given: frozenset[str] = field(default_factory=frozenset)

    def get_scope(self, names: frozenset[str] | set[str]) -> dict[str, Any]:
        """Get the options among some names as arguments of a query."""
        return {name: getattr(self, name) for name in _SCOPE if name in names}

    def list_unused(self, names: frozenset[str] | set[str]) -> list[str]:
        """List the options of the scope that were typed and say nothing to a query that takes only some names."""
        return [f"--{name.replace('_', '-')}" for name in _SCOPE if name in self.given and name not in names]


def _option(*names: str, **settings: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(*names, cls=CommonOption, **settings)


_OUTPUT = (
    _option(
        "--format",
        "format_",
        type=click.Choice(FORMATS),
        default=None,
        help="Default: text, or what the suffix of -o says.",
    ),
    _option("-o", "--output", metavar="FILE", help="Write there instead of to standard output."),
    _option(
        "--color",
        type=click.Choice(("auto", "always", "never")),
        default="auto",
        help="NO_COLOR and FORCE_COLOR count too.",
    ),
    _option("-q", "--quiet", is_flag=True, help="No notices on standard error."),
    _option("-v", "--verbose", count=True, help="Tell what happens, and how long it takes."),
)
_GRAPH = _option(
    "--graph",
    envvar="MATDEPS_GRAPH",
    metavar="PATH",
    help="Store, or 'reference' (built in); also MATDEPS_GRAPH. Default: your own store, else the reference.",
)
_QUESTION = (
    _GRAPH,
    _option(
        "--through",
        type=click.Choice(("contained", "consumed", "all")),
        default="consumed",
        help="The view; default consumed.",
    ),
    _option("--as-of", "--on", "as_of", metavar="DATE", help="The day of the question; default today."),
    _option(
        "--loaded-as-of",
        metavar="DATE",
        help="As the loads up to this day made the store.",
    ),
    _option(
        "--by",
        type=click.Choice(("plant", "hq")),
        default="plant",
        help="Where a country's suppliers stand; default plant.",
    ),
    _option(
        "--confidence",
        type=click.Choice(("confirmed", "reported", "inferred")),
        default="inferred",
        help="The least sure hop allowed; default inferred.",
    ),
    _option("--checked", is_flag=True, help="Only hops one of whose sources was read."),
    _option(
        "--engine",
        type=click.Choice(ENGINES),
        default="embedded",
        help="What walks the graph; default embedded.",
    ),
    _option("--limit", type=int, metavar="N", help="Rows at most; 0 is all."),
    _option("--paths", is_flag=True, help="Text: with the chain of each row."),
    *_OUTPUT,
)


def question_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of every question to a command; it gets them as `common`."""

    @functools.wraps(function)
    def wrapper(**values: Any) -> Any:
        names = (
            "graph",
            "through",
            "as_of",
            "loaded_as_of",
            "by",
            "confidence",
            "checked",
            "engine",
            "limit",
        )
        settings = {name: values.pop(name) for name in (*names, "output", "color", "paths", "quiet", "verbose")}
        common = _check(settings, values.pop("format_"))
        return function(common=common, **values)

    for option in reversed(_QUESTION):
        option(wrapper)
    return wrapper


def _check(settings: Mapping[str, Any], format_name: str | None) -> Common:
    if settings["limit"] is not None and settings["limit"] < 0:
        raise ConfigError(f"--limit {settings['limit']} is negative", remedy="It is a number of rows; 0 gives all.")
    if settings["loaded_as_of"] is not None:
        from matdeps.queries.question import parse_date

        parse_date(settings["loaded_as_of"])
    output = settings["output"]
    if format_name is None:
        format_name = _SUFFIXES.get(os.path.splitext(output)[1].lower(), "text") if output else "text"  # noqa: PTH122
    context = click.get_current_context()
    typed = {name for name in settings if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE}
    return Common(**settings, format=format_name, given=frozenset(typed))


def read_names(names: tuple[str, ...], *, quiet: bool = False) -> list[str]:
    """Replace ``-`` by the names on standard input, one a line.

    Raises
    ------
    ConfigError
        Standard input names nothing.
    DataError
        It is no UTF-8.
    """
    found: list[str] = []
    for name in names:
        if name == "-":
            found += _read_stdin(quiet)
        elif not name.strip():
            raise ConfigError("an empty name was given", remedy="Example: matdeps exposed terbium")
        else:
            found.append(name)
    return found


def _read_stdin(quiet: bool) -> list[str]:
    if sys.stdin.isatty() and not quiet:
        click.echo("Reading names from the terminal, one a line; Ctrl-D ends.", err=True)
    try:
        text = sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DataError(
            f"byte {error.object[error.start]:#04x} is no UTF-8",
            file="standard input",
            row=line,
            remedy="Save the names as UTF-8.",
        ) from None
    names = [line.strip() for line in text.splitlines() if line.strip()]
    if not names:
        raise ConfigError(
            "standard input holds no names",
            remedy="Give one name a line: printf 'terbium\\n' | matdeps exposed -",
        )
    return names


def as_names(names: list[str]) -> str | list[str]:
    """Give one name as it is, several as a list: answers repeat their parameters."""
    return names[0] if len(names) == 1 else names
