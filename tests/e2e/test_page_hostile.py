"""Names that would act if anything let them: inert in the page and in every other file."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.browser import ARGUMENTS, find_chromium, open_tab

import matdeps
from matdeps.views.formats import FILE_FORMATS, render_file
from matdeps.views.page.assemble import render_page
from matdeps.views.page.gather import gather
from matdeps.views.page.site import Page, render_index

NAMES = {
    "markup": "</script><img src=x onerror=alert(1)><svg onload=alert(2)>",
    "comment": "<!-- <script> ]]> --> &lt;b&gt; &#60;i&#62;",
    "quotes": """ "'`${alert(3)}`'" onmouseover="alert(4)" """,
    "formula": '=HYPERLINK("http://evil.example/","x")',
    "at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "address": "javascript:alert(5)",
    "turned": "abc \u202egnp.exe\u2066 \u200f שלום مرحبا",
    "long": "x" * 10_000,
    "longer": "長い名前 " * 2_000,
    "lines": "one\ntwo\r\nthree\u2028four\u2029five\x07\x1b[2J",
    "mermaid": 'a"] --> b["c; %%{init: {}}%% end',
    "dot": 'x\\"]; evil [label="\\N <b>',
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="no Playwright: it is in the dependency group test")
    with api.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def graph() -> Iterator[matdeps.Graph]:
    nodes = [{"id": "material:start", "name": NAMES["markup"], "aliases": [NAMES["quotes"], "alias"]}]
    nodes += [
        {
            "id": f"product:{key}",
            "name": name,
            "aliases": [NAMES["markup"]],
            "attributes": {"note <b>": NAMES["markup"], "address": NAMES["address"]},
        }
        for key, name in NAMES.items()
    ]
    links = [
        {"from": "material:start", "type": "INPUT_TO", "to": f"product:{key}", "properties": {"note": name}}
        for key, name in NAMES.items()
    ]
    with matdeps.Graph.from_frames(nodes, links) as made:
        yield made


@pytest.fixture
def answer(graph: matdeps.Graph) -> Any:
    return graph.exposed("material:start", as_of="2026-07-01")


def test_the_page_does_nothing_that_a_name_says(
    browser: Any, graph: matdeps.Graph, answer: Any, tmp_path: Path
) -> None:
    made = tmp_path / "page.html"
    made.write_bytes(render_page(answer, gather(graph.reader, answer)).encode("utf-8"))
    with open_tab(browser) as tab:
        page = tab.open(made)
        for key in NAMES:
            page.evaluate("key => { location.hash = '#tab=table&node=product:' + key; }", key)
            page.wait_for_function(
                "key => document.querySelector('#panel code')?.textContent === key", arg=f"product:{key}"
            )
        assert page.locator("img, iframe, object, embed, base, form, a[href^='javascript' i]").count() == 0
        assert (
            page.evaluate("document.querySelectorAll('[onerror],[onload],[onmouseover],[style*=expression]').length")
            == 0
        )
        shown = page.eval_on_selector_all("#rows tbody tr td:nth-child(3)", "cells => cells.map(c => c.textContent)")
        assert len(shown) == len(NAMES)
        assert not any(char in text for text in shown for char in "\u202e\u2066\x00\x1b\u2028")
        page.fill("#search", "alert")
        page.wait_for_selector("#found li")
        page.click("#tab-picture")
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280
        with page.expect_download() as waiting:
            page.click("#tab-table")
            page.click("#csv")
        check_csv(Path(waiting.value.path()).read_bytes().decode())
    with open_tab(browser, java_script_enabled=False) as tab:
        page = tab.open(made, scripts=False)
        assert page.locator("img, iframe, a[href^='javascript' i]").count() == 0
        assert page.locator("#rows tbody tr").count() == len(NAMES)


def check_csv(text: str) -> None:
    for row in csv.reader(io.StringIO(text, newline="")):
        for cell in row:
            assert cell.lstrip()[:1] not in {"=", "+", "-", "@"}, cell[:60]


@pytest.mark.parametrize("name", sorted(FILE_FORMATS))
def test_every_file_format_can_be_read_and_holds_no_markup(answer: Any, name: str) -> None:
    made = render_file(name, answer)
    assert made == render_file(name, answer)
    if isinstance(made, bytes):
        return
    made.encode("utf-8")
    assert not any(char in made for char in "\u202e\u2066\x00\x1b\u2028\u2029")
    if name in {"svg", "graphml"}:
        root = ET.fromstring(made)
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert not tags & {"script", "img", "foreignObject", "a", "image", "use", "b", "i"}
        assert not [key for element in root.iter() for key in element.attrib if key.lower().startswith("on")]
    if name == "node-link":
        assert len(json.loads(made)["edges"]) == len(NAMES)
    if name in {"mermaid", "dot"}:
        assert len(made.splitlines()) < 60
        assert "<img" not in made or name == "dot"
    if name == "mermaid":
        assert "%%{" not in made
        for line in made.splitlines()[2:]:
            assert line.count('"') in {0, 2}, line


def test_the_entry_page(browser: Any, tmp_path: Path) -> None:
    pages = [Page("x.html", "material", [name, name], name) for name in NAMES.values()]
    (tmp_path / "index.html").write_bytes(render_index(pages, NAMES["markup"]).encode("utf-8"))
    with open_tab(browser) as tab:
        page = tab.open(tmp_path / "index.html")
        assert page.locator(".pages li").count() == len(NAMES)
        assert page.locator("img").count() == 0
