"""What must hold of availability whatever the graph: bounds in order, more restrictions never raise one, 1 at rest."""

import json
import random
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import generate
from tests.oracle_facts import Graph
from tests.product import ENGINES, make_store

from matdeps.api import Graph as Product
from matdeps.graph.reader import Reader, Scope
from matdeps.queries import whatif
from matdeps.queries.availability.model import load_model
from matdeps.queries.availability.rules import WORLD
from matdeps.queries.availability.scenario import Scenario
from matdeps.queries.availability.solver import cut_loops, solve
from matdeps.queries.availability.terms import ALL

TOLERANCE = 1e-9


def make_rich_graph(rng: random.Random) -> Graph:
    """Make a generated graph, with the properties that only availability reads."""
    graph = generate.make_graph(rng)
    kinds = {row["id"]: row["kind"] for row in graph["nodes"]}
    countries = sorted(i for i, kind in kinds.items() if kind == "country")
    firms = sorted(i for i, kind in kinds.items() if kind in {"supplier", "customer"})
    links: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in graph["relationships"]:
        properties = json.loads(row["properties"])
        if row["type"] == "INPUT_TO" and "criticality" in properties and rng.random() < 0.5:
            properties["criticality"] = "essential"
            properties.pop("alt_group", None)
        if row["type"] in {"INPUT_TO", "USED_IN"} and rng.random() < 0.1:
            properties["outside_alternative"] = True
        if row["type"] == "PRODUCES" and rng.random() < 0.2:
            properties["site"] = rng.choice(countries)
        if row["type"] == "PRODUCES" and rng.random() < 0.1:
            properties["stage"] = rng.choice(("mine", "refine"))
        if row["type"] == "SOLD_TO" and firms and "supplier" not in properties and rng.random() < 0.3:
            properties["supplier"] = rng.choice(firms)
        text = json.dumps(properties, sort_keys=True)
        links[row["from"], row["type"], row["to"], text] = row | {"properties": text}
    for row in graph["nodes"]:
        if row["kind"] in {"intermediate", "product"} and rng.random() < 0.1:
            row["attributes"] = json.dumps({**json.loads(row["attributes"]), "makers_complete": True})
    return {**graph, "relationships": list(links.values())}


def make_scenario(rng: random.Random, graph: Graph) -> dict[str, list[str]]:
    """Make what is taken away."""
    nodes = [row["id"] for row in graph["nodes"]]
    found: dict[str, list[str]] = {"lose": rng.sample(nodes, rng.choice((0, 1, 1, 2)))}
    found["control"] = [row["id"] for row in graph["controls"] if rng.random() < 0.8]
    found["disruption"] = [row["id"] for row in graph["disruptions"] if rng.random() < 0.8]
    return found


def ask(reader: Reader, scenario: dict[str, list[str]], **options: Any) -> dict[str, Any]:
    """Ask for every node; the rows by id."""
    answer = whatif.run(reader, **scenario, kind="all", as_of=generate.AS_OF, **options)
    return {row.id: row for row in answer.rows}


def _read(graph: Graph, folder: Path) -> Product:
    return Product(make_store(graph, folder))


_QUIET = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=60)


@_QUIET
@given(st.randoms(use_true_random=False))
def test_bounds_are_in_order_and_more_restrictions_never_raise_one(rng: random.Random):
    graph = make_rich_graph(rng)
    small, more = make_scenario(rng, graph), make_scenario(rng, graph)
    large = {name: sorted({*small[name], *more[name]}) for name in small}
    options = {
        "to": rng.choice((None, "country:JP", "country:CN")),
        "use": rng.choice((None, "civil", "military", "both")),
        "through": rng.choice(("contained", "consumed", "all")),
    }
    with tempfile.TemporaryDirectory() as folder, _read(graph, Path(folder)) as product:
        answers = [ask(product.reader, one, **options) for one in (small, large) if any(one.values())]
    for rows in answers:
        for row in rows.values():
            left = row.availability
            assert -TOLERANCE <= left.low <= left.estimate + TOLERANCE <= left.high + 2 * TOLERANCE <= 1 + 3 * TOLERANCE
            assert (row.leans is None) == (row.verdict != "unknown")
            assert (row.as_recorded is None) == (row.verdict != "lost")
            if row.verdict in {"covered", "possible", "clear", "no data"}:
                assert left.low == pytest.approx(1)
            if left.low < 1 - TOLERANCE:
                assert row.explanation and row.limiting[0] == row.id
    if len(answers) == 2:
        for name, row in answers[0].items():
            for bound in ("low", "high", "estimate"):
                assert getattr(answers[1][name].availability, bound) <= getattr(row.availability, bound) + TOLERANCE, (
                    name
                )


@_QUIET
@given(st.randoms(use_true_random=False))
def test_every_bound_is_1_at_rest(rng: random.Random):
    graph = make_rich_graph(rng)
    with tempfile.TemporaryDirectory() as folder, _read(graph, Path(folder)) as product:
        reader = product.reader
        nodes = reader.find_nodes(None, generate.AS_OF).tolist()
        model = load_model(reader, Scope(generate.AS_OF), nodes)
        solution = solve(model, Scenario())
        for node in nodes:
            value = solution.get(node)
            assert value[:4] == pytest.approx(ALL[:4]), model.name(node)
            assert not value.is_below
        before = set(model.cut)
        cut_loops(model)
        assert model.cut == before


@settings(_QUIET, max_examples=20)
@given(st.randoms(use_true_random=False))
def test_every_engine_gives_the_same_rows(rng: random.Random):
    graph = make_rich_graph(rng)
    scenario = make_scenario(rng, graph)
    if not any(scenario.values()):
        return
    with tempfile.TemporaryDirectory() as folder, make_store(graph, Path(folder)) as store:
        answers = [
            whatif.run(Product(store, engine=engine).reader, **scenario, kind="all", as_of=generate.AS_OF).to_dict()
            for engine in ENGINES
        ]
    assert answers[0]["rows"] == answers[1]["rows"]
    assert answers[0]["summary"] == answers[1]["summary"]


@settings(_QUIET, max_examples=40)
@given(st.randoms(use_true_random=False))
def test_classes_of_destinations_and_the_part_that_is_loaded_change_nothing(rng: random.Random):
    graph = make_rich_graph(rng)
    scenario = make_scenario(rng, graph)
    if not any(scenario.values()):
        return
    options = {"to": rng.choice((None, "country:JP", "country:CN")), "use": rng.choice((None, "civil", "both"))}
    with tempfile.TemporaryDirectory() as folder, _read(graph, Path(folder)) as product:
        reader = product.reader
        everything = set(reader.find_nodes(None, generate.AS_OF).tolist())
        answers = [ask(reader, scenario, **options)]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Scenario, "place", lambda _, country: country or WORLD)
            answers.append(ask(reader, scenario, **options))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                whatif, "load_model", lambda reader, scope, seeds: load_model(reader, scope, everything | seeds)
            )
            answers.append(ask(reader, scenario, **options))
    for other in answers[1:]:
        for name, row in answers[0].items():
            assert (other[name].verdict, other[name].as_recorded) == (row.verdict, row.as_recorded), name
            for bound in ("low", "high", "estimate"):
                left = getattr(row.availability, bound)
                assert getattr(other[name].availability, bound) == pytest.approx(left, abs=TOLERANCE), name
