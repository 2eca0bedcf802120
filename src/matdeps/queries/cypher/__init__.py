"""A Cypher text for each canned query, made for people: to read, to change, to paste into Neo4j Browser."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from matdeps.graph.errors import ConfigError
from matdeps.graph.reader import Reader
from matdeps.queries.catalogue import get_query
from matdeps.queries.cypher import facts
from matdeps.queries.cypher.chains import make_depends, make_exposed
from matdeps.queries.cypher.why import make_why
from matdeps.queries.cypher.words import add_limit, split_statement
from matdeps.queries.question import parse_limit

__all__ = ["TEXTS", "make_cypher", "split_statement"]

TEXTS: Mapping[str, Callable[..., str]] = {
    "exposed": make_exposed,
    "depends": make_depends,
    "why": make_why,
    "sources": facts.make_sources,
    "controls": facts.make_controls,
    "claims": facts.make_claims,
    "find": facts.make_find,
    "show": facts.make_show,
    "coverage": facts.make_coverage,
}


def make_cypher(reader: Reader, query: str, arguments: Mapping[str, Any]) -> str:
    """Write a canned query as Cypher for people, with the parameters of one question.

    Parameters
    ----------
    reader
        The graph that names are looked up in; the server must hold the same.
    arguments
        Those of the query's `run`.

    Returns
    -------
    str
        Comments, `:param` lines whose values are JSON, and a statement made of constants. What a user wrote stands in
        parameters only.

    Raises
    ------
    UnknownNodeError, AmbiguousNodeError
        If a name has no node, or several.
    ConfigError
        If there is no such query, or an argument has a value that cannot be meant.
    """
    run = get_query(query).load()
    if query not in TEXTS:
        raise ConfigError(f"{query!r} has no Cypher text", remedy=f"Those that have: {', '.join(TEXTS)}.")
    inspect.signature(run).bind(reader, **arguments)
    given = dict(arguments)
    limit = parse_limit(given.pop("limit", None))
    text = TEXTS[query](reader, **given)
    return add_limit(text, limit) if limit is not None else text
