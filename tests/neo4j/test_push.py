"""What a push does to a database: its own part in line with the store, everything else left alone."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests import generate
from tests.neo4j import server as lab
from tests.neo4j.cases import compare
from tests.neo4j.conftest import ask, make_settings, wipe

from matdeps.graph.engines import open_reader
from matdeps.graph.errors import StoreUnavailableError
from matdeps.graph.neo4j.push import push
from matdeps.graph.neo4j.reader import Neo4jReader
from matdeps.graph.neo4j.settings import Neo4jSettings
from matdeps.graph.neo4j.status import check, status
from matdeps.graph.store import Store
from matdeps.loaders.graph_csv import load_graph

pytestmark = pytest.mark.neo4j
COUNT = "MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN count(DISTINCT n), count(r)"
ALL = "MATCH (n) WHERE n:MatdepsNode OR n:MatdepsSource OR n:MatdepsClaim OR n:MatdepsProduction RETURN properties(n) AS p ORDER BY p.id"


def make_store(seed: int, folder: Path) -> Store:
    graph = generate.make_graph(random.Random(seed))
    store = Store.open(folder / "store", create=True)
    load_graph(store, generate.write_folder(graph, folder / f"facts-{seed}"), dataset="generated")
    return store


def untagged(rows: list[list[Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row[0].items() if name != "_tag"} for row in rows]


def test_pushing_twice_changes_nothing(settings: Neo4jSettings, tmp_path: Path) -> None:
    with make_store(5, tmp_path) as store:
        first = push(store, settings)
        counts, nodes = ask(settings, COUNT), untagged(ask(settings, ALL))
        links = untagged(
            ask(settings, "MATCH ()-[r]->() RETURN properties(r) AS p ORDER BY p._key, p._rank, p.sentence")
        )
        second = push(store, settings)
        assert ask(settings, COUNT) == counts
        assert untagged(ask(settings, ALL)) == nodes
        again = untagged(
            ask(settings, "MATCH ()-[r]->() RETURN properties(r) AS p ORDER BY p._key, p._rank, p.sentence")
        )
        assert again == links
        assert (second.removed_nodes, second.removed_relationships, second.given_up) == (0, 0, 0)
        assert first.tag != second.tag
        assert check(store, settings) == []


def test_other_data_is_never_touched(settings: Neo4jSettings, tmp_path: Path) -> None:
    ask(
        settings,
        "CREATE (:Material {id: 'material:mine', name: 'mine'})-[:INPUT_TO {mine: true}]->(:Other {name: 'o'})",
    )
    ask(settings, "CREATE (:Source {id: 'mem', title: 'not yours'})")
    others = "MATCH (n) WHERE n.name IN ['mine', 'o'] OR n.title = 'not yours' OPTIONAL MATCH (n)-[r]->() RETURN labels(n), properties(n), properties(r) ORDER BY n.name"
    before = ask(settings, others)
    for seed in (5, 6):
        with make_store(seed, tmp_path / str(seed)) as store:
            push(store, settings)
            assert ask(settings, others) == before
            assert check(store, settings) == []
            assert status(settings).other_nodes == 3


def test_a_node_that_others_hold_on_to_is_given_up(settings: Neo4jSettings, tmp_path: Path) -> None:
    with make_store(5, tmp_path / "first") as store:
        push(store, settings)
        kept = ask(settings, "MATCH (n:MatdepsNode) WHERE NOT n:Country RETURN n.id ORDER BY n.id LIMIT 1")[0][0]
        ask(settings, "MATCH (n:MatdepsNode {id: $id}) CREATE (:Analyst {name: 'I'})-[:WATCHES]->(n)", id=kept)
    graph = {
        "nodes": [{"id": "material:zz", "kind": "material", "name": "zz", "sources": "mem"}],
        "relationships": [],
        "sources": generate.make_graph(random.Random(0))["sources"],
    }
    with Store.open(tmp_path / "second", create=True) as store:
        load_graph(store, generate.write_folder(graph, tmp_path / "facts"), dataset="other")
        report = push(store, settings)
        assert report.given_up == 1
        assert report.removed_nodes > 0
        assert check(store, settings) == []
    left = ask(settings, "MATCH (:Analyst)-[:WATCHES]->(n) RETURN n.id, labels(n)")
    assert left == [[kept, []]]


KILLED = """
import sys, time
from matdeps.graph.neo4j.push import push
from matdeps.graph.neo4j.settings import Neo4jSettings
from matdeps.graph.store import Store

def stop(what, done, total):
    if what == sys.argv[2]:
        print("there", flush=True)
        time.sleep(60)

push(Store.open(sys.argv[1]), Neo4jSettings.from_environment(), stop)
"""


@pytest.mark.parametrize("where", ["nodes", "relationships"])
def test_a_killed_push_is_completed_by_the_next(
    where: str, empty: lab.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_settings(empty)
    for name, value in empty.environment().items():
        monkeypatch.setenv(name, value)
    with make_store(5, tmp_path) as store:
        process = subprocess.Popen([sys.executable, "-c", KILLED, str(store.path), where], stdout=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"there"
        process.kill()
        process.wait()
        process.stdout.close()
        assert status(settings).state == "incomplete"
        with pytest.raises(StoreUnavailableError, match="incomplete"):
            Neo4jReader(settings)
        push(store, settings)
        assert status(settings).state == "complete"
        assert check(store, settings) == []


def test_a_restart_in_the_middle_is_waited_for(own: lab.JarServer, tmp_path: Path) -> None:
    wipe(own)
    settings = make_settings(own)
    restarted = []

    def restart(what: str, done: int, total: int) -> None:
        if what == "nodes" and not restarted:
            restarted.append(what)
            own.halt(at_once=True)
            own.start()

    with make_store(5, tmp_path) as store:
        push(store, settings, restart)
        assert restarted
        assert check(store, settings) == []


def test_a_reader_notices_a_new_push(settings: Neo4jSettings, tmp_path: Path) -> None:
    with make_store(5, tmp_path) as store:
        push(store, settings)
        with Neo4jReader(settings) as served:
            assert served.find_nodes(None, "2026-07-01").size
            push(store, settings)
            with pytest.raises(StoreUnavailableError, match="anew"):
                served.find_nodes(None, "2026-07-01")


def test_check_names_what_differs(settings: Neo4jSettings, tmp_path: Path) -> None:
    with make_store(5, tmp_path) as store:
        push(store, settings)
        changed, gone = (row[0] for row in ask(settings, "MATCH (n:MatdepsNode) RETURN n.id ORDER BY n.id LIMIT 2"))
        ask(settings, "MATCH (n:MatdepsNode {id: $id}) SET n.name = 'changed', n.more = 1", id=changed)
        ask(settings, "MATCH (n:MatdepsNode {id: $id}) DETACH DELETE n", id=gone)
        ask(settings, "CREATE (:MatdepsNode {id: 'material:extra', _tag: 'x'})")
        found = {(one.what, one.name, one.how, one.properties) for one in check(store, settings)}
        assert {
            ("node", changed, "different", ("more", "name")),
            ("node", gone, "missing", ()),
            ("node", "material:extra", "extra", ()),
        } <= found
        push(store, settings)
        assert check(store, settings) == []


HOSTILE = (
    "`}) DETACH DELETE n //",
    "'; MATCH (n) DETACH DELETE n; //",
    '"} ) RETURN 1 `` \\u0060 \\" $rows',
    "\u202eright to left\u202c \u200f \u05d0\u05d1",
    "x" * 10_000,
    "\u05d0\u202e" * 5_000,
    "\U0001f600" * 10_000,
    "AND OR NOT +a -b title:x [1 TO 2] (a) *",
)


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[Store]:
    """A store whose texts are all hostile: names, aliases, attributes and their names, properties, sources."""
    nodes, links = [], []
    for number, text in enumerate(HOSTILE):
        attributes = {
            "text": text,
            f"a `{number}`": text,
            "symbol": text,
            "_tag": "mine",
            "id": "other",
            "nested": {text[:50]: [text]},
        }
        nodes.append(
            {"id": f"material:h{number}", "kind": "material", "name": text, "aliases": f"alias {text}".replace("|", ""),
             "attributes": json.dumps(attributes, ensure_ascii=False), "sources": "mem"}
        )  # fmt: skip
        properties = json.dumps(
            {"note": text, "unit": text, "x `y`": text, "_rank": 5, "sentence": "mine"},
            sort_keys=True,
            ensure_ascii=False,
        )
        links.append(
            {"from": f"material:h{number}", "type": "INPUT_TO", "to": f"material:h{(number + 1) % len(HOSTILE)}",
             "properties": properties, "confidence": "confirmed", "sources": "mem"}
        )  # fmt: skip
    sources = [{"id": "mem", "title": HOSTILE[0], "publisher": HOSTILE[3], "kind": "official", "how_verified": "own_knowledge",
                "url": "https://example.org", "date": "2026-01-01"}]  # fmt: skip
    folder = generate.write_folder({"nodes": nodes, "relationships": links, "sources": sources}, tmp_path / "facts")
    with Store.open(tmp_path / "store", create=True) as store:
        load_graph(store, folder, dataset="hostile")
        yield store


def test_hostile_texts_come_back_unchanged(settings: Neo4jSettings, hostile: Store) -> None:
    ask(settings, "CREATE (:Bystander)")
    push(hostile, settings)
    assert check(hostile, settings) == []
    embedded = open_reader(hostile)
    with Neo4jReader(settings) as served:
        handles = list(range(len(HOSTILE)))
        assert served.get_nodes(handles) == embedded.get_nodes(handles)
        names = {node.name for node in served.get_nodes(handles)}
        assert names == {node.name for node in embedded.get_nodes(handles)}
        assert list(served.iter_names()) == list(embedded.iter_names())
        for folded in {folded for folded, _ in embedded.iter_names()}:
            assert served.find_named(folded) == embedded.find_named(folded)
        compare(
            embedded, served, [("exposed", {"start": "material:h0", "kind": "all"}), ("show", {"node": "material:h1"})]
        )
    assert ask(settings, "MATCH (n:Bystander) RETURN count(n)") == [[1]]
