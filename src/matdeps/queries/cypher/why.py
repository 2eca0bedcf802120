"""The Cypher of `why`: the shortest evidence paths; the surest ones only matdeps ranks."""

from typing import Any

from matdeps.graph.errors import ConfigError
from matdeps.graph.neo4j.cypher import NODE
from matdeps.graph.reader import Reader
from matdeps.graph.schema import Surety, View
from matdeps.queries.cypher.chain_text import BARE, ITEMS, POSSIBLE, in_class, is_nameless, on_the_way
from matdeps.queries.cypher.chains import describe_filters, describe_origins, describe_starts
from matdeps.queries.cypher.words import (
    ANY_FLOW,
    DAY,
    ITEM_FLOW,
    make_comment,
    make_text,
)
from matdeps.queries.question import check_count, find_named, make_scope
from matdeps.queries.starts import find_starts

SCOPE = ("as_of", "through", "confidence", "checked")


def make_why(reader: Reader, **arguments: Any) -> str:
    """Write the text of `why`; arguments as `why.run` takes them.

    Raises
    ------
    ConfigError
        If an option has a value that cannot be meant, or the target's name stands for several nodes.
    """
    k = check_count("k", arguments.get("k", 3)) or 1
    scope = make_scope(**{name: arguments[name] for name in SCOPE if name in arguments})
    named, ends = find_named(reader, arguments["start"]), find_named(reader, arguments["target"])
    if len(ends.ids) != 1:
        raise ConfigError(
            f"{arguments['target']!r} stands for {len(ends.ids)} nodes",
            remedy="A path leads to one: name it by its id.",
        )
    starts = find_starts(
        reader,
        named.nodes,
        scope,
        way="down",
        by=arguments.get("by", "plant"),
        include_rollup=arguments.get("include_rollup", False),
    )
    origins = describe_origins(reader, starts, "down")
    origins.pop("loops", None)
    parameters = {
        **origins,
        "target": ends.ids[0],
        "classes": [
            [[one.name for one in Surety if one <= surety], [one.name for one in View if one <= view]]
            for surety in (Surety.minor, Surety.possible)
            for view in View
            if view <= scope.through
        ],
        **describe_filters(scope),
        "k": k,
    }
    title = f"Through which evidence paths does {ends.ids[0]} depend on {', '.join(named.ids)}?"
    comments = [
        "Each row: one path, shortest first (class, then hops, then the weakest hop), without loops and past no other",
        "start, drawn as a graph; read each link by its sentence. The k surest paths, how fresh a path is, and which",
        "of parallel links stands for all: only matdeps computes them (matdeps why).",
        *describe_starts(named.ids, starts),
    ]
    return make_text(make_comment(title), map(make_comment, comments), parameters, _write(parameters, k))


def _write(parameters: dict[str, Any], k: int) -> str:
    is_narrow = "only_possible" in parameters
    unsure = f"  AND ('{POSSIBLE}' IN c[0] OR NOT start IN $unsure)\n" if "unsure" in parameters else ""
    items = f"WITH *, {ITEMS} AS items\n" if is_narrow else ""
    first = "\n      AND (items IS NULL OR (q:PRODUCES AND endNode(q).id IN items))" if is_narrow else ""
    given = "day, bare, c, s, t, items" if is_narrow else "day, bare, c, s, t"
    free = "  WHERE items IS NULL\n" if is_narrow else ""
    entered, passed = (f"({node}:{NODE} WHERE {node} = t OR NOT {node}.id IN $starts)" for node in "mn")
    begin = f"(s)-[q:{ANY_FLOW} WHERE {in_class('q')}{first}]->{entered}"
    way = f"(()-[r:{ANY_FLOW} WHERE {in_class('r')}\n      AND {on_the_way('r')}]->{passed})*"
    return f"""\
WITH {DAY}
{BARE}UNWIND range(0, size($classes) - 1) AS class
UNWIND $starts AS start
WITH *, $classes[class] AS c
MATCH (s:{NODE} {{id: start}}), (t:{NODE} {{id: $target}})
WHERE true
{unsure}{items}CALL ({given}) {{
  MATCH p = SHORTEST {3 * k} {begin}
    {way} (t)
  RETURN p
  UNION  // a chain of companies that names no item is as sure as its links, from its start on
  MATCH p = SHORTEST {k} (s)(()-[q:SUPPLIES_TO WHERE {is_nameless("q")}
      AND {in_class("q")}]->())+ ()
    (()-[r:{ITEM_FLOW} WHERE {in_class("r")}]->())* (t)
{free}  RETURN p
  UNION  // the target makes an exposed item: PRODUCES against the arrow, as the last hop
  MATCH (i:{NODE})<-[o:PRODUCES]-(t)
  WHERE o.certainty IS NOT NULL AND coalesce(o.status, '') <> 'trader' AND {in_class("o")}
  MATCH p = SHORTEST {k} {begin}
    {way} (i)<-[:PRODUCES]-(t)
  RETURN p
}}
// Without loops: no node twice, but for a path from a start back to itself.
WITH DISTINCT class, c, start, p, nodes(p) AS on_path
WHERE all(i IN range(1, size(on_path) - 1) WHERE NOT on_path[i] IN on_path[1..i])
  AND (on_path[0] = on_path[-1] OR NOT on_path[0] IN on_path[1..])
WITH p, start, min(class) AS class
WITH *, CASE WHEN any(r IN relationships(p) WHERE r.confidence = 'inferred') THEN 'inferred'
  WHEN any(r IN relationships(p) WHERE r.confidence = 'reported') THEN 'reported' ELSE 'confirmed' END AS confidence
ORDER BY class, length(p), CASE confidence WHEN 'confirmed' THEN 0 WHEN 'reported' THEN 1 ELSE 2 END,
  [n IN nodes(p) | n.id]
LIMIT $k
RETURN length(p) AS hops,
  CASE WHEN '{POSSIBLE}' IN $classes[class][0] THEN '{POSSIBLE}' ELSE 'definite' END AS certainty,
  confidence, start, [r IN relationships(p) | r.sentence] AS sentences, p
"""
