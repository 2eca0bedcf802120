"""The Cypher of `exposed` and `depends`: all classes of paths, companies in the middle, loops and makers."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from matdeps.graph.handles import sort_unique
from matdeps.graph.reader import Reader, Scope, Way
from matdeps.queries import depends, exposed
from matdeps.queries.cypher.chain_text import ChainText
from matdeps.queries.cypher.words import list_classes, list_confidences, make_comment, make_text
from matdeps.queries.question import check_count, check_share, find_named, make_scope, parse_kinds
from matdeps.queries.starts import Starts, find_starts


def make_exposed(reader: Reader, **arguments: Any) -> str:
    """Write the text of `exposed`; arguments as `exposed.run` takes them."""
    return _make(reader, "down", arguments.pop("start"), exposed.DEFAULT_KINDS, arguments)


def make_depends(reader: Reader, **arguments: Any) -> str:
    """Write the text of `depends`; arguments as `depends.run` takes them."""
    return _make(reader, "up", arguments.pop("node"), depends.DEFAULT_KINDS, arguments)


def _make(reader: Reader, way: Way, names: Any, default: tuple[str, ...], arguments: Mapping[str, Any]) -> str:
    scope = make_scope(
        **{name: arguments[name] for name in ("as_of", "through", "confidence", "checked") if name in arguments}
    )
    kinds = parse_kinds(arguments.get("kind"), default)
    named = find_named(reader, names)
    starts = find_starts(
        reader,
        named.nodes,
        scope,
        way=way,
        by=arguments.get("by", "plant"),
        min_share=check_share("min_share", arguments.get("min_share")),
        include_rollup=arguments.get("include_rollup", False),
    )
    bound = 1 if arguments.get("direct") else check_count("max_tier", arguments.get("max_tier"))
    asked = ", ".join(named.ids)
    title = f"What depends on {asked}?" if way == "down" else f"What does {asked} depend on, back to raw materials?"
    comments = [
        "Each row: a node, how sure the dependence is, how many hops away it is (tier), and a shortest path, drawn as",
        "a graph. Ids, tiers and certainty are those of matdeps; of several equal paths matdeps picks one by its",
        "sureness and ids, this text any. Shares of countries, the status of controls, open claims and stops: only",
        "matdeps computes them.",
        *describe_starts(named.ids, starts),
    ]
    origins = describe_origins(reader, starts, way)
    parameters = {
        **origins,
        "classes": list_classes(scope.through),
        **describe_filters(scope),
        "max_tier": bound,
    }
    if way == "up":
        walk = starts.make_walk(scope, way, None)
        if walk.made:
            parameters |= {"made": _name(reader, walk.made), "makers": _name(reader, walk.makers)}
    statement = ChainText(way, kinds, parameters, {start.kind for start in starts.by_node.values()}).write()
    return make_text(make_comment(title), map(make_comment, comments), parameters, statement)


def describe_filters(scope: Scope) -> dict[str, Any]:
    """Write the filters of a scope as parameters."""
    return {"as_of": scope.as_of, "confidence": list_confidences(scope.confidence), "checked": scope.checked}


def describe_starts(ids: tuple[str, ...], starts: Starts) -> list[str]:
    """Say where the walk starts, and who found that out."""
    if {start.id for start in starts.by_node.values()} == set(ids):
        return ["The starts are the nodes that were named."]
    return [
        "The starts were found by matdeps: members of groups, kinds of things, owned companies, makers and items of a",
        "country, what a control names. Ask matdeps again for another question; change the filters here.",
    ]


def _name(reader: Reader, handles: Any) -> list[str]:
    return [node.id for node in reader.get_nodes(sorted(handles))]


def describe_origins(reader: Reader, starts: Starts, way: Way) -> dict[str, Any]:
    """Write the starts as parameters; what is so of no start is left out.

    Returns
    -------
    dict
        starts; unsure: what comes from them is only possible; only_sure, only_possible: starts that are left only into
        some items, on sure paths and on possible ones; loops: those that may come back to themselves.
    """
    found = sorted(starts.by_node.items())
    narrow = {node for node, start in found if start.only_items is not None and way == "down"}
    loops = set(reader.find_loopers(sort_unique(np.array([node for node, _ in found], np.int64))).tolist())
    told = {
        "unsure": [start.id for _, start in found if not start.is_sure],
        "only_sure": [
            [start.id, _name(reader, items)]
            for _, start in found
            if start.is_sure and (items := start.sure_items) is not None
        ],
        "only_possible": [
            [start.id, _name(reader, items)] for _, start in found if (items := start.only_items) is not None
        ],
        "loops": [start.id for node, start in found if node in loops | narrow],
    }
    if told["only_sure"] or told["only_possible"]:
        told.setdefault("only_sure", [])
    return {
        "starts": [start.id for _, start in found],
        **{
            name: value
            for name, value in told.items()
            if value or (name.startswith("only") and (told["only_sure"] or told["only_possible"]))
        },
    }
