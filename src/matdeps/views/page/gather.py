"""Gathers from a graph what a page tells beyond its answer."""

from collections.abc import Iterable, Mapping

from matdeps.graph.model import NodeFacts
from matdeps.graph.reader import Reader
from matdeps.views.page.context import Context
from matdeps.views.protocols import AnswerLike

_OVER = "ended"
_STANDS = ("LOCATED_IN", "HEADQUARTERED_IN")


def gather(
    reader: Reader,
    answer: AnswerLike,
    restrictions: AnswerLike | None = None,
    *,
    pages: Mapping[str, str] | None = None,
    home: str | None = None,
    command: str | None = None,
) -> Context:
    """Read the facts of the nodes on an answer's paths, and which restrictions name them.

    Parameters
    ----------
    restrictions
        The answer of `controls` about all nodes on the day of the answer; None marks none. Ended ones are left out.
    pages, home, command
        See `Context`.
    """
    ids = {str(row.id) for row in answer.rows}
    ids |= {end for row in answer.rows for hop in getattr(row, "path", ()) for end in (hop.tail, hop.head)}
    handles = reader.find_handles(sorted(ids))
    facts = {node.id: node for node in reader.get_nodes(sorted(handles.values()))}
    cited = {source for node in facts.values() for source in node.sources}
    found = [row for row in restrictions.rows if row.status != _OVER] if restrictions is not None else []
    return Context(
        nodes=facts,
        places=_find_places(reader, facts.values(), answer.parameters.get("as_of")),
        restrictions=found,
        sources={**reader.get_sources(sorted(cited)), **(restrictions.sources if restrictions is not None else {})},
        pages=pages or {},
        home=home,
        command=command,
    )


def _find_places(reader: Reader, nodes: Iterable[NodeFacts], as_of: str | None) -> dict[str, list[str]]:
    """Find the countries of nodes: plants, lead country, seat; by name."""
    ids = {node.handle: node.id for node in nodes}
    links = reader.find_links(sorted(ids), out=True, types=_STANDS, as_of=as_of)
    names = {node.handle: node.name for node in reader.get_nodes(sorted({link.head for link in links}))}
    found: dict[str, set[str]] = {}
    for link in links:
        found.setdefault(ids[link.tail], set()).add(names[link.head])
    return {node: sorted(countries) for node, countries in sorted(found.items())}
