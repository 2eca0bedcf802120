"""What a page may tell beyond its answer: facts of the nodes, restrictions that name them, other pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from matdeps.graph.model import NodeFacts, Source
from matdeps.views.protocols import ControlRowLike


@dataclass(frozen=True, slots=True)
class Context:
    """What is known around an answer; every part may be missing, and the page then says less.

    Attributes
    ----------
    nodes
        Facts of the nodes on the picture, by id: aliases, description, attributes.
    places
        Names of the countries where an organisation or programme stands, by id.
    restrictions
        Rows of `controls` of the answer's day: each is marked on the nodes that it names.
    sources
        Sources that only these cite, by id.
    pages
        Address of a page of its own, relative to this one, by id of the node it is about.
    home
        Address of the entry page; None where there is none.
    command
        The command that makes the same answer again; None: made from the answer's parameters.
    """

    nodes: Mapping[str, NodeFacts] = field(default_factory=dict)
    places: Mapping[str, Sequence[str]] = field(default_factory=dict)
    restrictions: Sequence[ControlRowLike] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)
    home: str | None = None
    command: str | None = None
