"""What an answer says in words, to the letter, for answers small enough to check by eye."""

import re
from typing import Any

import pytest

from matdeps.graph.model import GraphInfo, Source
from matdeps.queries.answer import Answer, HopRow
from matdeps.queries.catalogue import QueryRow
from matdeps.queries.claims import ClaimRow
from matdeps.queries.controls import BindingRow, ControlRow
from matdeps.queries.coverage import GapRow
from matdeps.queries.find import FoundRow
from matdeps.queries.rows import ExposureRow
from matdeps.queries.show import ShownRow
from matdeps.queries.sources import ProductionShareRow
from matdeps.queries.why import PathRow
from matdeps.views.layout import measure
from matdeps.views.sentences import summarise
from matdeps.views.text import render_text
from matdeps.views.words import find_via, say_chain, say_confidence, say_share

READ = Source("usgs", "Mineral Summaries", "USGS", "2026-02", "https://usgs.example", "official", "read_in_search")
UNREAD = Source("book", "Rare Earth Handbook", "Springer", "2012", "", "reference", "own_knowledge")
NAMES = {
    "material:terbium": "Terbium",
    "material:hree": "Heavy rare earths (group)",
    "intermediate:magnet": "NdFeB magnet",
    "country:JP": "Japan",
    "country:CN": "China",
}
GRAPH = GraphInfo("reference", "2026.07.1", 10, 12, "2026-06-29")


def hop(
    tail: str, head: str, sentence: str, *, confidence: str = "confirmed", read: bool = True, **more: Any
) -> HopRow:
    anchor = more.pop("anchor", False)
    source = ("usgs",) if read else ("book",)
    return HopRow(tail, "INPUT_TO", head, "INPUT_TO {}", sentence, confidence, read, source, anchor, **more)


TO_MAGNET = hop("material:terbium", "intermediate:magnet", "Terbium goes into NdFeB magnet")
TO_MOTOR = hop("intermediate:magnet", "product:motor", "NdFeB magnet goes into Motor", read=False)
TO_JET = hop("product:motor", "program:jet", "Jet uses Motor", confidence="inferred", valid_from="2020-01-01")


def exposed(node: str, name: str, path: tuple[HopRow, ...], **more: Any) -> ExposureRow:
    row: dict[str, Any] = {
        "id": node,
        "name": name,
        "kind": node.partition(":")[0],
        "kinds": (node.partition(":")[0],),
        "tier": sum(not hop.anchor for hop in path),
        "through": "contained",
        "certainty": "definite",
        "minor": False,
        "confidence": "confirmed",
        "unchecked": sum(not hop.checked and not hop.anchor for hop in path),
        "start": "material:terbium",
        "start_share": None,
        "path": path,
    }
    return ExposureRow(**{**row, **more})


MOTOR = exposed("product:motor", "Motor", (TO_MAGNET, TO_MOTOR))
JET = exposed("program:jet", "Jet", (TO_MAGNET, TO_MOTOR, TO_JET), confidence="inferred", certainty="possible")


def answer(query: str, rows: list[Any], parameters: dict[str, Any], **summary: Any) -> Answer:
    return Answer(
        query, parameters, "embedded", GRAPH, tuple(rows), summary, {"usgs": READ, "book": UNREAD}, dict(NAMES)
    )


ASKED = {
    "start": ["material:terbium"],
    "through": "consumed",
    "as_of": "2026-07-01",
    "confidence": "inferred",
    "checked": False,
    "kind": ["product", "program", "customer"],
    "limit": None,
}


def terbium(rows: list[Any] | None = None, **summary: Any) -> Answer:
    rows = [MOTOR, JET] if rows is None else rows
    by_kind: dict[str, int] = {}
    for row in rows:
        by_kind[row.kind] = by_kind.get(row.kind, 0) + 1
    possible = sum(row.certainty == "possible" for row in rows)
    return answer(
        "exposed",
        rows,
        ASKED,
        **{
            "targets": 9,
            "hits": len(rows),
            "by_kind": by_kind,
            "certainty": {"definite": len(rows) - possible, "minor": 0, "possible": possible},
            "targets_without_upstream": 2,
            "starts": 1,
            "notes": ["Something to know.", "The date 2026-07-01 is later than the data's knowledge."],
            "not_known": ["Only a claim (disputed): the jet is hit [c-1]"],
            "next": ["matdeps why material:terbium program:jet --as-of 2026-07-01"],
            **summary,
        },
    )


def text(made: Answer, width: int = 100, **options: Any) -> str:
    return render_text(made, width=width, color=options.pop("color", False), **options)


def test_an_exposure_reads_from_the_figure_to_the_next_question() -> None:
    assert text(terbium()) == (
        "2 of 9 products, programmes and customers depend on terbium as of 2026-07-01: 1 definitely, 1\n"
        "possibly. 1 rests only on confirmed links, with some whose sources nobody here has read; 1 contains\n"
        "a link that only we reasoned out (inferred).\n"
        "\n"
        "Products (1)\n"
        "  tier  name   certainty  confidence                  via\n"
        "     2  Motor  definite   confirmed, 1 of 2 not read  NdFeB magnet\n"
        "\n"
        "Programmes (1)\n"
        "  tier  name  certainty  confidence                 via\n"
        "     3  Jet   possible   inferred, 1 of 3 not read  Motor\n"
        "\n"
        "What this answer does not know\n"
        "  - For 2 of the 9 targets looked at, nothing upstream is recorded: that they are not listed does\n"
        "    not clear them.\n"
        "  - Of the 3 different hops on these paths, 1 cites only sources that nobody here has read.\n"
        "  - Only a claim (disputed): the jet is hit [c-1]\n"
        "\n"
        "Notes\n"
        "  - The date 2026-07-01 is later than the data's knowledge.\n"
        "  - Something to know.\n"
        "\n"
        "Graph reference 2026.07.1, knowledge to 2026-06-29; date 2026-07-01; view consumed; engine embedded\n"
        "\n"
        "Next:\n"
        "  matdeps why material:terbium program:jet --as-of 2026-07-01\n"
    )


def test_a_narrow_exposure_takes_two_lines_a_row() -> None:
    shown = text(terbium(), width=60)
    assert (
        "Products (1)\n   2  Motor\n      definite; confirmed, 1 of 2 hops not read, via NdFeB\n      magnet\n" in shown
    )
    assert all(measure(line) <= 60 for line in shown.splitlines())


def test_paths_are_read_hop_by_hop_and_cited_once() -> None:
    shown = text(terbium(), paths=True)
    assert (
        "   3  Jet\n"
        "      possible; inferred, 1 of 3 hops not read\n"
        "      1.  Terbium goes into NdFeB magnet [confirmed, source read; cited above]\n"
        "      2.  NdFeB magnet goes into Motor [confirmed, source not read; cited above]\n"
        "      3.  Jet uses Motor [inferred: reasoned out, its sources are context; from 2020-01-01]\n"
        "          “Mineral Summaries” (USGS, 2026-02, read)\n"
    ) in shown
    assert "          “Rare Earth Handbook” (Springer, 2012, not read)\n" in shown


def test_an_anchor_is_said_not_to_count() -> None:
    anchor = hop("material:terbium", "material:hree", "Terbium belongs to Heavy rare earths (group)", anchor=True)
    row = exposed("product:motor", "Motor", (anchor, TO_MAGNET, TO_MOTOR))
    shown = text(terbium([row], starts=2), paths=True)
    assert "      -   Terbium belongs to Heavy rare earths (group) [confirmed, source read; where the question" in shown
    assert "      1.  Terbium goes into NdFeB magnet [confirmed" in shown
    assert "2 starts" in shown


def test_several_starts_are_named_with_their_share() -> None:
    row = exposed("product:motor", "Motor", (TO_MAGNET, TO_MOTOR), start_share=0.57)
    assert "NdFeB magnet, from Terbium (57% made there)" in text(terbium([row], starts=2))


def test_no_rows_is_not_the_same_as_clear() -> None:
    shown = summarise(terbium([]))
    assert shown == (
        "No product, programme or customer is recorded as depending on terbium as of 2026-07-01 (view consumed). "
        "This is not the same as clear: 9 were looked at and for 2 of them nothing upstream is recorded."
    )
    assert "not the same as clear" in text(terbium([]))


def test_rows_not_shown_are_counted_in_the_same_breath() -> None:
    rows = [exposed(f"product:p{n:02}", f"Part {n:02}", (TO_MAGNET, TO_MOTOR)) for n in range(15)]
    shown = text(terbium(rows))
    assert "Part 11" in shown
    assert "Part 12" not in shown
    assert "  ... and 3 more products (--limit 0 shows all, --format json holds them all)\n" in shown
    everything = text(terbium(rows), limit=0)
    assert "Part 14" in everything
    assert "more products" not in everything
    cut_by_query = text(terbium(rows[:2], hits=15, by_kind={"product": 15}))
    assert "  ... and 13 more products (--limit 0 shows all, this answer was cut at 2 rows)\n" in cut_by_query
    assert "Of the 2 rows given, " in cut_by_query.replace("\n", " ")


@pytest.mark.parametrize(("unchecked", "hops"), [(1, 1), (1, 4), (4, 4)])
@pytest.mark.parametrize("unit", ["", "hop"])
def test_confirmed_never_stands_alone_where_a_source_was_not_read(unchecked: int, hops: int, unit: str) -> None:
    assert re.fullmatch(
        r"confirmed, .*(not read|no source read)", say_confidence("confirmed", unchecked, hops, unit=unit)
    )
    assert say_confidence("confirmed", 0, hops, unit=unit) == "confirmed"


def test_every_row_of_a_text_with_unread_hops_says_so() -> None:
    for width in (60, 100):
        for line in text(terbium(), width=width).splitlines():
            assert not re.search(r"\bconfirmed\b(?! links|, )", line), line


def test_minor_and_possible_are_told_apart() -> None:
    rows = [
        exposed("product:a", "A", (TO_MAGNET,), minor=True, through="consumed"),
        exposed("product:b", "B", (TO_MAGNET,)),
        exposed("product:c", "C", (TO_MAGNET,), certainty="possible"),
    ]
    made = terbium(rows, certainty={"definite": 1, "minor": 1, "possible": 1})
    assert ": 2 definitely (1 of them through a minor input), 1 possibly. " in summarise(made)
    assert "definite, minor, used up" in text(made)


def test_an_organisation_with_two_labels_is_listed_with_the_reason() -> None:
    row = exposed("supplier:x", "X", (TO_MAGNET,), kinds=("supplier", "customer"))
    assert "Suppliers that are also customers (1)" in text(terbium([row]))


def test_depends_and_the_chain_follow_the_arrow() -> None:
    row = exposed("material:terbium", "Terbium", (TO_MAGNET, TO_MOTOR), start="product:motor")
    made = answer("depends", [row], {**ASKED, "node": ["product:motor"], "kind": ["material"]}, targets=3, hits=1)
    assert summarise(made).startswith("Motor depends on 1 of 3 materials as of 2026-07-01: definitely. 1 rests only")
    assert find_via(row) == "intermediate:magnet"


def test_a_maker_is_read_against_its_arrow() -> None:
    made_by = hop("supplier:maker", "intermediate:magnet", "Maker makes NdFeB magnet")
    row = exposed("supplier:maker", "Maker", (TO_MAGNET, made_by))
    assert find_via(row) == "intermediate:magnet"
    names = {**NAMES, "supplier:maker": "Maker"}
    assert say_chain(row.path, lambda node: names[node]) == "Terbium > NdFeB magnet < Maker"  # type: ignore[arg-type]


def path_row(by: str, rank: int, path: tuple[HopRow, ...], **more: Any) -> PathRow:
    unchecked = sum(not one.checked for one in path)
    values = {"certainty": "definite", "confidence": "inferred", "oldest": "2012", **more}
    return PathRow(
        "program:jet", "Jet", "program", rank, by, len(path), values["certainty"], "contained", False,
        values["confidence"], unchecked, values["oldest"], "material:terbium", path,
    )  # fmt: skip


WHY = {"start": ["material:terbium"], "target": "program:jet", "k": 3, "through": "consumed", "as_of": "2026-07-01"}


def test_why_names_a_path_that_it_has_shown() -> None:
    path = (TO_MAGNET, TO_MOTOR, TO_JET)
    made = answer("why", [path_row("shortest", 1, path), path_row("surest", 1, path)], WHY, hits=2, starts=1)
    shown = text(made)
    assert shown.startswith(
        "Jet definitely depends on terbium as of 2026-07-01: the shortest path has 3 hops, the weakest\n"
        "inferred, with 1 whose sources nobody here has read, and no other is surer.\n"
    )
    assert "  shortest 1: 3 hops; definite; inferred, 1 of 3 hops not read; its stalest hop dates from 2012\n" in shown
    assert "Surest paths (1)\n  surest 1: the same path as shortest 1.\n" in shown


def test_why_without_a_path_clears_nobody() -> None:
    shown = summarise(answer("why", [], WHY, hits=0))
    assert shown.startswith("No path is recorded from terbium to jet as of 2026-07-01 (view consumed). ")
    assert "not the same as clear" in shown


def share(country: str, of_world: float | None, **more: Any) -> ProductionShareRow:
    return ProductionShareRow(
        country, NAMES[country], "country", "material:terbium", "country", country, (country,), of_world, 2023, "mine", None,
        "reported", True, ("usgs",), **more,
    )  # fmt: skip


def test_sources_show_shares_as_bars_and_say_what_is_unknown() -> None:
    maker = ProductionShareRow(
        "supplier:m", "Maker", "supplier", "material:terbium", "maker", "country:JP", ("country:JP",), None, None, None, "planned",
        "confirmed", False, ("book",), note="pilot plant",
    )  # fmt: skip
    figures = {
        "year": 2023,
        "known_share": 0.6,
        "hhi": {"low": 0.36, "high": 0.52},
        "outside": {"low": 0.4, "high": 0.4},
    }
    made = answer(
        "sources",
        [share("country:CN", 0.6, amount=1200.0, unit="t"), share("country:JP", None), maker],
        {"node": ["material:terbium"], "outside": "country:CN", "as_of": "2026-07-01"},
        hits=3,
        makers=1,
        stages={"mine": figures},
    )
    shown = text(made)
    assert summarise(made) == (
        "Terbium, mine, 2023: China 60%; concentration (HHI) 3,600 to 5,200 of 10,000; outside China: 40%. "
        "1 maker is recorded by name; there may be others."
    )
    assert (
        "Stage mine, 2023\n"
        "  country    share                         amount  confidence\n"
        "  China        60%  ############........  1,200 t  reported, source read\n"
        "  Japan    unknown                                 reported, source read\n"
        "  shares known: 60%; HHI 3,600 to 5,200 of 10,000; outside China: 40%\n"
        "  “Mineral Summaries” (USGS, 2026-02, read)\n"
    ) in shown
    assert "  Maker  planned  Japan      unknown  confirmed, source not read\n" in shown
    assert "  - Maker: pilot plant\n" in shown


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, "unknown"), (0.0, "0%"), (1.0, "100%"), (0.9997, "over 99.9%"), (0.0004, "under 0.1%"), (0.995, "99.5%")],
)
def test_a_share_is_never_rounded_to_nothing_or_all(value: float | None, said: str) -> None:
    assert say_share(value) == said


def control(node: str, status: str, **more: Any) -> ControlRow:
    values: dict[str, Any] = {
        "id": node, "name": "Control on terbium", "kind": "control", "status": status,
        "because": "effective since 2025-04-04", "requires": "licence", "acts_on": "items", "issuer": "country:CN",
        "binds": (BindingRow("material:terbium", "Terbium", "element_rollup", ("1C904",), "above 1%"),),
        "to": ("country:JP",), "use": "military", "since": "2025-04-04", "until": None, "suspended_from": None,
        "suspended_until": None, "instrument": "Announcement 18", "notes": "", "sources": ("usgs",),
    }  # fmt: skip
    return ControlRow(**{**values, **more})


def test_controls_say_the_status_first_and_why() -> None:
    paused = control(
        "control:b", "suspended", because="suspended from 2025-11-10 to 2026-11-10",
        suspended_from="2025-11-10", suspended_until="2026-11-10", to=(), use="any", binds=(),
    )  # fmt: skip
    made = answer(
        "controls",
        [paused, control("control:a", "in force")],
        {"node": ["material:terbium"], "to": "country:JP", "use": None, "expiring": None, "as_of": "2026-07-01"},
        hits=2,
    )
    shown = text(made)
    assert shown.startswith(
        "2 restrictions on terbium toward Japan are recorded: on 2026-07-01, 1 is in force and 1 is\nsuspended.\n"
    )
    assert (
        "In force (1)\n"
        "  IN FORCE  Control on terbium\n"
        "    because: effective since 2025-04-04 [control:a]\n"
        "    licence; acts on items; for military use; toward Japan; issued by China\n"
        "    from 2025-04-04; Announcement 18\n"
        "    binds: Terbium (element roll-up; codes 1C904; above 1%)\n"
        "    “Mineral Summaries” (USGS, 2026-02, read)\n"
    ) in shown
    assert "    from 2025-04-04; suspended from 2025-11-10 to 2026-11-10; Announcement 18\n" in shown
    assert "    licence; acts on items; for any use; toward every destination; issued by China\n" in shown
    assert shown.index("In force (1)") < shown.index("Suspended (1)")


def test_controls_without_rows_clear_nobody() -> None:
    made = answer("controls", [], {"node": ["material:terbium"], "to": None, "as_of": "2026-07-01"}, hits=0)
    assert summarise(made).startswith(
        "No restriction on terbium is recorded on 2026-07-01. This is not the same as clear"
    )


def test_claims_stand_side_by_side_by_status() -> None:
    rows = [
        ClaimRow("c-1", "The jet is hit", "claim", "contradicted", ("program:jet",), ("usgs",), "A notice says no."),
        ClaimRow("c-2", "The motor is hit", "claim", "single_source", ("product:motor",), (), ""),
    ]
    made = answer("claims", rows, {"node": []}, hits=2, by_status={"contradicted": 1, "single_source": 1})
    shown = text(made)
    assert shown.startswith(
        "2 claims: 1 from a single source and 1 contradicted. A claim is no link, and none becomes one.\n"
    )
    assert "From a single source (1)\n  “The motor is hit” [c-2]\n    about motor\n    no source is recorded\n" in shown
    assert shown.index("From a single source") < shown.index("Contradicted (1)")


def test_find_tells_exact_from_near() -> None:
    rows = [
        FoundRow("material:terbium", "Terbium", "material", ("material",), "alias", "Tb", 100.0, "element 65"),
        FoundRow(
            "intermediate:magnet", "NdFeB magnet", "intermediate", ("intermediate",), "name", "NdFeB magnet", 90.0, ""
        ),
    ]
    shown = text(answer("find", rows, {"text": "Tb", "limit": 20}, hits=2))
    assert shown.startswith("1 node is called “Tb”; 1 more name comes near.\n")
    assert "  100  Terbium       material:terbium     alias Tb; element 65\n" in shown
    assert summarise(answer("find", [], {"text": "zz"}, hits=0)) == "No node is called “zz”, or anything near it."


def test_show_reads_every_part() -> None:
    rows = [
        ShownRow(
            "material:terbium", "about", "kind", "Terbium", "Terbium (material:terbium): material", None, None, ()
        ),
        ShownRow("material:terbium", "attribute", "atomic_number", "Terbium", "65", None, None, ()),
        ShownRow(
            "intermediate:magnet",
            "out",
            "INPUT_TO",
            "NdFeB magnet",
            "Terbium goes into NdFeB magnet",
            "confirmed",
            False,
            (),
        ),
        ShownRow("c-1", "claim", "single_source", "c-1", "The jet is hit", None, None, ()),
    ]
    shown = text(answer("show", rows, {"node": ["material:terbium"], "as_of": "2026-07-01"}, hits=4))
    assert shown.startswith("Terbium as of 2026-07-01: 1 link out and 1 claim.\n")
    assert "  - atomic number: 65\n" in shown
    assert "  - Terbium goes into NdFeB magnet [confirmed, source not read]\n" in shown
    assert "  - “The jet is hit” [from a single source]\n" in shown


def test_coverage_says_one_detail_once() -> None:
    rows = [GapRow(f"product:{n}", f"Part {n}", "product", "no maker", "nobody makes it") for n in "ab"]
    shown = text(answer("coverage", rows, {"as_of": "2026-07-01"}, hits=2, gaps={"no maker": 2, "not used": 0}))
    assert "The graph does not know 2 things that it could know as of 2026-07-01, of 1 sort." in shown
    assert "No maker (2)\n  nobody makes it\n    Part a; Part b\n" in shown
    assert "Not used" not in shown


def test_the_catalogue_and_an_unknown_query_are_shown_too() -> None:
    rows = [QueryRow("exposed", "exposed", "query", "What depends on X?", ("start: names",))]
    assert "exposed\n  What depends on X?\n    - start: names\n" in text(answer("queries", rows, {}, hits=1))
    assert "Jet" in text(answer("newquery", [JET], {}, hits=1))


HOSTILE = "Motor\x1b[2J\x9b31m\u202eevil\r\nFAKE: 0 rows"


@pytest.mark.parametrize("paths", [False, True])
@pytest.mark.parametrize("width", [40, 100])
def test_no_name_reaches_the_terminal_as_a_command(paths: bool, width: int) -> None:
    bad = hop("material:terbium", "product:motor", HOSTILE)
    made = terbium([exposed("product:motor", HOSTILE, (bad,))], notes=[HOSTILE], next=[HOSTILE], not_known=[HOSTILE])
    shown = text(made, width=width, paths=paths)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", shown)
    assert not any(line.startswith("FAKE") for line in shown.splitlines())
    painted = text(made, width=width, paths=paths, color=True)
    assert re.sub(r"\x1b\[[0-9;]+m", "", painted) == shown


def test_colour_is_only_added_where_asked() -> None:
    assert "\x1b" not in text(terbium())
    assert re.sub(r"\x1b\[[0-9;]+m", "", text(terbium(), color=True)) == text(terbium())


def test_no_line_is_wider_than_the_terminal() -> None:
    wide = exposed("product:motor", "電気自動車用永久磁石式駆動モーター" * 3, (TO_MAGNET, TO_MOTOR))
    for width in (60, 88, 100, 140):
        for paths in (False, True):
            shown = text(terbium([wide, JET]), width=width, paths=paths)
            assert max(measure(line) for line in shown.splitlines()) <= width


def test_why_says_the_view_where_a_wider_one_is_shorter() -> None:
    long = path_row("shortest", 1, (TO_MAGNET, TO_MOTOR, TO_JET))
    row = path_row("surest", 1, (TO_JET,), confidence="reported")
    fields = {name: getattr(row, name) for name in PathRow.__dataclass_fields__}
    made = answer("why", [long, PathRow(**{**fields, "through": "consumed"})], WHY, hits=2)
    assert "the shortest path has 3 hops (contained all the way), the weakest inferred" in summarise(made)
    assert "the surest has 1 hop (through something used up), reported, source read." in summarise(made)
