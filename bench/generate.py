"""Make a folder of facts of any size: a layered supply graph in the CSV format that `matdeps load graph` reads.

usage: python bench/generate.py FOLDER [--nodes 1000000] [--seed 7]

About eight links a node. Materials go into intermediates in layers, these into products in four layers of bills of
materials; suppliers make items, customers take delivery, programmes use products and are run by customers; some
intermediates are recycled, so that there are loops. Out-degrees follow a power law inside industrial sectors. The same
seed gives the same folder.
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pycountry

Array = np.ndarray[Any, Any]
KINDS = ("material", "intermediate", "product", "supplier", "customer", "program", "country")
PREFIXES = ("m", "i", "p", "s", "c", "g", "")
INPUT, SUPPLY, PLACE, SALE, USE, RUN = range(6)
TYPES = ("INPUT_TO", "PRODUCES", "LOCATED_IN", "SOLD_TO", "USED_IN", "RUN_BY")
CONFIDENCES = ("confirmed", "reported", "inferred")
SOURCE = "bench-source"
LAYERS = {10_000: 6, 100_000: 8, 1_000_000: 10}
MOST_COUNTRIES = 195
CHUNK = 200_000


@dataclass
class Draft:
    """The links so far, as parallel arrays of tails, heads and types."""

    tails: list[Array] = field(default_factory=list)
    heads: list[Array] = field(default_factory=list)
    types: list[Array] = field(default_factory=list)

    def add(self, tails: Array, heads: Array, link_type: int) -> None:
        self.tails.append(tails.astype(np.int32))
        self.heads.append(heads.astype(np.int32))
        self.types.append(np.full(len(tails), link_type, np.int8))


class Generator:
    """One graph; nodes are numbered kind by kind."""

    def __init__(self, nodes: int, seed: int) -> None:
        self.count = nodes
        self.rng = np.random.default_rng(seed)
        countries = min(MOST_COUNTRIES, max(20, nodes // 500))
        sizes = [
            max(10, nodes // 1000),
            nodes // 20,
            0,
            nodes * 3 // 10,
            nodes * 3 // 20,
            max(5, nodes // 500),
            countries,
        ]
        sizes[2] = nodes - sum(sizes)
        self.sizes, self.first = sizes, np.concatenate([[0], np.cumsum(sizes)])
        self.kind = np.repeat(np.arange(len(KINDS), dtype=np.int8), sizes)
        (self.materials, self.intermediates, self.products, self.suppliers, self.customers, self.programs, _) = (
            np.arange(self.first[k], self.first[k + 1]) for k in range(len(KINDS))
        )
        self.layers = LAYERS.get(nodes, 12 if nodes > 1_000_000 else 6)
        self.sectors = max(12, int(12 * (nodes / 10_000) ** 0.5))
        self.sector = self.rng.integers(0, self.sectors, nodes).astype(np.int32)
        self.layer = np.zeros(nodes, np.int8)
        self.layer[self.intermediates] = self.rng.integers(1, self.layers + 1, len(self.intermediates))
        self.layer[self.products] = self.layers + 1 + self.rng.choice(4, len(self.products), p=[0.5, 0.3, 0.15, 0.05])
        self.popularity = self.rng.random(nodes)

    # -- choosing ends ---------------------------------------------------------------------------------------
    def pool(self, nodes: Array) -> tuple[Array, Array, Array]:
        """Sort candidates by sector and by popularity."""
        local = nodes[np.lexsort((self.popularity[nodes], self.sector[nodes]))]
        starts = np.searchsorted(self.sector[local], np.arange(self.sectors + 1))
        return local, starts, nodes[np.argsort(self.popularity[nodes], kind="stable")]

    def pick(self, near: Array, pool: tuple[Array, Array, Array], inside: float, outside: float, local: float) -> Array:
        """Pick a candidate for each node; the exponents say how much the popular ones are preferred."""
        candidates, starts, everywhere = pool
        first = starts[self.sector[near]]
        room = starts[self.sector[near] + 1] - first
        is_local = (self.rng.random(len(near)) < local) & (room > 0)
        place = self.rng.random(len(near)) ** np.where(is_local, inside, outside)
        picked = np.empty(len(near), np.int64)
        picked[is_local] = candidates[first[is_local] + (place[is_local] * room[is_local]).astype(np.int64)]
        picked[~is_local] = everywhere[(place[~is_local] * len(everywhere)).astype(np.int64)]
        return picked

    def repeat(self, nodes: Array, mean: float, *, heavy: bool = False) -> Array:
        """Repeat each node as often as it has links."""
        if heavy:
            often = np.minimum(1 + np.floor(self.rng.pareto(1.5, len(nodes)) * (mean - 1) * 0.5), 20_000).astype(
                np.int64
            )
        else:
            often = 1 + self.rng.poisson(mean - 1, len(nodes))
        return np.repeat(nodes, often)

    # -- links -----------------------------------------------------------------------------------------------
    def make_links(self) -> tuple[Array, Array, Array]:
        """Make tails, heads and types, in random order."""
        draft = Draft()
        by_layer = [self.intermediates[self.layer[self.intermediates] == n] for n in range(self.layers + 1)]
        self._add_processing(draft, by_layer)
        self._add_assembly(draft)
        self._add_trade(draft)
        self._add_recycling(draft, by_layer)
        tails, heads, types = map(np.concatenate, (draft.tails, draft.heads, draft.types))
        _, kept = np.unique(tails.astype(np.int64) * self.count + heads, return_index=True)
        kept = kept[tails[kept] != heads[kept]]
        spare = len(kept) - 8 * self.count
        if spare > 0:
            droppable = np.flatnonzero(np.isin(types[kept], [SUPPLY, SALE]))
            kept = np.delete(kept, self.rng.choice(droppable, spare, replace=False))
        kept = self.rng.permutation(kept)
        return tails[kept], heads[kept], types[kept]

    def _add_processing(self, draft: Draft, by_layer: list[Array]) -> None:
        materials = self.pool(self.materials)
        for layer in range(1, self.layers + 1):
            nodes = by_layer[layer]
            fed = self.repeat(nodes, 1.6) if layer == 1 else self.repeat(nodes[self.rng.random(len(nodes)) < 0.25], 1.2)
            draft.add(self.pick(fed, materials, 2.0, 5.0, 0.5), fed, INPUT)
            if layer > 1:
                heads = self.repeat(nodes, 2.4)
                near = self.rng.random(len(heads)) < 0.8
                draft.add(self.pick(heads[near], self.pool(by_layer[layer - 1]), 3.0, 8.0, 0.93), heads[near], INPUT)
                lower = np.concatenate(by_layer[1:layer])
                draft.add(self.pick(heads[~near], self.pool(lower), 3.0, 8.0, 0.93), heads[~near], INPUT)

    def _add_assembly(self, draft: Draft) -> None:
        parts = self.pool(self.intermediates)
        for step in range(1, 5):
            heads = self.repeat(self.products[self.layer[self.products] == self.layers + step], 7.6)
            raw = self.rng.random(len(heads)) < (1.0 if step == 1 else 0.25)
            draft.add(self.pick(heads[raw], parts, 3.0, 8.0, 0.92), heads[raw], INPUT)
            if step > 1:
                lower = self.pool(self.products[self.layer[self.products] < self.layers + step])
                draft.add(self.pick(heads[~raw], lower, 2.0, 5.0, 0.95), heads[~raw], INPUT)

    def _add_trade(self, draft: Draft) -> None:
        tails = self.repeat(self.suppliers, 8.0, heavy=True)
        items = self.pool(np.concatenate([self.materials, self.intermediates, self.products]))
        draft.add(tails, self.pick(tails, items, 1.3, 1.3, 0.85), SUPPLY)
        places = self.first[6] + (self.sizes[6] * self.rng.random(len(self.suppliers)) ** 3).astype(np.int64)
        draft.add(self.suppliers, places, PLACE)
        heads = self.repeat(self.customers, 11.0)
        draft.add(self.pick(heads, self.pool(self.products), 2.0, 4.0, 0.6), heads, SALE)
        heads = self.repeat(self.programs, 40.0)
        finished = self.pool(self.products[self.layer[self.products] >= self.layers + 3])
        draft.add(self.pick(heads, finished, 1.5, 2.0, 0.8), heads, USE)
        owners = self.repeat(self.customers[self.rng.random(len(self.customers)) < 0.05], 1.3)
        draft.add(self.pick(owners, self.pool(self.programs), 1.0, 1.5, 0.5), owners, RUN)

    def _add_recycling(self, draft: Draft, by_layer: list[Array]) -> None:
        tails = self.rng.choice(np.concatenate(by_layer[2:]), max(25, len(self.intermediates) // 8))
        for layer in range(2, self.layers + 1):
            chosen = tails[self.layer[tails] == layer]
            if len(chosen):
                draft.add(chosen, self.pick(chosen, self.pool(by_layer[layer - 1]), 1.0, 1.0, 1.0), INPUT)

    def group(self, heads: Array, types: Array) -> Array:
        """Put nearly a third of the inputs of an item into a group with another one; 0 where alone."""
        inputs = np.flatnonzero(types == INPUT)
        order = inputs[np.argsort(heads[inputs], kind="stable")]
        joins = np.zeros(len(order), np.bool_)
        joins[1:] = (heads[order[1:]] == heads[order[:-1]]) & (self.rng.random(len(order) - 1) < 0.3)
        number = np.cumsum(~joins)
        several = np.bincount(number)[number] > 1
        # Numbers are local to the head, so that many links share the same properties.
        first = np.r_[True, heads[order[1:]] != heads[order[:-1]]]
        local = number - np.maximum.accumulate(np.where(first, number, 0)) + 1
        groups = np.zeros(len(heads), np.int32)
        groups[order] = np.where(several, local, 0)
        return groups


# -- writing -----------------------------------------------------------------------------------------------------
def make_ids(graph: Generator) -> list[str]:
    """Make the ids; those of countries are real ones."""
    codes = sorted(country.alpha_2 for country in pycountry.countries)
    ids: list[str] = []
    for kind, prefix, size in zip(KINDS, PREFIXES, graph.sizes, strict=True):
        ids += [f"{kind}:{codes[n]}" if kind == "country" else f"{kind}:{prefix}{n:07d}" for n in range(size)]
    return ids


def quote(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def iter_node_lines(graph: Generator, ids: list[str]) -> Iterator[str]:
    for n, (node_id, kind, sector) in enumerate(zip(ids, graph.kind.tolist(), graph.sector.tolist(), strict=True)):
        name = f"{KINDS[kind]} {n - int(graph.first[kind])} of sector {sector}"
        yield f"{node_id},{KINDS[kind]},{name},,{{}},{SOURCE}\r\n"


def iter_link_lines(graph: Generator, ids: list[str]) -> Iterator[str]:
    tails, heads, types = graph.make_links()
    groups = graph.group(heads, types)
    shares = graph.rng.integers(0, 1000, len(tails))
    confidences = graph.rng.choice(len(CONFIDENCES), len(tails), p=[0.5, 0.3, 0.2])
    essential = quote('{"criticality": "essential"}')
    alternative = [
        quote(f'{{"criticality": "alternative", "alt_group": "g{n}"}}') for n in range(int(groups.max()) + 1)
    ]
    producing = [quote(f'{{"share": {n / 1000}}}') for n in range(1000)]
    fixed = {PLACE: quote('{"role": "plant"}')}
    columns = zip(*(a.tolist() for a in (tails, heads, types, groups, shares, confidences)), strict=True)
    for tail, head, code, group, share, sureness in columns:
        if code == INPUT:
            properties = alternative[group] if group else essential
        elif code == SUPPLY:
            properties = producing[share]
        else:
            properties = fixed.get(code, "{}")
        yield f"{ids[tail]},{TYPES[code]},{ids[head]},{properties},{CONFIDENCES[sureness]},{SOURCE}\r\n"


def write(path: Path, header: str, lines: Iterator[str]) -> int:
    """Write a file; give the number of its rows."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(f"{header}\r\n")
        chunk: list[str] = []
        for line in lines:
            chunk.append(line)
            if len(chunk) == CHUNK:
                file.write("".join(chunk))
                count += len(chunk)
                chunk.clear()
        file.write("".join(chunk))
    return count + len(chunk)


def generate(folder: Path, nodes: int, seed: int = 7) -> tuple[int, int]:
    """Write a folder of facts.

    Returns
    -------
    tuple of int
        Numbers of nodes and links.
    """
    folder.mkdir(parents=True, exist_ok=True)
    graph = Generator(nodes, seed)
    ids = make_ids(graph)
    source = f"{SOURCE},Generated,matdeps,2026-07-01,,reference,read_in_search\r\n"
    write(folder / "sources.csv", "id,title,publisher,date,url,kind,how_verified", iter([source]))
    written = write(folder / "nodes.csv", "id,kind,name,aliases,attributes,sources", iter_node_lines(graph, ids))
    links = write(
        folder / "relationships.csv", "from,type,to,properties,confidence,sources", iter_link_lines(graph, ids)
    )
    return written, links


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--nodes", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    begin = time.perf_counter()
    nodes, links = generate(options.folder, options.nodes, options.seed)
    print(f"{nodes} nodes, {links} links in {time.perf_counter() - begin:.0f} s: {options.folder}")


if __name__ == "__main__":
    main()
