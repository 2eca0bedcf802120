"""What a push writes: the store as rows of plain maps, nodes and links with every property, batch by batch."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from matdeps.graph.engines import IMAGE_FOLDER, build_image, open_reader
from matdeps.graph.errors import DataError
from matdeps.graph.image import TYPE_CODES, Image
from matdeps.graph.image_files import open_image
from matdeps.graph.merge import get_labels, merge_link_rows, merge_node_rows, split_ids
from matdeps.graph.model import MAX_DAY, MIN_DAY, NodeFacts
from matdeps.graph.names import iter_record_names
from matdeps.graph.neo4j.cypher import BATCH_ROWS
from matdeps.graph.neo4j.values import (
    LONGEST_ID_BYTES,
    MOST_LINKS,
    POSITION_BITS,
    RANK_SHIFT,
    encode_link,
    flatten,
)
from matdeps.graph.schema import Confidence, Surety, View, get_surety, get_view, is_walked, make_sentence

if TYPE_CHECKING:
    from matdeps.graph.store import Store

Row = dict[str, Any]
NODE_PROPERTIES = frozenset(
    ["id", "kind", "name", "description", "aliases", "sources", "source_titles", "valid_from", "valid_to", "datasets"]
)
LINK_PROPERTIES = frozenset(
    [
        "type",
        "confidence",
        "checked",
        "derived",
        "sources",
        "source_titles",
        "sentence",
        "datasets",
        "certainty",
        "view",
    ]
)
LONGEST_TOKEN = 120
"""Characters of a folded name that are indexed; what is longer is compared in full afterwards."""
_CACHE_LIMIT = 100_000
_LINK_COLUMNS = ("link", "type", "properties", "confidence", "sources", "checked", "derived", "since")


class Content:
    """The rows of a store as it is now; to be used within one `store.snapshot()`.

    Attributes
    ----------
    counts
        Nodes, relationships, sources, production, claims.
    """

    def __init__(self, store: "Store", generation: int) -> None:
        self._store = store
        self.info = open_reader(store).get_info()
        self.generation = generation
        self.load = max((record.load for record in store.loads()), default=0)
        folder = Path(store.path) / IMAGE_FOLDER
        image = open_image(folder, store_id=store.store_id, generation=generation)
        self.image: Image = image or build_image(store, generation, self.load)
        self._datasets = {record.load: record.dataset for record in store.loads()}
        # Where there is one dataset only, a reader knows without being told of each node and link.
        self._is_single = len(self.info.datasets) == 1
        self.sources = store.find_sources()
        self._names: list[str] = []
        self._ids: list[str] = []
        self._handles, self._order, self._rows = _number_links(self.image)
        self._twinned: dict[int, list[int]] = {}
        for place, row in zip(self.image["twin_handle"].tolist(), self.image["twin_row"].tolist(), strict=True):
            self._twinned.setdefault(place, []).append(row)
        self._columns: tuple[Any, ...] = ()
        self._flat: dict[tuple[str, str], tuple[dict[str, Any], dict[str, Any]]] = {}
        self._titles: dict[str, tuple[list[str], list[str]]] = {}

    def get_ids(self) -> list[str]:
        """Get the ids of the nodes yielded so far, by handle."""
        return self._ids

    def describe(self) -> Row:
        """Describe the graph: what a reader on the server must know before it walks."""
        about, image = self.image.about, self.image
        dated = bool(about["dated"]) or bool(
            (image["other_valid_from"] > MIN_DAY).any() or (image["other_valid_to"] < MAX_DAY).any()
        )
        mixed = np.unique(np.stack([image["surety"], image["view"]]), axis=1).T.tolist() if len(image["tail"]) else []
        return {
            "info": json.dumps(asdict(self.info), ensure_ascii=False, sort_keys=True),
            "graph": self.info.name,
            "version": self.info.version,
            "knowledge_until": self.info.knowledge_until,
            "store_id": self._store.store_id,
            "generation": self.generation,
            "nodes": self.info.nodes,
            "relationships": self.info.relationships,
            "dated": dated,
            "dated_inputs": bool(about["dated_inputs"]),
            "classes": [surety * len(View) + view for surety, view in mixed],
        }

    # -- nodes -----------------------------------------------------------------------------------------------------
    def iter_nodes(self) -> Iterator[tuple[tuple[str, ...], Row]]:
        """Yield nodes by handle: the kinds whose labels they carry, and their properties.

        Raises
        ------
        DataError
            If an id is too long for an index of Neo4j.
        """
        keys, labels = self.image["node_key"].tolist(), self.image["node_labels"].tolist()
        loops, kinds = self.image["node_loops"].tolist(), self.image["node_kind"].tolist()
        self._ids, self._names = [], []
        for start in range(0, len(keys), BATCH_ROWS):
            found = self._store.find_node_rows(keys[start : start + BATCH_ROWS])
            for handle in range(start, min(start + BATCH_ROWS, len(keys))):
                rows = found[keys[handle]]
                facts = merge_node_rows(handle, rows, get_labels(labels[handle], rows[0].kind))
                if len(facts.id.encode("utf-8", "replace")) > LONGEST_ID_BYTES:
                    raise DataError(
                        f"the id {facts.id[:60]}... is longer than Neo4j can index ({LONGEST_ID_BYTES} bytes)"
                    )
                self._ids.append(facts.id)
                self._names.append(facts.name)
                row = self._make_node(facts, rows)
                row |= {"_kind": kinds[handle], "_labels": labels[handle], "_loops": bool(loops[handle])}
                yield facts.labels, row

    def _make_node(self, facts: NodeFacts, rows: list[Any]) -> Row:
        names = dict.fromkeys(iter_record_names(facts.id, facts.kind, facts.name, facts.aliases, facts.attributes))
        plain = list(names)
        for row in rows[1:] and rows:
            # Every dataset's names find the node, also those that another one overrules.
            attributes = json.loads(row.attributes)
            names |= dict.fromkeys(iter_record_names(row.id, row.kind, row.name, json.loads(row.aliases), attributes))
        ids, titles = self._get_titles("|".join(facts.sources))
        row = {
            **flatten(facts.attributes, NODE_PROPERTIES),
            "id": facts.id,
            "kind": facts.kind,
            "name": facts.name,
            "sources": ids,
            "source_titles": titles,
            "_attributes": json.dumps(dict(facts.attributes), ensure_ascii=False),
            "_handle": facts.handle,
            "_names": " ".join(dict.fromkeys(folded[:LONGEST_TOKEN] for folded, _, _ in names)),
        }
        if len(names) > len(plain):
            row["_named"] = json.dumps(list(names), ensure_ascii=False)
        for name, value in (
            ("description", facts.description),
            ("aliases", list(facts.aliases)),
            ("valid_from", facts.valid_from),
            ("valid_to", facts.valid_to),
            ("datasets", None if self._is_single else list(facts.datasets)),
        ):
            if value:
                row[name] = value
        return row

    def _get_titles(self, sources: str) -> tuple[list[str], list[str]]:
        known = self._titles.get(sources)
        if known is None:
            ids = list(split_ids(sources))
            titles = [self.sources[source].title if source in self.sources else source for source in ids]
            known = self._titles[sources] = (ids, titles)
        return known

    # -- links -----------------------------------------------------------------------------------------------------
    def iter_links(self) -> Iterator[tuple[str, Row]]:
        """Yield links in order of entry: type, and a map of both handles (`a`, `b`) and the properties (`p`).

        The nodes must have been yielded before: sentences name them.
        """
        chunk: list[tuple[Any, ...]] = []
        for row in self._store.iter_links(columns=_LINK_COLUMNS):
            chunk.append(row)
            if len(chunk) == BATCH_ROWS:
                yield from self._make_links(chunk)
                chunk = []
        yield from self._make_links(chunk)

    def _make_links(self, chunk: list[tuple[Any, ...]]) -> Iterator[tuple[str, Row]]:
        rows = np.array([row[0] for row in chunk], np.int64)
        at = np.searchsorted(self._rows, rows)
        at[at == len(self._rows)] = 0
        known = self._rows[at] == rows if len(self._rows) else np.zeros(len(rows), np.bool_)
        places = self._order[at] if len(self._rows) else at
        flows = len(self.image["tail"])
        columns = [column[places].tolist() for column in self._gather()] if len(self._rows) else []
        for index, row in enumerate(chunk):
            if not known[index]:
                continue  # the twin of another, or a link one of whose ends is gone
            place = int(places[index])
            tail, head, handle, code, first, last = (column[index] for column in columns)
            _, link_type, text, confidence, sources, checked, derived, since = row
            datasets = [self._datasets[since]]
            if place in self._twinned:
                found = self._store.find_link_rows([row[0], *self._twinned[place]])
                facts = merge_link_rows(
                    handle, tail, head, [found[number] for number in (row[0], *self._twinned[place])]
                )
                confidence, checked, derived = facts.confidence.name, facts.is_checked, facts.is_derived
                sources, datasets = "|".join(facts.sources), list(facts.datasets)
            properties, flat = self._get_properties(link_type, text)
            ids, titles = self._get_titles(sources)
            values = {
                **flat,
                "_key": text,
                "_rank": Confidence[confidence] << RANK_SHIFT | handle,
                "confidence": confidence,
                "checked": bool(checked),
                "sources": ids,
                "source_titles": titles,
                "sentence": make_sentence(link_type, properties, self._names[tail], self._names[head]),
            }
            if derived:
                values["derived"] = True
            if not self._is_single:
                values["datasets"] = datasets
            if place < flows:
                values["_code"] = code
            if first > MIN_DAY:
                values["_from"] = first
            if last < MAX_DAY:
                values["_to"] = last
            yield link_type, {"a": tail, "b": head, "p": values}

    def _gather(self) -> tuple[Any, ...]:
        """Gather columns over all links, flow links first; made once."""
        if not self._columns:
            image = self.image
            others = len(image["other_tail"])
            codes = encode_link(
                *(image[name].astype(np.int64) for name in ("surety", "view", "confidence", "checked", "leave"))
            )
            self._columns = (
                *(np.concatenate([image[end], image[f"other_{end}"]]) for end in ("tail", "head")),
                self._handles,
                np.concatenate([codes, np.zeros(others, np.int64)]),
                *(np.concatenate([image[end], image[f"other_{end}"]]) for end in ("valid_from", "valid_to")),
            )
        return self._columns

    def _get_properties(self, link_type: str, text: str) -> tuple[dict[str, Any], dict[str, Any]]:
        known = self._flat.get((link_type, text))
        if known is None:
            if len(self._flat) >= _CACHE_LIMIT:
                self._flat.clear()
            properties = json.loads(text)
            known = self._flat[link_type, text] = (properties, flatten(properties, LINK_PROPERTIES))
            surety, view = _classify(link_type, properties)
            if surety is not None:
                known[1].update({"certainty": surety.name, "view": view.name})
        return known

    # -- the rest --------------------------------------------------------------------------------------------------
    def list_sources(self) -> list[Row]:
        """List the sources."""
        return [
            {**asdict(source), "name": source.title or source.id, "is_read": source.is_read}
            for source in self.sources.values()
        ]

    def list_claims(self) -> list[Row]:
        """List the claims, by id."""
        return [
            {**asdict(claim), "nodes": list(claim.nodes), "sources": list(claim.sources), "name": claim.text}
            for claim in self._store.find_claims()
        ]

    def list_production(self) -> list[Row]:
        """List the production rows in the order in which a reader gives them."""
        found = []
        for order, row in enumerate(self._store.find_production()):
            values = {name: value for name, value in asdict(row).items() if value is not None}
            country = row.country or "country:WORLD"
            share = f", {row.share:.0%}" if row.share is not None else ""
            name = f"{country.partition(':')[2]} {row.stage} {row.year}{share}"
            key = json.dumps([*asdict(row).values()], ensure_ascii=False)
            found.append({**values, "id": key, "name": name, "_order": order})
        return found

    def list_auxiliary(self, name: str, nodes: list[Row]) -> list[Row]:
        """List the links of nodes, claims and production rows to sources and nodes; see `cypher.AUXILIARY`."""
        titles = {source.id: source.title or source.id for source in self.sources.values()}
        names = dict(zip(self._ids, self._names, strict=True))
        if name in {"node_sources", "claim_sources", "production_sources"}:
            pairs = [(row, source) for row in nodes for source in row.get("sources", [row.get("source")])]
            return [
                {"a": row["id"], "b": source, "sentence": f"{row['name']} is stated in {titles[source]}"}
                for row, source in pairs
                if source in titles
            ]
        if name == "claim_nodes":
            return [
                {"a": row["id"], "b": node, "sentence": f"a claim about {names[node]}"}
                for row in nodes
                for node in row["nodes"]
                if node in names
            ]
        return [
            {"a": row["id"], "b": row["item"], "sentence": f"production of {names[row['item']]}"}
            for row in nodes
            if row["item"] in names
        ]


def _classify(link_type: str, properties: dict[str, Any]) -> tuple[Surety | None, View]:
    if not is_walked(link_type, properties):
        return None, View.contained
    return get_surety(link_type, properties), get_view(link_type, properties)


def _number_links(image: Image) -> tuple[Any, Any, Any]:
    """Give each link a handle, by place; list store rows, sorted, with their places.

    A place is an index into flow links first, then the others.
    """
    tails = np.concatenate([image["tail"], image["other_tail"]]).astype(np.int64)
    types = np.concatenate([image["type"], image["other_type"]])
    is_other = np.arange(len(tails)) >= len(image["tail"])
    # Of one tail first the flow links, then the others, each in the order in which the image holds them.
    order = np.lexsort((np.arange(len(tails)), is_other, tails)) if len(tails) else np.empty(0, np.int64)
    sorted_tails = tails[order]
    firsts = np.searchsorted(sorted_tails, sorted_tails)
    position = np.arange(len(tails)) - firsts
    if len(position) and int(position.max()) >= MOST_LINKS:
        raise DataError(f"one node has {int(position.max()) + 1} links; {MOST_LINKS} can be numbered")
    handles = np.empty(len(tails), np.int64)
    made = types[order] == TYPE_CODES["PRODUCES"]
    handles[order] = (sorted_tails << POSITION_BITS) | (position << 1) | made
    rows = np.concatenate([image["row"], image["other_row"]]).astype(np.int64)
    by_row = np.argsort(rows)
    return handles, by_row, rows[by_row]
