"""What a scenario leaves: the worked example of the contract, and a case for each rule."""

from pathlib import Path
from typing import Any

import pytest
from tests.contract.case_language import full, parse_graph
from tests.product import make_store
from tests.unit.whatif_cases import CASES, WhatIfCase

from matdeps.api import Graph
from matdeps.graph.errors import ConfigError
from matdeps.queries import whatif
from matdeps.queries.answer import Answer
from matdeps.queries.availability.rules import ACTS, EFFECTS, LIMITS, find_act, find_effect, find_limit

_NODES = """
node g:us {use: civil}
g:us LOCATED_IN k:US {role: lead country}
m:tb INPUT_TO i:magnet {criticality: essential}
i:magnet INPUT_TO p:motor {criticality: essential}
i:magnet INPUT_TO p:motor-b {criticality: alternative, alt_group: m}
m:ferrite INPUT_TO p:motor-b {criticality: alternative, alt_group: m}
p:motor USED_IN g:us
control x:jp issuer=k:CN destinations=k:JP requires=ban effective=2025-01-01
control x:all issuer=k:CN requires=ban effective=2025-01-01
x:jp RESTRICTS m:tb
x:jp RESTRICTS i:magnet
x:all RESTRICTS m:tb
x:all RESTRICTS i:magnet
"""
_COUNTRIES = """
made m:tb mine k:CN 2025 share=0.9
made m:tb mine k:MY 2025 share=0.1
made i:magnet make k:JP 2025 share=0.3
made i:magnet make k:CN 2025 share=0.7
made p:motor make k:JP 2025 share=1.0
made p:motor-b make k:JP 2025 share=1.0
"""
_SUPPLIERS = """
s:tb-cn PRODUCES m:tb {share: 0.9}
s:tb-my PRODUCES m:tb {share: 0.1}
s:mag-jp PRODUCES i:magnet {share: 0.3}
s:mag-cn PRODUCES i:magnet {share: 0.7}
s:motors PRODUCES p:motor {share: 1.0}
s:motors PRODUCES p:motor-b {share: 1.0}
s:tb-cn LOCATED_IN k:CN {role: plant}
s:tb-my LOCATED_IN k:MY {role: plant}
s:mag-jp LOCATED_IN k:JP {role: plant}
s:mag-cn LOCATED_IN k:CN {role: plant}
s:motors LOCATED_IN k:JP {role: plant}
"""


def ask(graph: str, folder: Path, **question: Any) -> Answer:
    with make_store(parse_graph(graph), folder) as store:
        return whatif.run(Graph(store).reader, **question)


@pytest.mark.parametrize("sources", [_COUNTRIES, _SUPPLIERS], ids=["shares of countries", "shares of suppliers"])
@pytest.mark.parametrize(
    ("control", "to", "want"),
    [
        ("jp", "JP", {"m:tb": 0.1, "i:magnet": 0.03, "p:motor": 0.03, "p:motor-b": 1.0, "g:us": 0.03}),
        ("jp", "CN", {"m:tb": 1.0, "i:magnet": 0.73, "p:motor": 0.03, "g:us": 0.03}),
        ("jp", "DE", {"m:tb": 1.0, "i:magnet": 0.73, "p:motor": 0.03, "g:us": 0.03}),
        ("jp", None, {"m:tb": 1.0, "i:magnet": 0.73}),
        ("all", "DE", {"m:tb": 0.1, "i:magnet": 0.03, "p:motor": 0.03, "g:us": 0.03}),
        ("all", "CN", {"m:tb": 1.0, "i:magnet": 0.73, "p:motor": 0.03}),
        ("all", None, {"m:tb": 0.1, "i:magnet": 0.03}),
    ],
)
def test_the_worked_example_holds(sources: str, control: str, to: str | None, want: dict[str, float], tmp_path: Path):
    answer = ask(
        _NODES + sources, tmp_path, control=f"control:{control}", to=to, use="civil", kind="all", as_of="2026-07-01"
    )
    rows = {row.id: row for row in answer.rows}
    for node, value in want.items():
        left = rows[full(node)].availability
        assert [left.low, left.estimate, left.high] == pytest.approx([value] * 3, abs=1e-9), node
    assert rows["program:us"].verdict == "reduced"
    assert rows["product:motor-b"].verdict == "covered"
    assert rows["material:tb"].verdict == rows["intermediate:magnet"].verdict == "restricted"


def show(row: whatif.WhatIfRow) -> str:
    left = row.availability
    bounds = " ".join(f"{round(value, 6):g}" for value in (left.low, left.estimate, left.high))
    return f"{'~' if row.as_recorded else ''}{row.verdict}{f'>{row.leans}' if row.leans else ''} {bounds}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_rule_gives_the_rows_worked_out_by_hand(case: WhatIfCase, tmp_path: Path):
    rows = {row.id: row for row in ask(case.graph, tmp_path, **case.question).rows}
    assert {node: show(rows[full(node)]) for node in case.rows} == case.rows


@pytest.mark.parametrize(
    ("arguments", "act"),
    [
        (("disruption", "", "", "supplier"), "making"),
        (("disruption", "", "ore", "material"), "making"),
        (("control", "items", "entity listing", "supplier"), "deliveries"),
        (("control", "deliveries to listed organisations", "", "customer"), "deliveries"),
        (("control", "purchases from the destination", "", "product"), "purchases"),
        (("control", "items", "ore", "material"), "exports"),
        (("control", "items", "", "supplier"), "nothing"),
        (("control", "items", "", "country"), "nothing"),
    ],
)
def test_what_a_restriction_acts_on(arguments: tuple[str, str, str, str], act: str):
    assert find_act(*arguments).value == act


@pytest.mark.parametrize(
    ("status", "requires", "is_granted", "effect"),
    [
        ("announced", "ban", False, "absent"),
        ("suspended", "licence", True, "absent"),
        ("ended", "quota", False, "absent"),
        ("in force", "licence", False, "closed"),
        ("in force", "licence", True, "opened"),
        ("unknown", "licence", True, "opened"),
        ("unknown", "ban", True, "unsure"),
        ("unknown", "quota", False, "unsure"),
        ("in force", "quota", True, "doubtful"),
        ("in force", "ban", True, "closed"),
        ("in force", "", False, "closed"),
    ],
)
def test_what_a_restriction_does(status: str, requires: str, is_granted: bool, effect: str):
    assert find_effect(status, requires, is_granted=is_granted).value == effect


@pytest.mark.parametrize(
    ("properties", "into_programme", "limit", "is_assumed"),
    [
        ({"criticality": "minor", "alt_group": "g"}, False, "never", False),
        ({"criticality": "alternative", "alt_group": "g", "role": "tooling"}, False, "finally", False),
        ({"criticality": "essential", "role": "equipment"}, False, "finally", False),
        ({"criticality": "alternative", "alt_group": "g"}, False, "always", False),
        ({"criticality": "alternative", "outside_alternative": True}, False, "always", False),
        ({"criticality": "essential", "role": "process_consumable"}, False, "always", False),
        ({"criticality": "major"}, True, "strictly", False),
        ({}, True, "always", True),
        ({}, False, "never", False),
        ({"criticality": "alternative"}, True, "never", False),
    ],
)
def test_in_which_bounds_an_input_limits(
    properties: dict[str, Any], into_programme: bool, limit: str, is_assumed: bool
):
    row = find_limit(properties, into_programme=into_programme)
    assert (row.limit.value, row.is_assumed) == (limit, is_assumed)


def test_every_table_ends_with_a_row_that_fits_all():
    assert (ACTS[-1].acts_on, ACTS[-1].is_listing, ACTS[-1].heads) == (None, None, None)
    assert (EFFECTS[-1].status, EFFECTS[-1].requires, EFFECTS[-1].is_granted) == (None, None, None)
    last = LIMITS[-1]
    assert (last.criticality, last.role, last.is_grouped, last.into_programme) == (None, None, None, None)


def test_a_verdict_says_why(tmp_path: Path):
    answer = ask(_NODES + _COUNTRIES, tmp_path, control="control:jp", to="JP", as_of="2026-07-01")
    rows = {row.id: row for row in answer.rows}
    assert rows["program:us"].limiting == ("program:us", "product:motor", "intermediate:magnet")
    assert rows["program:us"].explanation[:3] == (
        "us needs motor: 3 % is left of it.",
        "motor needs magnet: 3 % is left of it.",
        "magnet made in CN is closed on its way to JP: x:jp.",
    )
    assert "Assumed: us cannot do without motor; the links do not say." in rows["program:us"].explanation
    assert rows["product:motor-b"].explanation == ("magnet is not sure to be had; ferrite holds.",)
    assert rows["product:motor-b"].limiting == ()
    assert answer.summary["verdicts"]["reduced"] == 2
    material = ask(
        _NODES + _COUNTRIES, tmp_path / "de", control="control:jp", to="DE", as_of="2026-07-01", kind="material"
    )
    assert [(row.verdict, row.explanation) for row in material.rows] == [
        ("clear", ("Nothing that the scenario touches leads to it.",)),
        ("restricted", ("The scenario names it.", "Nothing closes its way to where it is judged.")),
    ]
    assert answer.summary["heading"] is None


def test_a_customer_says_how_many_items_are_lost(tmp_path: Path):
    graph = "\n".join(
        f"m:{'gone' if n < 3 else 'there'} INPUT_TO p:i{n} {{criticality: essential}}\np:i{n} SOLD_TO c:big"
        for n in range(12)
    )
    answer = ask(graph, tmp_path, lose="material:gone", as_of="2026-07-01", kind="customer")
    assert answer.rows[0].explanation[0] == "big, lost: 3 of 12 items (i0, i1, i2)."


def test_the_heading_of_a_stress_test_cannot_be_misread(tmp_path: Path):
    graph = "m:x INPUT_TO p:x {criticality: essential}\ncontrol x:c issuer=k:CN effective=2025-01-01\nx:c RESTRICTS m:x"
    question = {"control": "control:c", "as_of": "2026-07-01"}
    assert ask(graph, tmp_path / "a", **question).summary["heading"] == "STRESS TEST: ALL LICENCES REFUSED"
    assert (
        ask(graph, tmp_path / "b", licences="granted", **question).summary["heading"] == "ALL LICENCES COUNT AS GRANTED"
    )
    question = {"lose": "material:x", "as_of": "2026-07-01"}
    assert ask(graph, tmp_path / "c", **question).summary["heading"] is None


def test_a_stop_that_is_not_in_the_scenario_is_told(tmp_path: Path):
    graph = """m:ore INPUT_TO i:x {criticality: essential}
    s:a PRODUCES i:x
    disruption d:fire effective=2026-01-01
    d:fire RESTRICTS s:a {item: i:x}"""
    answer = ask(graph, tmp_path / "a", lose="material:ore", as_of="2026-07-01")
    assert any("Not in the scenario" in text and "disruption:fire" in text for text in answer.summary["not_known"])
    answer = ask(graph, tmp_path / "b", disruption="disruption:fire", as_of="2026-07-01")
    assert not any("Not in the scenario" in text for text in answer.summary["not_known"])


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ({}, "takes nothing away"),
        ({"lose": "control:c"}, "cannot be lost"),
        ({"control": "material:x"}, "no control"),
        ({"lose": "material:x", "use": "naval"}, "use 'naval'"),
        ({"lose": "material:x", "licences": "some"}, "licences 'some'"),
        ({"lose": "material:x", "to": "material:x"}, "not one country"),
    ],
)
def test_a_question_that_cannot_be_meant_is_refused(question: dict[str, Any], message: str, tmp_path: Path):
    graph = "m:x INPUT_TO p:x {criticality: essential}\ncontrol x:c issuer=k:CN effective=2025-01-01\nx:c RESTRICTS m:x"
    with pytest.raises(ConfigError, match=message):
        ask(graph, tmp_path, **question)


def test_notes_say_whose_shares_were_used_and_what_is_inferred(tmp_path: Path):
    graph = """made m:group mine k:CN 2025 share=0.9
    made m:own mine k:CN 2025 share=0.8
    made m:own mine k:CN 2026 value=5
    m:x MEMBER_OF m:group
    s:seat PRODUCES m:own
    s:seat HEADQUARTERED_IN k:JP
    m:x INPUT_TO p:x {criticality: essential}
    m:own INPUT_TO i:bare {criticality: essential}
    control x:c issuer=k:CN requires=ban effective=2025-01-01
    x:c RESTRICTS m:group
    x:c RESTRICTS m:own
    x:c RESTRICTS p:x"""
    answer = ask(graph, tmp_path, control="control:c", as_of="2026-07-01")
    notes = " ".join(answer.summary["notes"])
    for text in (
        "those of hand, 2025",
        "of the group that they belong to: x.",
        "amounts only, and was not used: own.",
        "at their headquarters, for want of a plant: seat.",
        "judged by what goes into them: bare.",
        "closes nothing that is known: x.",
        "Not computed: recycled supply, stocks",
    ):
        assert text in notes
    assert "hand" in answer.sources


def test_a_loop_that_hardly_moves_is_solved_in_its_value(tmp_path: Path):
    # From CN comes all but a millionth, and there only the loop feeds it: rounds alone would need millions.
    graph = """made m:alt mine k:JP 2025 share=0.4
    made m:alt mine k:KR 2025 share=0.6
    made i:b make k:CN 2025 share=0.999999
    made i:b make k:JP 2025 share=0.000001
    i:a INPUT_TO i:b {criticality: alternative, alt_group: g}
    m:alt INPUT_TO i:b {criticality: alternative, alt_group: g}
    i:b INPUT_TO i:a {criticality: essential}
    control x:c issuer=k:JP destinations=k:CN requires=ban effective=2025-01-01
    x:c RESTRICTS m:alt"""
    answer = ask(graph, tmp_path, control="control:c", lose="country:KR", kind="intermediate", as_of="2026-07-01")
    for row in answer.rows:
        assert [*(getattr(row.availability, bound) for bound in ("low", "estimate", "high"))] == pytest.approx(
            [0.4] * 3, abs=1e-9
        )
