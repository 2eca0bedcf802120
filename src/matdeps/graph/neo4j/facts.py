"""From what a server gives to the facts that a query sees."""

import json
from collections.abc import Mapping
from typing import Any

from matdeps.graph.merge import get_labels, read_object
from matdeps.graph.model import Claim, Dataset, GraphInfo, LinkFacts, NodeFacts, ProductionRow, Source
from matdeps.graph.names import iter_record_names
from matdeps.graph.neo4j.values import RANK_SHIFT
from matdeps.graph.reader import NamedNode
from matdeps.graph.schema import Confidence

NODE_COLUMNS = (
    "n._handle, n.id, n.kind, n.name, n._labels, n.description, n.aliases, n._attributes, n.valid_from, n.valid_to, "
    "n.sources, n.datasets"
)
LINK_HANDLE = f"r._rank % {1 << RANK_SHIFT}"
LINK_COLUMNS = (
    f"{LINK_HANDLE}, a._handle, b._handle, type(r), r._key, r.confidence, r.checked, r.sources, r.derived, r.datasets"
)
NAME_COLUMNS = "n._handle, n.id, n.kind, n.name, n.aliases, n._attributes, n._named"
SOURCE_COLUMNS = "n.id, n.title, n.publisher, n.date, n.url, n.kind, n.how_verified"
PRODUCTION_COLUMNS = "n.item, n.stage, n.country, n.year, n.amount, n.unit, n.share, n.is_estimate, n.source"
CLAIM_COLUMNS = "n.id, n.text, n.status, n.nodes, n.sources, n.notes"


def make_node(row: list[Any], datasets_of_all: tuple[str, ...]) -> NodeFacts:
    """Make a node of `NODE_COLUMNS`; one that names no datasets is of all."""
    handle, node_id, kind, name, labels, description, aliases, attributes, first, last, sources, datasets = row
    return NodeFacts(
        handle,
        node_id,
        kind,
        name,
        get_labels(labels, kind),
        description or "",
        tuple(aliases or ()),
        read_object(attributes),
        first,
        last,
        tuple(sources),
        datasets_of_all if datasets is None else tuple(datasets),
    )


def make_link(row: list[Any], datasets_of_all: tuple[str, ...]) -> LinkFacts:
    """Make a link of `LINK_COLUMNS`; one that names no datasets is of all."""
    handle, tail, head, link_type, key, confidence, checked, sources, derived, datasets = row
    return LinkFacts(
        handle,
        tail,
        head,
        link_type,
        f"{link_type} {key}",
        read_object(key),
        Confidence[confidence],
        checked,
        tuple(sources),
        bool(derived),
        datasets_of_all if datasets is None else tuple(datasets),
    )


def make_names(row: list[Any]) -> list[tuple[str, NamedNode]]:
    """Make the names of a node, folded and as recorded, of `NAME_COLUMNS`."""
    handle, node_id, kind, name, aliases, attributes, named = row
    if named is not None:
        found = [tuple(entry) for entry in json.loads(named)]
    else:
        found = list(iter_record_names(node_id, kind, name, aliases or (), read_object(attributes)))
    return [(folded, NamedNode(handle, how, text)) for folded, how, text in found]


def make_source(row: list[Any]) -> Source:
    """Make a source of `SOURCE_COLUMNS`."""
    return Source(*row)


def make_production(row: list[Any]) -> ProductionRow:
    """Make a production row of `PRODUCTION_COLUMNS`."""
    return ProductionRow(*row)


def make_claim(row: list[Any]) -> Claim:
    """Make a claim of `CLAIM_COLUMNS`."""
    claim_id, text, status, nodes, sources, notes = row
    return Claim(claim_id, text, status, tuple(nodes), tuple(sources), notes)


def make_info(meta: Mapping[str, Any]) -> GraphInfo:
    """Make what is said of a graph of the meta node."""
    about = json.loads(meta["info"])
    datasets = tuple(Dataset(**dataset) for dataset in about.pop("datasets"))
    return GraphInfo(**{**about, "datasets": datasets, "notices": tuple(about["notices"])})
