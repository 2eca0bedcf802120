"""The Cypher of the queries about recorded facts: sources, controls, claims, find, show and coverage."""

from datetime import date, timedelta

from matdeps.graph.names import fold
from matdeps.graph.neo4j.cypher import CLAIM, NODE, PRODUCTION, SOURCE
from matdeps.graph.reader import Reader
from matdeps.graph.schema import ITEMS, KINDS, LINK_TYPES
from matdeps.queries.coverage import GAPS
from matdeps.queries.cypher.words import (
    ANY_FLOW,
    DAY,
    make_comment,
    make_labels,
    make_text,
    on_day,
)
from matdeps.queries.question import Names, find_named, parse_date
from matdeps.queries.starts import list_members

ALL_TYPES = "|".join(sorted(LINK_TYPES))
STATUS = """\
CASE
    WHEN x.ended < $as_of THEN 'ended'
    WHEN x.suspended_from <= $as_of AND $as_of <= coalesce(x.suspended_until, $as_of) THEN 'suspended'
    WHEN x.suspended_from <= $as_of THEN 'unknown'
    WHEN x.effective > $as_of THEN 'announced'
    ELSE 'in force' END"""


def _list_countries(reader: Reader, name: str | None) -> list[str]:
    if name is None:
        return []
    nodes = reader.get_nodes(find_named(reader, name).nodes)
    return sorted({code for node in nodes for code in (list_members(node) or [node.id])})


def make_sources(
    reader: Reader,
    node: Names,
    *,
    outside: str | None = None,
    stage: str | None = None,
    year: int | None = None,
    as_of: str | date | None = None,
) -> str:
    """Write the text of `sources`."""
    named = find_named(reader, node)
    parameters = {
        "nodes": list(named.ids),
        "outside": _list_countries(reader, outside),
        "stage": stage,
        "year": year,
        "as_of": parse_date(as_of),
    }
    statement = f"""\
WITH {DAY}
UNWIND $nodes AS id
MATCH (i:{NODE} {{id: id}})
CALL (i, day) {{
  MATCH p = (i)-[r:PRODUCED_IN]->(c)  // countries: the newest year with a share, every source
  WHERE ($year IS NULL AND r.year <= date($as_of).year OR r.year = $year) AND {on_day("r")}
    AND ($stage IS NULL OR r.stage = $stage OR r.stage STARTS WITH $stage + '-')
    AND NOT EXISTS {{ (i)-[later:PRODUCED_IN]->() WHERE later.stage = r.stage AND later.share IS NOT NULL
      AND r.year < later.year <= coalesce($year, date($as_of).year) }}
  RETURN p, 'country' AS role, c AS who, r, [c.id] AS countries
  UNION
  MATCH p = (i)<-[r:PRODUCES]-(m)  // makers by name: where their plants stand, else their seat
  WHERE {on_day("r")} AND ($stage IS NULL OR r.stage IS NULL OR r.stage = $stage OR r.stage STARTS WITH $stage + '-')
  WITH *, COLLECT {{ MATCH (m)-[l:LOCATED_IN]->(c) WHERE coalesce(l.role, '') <> 'lead country' AND
      {on_day("l")} RETURN DISTINCT c.id }} AS plants,
    COLLECT {{ MATCH (m)-[h:HEADQUARTERED_IN]->(c) WHERE {on_day("h")} RETURN DISTINCT c.id }} AS seats
  WITH *, CASE WHEN plants = [] THEN seats ELSE plants END AS countries
  WHERE countries = [] OR NOT all(country IN countries WHERE country IN $outside)
  RETURN p, 'maker' AS role, m AS who, r, countries
  UNION
  MATCH p = (i)<-[r:RECYCLES_TO]-(scrap)  // recycled supply
  WHERE {on_day("r")}
  RETURN p, 'recycled' AS role, scrap AS who, r, [] AS countries
}}
RETURN i.id AS item, role, who.id AS id, who.name AS name, countries,
  r.stage AS stage, r.year AS year, r.share AS share,
  CASE WHEN role = 'maker' THEN coalesce(r.status, 'active') END AS status, r.confidence AS confidence,
  r.checked AS checked, r.source_titles AS sources, p
ORDER BY item, role, stage, year DESC, share DESC, id
"""
    comments = [
        "Each row: a country, a maker by name, or scrap that is recycled, with its link, drawn as a graph.",
        "Which source and year make the frame of a stage, how concentrated it is (HHI), and what remains outside a",
        "country: only matdeps computes them (matdeps sources).",
    ]
    return make_text(make_comment(f"Who makes {', '.join(named.ids)}, and where?"), comments, parameters, statement)


def make_controls(
    reader: Reader,
    node: Names | None = None,
    *,
    to: str | None = None,
    use: str | None = None,
    expiring: int | None = None,
    as_of: str | date | None = None,
) -> str:
    """Write the text of `controls`."""
    named = find_named(reader, node) if node else None
    day = parse_date(as_of)
    until = None if expiring is None else (date.fromisoformat(day) + timedelta(days=expiring)).isoformat()
    parameters = {
        "nodes": list(named.ids) if named else None,
        "to": _list_countries(reader, to),
        "use": use,
        "as_of": day,
        "changes_until": until,
    }
    statement = f"""\
WITH {DAY}
// What may name a node and so bind it: the node, its groups, the reference items that stand for an own part.
CALL (day) {{
  UNWIND coalesce($nodes, []) AS id
  MATCH (:{NODE} {{id: id}})((b)-[r:MEMBER_OF|STANDS_FOR]-(a)
    WHERE CASE WHEN r:MEMBER_OF THEN startNode(r) = b ELSE startNode(r) = a AND r.decision = 'accepted' END
    AND {on_day("r")}){{0,}}(n)
  RETURN collect(DISTINCT n) AS standing
}}
MATCH (x:{make_labels(("control", "disruption"))})
WHERE $nodes IS NOT NULL OR {_node_on_day("x")}
OPTIONAL MATCH p = (x)-[r:RESTRICTS]->(n)
WHERE $nodes IS NULL OR ({on_day("r")} AND (n IN standing OR x.id IN $nodes
  OR EXISTS {{ (x)-[:ISSUED_BY]->(issuer) WHERE issuer.id IN $nodes }}))
WITH x, day, collect(p) AS named, collect(r) AS links
WHERE ($nodes IS NULL OR links <> [] OR x.id IN $nodes OR EXISTS {{ (x)-[:ISSUED_BY]->(i) WHERE i.id IN $nodes }})
  AND NOT (coalesce($use, '') = 'civil' AND coalesce(x.end_use, '') = 'military')
OPTIONAL MATCH issued = (x)-[:ISSUED_BY]->(issuer)
WITH x, named, links, collect(issued) AS issued,
  collect(coalesce([m IN issuer.members | 'country:' + m], []) + issuer.id) AS home
OPTIONAL MATCH toward = (x)-[:APPLIES_TO]->(destination)
WITH x, named, links, issued, collect(toward) AS toward, coalesce(head(home), []) AS home,
  collect(coalesce([m IN destination.members | 'country:' + m], []) + destination.id) AS destinations
// A control never binds its issuer's own supply at home; a rule on purchases binds the way into its issuer.
WHERE $to = [] OR CASE WHEN coalesce(x.acts_on, '') STARTS WITH 'purchases' THEN any(c IN $to WHERE c IN home)
  ELSE any(c IN $to WHERE NOT c IN home AND (destinations = [] OR any(d IN destinations WHERE c IN d))) END
WITH *, {STATUS} AS status
WHERE $changes_until IS NULL OR any(change IN [x.effective, x.suspended_from,
    toString(date(x.ended) + duration('P1D')), toString(date(x.suspended_until) + duration('P1D'))]
  WHERE $as_of < change <= $changes_until)
RETURN x.id AS id, x.name AS name, x.kind AS kind, status, x.requires AS requires,
  x.effective AS since, x.ended AS until, coalesce(x.end_use, 'any') AS use,
  [r IN links | r.sentence] AS binds, x.source_titles AS sources, x, named, issued, toward
ORDER BY kind, id
"""
    comments = [
        "Each row: a control or disruption with its status on the day, and what it names, drawn as a graph.",
        "A control acts on the forms that it names where they cross the border; what contains them is exposed only.",
        "Why a status is what it is, and which day changes it, matdeps says in words (matdeps controls).",
    ]
    about = f"bind {', '.join(named.ids)}" if named else "are there"
    return make_text(make_comment(f"Which controls and disruptions {about}?"), comments, parameters, statement)


def make_claims(reader: Reader, node: Names | None = None) -> str:
    """Write the text of `claims`."""
    named = find_named(reader, node) if node else None
    statement = f"""\
MATCH (c:{CLAIM})
WHERE $nodes IS NULL OR any(id IN c.nodes WHERE id IN $nodes)
OPTIONAL MATCH about = (c)-[:ABOUT]->(:{NODE})
WITH c, collect(about) AS about
OPTIONAL MATCH stated = (c)-[:STATED_IN]->(:{SOURCE})
RETURN c.id AS id, c.text AS claim, c.status AS status, c.notes AS notes, c, about, collect(stated) AS stated
ORDER BY id
"""
    comments = [
        "Each row: a claim, what it is about and who says so. A claim is no link: nothing is exposed because of one."
    ]
    title = f"What is claimed about {', '.join(named.ids) if named else 'anything'}, and how well is it supported?"
    return make_text(make_comment(title), comments, {"nodes": list(named.ids) if named else None}, statement)


def make_find(reader: Reader, text: str) -> str:
    """Write the text of `find`."""
    statement = f"""\
MATCH (n:{NODE})
WHERE $folded <> '' AND n._names CONTAINS $folded
WITH n, split(n._names, ' ') AS names
// A single character must be a name, two may begin one.
WHERE $folded IN names OR size($folded) > 2
  OR (size($folded) = 2 AND any(name IN names WHERE name STARTS WITH $folded))
RETURN n.id AS id, n.name AS name, n.kind AS kind,
  CASE WHEN $folded IN names THEN 100
    WHEN any(name IN names WHERE name STARTS WITH $folded) THEN 95 ELSE 90 END AS score,
  coalesce(n.description, '') AS about, n
ORDER BY score DESC, size(name), id
"""
    comments = [
        "Each row: a node one of whose names (any language, symbol, formula, code) is, begins with or holds the text.",
        "folded is the text without case, accents, spaces and marks. Names that are only near: matdeps find.",
    ]
    parameters = {"text": text, "folded": fold(text)}
    return make_text("Which nodes are called something like this?", comments, parameters, statement)


def make_show(reader: Reader, node: Names, *, as_of: str | date | None = None) -> str:
    """Write the text of `show`."""
    named = find_named(reader, node)
    statement = f"""\
WITH {DAY}
UNWIND $nodes AS id
MATCH (n:{NODE} {{id: id}})
OPTIONAL MATCH p = (n)-[r:{ALL_TYPES}|ABOUT|STATED_IN]-(m)
RETURN CASE WHEN startNode(r) = n THEN 'out' ELSE 'in' END AS part, type(r) AS type, r.sentence AS text,
  r.confidence AS confidence, r.checked AS checked, {on_day("r")} AS is_valid, r.source_titles AS sources,
  m.id AS id, m.name AS name, coalesce(p, n) AS p
ORDER BY part, type, id
"""
    comments = [
        "Each row: one link, read aloud, and its other end; attributes, names and dates stand on the node itself.",
        f"Production by stage, year and source: MATCH (p:{PRODUCTION} {{item: 'ID'}}) RETURN p.",
    ]
    parameters = {"nodes": list(named.ids), "as_of": parse_date(as_of)}
    return make_text(make_comment(f"What is known about {', '.join(named.ids)}?"), comments, parameters, statement)


def make_coverage(reader: Reader, *, as_of: str | date | None = None) -> str:
    """Write the text of `coverage`."""
    items, none = make_labels(ITEMS), "NOT EXISTS"
    walked = f"r.certainty IS NOT NULL AND {on_day('r')}"
    gaps = [
        (
            "no upstream",
            "Intermediate|Product|Program|Supplier|Customer",
            f"{none} {{ (n)<-[r:{ANY_FLOW}]-() WHERE {walked} }}\n    AND {none} {{ (n)-[r:PRODUCES]->() WHERE "
            f"coalesce(r.status, '') <> 'trader' AND {walked} }}",
        ),
        (
            "no maker",
            "Intermediate|Product",
            f"{none} {{ (n)<-[r:PRODUCES]-() WHERE coalesce(r.status, '') <> 'trader' AND {on_day('r')} }}",
        ),
        (
            "no production",
            "Material",
            f"{none} {{ MATCH (p:{PRODUCTION} {{item: n.id}}) WHERE p.country IS NOT NULL AND p.share > 0\n"
            "      AND p.year <= date($as_of).year }",
        ),
        (
            "not used",
            "Material|Intermediate",
            f"{none} {{ (n)-[r:INPUT_TO|USED_IN|SOLD_TO|IS_A|YIELDS|STANDS_FOR]->() WHERE {on_day('r')} }}\n"
            f"    AND {none} {{ (n)<-[r:MEMBER_OF]-() WHERE {on_day('r')} }}",
        ),
        ("no place", "Supplier|Customer", f"{none} {{ (n)-[r:LOCATED_IN|HEADQUARTERED_IN]->() WHERE {on_day('r')} }}"),
        ("unknown status", "Control|Disruption", f"{STATUS.replace('x.', 'n.')} = 'unknown'"),
        ("restricts nothing", "Control|Disruption", f"{none} {{ (n)-[:RESTRICTS]->() }}"),
    ]
    kinds = {kind.label: kind.name for kind in KINDS.values()}
    branches, day = [], _node_on_day("n")
    for gap, labels, condition in gaps:
        names = ", ".join(f"'{kinds[label]}'" for label in labels.split("|"))
        branches.append(
            f"  MATCH (n:{labels})  // {GAPS[gap]}\n"
            f"  WHERE n.kind IN [{names}] AND {day}\n    AND {condition}\n"
            f"  RETURN '{gap}' AS gap, n"
        )
    statement = (
        f"WITH {DAY}\nCALL (day) {{\n" + "\n  UNION ALL\n".join(branches) + "\n}\n"
        "RETURN gap, n.id AS id, n.name AS name, n.kind AS kind, n\nORDER BY gap, kind, id\n"
    )
    comments = [
        "Each row: a gap, and the node that has it. No recorded upstream is not the same as needing nothing.",
        f"Items are: {items}. Open claims, and how many nodes were looked at: matdeps coverage.",
    ]
    return make_text("What does the graph not know?", comments, {"as_of": parse_date(as_of)}, statement)


def _node_on_day(node: str) -> str:
    return f"coalesce({node}.valid_from, $as_of) <= $as_of <= coalesce({node}.valid_to, $as_of)"
