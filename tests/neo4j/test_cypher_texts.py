"""The Cypher texts for people: they run as they are, and give what the canned queries answer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from neo4j import GraphDatabase
from neo4j.graph import Node, Relationship
from neo4j.graph import Path as GraphPath
from tests.neo4j import server as lab
from tests.neo4j.cases import DAY, make_generated
from tests.neo4j.conftest import make_settings, wipe

import matdeps
from matdeps.cli.main import cli
from matdeps.graph.engines import open_reader
from matdeps.graph.errors import MatdepsError
from matdeps.graph.neo4j.push import push
from matdeps.graph.neo4j.settings import Neo4jSettings
from matdeps.graph.neo4j.status import status
from matdeps.graph.reader import Reader
from matdeps.queries.catalogue import QUERIES, run_query
from matdeps.queries.cypher import TEXTS, make_cypher, split_statement

Row = dict[str, Any]
CHAINS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("exposed", {"start": "terbium"}),
    ("exposed", {"start": ["terbium", "dysprosium"], "kind": "all", "through": "all"}),
    ("exposed", {"start": "heavy rare earths", "kind": "all", "through": "contained"}),
    ("exposed", {"start": "gallium", "kind": "all", "confidence": "reported", "checked": True}),
    ("exposed", {"start": "tungsten", "kind": ["supplier", "customer"], "max_tier": 2}),
    ("exposed", {"start": "neon", "direct": True, "kind": "all"}),
    ("exposed", {"start": "tsmc", "kind": "all"}),
    ("exposed", {"start": "control:cn-mofcom-2026-01", "kind": "all"}),
    ("exposed", {"start": "China", "min_share": 0.5}),
    ("depends", {"node": "tsmc", "kind": "all"}),
    ("depends", {"node": "intermediate:ndfeb-magnet", "kind": "all", "through": "all"}),
    ("depends", {"node": "program:f-15j-upgrade"}),
)
OTHERS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("why", {"start": "terbium", "target": "program:f-15j-upgrade", "as_of": DAY}),
    ("why", {"start": "tungsten", "target": "WF6", "k": 1, "as_of": DAY}),
    ("sources", {"node": "terbium", "as_of": DAY}),
    ("sources", {"node": "tungsten", "outside": "China", "stage": "mine", "as_of": DAY}),
    ("controls", {"as_of": DAY}),
    ("controls", {"node": "terbium", "to": "Japan", "as_of": DAY}),
    ("controls", {"node": "China", "as_of": DAY}),
    ("controls", {"expiring": 180, "as_of": DAY}),
    ("claims", {}),
    ("claims", {"node": "tungsten"}),
    ("find", {"text": "铽"}),
    ("show", {"node": "terbium", "as_of": DAY}),
    ("coverage", {"as_of": DAY}),
)


def run(settings: Neo4jSettings, text: str) -> list[Row]:
    """Run a text as Neo4j Browser would: parameters first, then the statement."""
    parameters, statement = split_statement(text)
    auth = (settings.user, settings.password) if settings.password else None
    with (
        GraphDatabase.driver(settings.uri, auth=auth, notifications_min_severity="OFF") as driver,
        driver.session(database=settings.database) as session,
    ):
        return [dict(record) for record in session.run(statement, parameters)]


def compare_chains(reader: Reader, settings: Neo4jSettings, query: str, arguments: dict[str, Any]) -> None:
    asked = {"as_of": DAY, **arguments}
    expected = [(row.id, row.tier, row.certainty, row.through) for row in run_query(query, reader, **asked).rows]
    rows = run(settings, make_cypher(reader, query, asked))
    assert [(row["id"], row["tier"], row["certainty"], row["through"]) for row in rows] == expected, (query, asked)
    for row in rows:
        # What is drawn is a path of the length that is told; a maker's link is drawn beside it.
        path, made_by = row["p"], row["made_by"]
        assert isinstance(path, GraphPath), row
        assert len(path) + (made_by is not None) == row["tier"], row
        if made_by is not None:
            ids = {node["id"] for node in made_by.nodes}
            assert ids == {row["id"], (path.end_node if query == "exposed" else path.start_node)["id"]}


def compare_facts(query: str, arguments: dict[str, Any], served: Neo4jSettings, reference: matdeps.Graph) -> None:
    rows = run(served, make_cypher(reference.reader, query, arguments))
    answer = run_query(query, reference.reader, **arguments).rows
    if query == "why":
        wanted: Any = [(row.length, row.certainty, row.confidence) for row in answer if row.by == "shortest"]
        assert [(row["hops"], row["certainty"], row["confidence"]) for row in rows] == wanted
    elif query == "coverage":
        assert sorted((row["gap"], row["id"]) for row in rows) == sorted((row.gap, row.id) for row in answer)
    elif query == "controls":
        assert [(row["id"], row["status"]) for row in rows] == [(row.id, row.status) for row in answer]
        assert [len(row["binds"]) for row in rows] == [len(row.binds) for row in answer]
    elif query == "sources":
        assert sorted((row["role"], row["id"]) for row in rows) == sorted((row.role, row.id) for row in answer)
    elif query == "show":
        wanted = sorted((row.type, row.id) for row in answer if row.part in {"in", "out"})
        assert sorted((row["type"], row["id"]) for row in rows if row["confidence"]) == wanted
        assert all(row["text"] for row in rows)
    else:
        assert [row["id"] for row in rows] == [row.id for row in answer]
    drawn = [
        value for row in rows for value in row.values() if isinstance(value, Node | Relationship | GraphPath | list)
    ]
    assert drawn, "nothing of it would be drawn"


@pytest.fixture(scope="module")
def reference() -> Iterator[matdeps.Graph]:
    with matdeps.open("reference") as graph:
        yield graph


@pytest.fixture
def served(running: lab.Server, reference: matdeps.Graph) -> Neo4jSettings:
    """A server that holds the reference graph; other tests may have brought another one there."""
    settings = make_settings(running)
    there = status(settings)
    if (there.state, there.store_id) != ("complete", reference.store.store_id):
        wipe(running)
        push(reference.store, settings)
    return settings


@pytest.mark.neo4j
@pytest.mark.parametrize(("query", "arguments"), [CHAINS[0], CHAINS[5], CHAINS[-1]])
def test_some_chains_on_every_version(
    query: str, arguments: dict[str, Any], served: Neo4jSettings, reference: matdeps.Graph
) -> None:
    compare_chains(reference.reader, served, query, arguments)


@pytest.mark.neo4j
@pytest.mark.one_version
@pytest.mark.parametrize(("query", "arguments"), CHAINS[1:5] + CHAINS[6:-1])
def test_chains_give_what_matdeps_answers(
    query: str, arguments: dict[str, Any], served: Neo4jSettings, reference: matdeps.Graph
) -> None:
    compare_chains(reference.reader, served, query, arguments)


@pytest.mark.neo4j
@pytest.mark.parametrize(("query", "arguments"), OTHERS[::4])
def test_some_facts_on_every_version(
    query: str, arguments: dict[str, Any], served: Neo4jSettings, reference: matdeps.Graph
) -> None:
    compare_facts(query, arguments, served, reference)


@pytest.mark.neo4j
@pytest.mark.one_version
@pytest.mark.parametrize(("query", "arguments"), [one for place, one in enumerate(OTHERS) if place % 4])
def test_facts_give_what_matdeps_answers(
    query: str, arguments: dict[str, Any], served: Neo4jSettings, reference: matdeps.Graph
) -> None:
    compare_facts(query, arguments, served, reference)


@pytest.mark.neo4j
def test_limit_counts_rows(served: Neo4jSettings, reference: matdeps.Graph) -> None:
    asked = {"start": "terbium", "as_of": DAY, "limit": 5}
    rows = run(served, make_cypher(reference.reader, "exposed", asked))
    assert [row["id"] for row in rows] == [row.id for row in run_query("exposed", reference.reader, **asked).rows]


@pytest.mark.neo4j
@pytest.mark.parametrize("seed", range(3))
def test_generated_graphs(seed: int, running: lab.Server, tmp_path: Path) -> None:
    settings = make_settings(running)
    wipe(running)
    store, questions = make_generated(seed, tmp_path)
    with store:
        push(store, settings)
        reader = open_reader(store)
        asked = 0
        for query, arguments in questions:
            if query not in {"exposed", "depends"}:
                continue
            try:
                run_query(query, reader, **{"as_of": DAY, **arguments})
            except MatdepsError:
                continue  # what the query refuses, the text refuses too
            compare_chains(reader, settings, query, arguments)
            asked += 1
        assert asked


def test_every_query_has_a_text() -> None:
    # Availability is computed in process, whatever the engine.
    missing = set(QUERIES) - set(TEXTS) - {"whatif"}
    assert not missing


@pytest.mark.parametrize(
    "text",
    [
        "`}) DETACH DELETE n //",
        "'; MATCH (n) DETACH DELETE n; //",
        '\\u0022 OR 1=1 "',
        "a\nRETURN 1;",
        "\u202ex",
        "铽 😀",
    ],
)
def test_what_a_user_wrote_stands_in_parameters_only(text: str, reference: matdeps.Graph) -> None:
    found = make_cypher(reference.reader, "find", {"text": text})
    parameters, statement = split_statement(found)
    assert parameters["text"] == text
    assert statement == split_statement(make_cypher(reference.reader, "find", {"text": "magnet"}))[1]
    assert all(char.isprintable() or char == "\n" for char in found)


def test_refusals(reference: matdeps.Graph) -> None:
    for query, arguments in (
        ("exposed", {"start": "no such thing at all"}),
        ("exposed", {"start": "terbium", "through": "nothing"}),
        ("why", {"start": "terbium", "target": "terbium", "k": 0}),
        ("nothing", {}),
    ):
        with pytest.raises(MatdepsError):
            make_cypher(reference.reader, query, arguments)
    with pytest.raises(TypeError):
        make_cypher(reference.reader, "exposed", {"start": "terbium", "colour": "red"})


def test_command_line(reference: matdeps.Graph, tmp_path: Path) -> None:
    runner = CliRunner()
    words = ["terbium", "--as-of", DAY, "--kind", "program", "--checked", "--limit", "3", "--graph", "reference"]
    asked = {"start": "terbium", "as_of": DAY, "kind": "program", "checked": True, "limit": 3}
    told = runner.invoke(cli, ["queries", "exposed", *words, "--cypher"])
    assert told.exit_code == 0, told.output
    assert told.stdout == make_cypher(reference.reader, "exposed", asked)
    target = tmp_path / "text.cypher"
    kept = runner.invoke(cli, ["queries", "--cypher", "exposed", *words, "-q", "-o", str(target)])
    assert kept.exit_code == 0, kept.output
    assert target.read_text("utf-8") == told.stdout
    assert runner.invoke(cli, ["queries", "exposed", "terbium"]).exit_code == 2
    assert runner.invoke(cli, ["queries", "--cypher"]).exit_code == 2
    assert runner.invoke(cli, ["queries", "exposed", "--cypher"]).exit_code == 2
    assert runner.invoke(cli, ["queries", "exposed", "terbium", "--nothing", "--cypher"]).exit_code == 2
