"""The statement behind `exposed` and `depends`: written so that what a question does not need is not in it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from matdeps.graph.neo4j.cypher import NODE
from matdeps.graph.reader import Way
from matdeps.graph.schema import ORGANISATIONS, Surety
from matdeps.queries.cypher.words import (
    ANY_FLOW,
    COMPANY_FLOW,
    DAY,
    ITEM_FLOW,
    make_labels,
    on_day,
    sure_enough,
)

POSSIBLE = Surety.possible.name
BARE = f"""\
// Made items none of whose inputs is recorded: only into these is a company left that was entered on the way.
CALL (day) {{
  MATCH (b:{NODE})<-[:PRODUCES]-()
  WHERE NOT EXISTS {{ (b)<-[i:INPUT_TO]-() WHERE i.certainty IS NOT NULL
    AND {on_day("i")} }}
  RETURN collect(DISTINCT b) AS bare
}}
"""
ITEMS = f"[o IN CASE WHEN '{POSSIBLE}' IN c[0] THEN $only_possible ELSE $only_sure END WHERE o[0] = start | o[1]][0]"


def in_class(link: str) -> str:
    """Write that a link is of the class at hand (c: certainties and views) and passes the filters of the question."""
    return f"{link}.certainty IN c[0] AND {link}.view IN c[1] AND {sure_enough(link)}"


def is_nameless(link: str) -> str:
    """Write that a link between companies names no item."""
    return f"coalesce({link}.item, '') = ''"


def on_the_way(link: str) -> str:
    """Write that a link may stand anywhere in a path: from a company only if all is but possible, and then rarely."""
    return (
        f"(NOT {link}:{COMPANY_FLOW} OR ('{POSSIBLE}' IN c[0] AND\n"
        f"      CASE WHEN {link}:SUPPLIES_TO THEN {is_nameless(link)} ELSE endNode({link}) IN bare END))"
    )


@dataclass(frozen=True)
class ChainText:
    """One statement.

    Parameters
    ----------
    parameters
        Those of the question; what is missing among them is so of no start.
    start_kinds
        Kinds of the starts.
    """

    way: Way
    kinds: tuple[str, ...]
    parameters: Mapping[str, Any]
    start_kinds: Collection[str]

    @property
    def _is_narrow(self) -> bool:
        return "only_possible" in self.parameters

    def write(self) -> str:
        """Write the statement."""
        has_makers = self.way == "down" and bool(ORGANISATIONS & set(self.kinds))
        own = "UNWIND [null] + $loops AS own\n" if "loops" in self.parameters else "WITH *, null AS own\n"
        walk = self._walk_down() if self.way == "down" else self._walk_up()
        parts = [
            f"WITH {DAY}\n",
            BARE,
            "// Classes of paths, best first: a node belongs to the first that reaches it. (A start is a hit only by\n"
            "// a path from itself back to itself: those on loops, own, are walked from alone.)\n",
            f"UNWIND range(0, size($classes) - 1) AS class\n{own}WITH *, $classes[class] AS c\n",
            f"CALL (day, bare, c, own) {{\n{walk}"
            "  RETURN collect({node: t, tier: best[0], start: best[1]}) AS layer\n}\n",
            self._find_made() if has_makers else "WITH *, [] AS made\n",
            self._choose_class(),
            self._offer_makers() if has_makers else "",
            self._choose_row(),
            self._draw(),
        ]
        return "".join(parts)

    def _begin(self) -> str:
        """Write the starts, with what is so of each."""
        starts = "CASE WHEN own IS NULL THEN $starts ELSE [own] END" if "loops" in self.parameters else "$starts"
        text = f"UNWIND {starts} AS start\n"
        if "unsure" in self.parameters:
            text += f"WITH * WHERE '{POSSIBLE}' IN c[0] OR NOT start IN $unsure\n"
        text += f"MATCH (s:{NODE} {{id: start}})\n"
        if self._is_narrow:
            # Against the arrows nothing leaves a start that a restriction narrows.
            text += f"WITH *, {ITEMS} AS items" + (" WHERE items IS NULL\n" if self.way == "up" else "\n")
        return text

    def _is_first(self, link: str) -> str:
        """Write that a link may be the end of a path that is left free: the first hop down, the last one up."""
        if self.way == "up":
            return f"{in_class(link)}{self._is_no_rival(link)}"
        if not self._is_narrow:
            return in_class(link)
        return f"{in_class(link)}\n      AND (items IS NULL OR ({link}:PRODUCES AND endNode({link}).id IN items))"

    def _is_no_rival(self, link: str) -> str:
        """Write that a link is not that of another maker of what the company asked about makes."""
        if "made" not in self.parameters:
            return ""
        return (
            f"\n      AND (NOT {link}:PRODUCES OR NOT endNode({link}).id IN $made OR startNode({link}).id IN $makers)"
        )

    def _walk_down(self) -> str:
        chain = ""
        if ORGANISATIONS & set(self.start_kinds):
            free = "items IS NULL AND " if self._is_narrow else ""
            chain = (
                "    UNION  // a chain of companies that names no item is as sure as its links, from its start on\n"
                f"    MATCH p = (s)-[rs:SUPPLIES_TO*1..]->(x)\n"
                f"    WHERE {free}all(r IN rs WHERE {is_nameless('r')} AND {in_class('r')})\n"
                "    RETURN x, min(length(p)) AS hops\n"
            )
        given = "s, day, c, items" if self._is_narrow else "s, day, c"
        return f"""\
{_indent(self._begin())}\
  CALL ({given}) {{  // the first hop is free
    MATCH (s)-[r:{ANY_FLOW}]->(x)
    WHERE {self._is_first("r")}
    RETURN x, 1 AS hops
{chain}  }}
  WITH day, bare, c, x, min([hops, start]) AS seed
  // Breadth first, from one node at a time: the planner forgets min() where nodes are given as a list.
  MATCH p = (x)-[rs:{ANY_FLOW}*0..]->(t)
  WHERE all(r IN rs WHERE {in_class("r")}
    AND {on_the_way("r")})
  WITH seed, t, min(length(p)) AS further
  WITH t, min([seed[0] + further, seed[1]]) AS best
  WHERE best[0] <= coalesce($max_tier, best[0])
"""

    def _walk_up(self) -> str:
        return f"""\
{_indent(self._begin())}\
  // Breadth first, from one node at a time: the planner forgets min() where nodes are given as a list.
  MATCH p = (s)<-[rs:{ANY_FLOW}*0..]-(x)
  WHERE all(r IN rs WHERE {in_class("r")}{self._is_no_rival("r")}
    AND {on_the_way("r")})
  WITH day, c, start, x, min(length(p)) AS hops
  CALL (x, day, c) {{  // the last hop is free
    MATCH (x)<-[r:{ANY_FLOW}]-(t)
    WHERE {self._is_first("r")}
    RETURN t, 1 AS further
    UNION  // a chain of companies that names no item is as sure as its links
    MATCH p = (x)<-[rs:SUPPLIES_TO*1..]-(t)
    WHERE all(r IN rs WHERE {is_nameless("r")} AND {in_class("r")})
    RETURN t, min(length(p)) AS further
  }}
  WITH t, min([hops + further, start]) AS best
  WHERE best[0] <= coalesce($max_tier, best[0])
"""

    def _find_made(self) -> str:
        return f"""\
// Of the links that end shortest paths to an item, the surest, then the smallest, decides whether PRODUCES reached it.
CALL (day, bare, c, own, layer) {{
  CALL (day, bare, c, own, layer) {{
    UNWIND layer AS f
    WITH *, f.node AS m
    MATCH (m)-[r:{ANY_FLOW}]->(t)
    WHERE {in_class("r")}
      AND {on_the_way("r")}
    RETURN t, [f.tier + 1, r._rank, type(r)] AS ended
    UNION ALL
{_indent(self._begin(), 4)}\
    MATCH (s)-[r:{ANY_FLOW}]->(t)
    WHERE {self._is_first("r")}
    RETURN t, [1, r._rank, type(r)] AS ended
  }}
  WITH t, min(ended) AS ended WHERE ended[2] = 'PRODUCES'
  RETURN collect(t) AS made
}}
"""

    def _choose_class(self) -> str:
        return """\
UNWIND layer AS f
WITH day, bare, own, f.node AS t, min([class, f.tier, f.start, f.node IN made]) AS f
WITH day, bare, collect({own: own, node: t, class: f[0], tier: f[1], start: f[2], made: f[3],
  counts: CASE WHEN own IS NULL THEN NOT t.id IN $starts ELSE t.id = own END}) AS flows
CALL (day, flows) {
  UNWIND flows AS f
  WITH f WHERE f.counts
  RETURN f.node AS node, [f.class, 0, f.tier] AS rank, f.start AS start, f.node AS met, null AS made_by
"""

    def _offer_makers(self) -> str:
        labels = make_labels(ORGANISATIONS & set(self.kinds))
        narrow, back = "f.counts", "f.counts AND NOT m.id IN $starts"
        if self._is_narrow:
            # A company that a restriction narrows can come back to itself as the maker of another item.
            narrow = "(f.counts OR f.own IN [o IN $only_possible | o[0]])"
            back = f"(({back}) OR (m.id = f.own AND f.own IN [o IN $only_possible | o[0]]))"
            labels = make_labels(ORGANISATIONS)
        return f"""\
  UNION ALL
  // Who makes an exposed item stands one hop behind it, against the arrow; what PRODUCES reached has no such makers.
  UNWIND flows AS f
  WITH *, f.node AS met WHERE NOT f.made AND {narrow}
  MATCH (met)<-[q:PRODUCES]-(m:{labels})
  WHERE q.certainty IS NOT NULL AND coalesce(q.status, '') <> 'trader' AND {sure_enough("q")}
    AND {back} AND f.tier + 1 <= coalesce($max_tier, f.tier + 1)
  RETURN m AS node, [f.class, 1, f.tier + 1] AS rank, f.start AS start, met, q AS made_by
"""

    def _choose_row(self) -> str:
        return f"""\
}}
WITH * ORDER BY rank, made_by.confidence, met.id
WITH day, bare, node, head(collect({{rank: rank, start: start, met: met, made_by: made_by}})) AS row
WHERE node:{make_labels(self.kinds)}
WITH *, $classes[row.rank[0]] AS c, row.start AS start, row.met AS met
"""

    def _draw(self) -> str:
        first, last = ("(s)", "(met)") if self.way == "down" else ("(met)", "(s)")
        items = f"  WITH *, {ITEMS} AS items\n" if self._is_narrow and self.way == "down" else ""
        chain = ""
        if self.way == "up" or ORGANISATIONS & set(self.start_kinds):
            free = "  WHERE items IS NULL\n" if items else ""
            chain = f"""\
  UNION
{items}\
  MATCH p = SHORTEST 1 {first}(()-[q:SUPPLIES_TO WHERE {is_nameless("q")}
      AND {in_class("q")}]->())+ ()
    (()-[r:{ITEM_FLOW} WHERE {in_class("r")}{self._is_no_rival("r")}]->())* {last}
{free}  RETURN p
"""
        return f"""\
MATCH (s:{NODE} {{id: start}})
CALL (day, bare, c, s, start, met) {{  // one shortest path of its class, to be drawn
{items}\
  MATCH p = SHORTEST 1 {first}-[q:{ANY_FLOW} WHERE {self._is_first("q")}]->()
    (()-[r:{ANY_FLOW} WHERE {in_class("r")}{self._is_no_rival("r")}
      AND {on_the_way("r")}]->())* {last}
  RETURN p
{chain}\
}}
WITH node, row, c, start, p ORDER BY length(p)
WITH node, row, c, start, head(collect(p)) AS p
RETURN node.id AS id, node.name AS name, node.kind AS kind, row.rank[2] AS tier,
  CASE WHEN '{POSSIBLE}' IN c[0] THEN '{POSSIBLE}' ELSE '{Surety.definite.name}' END AS certainty,
  last(c[1]) AS through, any(r IN relationships(p) WHERE r.criticality = 'minor') AS minor, start,
  p, row.made_by AS made_by, node
ORDER BY kind, tier, id
"""


def _indent(text: str, spaces: int = 2) -> str:
    return "".join(f"{'':{spaces}}{line}\n" for line in text.splitlines())
