"""From JSON values to properties of Neo4j, which hold scalars and lists of one type only; and the codes of links."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from matdeps.graph.neo4j.cypher import IDENTIFIER_NAMES
from matdeps.graph.schema import Confidence, Leave, Surety, View

LONGEST_KEY_BYTES = 4000
"""Longest identifier that is written as a property of its own: an index of Neo4j takes about twice as much."""
LONGEST_ID_BYTES = 4000
_MIN_INTEGER, _MAX_INTEGER = -(2**63), 2**63 - 1
POSITION_BITS = 24
"""A link's handle is its tail's handle, then its place among the tail's links, then whether it is PRODUCES."""
MOST_LINKS = 1 << (POSITION_BITS - 1)
RANK_SHIFT = 56
"""A link's rank is its confidence before its handle: the smallest rank is the surest link, then the smallest."""
HANDLE_MASK = (1 << RANK_SHIFT) - 1


MOST_CODES = len(Surety) * len(View) * len(Confidence) * 2 * len(Leave)
"""Codes of links are below it."""


def flatten(values: Mapping[str, Any], reserved: frozenset[str]) -> dict[str, Any]:
    """Turn JSON values into properties that a person can read and filter by.

    A name that this tool uses itself gets the prefix ``own_``; what is nested becomes JSON text; null is left out, and
    so is what no server can hold (an empty name) or index. The exact values stand in another property, as JSON.
    """
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if not name or "\0" in name:
            continue
        held = _hold(value)
        if held is None or (name in IDENTIFIER_NAMES and _is_long(held)):
            continue
        flat[f"own_{name}" if name in reserved or name.startswith("_") else name] = held
    return flat


def _hold(value: Any) -> Any:
    if value is None or isinstance(value, bool | str | float):
        return value
    if isinstance(value, int):
        return value if _MIN_INTEGER <= value <= _MAX_INTEGER else str(value)
    if isinstance(value, list):
        kinds = {type(part) for part in value}
        if len(kinds) <= 1 and kinds <= {str, bool, float}:
            return value
        if kinds == {int} and all(_MIN_INTEGER <= part <= _MAX_INTEGER for part in value):
            return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _is_long(value: Any) -> bool:
    return len(str(value).encode("utf-8", "replace")) > LONGEST_KEY_BYTES


def encode_link(surety: Any, view: Any, confidence: Any, checked: Any, leave: Any) -> Any:
    """Put all that decides whether a walk takes a link into one number; arrays give an array."""
    return (((surety * len(View) + view) * len(Confidence) + confidence) * 2 + checked) * len(Leave) + leave


def list_codes(
    *,
    sureties: Iterable[int] = tuple(Surety),
    views: Iterable[int] = tuple(View),
    confidence: int = Confidence.inferred,
    checked: bool = False,
    leaves: Iterable[int] = tuple(Leave),
) -> list[int]:
    """List the codes of links that are of some surety and view, sure enough, checked where asked, left so."""
    leaves, views = tuple(leaves), tuple(views)
    return [
        encode_link(surety, view, sureness, is_checked, leave)
        for surety in sureties
        for view in views
        for sureness in range(confidence + 1)
        for is_checked in ((True,) if checked else (False, True))
        for leave in leaves
    ]


def decode_link(code: int) -> tuple[Surety, View, Confidence, bool, Leave]:
    """Read surety, view, confidence, whether it was checked, and `Leave` off a link's code."""
    rest, leave = divmod(code, len(Leave))
    rest, checked = divmod(rest, 2)
    rest, confidence = divmod(rest, len(Confidence))
    surety, view = divmod(rest, len(View))
    return Surety(surety), View(view), Confidence(confidence), bool(checked), Leave(leave)
