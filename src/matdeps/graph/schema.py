"""Kinds of nodes and types of relationships as data: ends, properties, and the sentence that reads each aloud.

A new relationship type is one entry in `LINK_TYPES`; validation, the walks, the documentation and every export
follow from it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Literal

Role = Literal["flow", "anchor", "look-up"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of node.

    Attributes
    ----------
    name
        As it stands before the colon of an id: ``material``.
    label
        As it stands in Neo4j and in headings: ``Material``.
    plural
        As it stands in sentences: ``materials``.
    """

    name: str
    label: str
    plural: str


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("material", "Material", "materials"),
        Kind("intermediate", "Intermediate", "intermediates"),
        Kind("product", "Product", "products"),
        Kind("program", "Program", "programmes"),
        Kind("customer", "Customer", "customers"),
        Kind("supplier", "Supplier", "suppliers"),
        Kind("country", "Country", "countries"),
        Kind("control", "Control", "controls"),
        Kind("disruption", "Disruption", "disruptions"),
    )
}
ITEMS = frozenset({"material", "intermediate", "product"})
ORGANISATIONS = frozenset({"supplier", "customer"})
RESTRICTIONS = frozenset({"control", "disruption"})


class Confidence(IntEnum):
    """How sure a fact is; a smaller number is surer."""

    confirmed = 0
    reported = 1
    inferred = 2


class Surety(IntEnum):
    """What a path proves: its worst link decides."""

    definite = 0
    minor = 1
    possible = 2


class View(IntEnum):
    """The three nested views of dependence; a wider view holds the narrower ones."""

    contained = 0
    consumed = 1
    all = 2


class Leave(IntEnum):
    """Whether an organisation that was entered on the way may be left by a link (companies in the middle)."""

    free = 0
    """The tail is no organisation: no rule applies."""
    nameless = 1
    """SUPPLIES_TO without an item: possible, and definite in a chain of such links."""
    uninformed = 2
    """PRODUCES into an item none of whose inputs is recorded: possible."""
    closed = 3
    """Not left this way: the chain runs through the items."""


ROLE_VIEWS: Mapping[str | None, View] = {
    None: View.contained,
    "process_consumable": View.consumed,
    "tooling": View.consumed,
    "equipment": View.all,
}
CRITICALITIES = ("essential", "major", "minor", "alternative")
PRODUCER_STATUSES = ("active", "planned", "suspended", "exit", "trader")
CONTROL_STATUSES = ("in force", "suspended", "unknown", "ended", "announced")


@dataclass(frozen=True, slots=True)
class LinkType:
    """A type of relationship.

    Attributes
    ----------
    name
        As it stands in files and in Neo4j.
    role
        ``flow``: exposure travels from tail to head; ``anchor``: a question can start there; ``look-up``: shown only.
    tails, heads
        Kinds (names) that may stand at either end.
    meaning
        One line for the documentation.
    sentence
        The link read aloud, with ``{tail}`` and ``{head}``.
    properties
        Names that have a meaning here, beside those every link may carry; others are kept, and said to be unread.
    """

    name: str
    role: Role
    tails: frozenset[str]
    heads: frozenset[str]
    meaning: str
    sentence: str
    properties: frozenset[str] = field(default_factory=frozenset)


def _type(
    name: str,
    role: Role,
    tails: frozenset[str] | set[str],
    heads: frozenset[str] | set[str],
    meaning: str,
    sentence: str,
    properties: str = "",
) -> LinkType:
    return LinkType(name, role, frozenset(tails), frozenset(heads), meaning, sentence, frozenset(properties.split()))


_INPUT = "criticality alt_group outside_alternative role quantity unit mass_fraction"
COMMON_PROPERTIES = frozenset({"valid_from", "valid_to", "note", "description"})
LINK_TYPES: Mapping[str, LinkType] = {
    link_type.name: link_type
    for link_type in (
        _type(
            "INPUT_TO",
            "flow",
            ITEMS,
            ITEMS,
            "the head is made with the tail",
            "{tail} goes into {head}",
            _INPUT,
        ),
        _type(
            "USED_IN",
            "flow",
            ITEMS,
            {"program"},
            "the programme needs the item",
            "{head} uses {tail}",
            _INPUT + " status",
        ),
        _type(
            "SOLD_TO",
            "flow",
            ITEMS,
            ORGANISATIONS | {"program"},
            "the head takes delivery",
            "{head} takes delivery of {tail}",
            "supplier order contract quantity unit due_date status end_use destination value currency",
        ),
        _type(
            "RUN_BY",
            "flow",
            {"program"},
            ORGANISATIONS,
            "owner or operator of the programme",
            "{head} runs {tail}",
        ),
        _type(
            "PRODUCES",
            "flow",
            ORGANISATIONS,
            ITEMS,
            "the supplier makes the item",
            "{tail} makes {head}",
            "share year status status_note qualified site stage capacity_t_per_year lead_time_days",
        ),
        _type(
            "SUPPLIES_TO",
            "flow",
            ORGANISATIONS,
            ORGANISATIONS | {"program"},
            "a known company-to-company link",
            "{tail} supplies {head}",
            "item volume share",
        ),
        _type(
            "STANDS_FOR",
            "flow",
            ITEMS,
            ITEMS,
            "a reference item stands for an item of the user's own",
            "{tail} stands for {head}",
            "decision by date score",
        ),
        _type("IS_A", "flow", ITEMS, ITEMS, "the tail is a kind of the head", "{tail} is a kind of {head}"),
        _type(
            "YIELDS",
            "flow",
            {"material"},
            {"material"},
            "the head is a by-product of the tail",
            "{tail} yields {head} as a by-product",
        ),
        _type(
            "MEMBER_OF",
            "anchor",
            {"material"},
            {"material"},
            "the tail belongs to the group",
            "{tail} belongs to {head}",
        ),
        _type(
            "LOCATED_IN",
            "anchor",
            ORGANISATIONS | {"program"},
            {"country"},
            "a plant, or the lead country of a programme",
            "{tail} stands in {head}",
            "role",
        ),
        _type(
            "HEADQUARTERED_IN",
            "anchor",
            ORGANISATIONS,
            {"country"},
            "the seat of the organisation",
            "{tail} has its seat in {head}",
        ),
        _type(
            "OWNED_BY",
            "anchor",
            ORGANISATIONS,
            ORGANISATIONS,
            "the head owns the tail",
            "{tail} belongs to {head}",
            "share",
        ),
        _type(
            "PRODUCED_IN",
            "anchor",
            ITEMS,
            {"country"},
            "the item is made in the country",
            "{tail} is made in {head}",
            "share year stage amount unit estimate",
        ),
        _type(
            "RECYCLES_TO",
            "look-up",
            ITEMS,
            ITEMS,
            "scrap of the tail yields the head",
            "scrap of {tail} yields {head}",
        ),
        _type(
            "SUBSTITUTES_FOR",
            "look-up",
            ITEMS,
            ITEMS,
            "the tail can replace the head",
            "{tail} can replace {head}",
            "scope degree readiness penalty qualified effect",
        ),
        _type(
            "ISSUED_BY",
            "look-up",
            {"control"},
            {"country"},
            "the issuer of the control",
            "{tail} was issued by {head}",
        ),
        _type(
            "APPLIES_TO",
            "look-up",
            RESTRICTIONS,
            {"country"},
            "a destination of the restriction",
            "{tail} applies toward {head}",
        ),
        _type(
            "RESTRICTS",
            "anchor",
            RESTRICTIONS,
            ITEMS | ORGANISATIONS | {"country"},
            "what the restriction names",
            "{tail} restricts {head}",
            "scope codes threshold condition item country",
        ),
    )
}
FLOW_TYPES = frozenset(name for name, link_type in LINK_TYPES.items() if link_type.role == "flow")
ACYCLIC_TYPES = frozenset({"MEMBER_OF", "IS_A", "OWNED_BY"})
"""Types whose links may form no loop: a group in itself, a kind of itself, an owner of itself."""
SYMMETRIC_LABELS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "supplier": (frozenset({"PRODUCES", "SUPPLIES_TO"}), frozenset()),
    "customer": (frozenset(), frozenset({"SOLD_TO", "SUPPLIES_TO", "RUN_BY"})),
}
"""Second labels of an organisation: by the types of its own links (as tail), and by those that reach it (as head)."""


def get_surety(link_type: str, properties: Mapping[str, Any]) -> Surety:
    """Say what a link by itself proves: definite, a minor dependence, or a possible one.

    An organisation left on the way is not seen here: that depends on the path (see `Leave`).
    """
    if link_type in {"IS_A", "YIELDS"} or (link_type == "STANDS_FOR" and properties.get("decision") != "accepted"):
        return Surety.possible
    if properties.get("criticality") == "minor":
        return Surety.minor
    return Surety.definite


def get_view(link_type: str, properties: Mapping[str, Any]) -> View:
    """Say the narrowest view that holds a link: by the role of an input, else contained."""
    if link_type not in {"INPUT_TO", "USED_IN"}:
        return View.contained
    return ROLE_VIEWS.get(properties.get("role"), View.contained)


def is_walked(link_type: str, properties: Mapping[str, Any]) -> bool:
    """Say whether exposure travels along a link at all, whatever the date.

    A planned producer makes nothing yet, and one that has left makes nothing any more: only an exit with its last
    day (`valid_to`) was active until then.
    """
    if link_type not in FLOW_TYPES:
        return False
    if link_type == "PRODUCES":
        status = properties.get("status")
        return status != "planned" and not (status == "exit" and not properties.get("valid_to"))
    return True


_ROLE_SENTENCES = {
    "process_consumable": "{tail} is used up in making {head}",
    "tooling": "{tail} is a tool worn in making {head}",
    "equipment": "{tail} is equipment needed to make {head}",
}
_STATUS_SENTENCES = {
    "planned": "{tail} plans to make {head}",
    "suspended": "{tail} makes {head} (suspended)",
    "exit": "{tail} made {head} until its exit",
    "trader": "{tail} deals in {head}",
}


def make_sentence(link_type: str, properties: Mapping[str, Any], tail: str, head: str) -> str:
    """Read a link aloud in its own direction.

    Parameters
    ----------
    link_type
        Name of the relationship type.
    properties
        Its properties.
    tail, head
        Names of the nodes at its ends.

    Returns
    -------
    str
        A sentence without a full stop.

    Examples
    --------
    >>> make_sentence("INPUT_TO", {"role": "tooling"}, "Carbide insert", "airframe part")
    'Carbide insert is a tool worn in making airframe part'
    """
    pattern = LINK_TYPES[link_type].sentence
    if link_type in {"INPUT_TO", "USED_IN"}:
        pattern = _ROLE_SENTENCES.get(str(properties.get("role")), pattern)
    elif link_type == "PRODUCES":
        pattern = _STATUS_SENTENCES.get(str(properties.get("status")), pattern)
    elif link_type == "LOCATED_IN":
        pattern = (
            "{tail} is led from {head}" if properties.get("role") == "lead country" else "{tail} has a plant in {head}"
        )
    elif link_type == "STANDS_FOR" and properties.get("decision") != "accepted":
        pattern = "{tail} may stand for {head} (nobody has accepted it yet)"
    elif link_type == "SUPPLIES_TO" and properties.get("item"):
        pattern += " with {item}"
    elif link_type == "SOLD_TO" and properties.get("supplier"):
        pattern += " (from {supplier})"
    elif link_type == "PRODUCED_IN":
        share = properties.get("share")
        stage = str(properties.get("stage") or "made")
        pattern = (
            "{tail} is produced in {head} ("
            + (f"{float(share):.0%} of the world, " if share is not None else "")
            + f"{stage}, {properties.get('year')})"
        )
    elif link_type == "RESTRICTS" and properties.get("item"):
        pattern += ", only its {item}"
    words = {
        "tail": tail,
        "head": head,
        "item": _short(properties.get("item")),
        "supplier": _short(properties.get("supplier")),
    }
    text = pattern.format_map(words)
    if properties.get("criticality") == "minor":
        text += " (minor)"
    return text


def _short(node_id: Any) -> str:
    """Make an id readable where the name of the node is not at hand."""
    return str(node_id or "").partition(":")[2].replace("-", " ") or str(node_id or "")


def compute_digest() -> str:
    """Compute what tells one schema from another: codes in images stand for its kinds and types."""
    return hashlib.sha256(
        repr((list(KINDS), sorted((one.name, one.role) for one in LINK_TYPES.values()))).encode()
    ).hexdigest()[:16]
