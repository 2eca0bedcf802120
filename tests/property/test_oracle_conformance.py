"""The oracle itself is held to the hand-written cases, to a literal enumeration of walks, and to firing every rule."""

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from tests import generate, oracle
from tests.contract.cases import CASES, Case
from tests.oracle_facts import ACYCLIC, Graph, Sight, World, as_object, read_folder
from tests.oracle_literal import find_by_enumeration
from tests.oracle_starts import Starts

RULES = frozenset(
    """
    PRODUCES: exit carries nothing|PRODUCES: planned carries nothing|a start that another start leads to
    a start that is its own hit|a start that is not sure|anchor: HEADQUARTERED_IN|anchor: IS_A|anchor: LOCATED_IN
    anchor: MEMBER_OF|anchor: OWNED_BY|anchor: PRODUCED_IN|anchor: PRODUCES|anchor: RESTRICTS
    anchors: the best of several chains|checked: cut a link|class: before the number of hops
    company: a named link is closed|company: chain of nameless links|company: item with inputs is closed
    company: left by a nameless link|company: left into an item without inputs|confidence: an anchor is the least sure
    confidence: cut a link|dates: cut a link|depends: other makers are not walked|first hop: SUPPLIES_TO named
    frame: a later year has amounts only|frame: amounts only|frame: shares above 1 are scaled
    kind: by the second label|maker: a row|maker: a trader is none|maker: before a flow path of a worse class
    maker: beyond max-tier|maker: gives way to a flow path|maker: none of an item reached by PRODUCES
    max-tier: cut the walk|min-share: a start is left out|minor: a row|minor: in a possible row
    owner: stopped by a share below one half|path: IS_A possible|path: SOLD_TO derived|path: STANDS_FOR
    path: STANDS_FOR possible|path: YIELDS possible|path: RUN_BY|path: USED_IN|path: status exit
    path: status suspended|path: status trader|place: a bloc stands for its members|place: by headquarters
    place: headquarters for want of a plant, inferred|restriction: an entity listing is possible only
    restriction: only one item of a supplier|roll-up: included|roll-up: left out|row: definite all
    row: definite consumed|row: definite contained|row: possible all|row: possible consumed|row: possible contained
    share: in a row|share: several countries add up|share: the largest of several stages|tie: the smallest id
    tie: the smallest key|tie: the surest link|view: cut a link|why: a loop is left out
    why: a maker's link is the last hop|why: another start is not crossed|why: more than k
    why: parallel links are one hop|why: shortest and surest differ
    """.strip()
    .replace("\n", "|")
    .replace("    ", "")
    .split("|")
)


def _name(row: dict[str, Any]) -> Any:
    return (row["rank"], row["by"]) if "rank" in row else row["id"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_oracle_agrees_with_the_case(case: Case) -> None:
    answer = getattr(oracle, case.query)(case.graph, **case.arguments)
    rows = answer["rows"] if case.query == "sources" else answer
    got = {_name(row): row for row in rows}
    assert len(got) == len(rows)
    assert {
        n: {k: got[n].get(k) for k in want} if n in got else None for n, want in ((_name(r), r) for r in case.rows)
    } == {_name(r): r for r in case.rows}
    assert set(got) == {_name(r) for r in case.rows}
    for key, value in case.summary.items():
        assert answer["summary"][key] == pytest.approx(value)


def test_cases_have_names_of_their_own() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("down", [True, False], ids=["down", "up"])
def test_walks_by_length_are_all_walks(down: bool) -> None:
    """Classes, tiers and paths are those of every walk written out and judged as a whole."""
    hits = 0
    for seed in range(150):
        rng = random.Random(seed)
        graph = generate.make_graph(rng)
        question = generate.make_question(rng, graph).arguments
        if len(graph["relationships"]) > 24:
            continue
        sight = Sight(
            World(graph),
            question["as_of"],
            question.get("through", "consumed"),
            question.get("confidence", "inferred"),
            False,
            set(),
        )
        starts = list(
            Starts(sight, by="plant", include_rollup=True, kinds_too=down).list_all(question["start"], None).values()
        )
        if not down and any(s.only for s in starts):
            continue
        found = oracle.Walk(sight, 4, down=down).find_all(starts)
        assert {n: (h.rank, h.links if down else h.links[::-1]) for n, h in found.items()} == find_by_enumeration(
            sight, sight.flow, starts, 4, down=down
        )
        hits += len(found)
    assert hits > 100


def test_generated_questions_fire_every_rule() -> None:
    fired: set[str] = set()
    for seed in range(3000):
        rng = random.Random(seed)
        graph = generate.make_graph(rng)
        for _ in range(3):
            fired |= generate.fired(graph, generate.make_question(rng, graph))
        if seed % 100 == 0 and fired >= RULES:
            break
    assert not RULES - fired


def test_a_written_folder_reads_back_alike(tmp_path: Path) -> None:
    for seed in range(20):
        rng = random.Random(seed)
        graph = generate.make_graph(rng)
        again = read_folder(generate.write_folder(graph, tmp_path / str(seed)))
        for _ in range(3):
            question = generate.make_question(rng, graph)
            assert generate.answer(again, question) == generate.answer(graph, question)


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(generate.graphs_with_questions())
def test_generated_graphs_are_well_formed(drawn: tuple[Graph, list[generate.Question]]) -> None:
    """No link to itself, none twice, no loop where none is allowed; every question has an answer."""
    graph, questions = drawn
    links = [
        (r["from"], r["type"], r["to"], str(sorted(as_object(r["properties"]).items()))) for r in graph["relationships"]
    ]
    assert len(links) == len(set(links))
    assert all(tail != head for tail, _, head, _ in links)
    derived = [(*link.key, link.tail, link.head) for link in World(graph).links]
    assert len(derived) == len(set(derived))
    for kind in ACYCLIC:
        left = {(tail, head) for tail, name, head, _ in links if name == kind}
        while ends := {pair for pair in left if pair[1] not in {tail for tail, _ in left}}:
            left -= ends
        assert not left
    for question in questions:
        generate.answer(graph, question)
