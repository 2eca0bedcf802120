"""The words of Cypher: labels, types, constraints and statements, made from constants of the schema only."""

from collections.abc import Collection, Mapping
from typing import Final

from matdeps.graph.schema import FLOW_TYPES, KINDS, LINK_TYPES

NODE: Final = "MatdepsNode"
SOURCE: Final = "MatdepsSource"
CLAIM: Final = "MatdepsClaim"
PRODUCTION: Final = "MatdepsProduction"
META: Final = "MatdepsMeta"
OWNED: Final = (NODE, SOURCE, CLAIM, PRODUCTION)
"""Labels by which this tool knows what is its own; nothing else in the database is ever touched."""
SHOWN: Final[Mapping[str, str]] = {SOURCE: "Source", CLAIM: "Claim", PRODUCTION: "ProductionRow"}
"""Short labels beside the owned ones, for people; nodes carry those of their kinds."""
STATED_IN: Final = "STATED_IN"
ABOUT: Final = "ABOUT"
PRODUCTION_OF: Final = "PRODUCTION_OF"
AUXILIARY: Final[Mapping[str, tuple[str, str]]] = {
    "node_sources": (STATED_IN, f"{NODE} {SOURCE}"),
    "claim_sources": (STATED_IN, f"{CLAIM} {SOURCE}"),
    "claim_nodes": (ABOUT, f"{CLAIM} {NODE}"),
    "production_items": (PRODUCTION_OF, f"{PRODUCTION} {NODE}"),
    "production_sources": (STATED_IN, f"{PRODUCTION} {SOURCE}"),
}
"""Links beside those of the schema: type, and the owned labels of its ends."""

NAMES_INDEX: Final = "matdeps_names"
SEARCH_INDEX: Final = "matdeps_search"
IDENTIFIERS: Final[Mapping[str, tuple[str, ...]]] = {
    "material": ("symbol", "formula", "cas", "hs", "codes"),
    "intermediate": ("hs", "codes"),
    "product": ("part_number", "hs"),
    "customer": ("lei", "registry_number"),
    "supplier": ("lei", "registry_number"),
    "country": ("iso2", "iso3"),
    "control": ("instrument",),
}
"""Attributes that people look nodes up by, by kind."""
IDENTIFIER_NAMES: Final = frozenset(name for names in IDENTIFIERS.values() for name in names)

FLOW: Final = "|".join(sorted(FLOW_TYPES))
ALL_LINKS: Final = "|".join(sorted(LINK_TYPES))
BATCH_ROWS: Final = 10_000


def list_schema() -> list[tuple[str, str]]:
    """List the names and the statements of constraints and indexes."""
    texts = {f"{label.lower()}_id": f"CREATE CONSTRAINT {{}} FOR (n:{label}) REQUIRE n.id IS UNIQUE" for label in OWNED}
    texts |= {
        "matdeps_handle": f"CREATE INDEX {{}} FOR (n:{NODE}) ON (n._handle)",
        "matdeps_production_item": f"CREATE INDEX {{}} FOR (n:{PRODUCTION}) ON (n.item)",
        "matdeps_production_country": f"CREATE INDEX {{}} FOR (n:{PRODUCTION}) ON (n.country)",
        NAMES_INDEX: f"CREATE FULLTEXT INDEX {{}} FOR (n:{NODE}) ON EACH [n._names] "
        "OPTIONS {{indexConfig: {{`fulltext.analyzer`: 'whitespace'}}}}",
        SEARCH_INDEX: f"CREATE FULLTEXT INDEX {{}} FOR (n:{NODE}) ON EACH [n.name, n.aliases, n.description]",
    }
    texts |= {
        f"matdeps_{kind}_{name}": f"CREATE INDEX {{}} FOR (n:{KINDS[kind].label}) ON (n.{name})"
        for kind, names in IDENTIFIERS.items()
        for name in names
    }
    return [(name, text.format(f"{name} IF NOT EXISTS")) for name, text in texts.items()]


def make_types(types: Collection[str]) -> str:
    """Write relationship types as a pattern does.

    Raises
    ------
    ValueError
        If a type is not one of the schema.
    """
    unknown = set(types) - set(LINK_TYPES)
    if unknown:
        raise ValueError(f"no such relationship types: {', '.join(sorted(unknown))}")
    return "|".join(sorted(types))


def make_labels(kinds: Collection[str]) -> str:
    """Write the labels of some kinds as a pattern with alternatives does."""
    return "|".join(sorted(KINDS[kind].label for kind in kinds))


def merge_nodes(kinds: Collection[str]) -> str:
    """Write the statement that merges nodes that carry the labels of some kinds."""
    labels = sorted(KINDS[kind].label for kind in kinds)
    others = sorted({kind.label for kind in KINDS.values()} - set(labels))
    return (
        f"UNWIND $rows AS row MERGE (n:{NODE} {{id: row.id}}) SET n = row, n._tag = $tag "
        f"SET n:{':'.join(labels)} REMOVE n:{':'.join(others)}"
    )


def merge_others(label: str) -> str:
    """Write the statement that merges sources, claims or production rows."""
    return f"UNWIND $rows AS row MERGE (n:{label} {{id: row.id}}) SET n = row, n._tag = $tag SET n:{SHOWN[label]}"


def merge_links(link_type: str) -> str:
    """Write the statement that merges links of a type of the schema; ends are named by handles."""
    return (
        f"UNWIND $rows AS row MATCH (a:{NODE} {{_handle: row.a}}) MATCH (b:{NODE} {{_handle: row.b}}) "
        f"MERGE (a)-[r:{make_types([link_type])} {{_key: row.p._key}}]->(b) SET r = row.p, r._tag = $tag"
    )


def merge_auxiliary(name: str) -> str:
    """Write the statement that merges links beside those of the schema; ends are named by ids."""
    link_type, ends = AUXILIARY[name]
    tail, head = ends.split()
    return (
        f"UNWIND $rows AS row MATCH (a:{tail} {{id: row.a}}) MATCH (b:{head} {{id: row.b}}) "
        f"MERGE (a)-[r:{link_type} {{_key: $name}}]->(b) SET r.sentence = row.sentence, r._tag = $tag"
    )


def list_removals() -> list[tuple[str, str]]:
    """List the statements that remove nodes of an earlier push: what is done, and the text.

    Nodes that somebody else's links hold on to are not deleted but given up: they lose our labels and properties.
    """
    kinds = ":".join(sorted({kind.label for kind in KINDS.values()} | set(SHOWN.values())))
    texts = []
    for label in OWNED:
        texts += [
            (
                "links",
                f"MATCH (n:{label}) WHERE n._tag <> $tag MATCH (n)-[r]-() WHERE r._tag IS NOT NULL "
                f"WITH DISTINCT r CALL (r) {{ DELETE r }} IN TRANSACTIONS OF {BATCH_ROWS} ROWS RETURN count(*)",
            ),
            (
                "nodes",
                f"MATCH (n:{label}) WHERE n._tag <> $tag AND NOT EXISTS {{ (n)--() }} "
                f"CALL (n) {{ DELETE n }} IN TRANSACTIONS OF {BATCH_ROWS} ROWS RETURN count(*)",
            ),
            (
                "given up",
                f"MATCH (n:{label}) WHERE n._tag <> $tag CALL (n) {{ SET n = {{id: n.id, name: n.name}} "
                f"REMOVE n:{label}:{kinds} }} IN TRANSACTIONS OF {BATCH_ROWS} ROWS RETURN count(*)",
            ),
        ]
    return texts


REMOVE_LINKS: Final = (
    f"MATCH ()-[r:{ALL_LINKS}|{STATED_IN}|{ABOUT}|{PRODUCTION_OF}]->() WHERE r._tag <> $tag "
    f"CALL (r) {{ DELETE r }} IN TRANSACTIONS OF {BATCH_ROWS} ROWS RETURN count(*)"
)
