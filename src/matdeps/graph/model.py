"""Nodes, links, sources and claims as a query sees them: frozen facts, made once, shared freely."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from matdeps.graph.schema import Confidence

MIN_DAY = -(2**31)
MAX_DAY = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Source:
    """A published source.

    Attributes
    ----------
    how_verified
        ``read_in_search``: an excerpt was read; ``own_knowledge``: cited from memory, not read.
    date
        ISO date as published; may be only a year or empty.
    """

    id: str
    title: str
    publisher: str
    date: str
    url: str
    kind: str
    how_verified: str

    @property
    def is_read(self) -> bool:
        """Whether somebody read it for this data set."""
        return self.how_verified == READ


READ = "read_in_search"


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """All that is recorded of a node itself.

    Attributes
    ----------
    handle
        Number of the node in its reader; the order of handles is the order of ids.
    id
        ``kind:slug``.
    labels
        Kinds whose label the node carries, its own first; two for a company that both makes and buys.
    valid_from, valid_to
        First and last day, both inside, as ISO dates; None where open.
    sources
        Ids of its sources, sorted.
    """

    handle: int
    id: str
    kind: str
    name: str
    labels: tuple[str, ...]
    description: str = ""
    aliases: tuple[str, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    valid_from: str | None = None
    valid_to: str | None = None
    sources: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """All that is recorded of a link.

    Attributes
    ----------
    handle
        Number of the link in its reader; among links with the same ends the order of handles is the order of keys.
    tail, head
        Handles of its ends.
    type
        Name of the relationship type.
    key
        Type, a blank, and the properties as JSON with sorted keys; unique among the links of two nodes.
    confidence
        How sure the fact is.
    is_checked
        Whether somebody read one of its sources.
    is_derived
        Whether a loader made it from another fact (a production row, a SUPPLIES_TO that names its item).
    """

    handle: int
    tail: int
    head: int
    type: str
    key: str
    properties: Mapping[str, Any]
    confidence: Confidence
    is_checked: bool
    sources: tuple[str, ...]
    is_derived: bool = False
    datasets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProductionRow:
    """A country's production of an item, as recorded; `country` None is the world total.

    Attributes
    ----------
    share
        Of the world, 0..1; None where unknown.
    amount
        In `unit` a year; None where unknown.
    """

    item: str
    stage: str
    country: str | None
    year: int
    amount: float | None
    unit: str
    share: float | None
    is_estimate: bool
    source: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim of somebody, with its standing; a claim is no link."""

    id: str
    text: str
    status: str
    nodes: tuple[str, ...]
    sources: tuple[str, ...]
    notes: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset that is loaded: where it came from and how far its knowledge reaches."""

    name: str
    loader: str
    title: str
    version: str
    knowledge_until: str | None
    loaded_at: str
    load: int


@dataclass(frozen=True, slots=True)
class GraphInfo:
    """What a graph is: its name, its version, its size and the day to which its knowledge reaches.

    Attributes
    ----------
    knowledge_until
        ISO date: the newest source of the dataset whose knowledge reaches furthest; None where no source is dated.
    """

    name: str
    version: str
    nodes: int
    relationships: int
    knowledge_until: str | None
    datasets: tuple[Dataset, ...] = ()
    notices: tuple[str, ...] = ()


def to_day(text: str | None, *, last: bool = False) -> int:
    """Turn an ISO date into a day number; an open end lies before or after every day.

    Parameters
    ----------
    text
        ISO date; None or empty where open.
    last
        Whether an open end is the last day, not the first.
    """
    if not text:
        return MAX_DAY if last else MIN_DAY
    return date.fromisoformat(text).toordinal()


def is_valid_on(as_of: str, valid_from: str | None, valid_to: str | None) -> bool:
    """Say whether a day lies between two ISO dates, both inside; None is open."""
    return (not valid_from or valid_from <= as_of) and (not valid_to or as_of <= valid_to)
