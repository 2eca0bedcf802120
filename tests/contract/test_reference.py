"""The reference graph: both engines alike, and the founding article walked through hop by hop."""

import json

import pytest

import matdeps
from matdeps.graph import errors as matdeps_errors

DAY = "2026-07-01"
QUESTIONS = [
    ("exposed", ("terbium",), {}),
    ("exposed", ("tungsten",), {"kind": "all", "through": "all"}),
    ("exposed", ("country:CN",), {"min_share": 0.5}),
    ("exposed", ("country:EU",), {"by": "hq", "kind": "all"}),
    ("exposed", ("control:cn-mofcom-2026-01",), {"include_rollup": True}),
    ("exposed", ("control:cn-mofcom-2026-11",), {"kind": "all"}),
    ("exposed", ("disruption:shin-etsu-magnet-orders",), {"kind": "all"}),
    ("exposed", ("rare earths",), {"confidence": "confirmed", "checked": True}),
    ("exposed", ("supplier:lynas",), {"kind": "supplier", "max_tier": 3}),
    ("depends", ("program:f-15j-upgrade",), {"kind": "all"}),
    ("depends", ("customer:apple",), {}),
    ("depends", ("country:JP",), {"kind": "material"}),
    ("why", ("terbium", "program:f-15j-upgrade"), {"k": 4}),
    ("why", ("country:CN", "program:tsmc-n5"), {"k": 2}),
    ("sources", ("tungsten",), {"outside": "China"}),
    ("sources", ("terbium",), {}),
    ("controls", ("gallium",), {"to": "US"}),
    ("controls", (), {}),
    ("claims", ("terbium",), {}),
    ("claims", (), {}),
    ("find", ("magnet",), {}),
    ("show", ("Shin-Etsu Chemical",), {}),
    ("coverage", (), {}),
]


@pytest.fixture(scope="module")
def graphs():
    opened = {engine: matdeps.open("reference", engine=engine) for engine in ("embedded", "networkx")}
    yield opened
    for graph in opened.values():
        graph.close()


@pytest.fixture(scope="module")
def graph(graphs):
    return graphs["embedded"]


@pytest.mark.parametrize(("query", "arguments", "options"), QUESTIONS, ids=str)
def test_both_engines_give_the_same_bytes(graphs, query, arguments, options):
    if query not in {"claims", "find"}:
        options = {"as_of": DAY, **options}
    answers = [opened.run(query, *arguments, **options).to_dict() for opened in graphs.values()]
    texts = [json.dumps({**answer, "engine": ""}, ensure_ascii=False) for answer in answers]
    assert texts[0] == texts[1]
    assert answers[0]["rows"]


def get_chain(row):
    return [
        row["start"],
        *(hop["to"] if hop["type"] != "PRODUCES" else hop["from"] for hop in row["path"] if not hop["anchor"]),
    ]


def find_row(answer, node_id):
    return next(row for row in answer.to_dict()["rows"] if row["id"] == node_id)


def test_terbium_reaches_the_motor_magnet_of_a_hybrid(graph):
    answer = graph.why("terbium", "product:ev-traction-motor", k=5, as_of=DAY)
    chains = [get_chain(row) for row in answer.to_dict()["rows"]]
    assert any("intermediate:ndfeb-gbd-magnet" in chain and "product:ipm-rotor" in chain for chain in chains)


def test_the_f_15j_upgrade_is_on_the_list_and_every_reasoned_hop_is_called_inferred(graph):
    row = find_row(graph.exposed("terbium", as_of=DAY), "program:f-15j-upgrade")
    assert row["certainty"] == "definite"
    assert row["confidence"] == "inferred"
    last = row["path"][-1]
    assert (last["type"], last["confidence"]) == ("USED_IN", "inferred")


def test_tungsten_goes_through_wf6_to_5_nm_wafers_in_taiwan_and_korea(graph):
    for program in ("program:tsmc-n5", "program:samsung-5lpe"):
        rows = graph.why("tungsten", program, k=6, as_of=DAY).to_dict()["rows"]
        assert any("intermediate:tungsten-hexafluoride" in get_chain(row) for row in rows), program


def test_5_nm_in_japan_is_contradicted(graph):
    claims = {row.id: row.status for row in graph.claims("product:logic-wafer-5nm").rows}
    assert claims["art-8"] == "contradicted"


def test_the_announcement_toward_japan_binds_for_military_use_only(graph):
    binding = {
        use: {row.id for row in graph.controls("intermediate:terbium-oxide", to="JP", use=use, as_of=DAY).rows}
        for use in ("civil", "military")
    }
    assert "control:cn-mofcom-2026-01" in binding["military"]
    assert "control:cn-mofcom-2026-01" not in binding["civil"]
    assert "control:cn-mofcom-2025-18" in binding["civil"]


def test_motors_are_exposed_but_not_themselves_controlled(graph):
    assert find_row(graph.exposed("control:cn-mofcom-2026-01", as_of=DAY), "product:ev-traction-motor")
    bound = {
        binding.node for row in graph.controls("control:cn-mofcom-2026-01", as_of=DAY).rows for binding in row.binds
    }
    assert "product:ev-traction-motor" not in bound
    assert "intermediate:ndfeb-hre-magnet" in bound


@pytest.mark.parametrize(
    ("supplier", "item"),
    [
        ("supplier:shin-etsu-chemical", "intermediate:ndfeb-gbd-magnet"),
        ("supplier:kanto-denka", "intermediate:tungsten-hexafluoride"),
    ],
)
def test_what_shin_etsu_and_kanto_denka_stand_before(graph, supplier, item):
    answer = graph.exposed(supplier, kind="all", as_of=DAY)
    assert find_row(answer, item)["tier"] == 1
    assert answer.summary["by_kind"]["program"] > 0


def test_a_question_after_the_datas_knowledge_is_warned_of(graph):
    assert any(
        "later than the data's knowledge" in note for note in graph.exposed("terbium", as_of=DAY).summary["notes"]
    )
    notes = graph.exposed("terbium", as_of="2026-06-29").summary["notes"]
    assert not any("later than the data's knowledge" in note for note in notes)


def test_all_of_the_fact_base_is_loaded(graph):
    reader = graph.reader
    assert reader.get_info().nodes >= 1184 + 42 + 4
    assert len(reader.find_claims()) == 16
    assert len(reader.get_sources(["usgs-mcs-2026", "art-exportflows-2026"])) == 2
    everything = graph.to_networkx()
    types = {}
    for _, _, link in everything.edges(data="facts"):
        types[link.type] = types.get(link.type, 0) + (not link.is_derived)
    assert (types["INPUT_TO"], types["PRODUCES"], types["RESTRICTS"], types["SOLD_TO"]) == (1197, 1081, 397, 125)


def test_of_several_starts_those_without_a_path_are_named(graph):
    summary = graph.why(["neodymium", "rhenium"], "Honda Motor", k=1, as_of=DAY).summary
    assert summary["starts_without_path"] == ["material:rhenium"]
    assert any("rhenium" in note.casefold() for note in summary["notes"])


def test_a_stage_that_is_not_recorded_is_not_taken_for_no_production(graph):
    answer = graph.sources("tungsten", stage="smelt", as_of=DAY)
    assert answer.summary["stages"] == {}
    assert any(text.startswith("mine ") for text in answer.summary["other_stages"])
    assert not any("No country's production" in text for text in answer.summary["not_known"])


def test_nobody_mines_what_is_no_material(graph):
    assert [row.id for row in graph.sources("WF6", stage="mine", as_of=DAY).rows] == []
    assert graph.sources("WF6", stage="make", as_of=DAY).rows


@pytest.mark.parametrize(
    ("query", "arguments", "options"),
    [
        ("exposed", (5,), {}),
        ("exposed", ("terbium",), {"kind": ""}),
        ("exposed", ("terbium",), {"kind": ","}),
        ("exposed", ("terbium",), {"max_tier": "2"}),
        ("exposed", ("terbium",), {"max_tier": 2.5}),
        ("exposed", ("terbium",), {"checked": "no"}),
    ],
    ids=str,
)
def test_what_cannot_be_meant_is_a_configuration_error(graph, query, arguments, options):
    with pytest.raises(matdeps_errors.ConfigError):
        graph.run(query, *arguments, as_of=DAY, **options)


def test_answers_are_frozen_sequences(graph):
    answer = graph.exposed("terbium", as_of=DAY)
    assert answer[0] is answer.rows[0]
    with pytest.raises(TypeError):
        answer.summary["hits"] = 1
