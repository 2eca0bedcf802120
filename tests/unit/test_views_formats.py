"""Answers for other programs: what is written can be read back, and nothing in it acts."""

import csv
import io
import json
from dataclasses import fields
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
from matdeps.queries.whatif import WhatIfRow
from matdeps.queries.why import PathRow
from matdeps.views.markdown import make_address
from matdeps.views.notebook import ROWS_SHOWN, render_html_fragment
from matdeps.views.tables import CSV_COLUMNS, FORMATS, render_csv, render_json, render_jsonl, render_md

GRAPH = GraphInfo("reference", "2026.07.1", 10, 12, "2026-06-29")
HOSTILE = '=HYPERLINK("http://evil","x")|<script>alert(1)</script>[y](javascript:z)\x1b[2J\u202e\n# head'


def make(name: str, *, source: Source | None = None, count: int = 1, **summary: Any) -> Answer:
    hop = HopRow(
        "material:terbium", "INPUT_TO", "product:motor", "INPUT_TO {}", f"Terbium goes into {name}", "confirmed", False,
        ("s",), False,
    )  # fmt: skip
    row = ExposureRow(
        "product:motor", name, "product", ("product",), 1, "contained", "definite", False, "confirmed", 1,
        "material:terbium", -0.25, (hop,),
    )  # fmt: skip
    return Answer(
        "exposed",
        {"start": ["material:terbium"], "as_of": "2026-07-01", "kind": ["product"], "through": "consumed"},
        "embedded",
        GRAPH,
        (row,) * count,
        {
            "targets": 30,
            "hits": count,
            "certainty": {"definite": count},
            "by_kind": {"product": count},
            "notes": [name],
            **summary,
        },
        {
            "s": source
            or Source("s", "Handbook", "Springer", "2012", "https://example.org/a b", "reference", "own_knowledge")
        },
        {"material:terbium": "Terbium"},
    )


ROW_CLASSES = {
    "exposed": ExposureRow,
    "depends": ExposureRow,
    "why": PathRow,
    "sources": ProductionShareRow,
    "controls": ControlRow,
    "claims": ClaimRow,
    "whatif": WhatIfRow,
    "find": FoundRow,
    "show": ShownRow,
    "coverage": GapRow,
    "queries": QueryRow,
}


@pytest.mark.parametrize("query", CSV_COLUMNS)
def test_csv_has_every_field_of_the_row_in_its_order(query: str) -> None:
    assert CSV_COLUMNS[query] == tuple(field.name for field in fields(ROW_CLASSES[query]))


def test_every_format_has_a_name() -> None:
    assert list(FORMATS) == ["json", "jsonl", "csv", "md"]


def test_json_is_the_whole_answer() -> None:
    made = make("モーター")
    written = render_json(made)
    assert json.loads(written) == made.to_dict()
    assert "モーター" in written
    assert written.endswith("}\n")
    assert written.startswith('{\n  "schema_version": 1,\n')


def test_json_lines_hold_one_row_each_and_nothing_else() -> None:
    lines = render_jsonl(make(HOSTILE, count=2)).splitlines()
    assert [json.loads(line)["name"] for line in lines] == [HOSTILE, HOSTILE]
    assert render_jsonl(make("x", count=0)) == ""


@pytest.mark.parametrize("render", [render_json, render_jsonl])
def test_json_brings_no_control_character_to_a_terminal(render: Any) -> None:
    written = render(make("a\x9b\u202e\ud800b"))
    assert not {"\x9b", "\u202e", "\ud800"} & set(written)


def test_csv_reads_back_and_holds_no_formula() -> None:
    written = render_csv(make(HOSTILE))
    (row,) = csv.DictReader(io.StringIO(written, newline=""))
    assert row["name"].startswith("'=HYPERLINK(")
    assert row["name"].endswith("<U+000A># head")
    assert "\x1b" not in written
    assert "\u202e" not in written
    assert row["start_share"] == "-0.25"
    assert row["tier"] == "1"
    assert row["minor"] == "false"
    assert row["kinds"] == "product"
    assert written.startswith("id,name,kind,kinds,tier,")
    assert len(written.splitlines()) == 2


def test_csv_writes_the_path_as_names() -> None:
    (row,) = csv.DictReader(io.StringIO(render_csv(make("Motor"))))
    assert row["path"] == "Terbium > Motor"


def test_csv_without_rows_keeps_its_heading() -> None:
    assert render_csv(make("x", count=0)) == ",".join(CSV_COLUMNS["exposed"]) + "\r\n"


def test_csv_flattens_what_a_control_binds() -> None:
    row = ControlRow(
        "control:a", "A", "control", "in force", "since", None, None, None,
        (BindingRow("material:terbium", "Terbium", None, ("1C904",)),), ("country:JP", "country:KR"), "any", None, None,
        None, None, None, "", (),
    )  # fmt: skip
    made = Answer("controls", {}, "embedded", GRAPH, (row,), {})
    (cells,) = csv.DictReader(io.StringIO(render_csv(made)))
    assert json.loads(cells["binds"])["codes"] == ["1C904"]
    assert cells["to"] == "country:JP|country:KR"
    assert cells["since"] == ""


def test_markdown_reads_as_a_small_report() -> None:
    assert render_md(make("Motor", not_known=["Much."])) == (
        "1 of 30 products depends on terbium as of 2026-07-01: definitely. 1 rests only on confirmed links, with some "
        "whose sources nobody here has read.\n\n"
        "| kind | tier | name | certainty | confidence | via |\n"
        "| --- | --- | --- | --- | --- | --- |\n"
        "| product | 1 | Motor | definite | confirmed, source not read | direct |\n\n"
        "## What this answer does not know\n\n"
        "- The one hop on these paths cites only sources that nobody here has read.\n"
        "- Much.\n\n"
        "## Notes\n\n- Motor\n\n"
        "## Sources\n\n- s: “Handbook” (Springer, 2012, not read) <https://example.org/a%20b>\n\n"
        "Graph reference 2026.07.1, knowledge to 2026-06-29; date 2026-07-01; view consumed; engine embedded\n"
    )


def test_markdown_is_inert() -> None:
    bad = Source("s", HOSTILE, "p", "2012", "javascript:alert(1)", "news", "own_knowledge")
    written = render_md(make(HOSTILE, source=bad))
    assert "<script" not in written
    assert "](javascript" not in written
    assert "<javascript" not in written
    assert "http://evil" not in written
    assert "\n# head" not in written
    table = [line for line in written.splitlines() if line.startswith("| ")]
    assert len(table) == 3
    assert table[2].replace("\\|", "").count("|") == 7


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://a.org/x?y=1", "https://a.org/x?y=1"),
        ("https://a.org/<b>", "https://a.org/%3Cb%3E"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("https://", None),
        ("http://[bad", None),
        ("", None),
    ],
)
def test_only_web_addresses_become_links(url: str, address: str | None) -> None:
    assert make_address(url) == address


def test_the_notebook_fragment_is_inert_and_counts_what_it_leaves_out() -> None:
    written = render_html_fragment(make(HOSTILE, count=ROWS_SHOWN + 5))
    assert "<script" not in written
    assert "&lt;script&gt;" in written
    assert "\x1b" not in written
    assert written.count("<tr>") == ROWS_SHOWN + 1
    assert "... and 5 more rows" in written
    assert written.startswith("<div><p><strong>25 of 30 products depend on terbium")
    assert written.endswith("</div>")
