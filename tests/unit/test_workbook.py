"""The workbook: what a spreadsheet reads back, and that nothing in it acts."""

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from tests.unit.test_page_picture import answer, hop, row

from matdeps.graph.model import Source
from matdeps.queries.answer import Answer
from matdeps.queries.sources import ProductionShareRow
from matdeps.views.workbook import render_xlsx

HOSTILE = ('=HYPERLINK("http://evil","x")', "@SUM(1)", "+1", "-1", "http://example.org", "\x1b[2J\x07", "x" * 40_000)


def read_sheets(data: bytes) -> dict[str, list[list[Any]]]:
    calamine = pytest.importorskip("python_calamine")
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def make_sources() -> Answer:
    source = Source("s", "Title", "Publisher", "2026-02-06", "https://example.org", "official", "read_in_search")
    other = Source("t", "Other", "", "2023-03", "javascript:x", "news", "own_knowledge")
    rows = [
        ProductionShareRow(
            "country:CN", "China", "country", "material:w", "country", "country:CN", ("country:CN",), share, 2025,
            "mine", None, "confirmed", True, ("s", "t"), amount, "t",
        )
        for share, amount in ((0.79, 67000.0), (None, None))
    ]  # fmt: skip
    made = answer(query="sources")
    return Answer(
        "sources", {"node": ["material:w"]}, "embedded", made.graph, tuple(rows), {}, {"s": source, "t": other}
    )


def test_the_same_answer_gives_the_same_bytes() -> None:
    assert render_xlsx(make_sources()) == render_xlsx(make_sources())


def test_sheets_numbers_and_dates() -> None:
    sheets = read_sheets(render_xlsx(make_sources()))
    assert list(sheets) == ["answer", "paths", "sources", "not known", "about"]
    head, first, second = sheets["answer"]
    told = dict(zip(head, first, strict=True))
    assert (told["share"], told["year"], told["amount"]) == (0.79, 2025, 67000)
    assert dict(zip(head, second, strict=True))["share"] == ""
    assert [line[3] for line in sheets["sources"]] == ["date", date(2026, 2, 6), "2023-03"]


def test_paths_hop_by_hop() -> None:
    made = answer(row("product:c", "material:a", hop("material:a", "product:b"), hop("product:b", "product:c")))
    sheets = read_sheets(render_xlsx(made))
    assert [line[3:5] for line in sheets["paths"][1:]] == [
        [1, "material:a to product:b"],
        [2, "product:b to product:c"],
    ]
    assert sheets["answer"][1][0] == "product:c"


def test_nothing_is_a_formula_or_a_link() -> None:
    rows = [row(f"product:{n}", "material:a", hop("material:a", f"product:{n}")) for n in range(len(HOSTILE))]
    named = [
        type(one)(name, name, *[getattr(one, f) for f in list(one.__slots__)[2:]])
        for one, name in zip(rows, HOSTILE, strict=True)
    ]
    data = render_xlsx(answer(*named))
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        for name in book.namelist():
            text = book.read(name).decode("utf-8")
            assert "<f>" not in text
            assert "<hyperlink" not in text
            assert not [char for char in "\x1b\x07" if char in text]
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<pane " in sheet
        assert 'state="frozen"' in sheet
    told = [line[1] for line in read_sheets(data)["answer"][1:]]
    assert told[:5] == list(HOSTILE[:5])
    assert len(told[6]) <= 32_767
