"""Explorations for Neo4j Browser: statements to look around with, each a graph that is drawn."""

from dataclasses import dataclass
from typing import Final

from matdeps.graph.neo4j import cypher
from matdeps.graph.schema import FLOW_TYPES, LINK_TYPES, ORGANISATIONS

ITEM_FLOW: Final = "|".join(sorted(name for name in FLOW_TYPES if not LINK_TYPES[name].tails & ORGANISATIONS))
"""Flow that leaves items and programmes: a firm that receives something does not put it into all that it makes."""
SURE: Final = "r.certainty = 'definite' AND r.view IN ['contained', 'consumed']"


@dataclass(frozen=True, slots=True)
class Exploration:
    """One statement.

    Attributes
    ----------
    name
        As its file is called.
    title
        What it answers; Browser shows it.
    about
        What else to know, in lines.
    """

    name: str
    title: str
    statement: str
    about: tuple[str, ...] = ()


def _chain(start: str, label: str) -> str:
    return f"""\
MATCH (a:{cypher.NODE} {{id: '{start}'}})
MATCH p = SHORTEST 1 (a)(()-[r:{ITEM_FLOW} WHERE {SURE}]->())+(b:{label})
RETURN p"""


EXPLORATIONS: Final[tuple[Exploration, ...]] = (
    # -- the canned queries, as examples -----------------------------------------------------------------------------
    Exploration(
        "terbium-chain",
        "exposed: the chains from terbium to programmes",
        _chain("material:terbium", "Program"),
        ("The full rules, for any node: matdeps queries exposed terbium --cypher",),
    ),
    Exploration(
        "behind-a-product",
        "depends: what stands behind a programme (or your own part: change the id)",
        f"""\
MATCH (b:{cypher.NODE} {{id: 'program:f-15j-upgrade'}})
MATCH p = SHORTEST 1 (a:Material)(()-[r:{ITEM_FLOW} WHERE {SURE}]->())+(b)
RETURN p""",
        ("The full rules: matdeps queries depends program:f-15j-upgrade --cypher",),
    ),
    Exploration(
        "why-f15j-terbium",
        "why: five shortest evidence paths from terbium to the F-15J upgrade",
        f"""\
MATCH (a:{cypher.NODE} {{id: 'material:terbium'}}), (b:{cypher.NODE} {{id: 'program:f-15j-upgrade'}})
MATCH p = SHORTEST 5 (a)(()-[r:{ITEM_FLOW}]->())+(b)
RETURN [r IN relationships(p) | r.sentence] AS sentences, p""",
        ("The k surest paths: matdeps why terbium program:f-15j-upgrade",),
    ),
    Exploration(
        "makers-and-places",
        "sources: who makes terbium, and where they stand",
        f"""\
MATCH p = (i:{cypher.NODE} {{id: 'material:terbium'}})<-[:PRODUCES]-(m)
OPTIONAL MATCH place = (m)-[:LOCATED_IN|HEADQUARTERED_IN]->(:Country)
RETURN p, place""",
    ),
    Exploration(
        "terbium-controls",
        "controls: what binds terbium, who issued it, toward whom",
        f"""\
MATCH p = (x:Control|Disruption)-[:RESTRICTS]->(n:{cypher.NODE})
WHERE n.id = 'material:terbium' OR EXISTS {{ (n)<-[:MEMBER_OF]-(:Material {{id: 'material:terbium'}}) }}
OPTIONAL MATCH q = (x)-[:ISSUED_BY|APPLIES_TO]->(:Country)
RETURN p, q""",
    ),
    Exploration(
        "claims",
        "claims: what is claimed, about what, and by whom",
        f"MATCH p = (c:{cypher.CLAIM})-[:{cypher.ABOUT}|{cypher.STATED_IN}]->() RETURN p",
    ),
    Exploration(
        "find-by-name",
        "find: a node by any of its names, in any language",
        f"""\
CALL db.index.fulltext.queryNodes('{cypher.SEARCH_INDEX}', 'magnet') YIELD node, score
RETURN node, score LIMIT 25""",
        ("Change magnet to a name or a part of a description.",),
    ),
    Exploration(
        "show-terbium",
        "show: everything beside terbium",
        f"MATCH p = (n:{cypher.NODE} {{id: 'material:terbium'}})--() RETURN p",
    ),
    Exploration(
        "nothing-upstream",
        "coverage: programmes and products of which nothing upstream is recorded",
        f"MATCH (n:Program|Product) WHERE NOT EXISTS {{ (n)<-[:{cypher.FLOW}]-() }} RETURN n",
        ("Nothing recorded is not the same as needing nothing.",),
    ),
    # -- looking around ----------------------------------------------------------------------------------------------
    Exploration(
        "chokepoints",
        "Chokepoints: the items that most chains to programmes pass through",
        f"""\
MATCH p = SHORTEST 1 (a:Material)(()-[r:{ITEM_FLOW} WHERE {SURE}]->())+(b:Program)
UNWIND nodes(p)[1..-1] AS n
WITH n, count(DISTINCT b) AS programmes ORDER BY programmes DESC LIMIT 12
OPTIONAL MATCH q = (n)-[:{ITEM_FLOW}]->()
RETURN n.name AS name, programmes, n, collect(q) AS next""",
    ),
    Exploration(
        "two-controls",
        "Programmes that stand behind two controls at once",
        f"""\
MATCH (x:Control)-[:RESTRICTS]->(i:Material|Intermediate|Product)
WHERE x.ended IS NULL
MATCH p = SHORTEST 1 (i)(()-[r:{ITEM_FLOW} WHERE {SURE}]->())+(b:Program)
WITH b, collect(DISTINCT x) AS controls, collect(p) AS chains
WHERE size(controls) >= 2
RETURN b.name AS programme, size(controls) AS count, b, controls, chains[..6] AS chains
ORDER BY count DESC LIMIT 10""",
    ),
    Exploration(
        "unread-sources",
        "What rests only on sources that nobody here has read: inputs of programmes",
        "MATCH p = ()-[r:USED_IN]->(b:Program) WHERE NOT r.checked RETURN p LIMIT 100",
    ),
    Exploration(
        "inferred-only",
        "Links that are reasoned out, and stated by no source",
        f"MATCH p = ()-[r:{ITEM_FLOW}]->() WHERE r.confidence = 'inferred' RETURN p LIMIT 100",
    ),
    Exploration(
        "founding-article",
        "The founding article: Japan's rare earths, tungsten and defence programmes",
        f"""\
MATCH (x:Control {{id: 'control:cn-mofcom-2026-01'}})
OPTIONAL MATCH claim = (:{cypher.CLAIM})-[:{cypher.ABOUT}]->(x)
MATCH (a:Material) WHERE a.id IN ['material:terbium', 'material:dysprosium', 'material:tungsten', 'material:gallium']
MATCH p = SHORTEST 1 (a)(()-[r:{ITEM_FLOW} WHERE {SURE}]->())+(b:Program)
WHERE EXISTS {{ (b)-[:LOCATED_IN]->(:Country {{id: 'country:JP'}}) }}
RETURN x, collect(DISTINCT claim) AS claims, collect(p) AS chains""",
    ),
    Exploration(
        "makers-outside-china",
        "Who makes rare-earth magnets outside China",
        """\
MATCH p = (m:Supplier)-[r:PRODUCES]->(i:Intermediate)
WHERE i.id CONTAINS 'magnet' AND NOT coalesce(r.status, 'active') IN ['planned', 'exit', 'trader']
  AND NOT EXISTS { (m)-[:LOCATED_IN]->(:Country {id: 'country:CN'}) }
OPTIONAL MATCH q = (m)-[:LOCATED_IN|HEADQUARTERED_IN]->(:Country)
RETURN p, q""",
    ),
    Exploration(
        "single-makers",
        "Items with one recorded maker that a programme needs directly",
        """\
MATCH used = (i)-[:USED_IN]->(b:Program)
WHERE COUNT { (i)<-[:PRODUCES]-() } = 1
MATCH made = (i)<-[:PRODUCES]-()
RETURN used, made LIMIT 60""",
        ("One recorded maker is not always the only one.",),
    ),
    Exploration(
        "most-concentrated",
        "Materials of which one country makes more than four fifths",
        """\
MATCH p = (i:Material)-[r:PRODUCED_IN]->(c:Country)
WHERE r.share > 0.8
RETURN p""",
    ),
    Exploration(
        "stopped",
        "Disruptions: what has stopped, and what stands behind it",
        f"""\
MATCH p = (x:Disruption)-[:RESTRICTS]->(n)
OPTIONAL MATCH q = (n)-[:{cypher.FLOW}]->()
RETURN p, q""",
    ),
    Exploration(
        "substitutes",
        "What could replace what",
        "MATCH p = ()-[:SUBSTITUTES_FOR]->() RETURN p",
    ),
    Exploration(
        "owners",
        "Who owns whom among the suppliers",
        "MATCH p = ()-[:OWNED_BY]->() RETURN p",
    ),
)
