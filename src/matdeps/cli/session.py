"""One question from the command line: open the graph, run the canned query, write its answer."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from matdeps.cli.options import Common
from matdeps.cli.output import check_output, find_width, tell, wants_color, write
from matdeps.views.formats import FILE_FORMATS

if TYPE_CHECKING:
    from matdeps.api import Graph
    from matdeps.queries.answer import Answer

BY_LINKS = frozenset({"through", "as_of", "by", "confidence", "checked"})
"""The scope of a query that walks links."""
BY_DATE = frozenset({"as_of"})
"""The scope of a query about the facts of one day."""
TEXT_ROWS = 5_000
"""Rows that text is made of unless all are asked for; the answer says where there are more."""
NO_SCOPE: frozenset[str] = frozenset()
AS_CYPHER = "matdeps.cypher"
"""Set in the context's `meta` where a question is to be written as Cypher instead of being answered."""


@contextmanager
def open_graph(common: Common) -> "Iterator[Graph]":
    """Open the graph that the options name."""
    from matdeps import api

    check_output(common.output)
    begin = time.perf_counter()
    with api.open(common.graph, engine=_engine(common), loaded_as_of=common.loaded_as_of) as graph:
        _tell_time(common, "opened the graph", begin)
        yield graph


def _engine(common: Common) -> Any:
    return common.engine


def _tell_time(common: Common, what: str, begin: float) -> None:
    if common.verbose:
        tell(f"{what} in {(time.perf_counter() - begin) * 1000:.0f} ms")


def answer(common: Common, query: str, *, takes: frozenset[str], **arguments: Any) -> None:
    """Run a canned query and write its answer.

    Parameters
    ----------
    takes
        Which options of the scope say something to this query.
    arguments
        Its own arguments; those that are None are left to their defaults.
    """
    with open_graph(common) as graph:
        if click.get_current_context().meta.get(AS_CYPHER):
            _write_cypher(common, graph, query, takes, arguments)
            return
        write_answer(common, graph, run(common, graph, query, takes=takes, **arguments))


def _write_cypher(
    common: Common, graph: "Graph", query: str, takes: frozenset[str], arguments: Mapping[str, Any]
) -> None:
    from matdeps.queries.cypher import make_cypher

    _tell_unused(common, query, takes)
    chosen = {**common.get_scope(takes), **arguments, "limit": common.limit if query != "why" else None}
    text = make_cypher(graph.reader, query, {name: value for name, value in chosen.items() if value is not None})
    write(text, common.output, quiet=common.quiet)


def run(common: Common, graph: "Graph", query: str, *, takes: frozenset[str], **arguments: Any) -> "Answer":
    """Run a canned query with the options that say something to it, and say which do not."""
    _tell_unused(common, query, takes)
    given = {name: value for name, value in arguments.items() if value is not None}
    scope = {name: value for name, value in common.get_scope(takes).items() if value is not None}
    if query == "find":
        # It gives the best rows only, so that its limit counts in text too.
        if common.limit is not None:
            given["limit"] = common.limit or graph.info.nodes
    elif common.format == "text" and common.limit != 0 and query in {"exposed", "depends"}:
        # Text shows some rows of each group; beyond so many it would make paths only to count them.
        given["limit"] = TEXT_ROWS
    elif common.format != "text" and common.limit:
        # Text is cut by its renderer, which keeps some rows of each group.
        if query == "why":
            tell("--limit says nothing to 'why'; -k does.", quiet=common.quiet)
        else:
            given["limit"] = common.limit
    begin = time.perf_counter()
    found: Answer = graph.run(query, **{**scope, **given})
    _tell_time(common, f"answered {query!r}", begin)
    return found


def _tell_unused(common: Common, query: str, takes: frozenset[str]) -> None:
    unused = common.list_unused(takes)
    if unused:
        tell(
            f"{' and '.join(unused)} say{'s' if len(unused) == 1 else ''} nothing to {query!r}.",
            quiet=common.quiet,
        )


def write_answer(common: Common, graph: "Graph", found: "Answer", *, asked: tuple[str, str] | None = None) -> None:
    """Write an answer in the format that was asked for, and say which graph gave it where nobody named one.

    Parameters
    ----------
    asked
        The question in words and the command that it became; None where a command was typed.
    """
    if common.format in FILE_FORMATS:
        from matdeps.cli.viewing import write_file

        write_file(common, graph, found, asked=asked)
        return
    text = render(common, found)
    if graph.notice and common.graph is None:
        # Not before: an error is one or two lines, and an answer is what the notice is about.
        tell(graph.notice, quiet=common.quiet)
    if asked is not None:
        text = _add_asked(common, text, *asked)
    write(text, common.output, quiet=common.quiet)


def render(common: Common, found: "Answer") -> str:
    """Turn an answer into text."""
    if common.format == "text":
        from matdeps.views.text import render_text

        return render_text(
            found,
            width=find_width(),
            color=wants_color(common.color, common.output),
            paths=common.paths,
            limit=common.limit,
        )
    from matdeps.views.tables import FORMATS

    return FORMATS[common.format](found)


def _add_asked(common: Common, text: str, question: str, command: str) -> str:
    from matdeps.views.inert import escape_json, neutralise

    if common.format == "json":
        about = {"text": question, "command": command}
        return escape_json(json.dumps({**json.loads(text), "asked": about}, ensure_ascii=False, indent=2))
    shown = f"= {neutralise(command)}"
    if common.format == "text":
        return f"{shown}\n\n{text}"
    if common.format == "md":
        return f"    {shown}\n\n{text}"
    # A line that is no row would break what reads the rows.
    tell(shown, quiet=common.quiet)
    return text
