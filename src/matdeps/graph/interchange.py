"""The exchange graph: a store as a NetworkX multigraph, for notebooks and for the engine that is written to be read."""

from typing import TYPE_CHECKING, Any

import networkx as nx

from matdeps.graph.merge import get_labels, merge_link_rows, merge_node_rows
from matdeps.graph.model import GraphInfo, LinkFacts, NodeFacts
from matdeps.graph.schema import KINDS, ORGANISATIONS, SYMMETRIC_LABELS

if TYPE_CHECKING:
    from matdeps.graph.store import Store


def to_networkx(store: "Store", info: GraphInfo, *, load: int | None = None) -> "nx.MultiDiGraph[str]":
    """Make a NetworkX multigraph of a store.

    Parameters
    ----------
    load
        The graph as it was after this load; None: as it is.

    Returns
    -------
    networkx.MultiDiGraph
        Nodes are ids with `kind`, `name`, `labels` and `facts` (NodeFacts); links have `type`, `confidence`,
        `properties` and `facts` (LinkFacts), all pointing downstream. The graph itself holds `info`, `sources`,
        `production` and `claims`.
    """
    node_rows: dict[str, list[Any]] = {}
    keys = [key for (key,) in store.iter_nodes(load, columns=("key",))]
    for rows in store.find_node_rows(keys, load=load).values():
        node_rows[rows[0].id] = rows
    handles = {node_id: handle for handle, node_id in enumerate(sorted(node_rows))}
    link_rows: dict[tuple[str, str, str, str], list[Any]] = {}
    ids_by_key = {rows[0].key: node_id for node_id, rows in node_rows.items()}
    numbers = [link for (link,) in store.iter_links(load, columns=("link",))]
    for row in store.find_link_rows(numbers).values():
        if row.tail in ids_by_key and row.head in ids_by_key:
            ends = (ids_by_key[row.tail], ids_by_key[row.head])
            link_rows.setdefault((*ends, row.type, row.properties), []).append(row)
    links = [
        merge_link_rows(
            handle, handles[key[0]], handles[key[1]], sorted(link_rows[key], key=lambda row: row.confidence)
        )
        for handle, key in enumerate(sorted(link_rows))
    ]
    ids = sorted(node_rows)
    labels = _find_labels(ids, node_rows, links)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(
        info=info,
        sources=store.find_sources(None, load=load),
        production=store.find_production(load=load),
        claims=store.find_claims(load=load),
    )
    for node_id in ids:
        rows = node_rows[node_id]
        facts: NodeFacts = merge_node_rows(handles[node_id], rows, get_labels(labels[node_id], rows[0].kind))
        graph.add_node(node_id, kind=facts.kind, name=facts.name, labels=facts.labels, facts=facts)
    for link in links:
        graph.add_edge(
            ids[link.tail],
            ids[link.head],
            key=link.key,
            type=link.type,
            confidence=link.confidence.name,
            properties=dict(link.properties),
            facts=link,
        )
    return graph


def _find_labels(ids: list[str], node_rows: dict[str, list[Any]], links: list[LinkFacts]) -> dict[str, int]:
    codes = {name: code for code, name in enumerate(KINDS)}
    labels = {node_id: 1 << codes[rows[0].kind] for node_id, rows in node_rows.items()}
    for link in links:
        for label, (as_tail, as_head) in SYMMETRIC_LABELS.items():
            for end, types in ((ids[link.tail], as_tail), (ids[link.head], as_head)):
                if link.type in types and node_rows[end][0].kind in ORGANISATIONS:
                    labels[end] |= 1 << codes[label]
    return labels
