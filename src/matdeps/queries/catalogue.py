"""The list of the canned queries: a new one is one module here, and one line in `QUERIES`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from matdeps.graph.errors import ConfigError
from matdeps.queries.answer import Answer


@dataclass(frozen=True, slots=True)
class QueryRow:
    """One canned query (`queries`)."""

    id: str
    name: str
    kind: str
    question: str
    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CannedQuery:
    """A canned query.

    Attributes
    ----------
    name
        As it is typed.
    question
        What it answers, in words.
    module
        Where its `run` stands; loaded when it is asked.
    """

    name: str
    question: str
    module: str

    def load(self) -> Callable[..., Answer]:
        """Load the function that answers."""
        run: Callable[..., Answer] = import_module(self.module).run
        return run

    def list_parameters(self) -> dict[str, str]:
        """List the parameters with their defaults as text, the reader left out."""
        import inspect

        parameters = list(inspect.signature(self.load()).parameters.values())[1:]
        return {p.name: "required" if p.default is p.empty else repr(p.default) for p in parameters}


def _query(name: str, question: str) -> CannedQuery:
    return CannedQuery(name, question, f"matdeps.queries.{name.replace('-', '_')}")


QUERIES: Mapping[str, CannedQuery] = {
    query.name: query
    for query in (
        _query("exposed", "What depends on X?"),
        _query("why", "Through which evidence paths does Y depend on X?"),
        _query("depends", "What does X depend on, back to raw materials?"),
        _query("whatif", "What is really lost under a scenario, and what is left?"),
        _query("sources", "Who makes X and where; what remains outside country C?"),
        _query("controls", "Which controls bind X on date D toward country C, and why?"),
        _query("claims", "What is claimed about X, by whom, and how well is it supported?"),
        _query("find", "Which nodes are called something like this?"),
        _query("show", "What is known about X?"),
        _query("coverage", "What does the graph not know?"),
    )
}


def get_query(name: str) -> CannedQuery:
    """Get a canned query by its name.

    Raises
    ------
    ConfigError
        If there is none of that name.
    """
    if name not in QUERIES:
        raise ConfigError(f"there is no query {name!r}", remedy=f"Queries: {', '.join(QUERIES)}.")
    return QUERIES[name]


def run_query(name: str, reader: Any, **arguments: Any) -> Answer:
    """Run a canned query on a reader."""
    return get_query(name).load()(reader, **arguments)
