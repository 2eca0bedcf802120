"""The format of a folder of facts as data: columns of each file, and the check of each value and property."""

from collections.abc import Mapping
from typing import Final

from matdeps.graph.schema import (
    COMMON_PROPERTIES,
    CRITICALITIES,
    LINK_TYPES,
    PRODUCER_STATUSES,
    ROLE_VIEWS,
    Confidence,
)
from matdeps.loaders.values import (
    Check,
    RowSchema,
    check_bool,
    check_day,
    check_filled,
    check_id,
    check_kind,
    check_mass_fraction,
    check_number,
    check_share,
    check_source_date,
    check_source_id,
    check_text,
    check_url,
    check_words,
    check_year,
    check_year_number,
    make_choice,
    problem,
    read_amount,
    read_day,
    read_flag,
    read_object,
    read_share,
)

CLAIM_STATUSES: Final = (
    "corroborated",
    "partly_corroborated",
    "single_source",
    "reported",
    "plausible",
    "inferred",
    "disputed",
    "contradicted",
)
WORLD: Final = "WORLD"
"""Stands for a country in production.csv: the row is the world total."""


def _check_maker(value: str) -> str:
    return value if value == WORLD else check_id(value)


def _demand_day(value: str) -> str:
    if not value:
        raise problem("the date is empty", "ISO: year-month-day, such as 2026-07-01.")
    return check_day(value)


_SOURCES = {"sources": check_text}
SOURCES: Final = RowSchema(
    {
        "id": check_source_id,
        "title": check_filled,
        "publisher": check_text,
        "date": check_source_date,
        "url": check_url,
        "kind": make_choice(("official", "company", "paper", "industry", "news", "reference")),
        "how_verified": make_choice(("read_in_search", "own_knowledge")),
    }
)
NODES: Final = RowSchema(
    {
        "id": check_id,
        "kind": check_kind,
        "name": check_filled,
        "aliases": check_words,
        "attributes": read_object,
        **_SOURCES,
        "description": check_text,
        "valid_from": read_day,
        "valid_to": read_day,
    }
)
NODE_COLUMNS: Final = NODES.names[:6]
OPTIONAL_NODE_COLUMNS: Final = NODES.names[6:]
LINK_COLUMNS: Final = ("from", "type", "to", "properties", "confidence", "sources")
PRODUCTION: Final = RowSchema(
    {
        "item": check_id,
        "stage": check_filled,
        "country": _check_maker,
        "year": check_year,
        "value": read_amount,
        "unit": check_text,
        "share": read_share,
        "estimate": read_flag,
        "source": check_source_id,
    }
)
CONTROLS: Final = RowSchema(
    {
        "id": check_id,
        "title": check_filled,
        "instrument": check_text,
        "issuer": check_id,
        "destinations": check_words,
        "requires": make_choice(("licence", "ban", "quota")),
        "end_use": make_choice(("any", "military")),
        "acts_on": make_choice(("items", "deliveries to listed organisations", "purchases from the destination")),
        "effective": _demand_day,
        "ended": read_day,
        "suspended_from": read_day,
        "suspended_until": read_day,
        "hs_codes": check_words,
        "notes": check_text,
        **_SOURCES,
    }
)
DISRUPTIONS: Final = RowSchema(
    {
        "id": check_id,
        "title": check_filled,
        "event": check_text,
        "destinations": check_words,
        "effective": _demand_day,
        "ended": read_day,
        "claims": check_words,
        "notes": check_text,
        **_SOURCES,
    }
)
CLAIMS: Final = RowSchema(
    {
        "id": check_source_id,
        "claim": check_filled,
        "status": make_choice(CLAIM_STATUSES),
        "nodes": check_words,
        **_SOURCES,
        "notes": check_text,
    }
)

FILES: Final[Mapping[str, tuple[str, ...]]] = {
    "sources.csv": SOURCES.names,
    "nodes.csv": NODE_COLUMNS,
    "controls.csv": CONTROLS.names,
    "disruptions.csv": DISRUPTIONS.names,
    "claims.csv": CLAIMS.names,
    "relationships.csv": LINK_COLUMNS,
    "production.csv": PRODUCTION.names,
}
"""Columns that each file must have, in the order in which the files are read."""
REQUIRED_FILES: Final = ("nodes.csv", "relationships.csv", "sources.csv")
CONFIDENCES: Final = tuple(level.name for level in Confidence)
ELSEWHERE: Final[Mapping[str, str]] = {
    "PRODUCED_IN": "production.csv",
    "ISSUED_BY": "the column issuer of controls.csv",
    "APPLIES_TO": "the column destinations of controls.csv or disruptions.csv",
}
"""Links that another file states; relationships.csv would say them a second time."""

_INPUT: Mapping[str, Check] = {
    "criticality": make_choice(CRITICALITIES),
    "role": make_choice(tuple(role for role in ROLE_VIEWS if role is not None)),
    "alt_group": check_filled,
    "quantity": check_number,
    "unit": check_text,
    "mass_fraction": check_mass_fraction,
    "outside_alternative": check_bool,
}
_DATES: Mapping[str, Check] = {"valid_from": check_day, "valid_to": check_day}
_CHECKS: Mapping[str, Mapping[str, Check]] = {
    "INPUT_TO": _INPUT,
    "USED_IN": _INPUT,
    "SOLD_TO": {
        "supplier": check_filled,
        "due_date": check_day,
        "quantity": check_number,
        "value": check_number,
    },
    "PRODUCES": {"share": check_share, "year": check_year_number, "status": make_choice(PRODUCER_STATUSES)},
    "SUPPLIES_TO": {"item": check_id, "share": check_share},
    "STANDS_FOR": {
        "decision": make_choice(("accepted", "proposed")),
        "date": check_day,
        "score": check_number,
    },
    "LOCATED_IN": {"role": make_choice(("plant", "lead country"))},
    "OWNED_BY": {"share": check_share},
    "RESTRICTS": {"item": check_id, "country": check_id},
}
LINK_SCHEMAS: Final[Mapping[str, RowSchema]] = {
    name: RowSchema({**_DATES, **_CHECKS.get(name, {})}, allow_others=True)
    for name in LINK_TYPES
    if name not in ELSEWHERE
}
READ_PROPERTIES: Final[Mapping[str, frozenset[str]]] = {
    name: link_type.properties | COMMON_PROPERTIES for name, link_type in LINK_TYPES.items()
}
REFERRING: Final[Mapping[tuple[str, str], frozenset[str] | None]] = {
    ("SUPPLIES_TO", "item"): frozenset({"material", "intermediate", "product"}),
    ("RESTRICTS", "item"): frozenset({"material", "intermediate", "product"}),
    ("RESTRICTS", "country"): frozenset({"country"}),
    ("SOLD_TO", "supplier"): None,
    ("PRODUCES", "site"): None,
}
"""Properties that name a node, with the kinds it may have; None: they may also be words."""
