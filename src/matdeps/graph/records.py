"""What a loader hands to the store: plain named tuples, because millions of them pass through."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class NodeRecord(NamedTuple):
    """A node as a loader found it.

    Attributes
    ----------
    attributes
        JSON values under string keys; the store writes them with sorted keys.
    valid_from, valid_to
        First and last day as ISO dates, both inside; None where open.
    sources
        Ids of sources, at least one.
    """

    id: str
    kind: str
    name: str
    sources: Sequence[str]
    aliases: Sequence[str] = ()
    attributes: Mapping[str, Any] = {}
    description: str = ""
    valid_from: str | None = None
    valid_to: str | None = None


class LinkRecord(NamedTuple):
    """A link as a loader found it; `tail` and `head` are ids.

    Attributes
    ----------
    properties
        Canonical JSON text (`to_canonical_json`): a loader makes it once for all links that share it.
    sources
        Ids joined by ``|``, as the store keeps them.
    is_checked
        Whether somebody read one of the sources.
    is_derived
        Whether the loader made the link from another fact.
    """

    tail: str
    type: str
    head: str
    properties: str
    confidence: str
    sources: str
    is_checked: bool = False
    is_derived: bool = False


class SourceRecord(NamedTuple):
    """A source as a loader found it; `date` is ISO, a year and month, a year, or empty."""

    id: str
    title: str
    publisher: str
    date: str
    url: str
    kind: str
    how_verified: str


class ProductionRecord(NamedTuple):
    """A country's production of an item; `country` None is the world total.

    Attributes
    ----------
    amount
        In `unit` a year; None where unknown.
    share
        Of the world, 0..1; None where unknown.
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


class ClaimRecord(NamedTuple):
    """A claim of somebody, with its standing."""

    id: str
    text: str
    status: str
    nodes: Sequence[str]
    sources: Sequence[str]
    notes: str = ""
