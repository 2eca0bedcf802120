"""One fact from the rows that several datasets have for it."""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from matdeps.graph.errors import StoreError
from matdeps.graph.model import LinkFacts, NodeFacts
from matdeps.graph.schema import KINDS, Confidence

_KIND_NAMES = tuple(KINDS)


def get_labels(bits: int, kind: str) -> tuple[str, ...]:
    """Name the labels of a node, its own kind first; bit k stands for kind k of the schema."""
    return (kind, *(name for code, name in enumerate(_KIND_NAMES) if name != kind and bits >> code & 1))


def merge_node_rows(handle: int, rows: Sequence[Any], labels: tuple[str, ...]) -> NodeFacts:
    """Make one node of the rows that several datasets have for it.

    The first dataset in order of precedence decides where they differ; aliases and sources are joined.
    """
    first = rows[0]
    attributes: dict[str, Any] = {}
    for row in reversed(rows):
        attributes.update(read_object(row.attributes))
    aliases = dict.fromkeys(alias for row in rows for alias in json.loads(row.aliases))
    return NodeFacts(
        handle,
        first.id,
        first.kind,
        first.name,
        labels,
        next((row.description for row in rows if row.description), "") or "",
        tuple(aliases),
        attributes,
        first.valid_from,
        first.valid_to,
        split_ids(*(row.sources for row in rows)),
        tuple(dict.fromkeys(row.dataset for row in rows)),
    )


def merge_link_rows(handle: int, tail: int, head: int, rows: Sequence[Any]) -> LinkFacts:
    """Make one link of the rows that several datasets have for it: the surest counts, sources are joined."""
    first = rows[0]
    return LinkFacts(
        handle,
        tail,
        head,
        first.type,
        f"{first.type} {first.properties}",
        read_object(first.properties),
        min(Confidence[row.confidence] for row in rows),
        any(row.checked for row in rows),
        split_ids(*(row.sources for row in rows)),
        all(row.derived for row in rows),
        tuple(dict.fromkeys(row.dataset for row in rows)),
    )


def split_ids(*texts: str) -> tuple[str, ...]:
    """Split and join lists of ids as tables hold them; each id once, sorted."""
    return tuple(sorted({part for text in texts for part in text.split("|") if part}))


def sort_links(links: Iterable[LinkFacts], *, out: bool) -> list[LinkFacts]:
    """Sort links by the node that they leave (`out`) or reach, then by the other end, then by key."""
    return sorted(links, key=lambda link: (link.tail, link.head, link.key) if out else (link.head, link.tail, link.key))


@lru_cache(maxsize=4096)
def read_object(text: str) -> dict[str, Any]:
    """Read a JSON object as tables hold it; the result is shared and must not be changed.

    Raises
    ------
    StoreError
        It is none: whatever kept it is damaged.
    """
    try:
        value = json.loads(text)
    except (ValueError, TypeError):
        value = None
    if not isinstance(value, dict):
        raise StoreError(f"what was stored is damaged: {text!r:.60} is no JSON object", remedy="Load it again.")
    return value
