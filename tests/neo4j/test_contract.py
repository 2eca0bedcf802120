"""Every canned query gives the same rows on a server as in the embedded engine."""

from pathlib import Path

import pytest
from tests import generate
from tests.neo4j.cases import REFERENCE, ask_all, compare, make_generated

import matdeps
from matdeps.graph.engines import open_reader
from matdeps.graph.neo4j.push import push
from matdeps.graph.neo4j.reader import Neo4jReader
from matdeps.graph.neo4j.settings import Neo4jSettings
from matdeps.graph.neo4j.status import check, status
from matdeps.graph.reader import Origin, Scope, Walk
from matdeps.graph.store import Store
from matdeps.loaders.graph_csv import load_graph

pytestmark = pytest.mark.neo4j


def test_reference_graph(settings: Neo4jSettings) -> None:
    with matdeps.open("reference") as graph:
        assert graph.store is not None
        report = push(graph.store, settings)
        assert (report.nodes, report.relationships) == (graph.info.nodes, graph.info.relationships)
        with Neo4jReader(settings) as served:
            assert served.get_info() == graph.info
            compare(graph.reader, served, list(REFERENCE))
            answers = ask_all(served, list(REFERENCE))
            assert sum(answer.startswith("{") for answer in answers) >= len(REFERENCE) - 4
            for prefix in ("", "ter", "テル", "f15", "12"):
                assert list(served.iter_names(prefix)) == list(graph.reader.iter_names(prefix))
            assert check(graph.store, settings) == []


@pytest.mark.parametrize("seed", range(4))
def test_generated_graph(seed: int, settings: Neo4jSettings, tmp_path: Path) -> None:
    store, questions = make_generated(seed, tmp_path)
    with store:
        push(store, settings)
        with Neo4jReader(settings) as served:
            compare(open_reader(store), served, questions)
        assert check(store, settings) == []
        assert status(settings).state == "complete"


def test_several_starts_give_each_node_once(settings: Neo4jSettings, tmp_path: Path) -> None:
    """The planner of both versions loses an aggregation where several starts are given as a list."""
    links = [("a", "c"), ("b", "c"), ("c", "d"), ("a", "d"), ("d", "e")]
    rows = [
        {"from": f"material:{tail}", "type": "INPUT_TO", "to": f"material:{head}", "properties": "{}",
         "confidence": "confirmed", "sources": "mem"}
        for tail, head in links
    ]  # fmt: skip
    graph = {
        "nodes": [{"id": f"material:{x}", "kind": "material", "name": x, "sources": "mem"} for x in "abcde"],
        "relationships": rows,
        "sources": [{"id": "mem", "title": "t", "publisher": "p", "kind": "official", "how_verified": "own_knowledge",
                     "url": "https://example.org", "date": "2026-01-01"}],
    }  # fmt: skip
    with Store.open(tmp_path / "store", create=True) as store:
        load_graph(store, generate.write_folder(graph, tmp_path / "facts"), dataset="case")
        push(store, settings)
        with Neo4jReader(settings) as served:
            starts = served.find_handles(["material:a", "material:b"])
            origins = tuple(Origin(handle) for handle in starts.values())
            (reach,) = served.reach(Walk("down", origins, Scope("2026-07-01")))
            assert [node.id for node in served.get_nodes(reach.nodes.tolist())] == [
                "material:c",
                "material:d",
                "material:e",
            ]
            assert reach.hops.tolist() == [1, 1, 2]
            compare(open_reader(store), served, [("exposed", {"start": ["material:a", "material:b"], "kind": "all"})])
