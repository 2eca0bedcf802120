"""The picture of an answer: which links it holds, where things stand, and what is left out."""

import json
import xml.etree.ElementTree as ET
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matdeps.graph.model import GraphInfo
from matdeps.queries.answer import Answer, HopRow
from matdeps.queries.rows import ExposureRow
from matdeps.views.exchange import render_dot, render_graphml, render_mermaid, render_node_link
from matdeps.views.page.picture import make_picture
from matdeps.views.page.placing import CARD_HEIGHT, GAP, place
from matdeps.views.svg import measure, render_svg, wrap

GRAPH = GraphInfo("reference", "1", 10, 12, "2026-06-29")


def hop(
    tail: str, head: str, type_: str = "INPUT_TO", *, properties: str = "{}", anchor: bool = False, **more: Any
) -> HopRow:
    about = {"confidence": "confirmed", "checked": True, "sources": (), **more}
    return HopRow(tail, type_, head, f"{type_} {properties}", f"{tail} to {head}", anchor=anchor, **about)


def row(node: str, start: str, *path: HopRow, certainty: str = "definite", kind: str | None = None) -> ExposureRow:
    kind = kind or node.partition(":")[0]
    tier = sum(not one.anchor for one in path)
    return ExposureRow(
        node, node, kind, (kind,), tier, "contained", certainty, False, "confirmed", 0, start, None, path
    )


def answer(*rows: ExposureRow, query: str = "exposed", **parameters: Any) -> Answer:
    return Answer(query, {"start": ["material:a"], **parameters}, "embedded", GRAPH, rows, {"hits": len(rows)})


def tiers(made: Answer) -> dict[str, int]:
    return {spot.id: spot.tier for spot in make_picture(made).spots}


def test_columns_are_tiers() -> None:
    one, two = hop("material:a", "intermediate:b"), hop("intermediate:b", "product:c")
    made = answer(row("product:c", "material:a", one, two), row("intermediate:b", "material:a", one))
    assert tiers(made) == {"material:a": 0, "intermediate:b": 1, "product:c": 2}
    picture = make_picture(made)
    assert len(picture.links) == 2
    assert picture.paths == [(1 - 1, 1), (0,)]


def test_anchors_stand_before_the_start() -> None:
    anchor = hop("material:a", "country:CN", "PRODUCED_IN", anchor=True)
    made = answer(row("product:c", "material:a", anchor, hop("material:a", "product:c")), start=["country:CN"])
    assert tiers(made) == {"country:CN": -1, "material:a": 0, "product:c": 1}
    assert [spot.id for spot in make_picture(made).spots if spot.is_asked] == ["country:CN"]


def test_what_is_depended_on_stands_at_the_right() -> None:
    path = (hop("material:a", "intermediate:b"), hop("intermediate:b", "product:c"))
    made = answer(row("material:a", "product:c", *path), query="depends", start=None, node=["product:c"])
    assert tiers(made) == {"product:c": 0, "intermediate:b": 1, "material:a": 2}
    layout = place(make_picture(made), "depends")
    at = {unit.key: unit.x for unit in layout.units}
    assert at["material:a"] < at["intermediate:b"] < at["product:c"]


def test_an_exposed_maker_stands_after_its_item() -> None:
    path = (hop("material:a", "product:c"), hop("supplier:s", "product:c", "PRODUCES"))
    made = answer(row("supplier:s", "material:a", *path))
    assert tiers(made) == {"material:a": 0, "product:c": 1, "supplier:s": 2}


def test_links_say_what_they_prove() -> None:
    made = answer(
        row("product:c", "material:a", hop("material:a", "product:c", properties='{"criticality": "minor"}')),
        row("product:d", "material:a", hop("material:a", "product:d", "IS_A"), certainty="possible"),
        row(
            "product:e",
            "material:a",
            hop("material:a", "supplier:s", "SOLD_TO"),
            hop("supplier:s", "product:e", "PRODUCES"),
            certainty="possible",
        ),
    )
    picture = make_picture(made)
    assert {picture.spots[link.head].id: link.certainty for link in picture.links} == {
        "product:c": "minor",
        "product:d": "possible",
        "supplier:s": "definite",
        "product:e": "possible",
    }


def test_a_loop_back_to_the_start() -> None:
    path = (hop("material:a", "product:c"), hop("product:c", "material:a"))
    made = answer(row("material:a", "material:a", *path))
    assert tiers(made)["product:c"] == 1
    place(make_picture(made), "exposed")


def test_too_much_is_left_out_and_counted() -> None:
    rows = [row(f"product:{n:03}", "material:a", hop("material:a", f"product:{n:03}")) for n in range(50)]
    picture = make_picture(answer(*rows), most=11)
    assert len(picture.spots) == 11
    assert picture.rows_left_out == 40
    assert sum(1 for path in picture.paths if path) == 10


def test_many_of_a_kind_are_bundled() -> None:
    rows = [row(f"product:{n:03}", "material:a", hop("material:a", f"product:{n:03}")) for n in range(60)]
    layout = place(make_picture(answer(*rows)), "exposed")
    assert [(unit.key, len(unit.members)) for unit in layout.units] == [("material:a", 1), ("1/product", 60)]
    few = place(make_picture(answer(*rows[:20])), "exposed")
    assert not [unit for unit in few.units if unit.is_bundle]


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    kinds = st.sampled_from(["product", "program", "customer", "intermediate"])
    rows = []
    parents = ["material:a"]
    paths: dict[str, tuple[HopRow, ...]] = {"material:a": ()}
    for number in range(draw(st.integers(0, 60))):
        node, parent = f"{draw(kinds)}:n{number}", draw(st.sampled_from(parents))
        paths[node] = (*paths[parent], hop(parent, node))
        parents.append(node)
        rows.append(row(node, "material:a", *paths[node]))
    return answer(*draw(st.permutations(rows)))


@given(answers())
def test_every_node_stands_alone_in_its_column(made: Answer) -> None:
    picture = make_picture(made)
    layout = place(picture, made.query)
    again = place(make_picture(made), made.query)
    assert layout == again
    assert sorted(member for unit in layout.units for member in unit.members) == list(range(len(picture.spots)))
    columns: dict[float, list[float]] = {}
    for unit in layout.units:
        columns.setdefault(unit.x, []).append(unit.y)
    for heights in columns.values():
        assert all(
            b - a >= CARD_HEIGHT + GAP - 1e-6 for a, b in zip(sorted(heights), sorted(heights)[1:], strict=False)
        )
    # A tree has no link to the left.
    column = {member: unit.column for unit in layout.units for member in unit.members}
    assert all(column[link.tail] < column[link.head] for link in picture.links)


@given(answers())
def test_exchange_formats_hold_the_same_graph(made: Answer) -> None:
    picture = make_picture(made)
    edges = sorted((picture.spots[link.tail].id, picture.spots[link.head].id) for link in picture.links)
    linked = nx.node_link_graph(json.loads(render_node_link(made)), edges="edges")
    assert sorted((a, b) for a, b, _ in linked.edges(keys=True)) == edges
    marked = nx.parse_graphml(render_graphml(made))
    assert sorted(marked.edges()) == sorted(set(edges))
    assert all(data["confidence"] == "confirmed" for _, _, data in marked.edges(data=True))
    assert render_mermaid(made).count("==>") == len(edges)
    assert render_dot(made).count(" -> ") == len(edges)
    ET.fromstring(render_svg(made))


@given(st.text(max_size=300), st.integers(20, 300))
def test_wrapped_lines_fit(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert len(lines) <= 3
    assert all(measure(line) <= width or len(line) <= 2 for line in lines)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Terbium", ["Terbium"]),
        ("Permanent-magnet EV/HEV traction motor", ["Permanent-", "magnet EV/HEV", "traction motor"]),
        ("", [""]),
    ],
)
def test_words_break_at_hyphens(text: str, lines: list[str]) -> None:
    assert wrap(text, 95) == lines
