"""The compact image: a graph as NumPy arrays, made from the store and disposable; `image_files` keeps it on disk.

References
----------
The layout is that of compressed sparse rows: Y. Saad, Iterative Methods for Sparse Linear Systems, 2nd ed., SIAM 2003,
section 3.4.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matdeps.graph.model import MAX_DAY, MIN_DAY, to_day
from matdeps.graph.schema import (
    KINDS,
    LINK_TYPES,
    SYMMETRIC_LABELS,
    Confidence,
    Leave,
    View,
    get_surety,
    get_view,
    is_walked,
)

KIND_CODES: Mapping[str, int] = {name: code for code, name in enumerate(KINDS)}
TYPE_NAMES: tuple[str, ...] = tuple(sorted(LINK_TYPES))
TYPE_CODES: Mapping[str, int] = {name: code for code, name in enumerate(TYPE_NAMES)}
"""Codes of types in the order of their names: a link key begins with the type, so codes sort as keys do."""
_CACHE_LIMIT = 200_000
_CHUNK = 100_000
_FEW = 64
"""One node in so many: below, sorting what was found is quicker than a look at every node."""

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Image:
    """The arrays of one build.

    Attributes
    ----------
    arrays
        By name. Nodes (index = handle): ``node_key``, ``node_kind``, ``node_labels`` (bit k: label of kind k),
        ``node_from``, ``node_to`` (day numbers, both inside), ``node_loops`` (may lie on a loop),
        ``node_is_organisation``, ``handle_of_key``.

        Flow links (index = handle), sorted by tail, head, type, properties: ``tail``, ``head``, ``out_start``,
        ``in_start``, ``in_link``, ``type``, ``surety``, ``view``, ``confidence``, ``leave``, ``checked``, ``makes``
        (PRODUCES of one that is no trader), ``valid_from``, ``valid_to`` (of the link and both its ends), ``row`` in
        the store; ``odd`` lists those not of the plainest kind, ``leaving`` those by which an organisation may be left.

        Other links likewise, with the prefix ``other_``; their handles follow those of the flow links.
        ``twin_handle``, ``twin_row``: further store rows of the same link from other datasets.
    about
        Format, store, generation, and flags: ``dated``, ``dated_inputs``, ``confidences``, ``mixed`` (pairs of surety
        and view beside the plainest).
    """

    arrays: Mapping[str, Array]
    about: Mapping[str, Any]

    def __getitem__(self, name: str) -> Array:
        return self.arrays[name]


LinkRow = tuple[int, int, str, int, str, str, int]
"""Row in the store, key of the tail, type, key of the head, properties, confidence, checked."""
NodeRow = tuple[int, str, str, str | None, str | None]
"""Key, id, kind, first and last day."""
PropertiesLookup = Callable[[list[int]], Mapping[int, str]]
"""Reads the properties of store rows, by row."""


def make_image(
    nodes: Iterable[NodeRow],
    links: Iterable[LinkRow],
    find_properties: PropertiesLookup,
    about: Mapping[str, Any],
) -> Image:
    """Make the arrays of a graph.

    Parameters
    ----------
    nodes
        One row for each dataset that knows the node, in the order in which datasets take precedence.
    links
        Links whose ends are not among the nodes are left out.
    find_properties
        Reads the properties of store rows: asked only for links that share both ends and the type.
    about
        What to write into the image about its store.
    """
    arrays: dict[str, Array] = {}
    _make_nodes(nodes, arrays)
    columns = _read_links(links, arrays["handle_of_key"])
    _label_organisations(arrays, columns)
    flags = _make_links(arrays, columns, find_properties)
    arrays["node_loops"] = find_loop_core(len(arrays["node_key"]), arrays)
    return Image(arrays, {**about, **flags})


def _make_nodes(nodes: Iterable[NodeRow], arrays: dict[str, Array]) -> None:
    known: dict[str, tuple[int, int, int, int]] = {}
    for key, node_id, kind, first, last in nodes:
        if node_id not in known:
            known[node_id] = (key, KIND_CODES[kind], to_day(first), to_day(last, last=True))
    order = sorted(known)
    count = len(order)
    table = np.array([known[node_id] for node_id in order], np.int64).reshape(count, 4)
    arrays["node_key"] = table[:, 0].copy()
    arrays["node_kind"] = table[:, 1].astype(np.int8)
    arrays["node_from"] = np.clip(table[:, 2], MIN_DAY, MAX_DAY).astype(np.int32)
    arrays["node_to"] = np.clip(table[:, 3], MIN_DAY, MAX_DAY).astype(np.int32)
    handle_of_key = np.full(int(table[:, 0].max(initial=0)) + 1, -1, np.int32)
    handle_of_key[table[:, 0]] = np.arange(count, dtype=np.int32)
    arrays["handle_of_key"] = handle_of_key


_Codes = tuple[int, int, int, int, int, int, int, int]
_CODES: Mapping[str, Any] = {
    "type": np.int8,
    "walked": np.bool_,
    "surety": np.int8,
    "view": np.int8,
    "leave": np.int8,
    "makes": np.bool_,
    "first": np.int32,
    "last": np.int32,
}
"""What the type and the properties of a link decide, in the order of `_encode`."""


def _read_links(links: Iterable[LinkRow], handle_of_key: Array) -> dict[str, Array]:
    """Turn rows into columns of numbers; each different pair of type and properties is read once."""
    numbers: dict[tuple[str, str], int] = {}
    known: list[_Codes] = []
    parts: dict[str, list[Array]] = {name: [] for name in ("row", "tail", "head", "confidence", "checked", *_CODES)}
    size = len(handle_of_key)
    confidences = {c.name: c.value for c in Confidence}
    iterator = iter(links)
    while chunk := list(islice(iterator, _CHUNK)):
        rows, tails, types, heads, properties, sureness, checked = zip(*chunk, strict=True)
        tail_keys, head_keys = np.array(tails, np.int64), np.array(heads, np.int64)
        inside = (tail_keys < size) & (head_keys < size)
        tail = np.where(inside, handle_of_key[np.where(inside, tail_keys, 0)], -1)
        head = np.where(inside, handle_of_key[np.where(inside, head_keys, 0)], -1)
        keep = (tail >= 0) & (head >= 0)
        pairs = list(zip(types, properties, strict=True))
        if len(numbers) > _CACHE_LIMIT:
            numbers, known = {}, []
        for pair in set(pairs).difference(numbers):
            numbers[pair] = len(known)
            known.append(_encode(*pair))
        table = np.array(known, np.int64)[[numbers[pair] for pair in pairs]]
        columns: dict[str, Array] = {
            "row": np.array(rows, np.int64),
            "tail": tail.astype(np.int32),
            "head": head.astype(np.int32),
            "confidence": np.array([confidences[name] for name in sureness], np.int8),
            "checked": np.array(checked, np.bool_),
            **{name: table[:, place].astype(kind) for place, (name, kind) in enumerate(_CODES.items())},
        }
        for name, column in columns.items():
            parts[name].append(column[keep])
    return {name: np.concatenate(part) if part else np.empty(0, np.int32) for name, part in parts.items()}


def _encode(link_type: str, text: str) -> _Codes:
    properties: dict[str, Any] = {} if text == "{}" else json.loads(text)
    leave = Leave.free
    if link_type == "SUPPLIES_TO":
        leave = Leave.closed if properties.get("item") else Leave.nameless
    elif link_type == "PRODUCES":
        leave = Leave.uninformed  # closed below where the item has recorded inputs
    return (
        TYPE_CODES[link_type],
        is_walked(link_type, properties),
        get_surety(link_type, properties),
        get_view(link_type, properties),
        leave,
        link_type == "PRODUCES" and properties.get("status") != "trader",
        to_day(properties.get("valid_from")),
        to_day(properties.get("valid_to"), last=True),
    )


def _label_organisations(arrays: dict[str, Array], columns: Mapping[str, Array]) -> None:
    kinds = arrays["node_kind"]
    labels = np.left_shift(1, kinds.astype(np.int32)).astype(np.int32)
    organisations = np.isin(kinds, [KIND_CODES["supplier"], KIND_CODES["customer"]])
    for label, (as_tail, as_head) in SYMMETRIC_LABELS.items():
        bit = 1 << KIND_CODES[label]
        for types, ends in ((as_tail, columns["tail"]), (as_head, columns["head"])):
            nodes = ends[np.isin(columns["type"], [TYPE_CODES[name] for name in types])]
            nodes = np.unique(nodes[organisations[nodes]]) if len(nodes) else nodes
            labels[nodes] |= bit
    arrays["node_labels"] = labels
    arrays["node_is_organisation"] = organisations


def _make_links(
    arrays: dict[str, Array], columns: Mapping[str, Array], find_properties: PropertiesLookup
) -> dict[str, Any]:
    count = len(arrays["node_key"])
    # One number holds both ends and the type; links that share it are put in order below.
    key = (columns["tail"].astype(np.int64) * count + columns["head"]) * len(TYPE_NAMES) + columns["type"]
    order, twins = _order_parallels(np.argsort(key), key, columns, find_properties)
    walked = columns["walked"][order] if len(order) else np.empty(0, np.bool_)
    flow, other = order[walked], order[~walked]
    # A link is there while it and both its ends are: one pair of days says it all.
    for prefix, chosen in (("", flow), ("other_", other)):
        tail, head = columns["tail"][chosen], columns["head"][chosen]
        for name in ("row", "type", "confidence", "checked"):
            arrays[prefix + name] = columns[name][chosen]
        arrays[prefix + "tail"], arrays[prefix + "head"] = tail, head
        node_from, node_to = arrays["node_from"], arrays["node_to"]
        arrays[prefix + "valid_from"] = np.maximum(
            columns["first"][chosen], np.maximum(node_from[tail], node_from[head])
        )
        arrays[prefix + "valid_to"] = np.minimum(columns["last"][chosen], np.minimum(node_to[tail], node_to[head]))
        arrays[prefix + "out_start"] = _starts(tail, count)
        arrays[prefix + "in_start"] = _starts(head, count)
        arrays[prefix + "in_link"] = np.argsort(head, kind="stable").astype(np.int32)
    for name in ("surety", "view", "leave", "makes"):
        arrays[name] = columns[name][flow]
    is_input = arrays["type"] == TYPE_CODES["INPUT_TO"]
    has_inputs = np.zeros(count, np.bool_)
    has_inputs[arrays["head"][is_input]] = True
    into_known = (arrays["type"] == TYPE_CODES["PRODUCES"]) & has_inputs[arrays["head"]]
    arrays["leave"] = np.where(into_known, np.int8(Leave.closed), arrays["leave"]).astype(np.int8)
    arrays["odd"] = np.flatnonzero((arrays["surety"] > 0) | (arrays["view"] > 0))
    dated = (arrays["valid_from"] > MIN_DAY) | (arrays["valid_to"] < MAX_DAY)
    # Where inputs have dates, whether an item has any is known only on the day of a question.
    leave = columns["leave"][flow] if dated[is_input].any() else arrays["leave"]
    arrays["leaving"] = np.flatnonzero(np.isin(leave, [Leave.nameless, Leave.uninformed]))
    handle_of_link = np.full(len(columns["row"]), -1, np.int64)
    handle_of_link[flow] = np.arange(len(flow))
    handle_of_link[other] = len(flow) + np.arange(len(other))
    arrays["twin_handle"] = np.array([handle_of_link[first] for first, _ in twins], np.int64)
    arrays["twin_row"] = np.array([columns["row"][second] for _, second in twins], np.int64)
    mixed = [divmod(pair, len(View)) for pair in _list_values(arrays["surety"] * np.int8(len(View)) + arrays["view"])]
    return {
        "dated": bool(dated.any()),
        "dated_inputs": bool(dated[is_input].any()),
        "confidences": _list_values(arrays["confidence"]),
        "mixed": [[surety, view] for surety, view in mixed if (surety, view) != (0, 0)],
        "nodes": count,
        "relationships": len(flow) + len(other),
    }


def _list_values(codes: Array) -> list[int]:
    """List the values that stand in an array of small numbers, sorted."""
    values: list[int] = np.flatnonzero(np.bincount(codes)).tolist()
    return values


def _order_parallels(
    order: Array, key: Array, columns: Mapping[str, Array], find_properties: PropertiesLookup
) -> tuple[Array, list[tuple[int, int]]]:
    """Sort links that share ends and type by their properties; the same link from two datasets becomes one.

    The surer of two twins stands for both; their sources are joined when facts are read.
    """
    if len(order) < 2:
        return order, []
    key = key[order]
    places = np.flatnonzero(key[1:] == key[:-1])
    if not len(places):
        return order, []
    starts = places[np.r_[True, np.diff(places) > 1]]
    ends = places[np.r_[np.diff(places) > 1, True]] + 2
    members = [int(order[i]) for start, end in zip(starts, ends, strict=True) for i in range(start, end)]
    properties = find_properties([int(columns["row"][i]) for i in members])
    rank = {
        i: (properties[int(columns["row"][i])], int(columns["confidence"][i]), int(columns["row"][i])) for i in members
    }
    twins: list[tuple[int, int]] = []
    dropped: list[int] = []
    order = order.copy()
    for start, end in zip(starts, ends, strict=True):
        group = sorted((int(i) for i in order[start:end]), key=rank.__getitem__)
        order[start:end] = group
        first = 0
        for place in range(1, len(group)):
            if rank[group[place]][0] == rank[group[first]][0]:
                twins.append((group[first], group[place]))
                dropped.append(int(start) + place)
            else:
                first = place
    return np.delete(order, dropped), twins


def _starts(ends: Array, count: int) -> Array:
    starts = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(ends, minlength=count), out=starts[1:])
    return starts


def spread(starts: Array, nodes: Array) -> Array:
    """List the places that the rows of some nodes take in a compressed sparse row array, in the order of the nodes."""
    first = starts[nodes]
    counts = starts[nodes + 1] - first
    total = int(counts.sum())
    places = np.arange(total, dtype=np.int64)
    places += np.repeat(first - (np.cumsum(counts) - counts), counts)
    return places


def find_loop_core(count: int, arrays: Mapping[str, Array]) -> NDArray[np.bool_]:
    """Find the nodes that may lie on a loop, by peeling off what has no flow link coming in, or none going out.

    What is left holds every loop, and what lies between two loops. Time O(nodes + links).
    """
    alive = np.ones(count, np.bool_)
    for near, far in (("out", "head"), ("in", "tail")):
        starts = arrays[f"{near}_start"]
        ends = arrays[far]
        back = arrays["in_start"] if near == "out" else arrays["out_start"]
        left = np.diff(back).astype(np.int64)
        if near == "in":
            inside = alive[arrays["tail"]] & alive[arrays["head"]]
            left = np.bincount(arrays["tail"][inside], minlength=count)
        front = np.flatnonzero((left == 0) & alive)
        while len(front):
            alive[front] = False
            places = spread(starts, front)
            links = places if near == "out" else arrays["in_link"][places]
            found = ends[links]
            if len(found) * _FEW > count:
                left -= np.bincount(found, minlength=count)
                nodes = np.flatnonzero(left <= 0)
            else:
                nodes, counts = np.unique(found, return_counts=True)
                left[nodes] -= counts
            front = nodes[(left[nodes] <= 0) & alive[nodes]]
    return alive
