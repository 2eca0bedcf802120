"""A reader that knows names and nothing else, for tests of names and questions."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from matdeps.graph.model import NodeFacts
from matdeps.graph.names import iter_record_names
from matdeps.graph.reader import NamedNode

Row = tuple[str, str, Sequence[str], Mapping[str, Any]]


class FakeReader:
    """The part of a reader that names need, over rows (id, name, aliases, attributes)."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.nodes = [
            NodeFacts(
                handle,
                node_id,
                node_id.partition(":")[0],
                name,
                (),
                aliases=tuple(aliases),
                attributes=attributes,
            )
            for handle, (node_id, name, aliases, attributes) in enumerate(sorted(rows, key=lambda row: row[0]))
        ]
        self.handles = {node.id: node.handle for node in self.nodes}
        self.names: dict[str, list[NamedNode]] = defaultdict(list)
        for node in self.nodes:
            for folded, how, text in iter_record_names(node.id, node.kind, node.name, node.aliases, node.attributes):
                self.names[folded].append(NamedNode(node.handle, how, text))

    def find_handles(self, ids: Iterable[str]) -> dict[str, int]:
        return {node_id: self.handles[node_id] for node_id in ids if node_id in self.handles}

    def find_named(self, folded: str) -> list[NamedNode]:
        return list(self.names.get(folded, ()))

    def iter_names(self, prefix: str = "") -> Iterator[tuple[str, NamedNode]]:
        for folded in sorted(self.names):
            if folded.startswith(prefix):
                for hit in self.names[folded]:
                    yield folded, hit

    def get_nodes(self, handles: Iterable[int]) -> list[NodeFacts]:
        return [self.nodes[handle] for handle in handles]
