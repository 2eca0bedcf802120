"""The page in a real browser without a network: what a reader does with it."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.browser import ARGUMENTS, Watched, find_chromium, open_tab
from tests.e2e.cli_place import Place

from matdeps.views.page.frame import render_frame

AS_OF = ("--as-of", "2026-07-01", "--graph", "reference")
F15 = "program:f-15j-upgrade"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="no Playwright: it is in the dependency group test")
    with api.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def pages(place: Place) -> Path:
    for name, arguments in {
        "terbium": ("terbium",),
        "japan 日本": ("--query", "depends", F15),
        "why": ("--query", "why", "terbium", F15),
        "sources": ("--query", "sources", "tungsten"),
        "controls": ("--query", "controls", "terbium"),
    }.items():
        done = place.call("view", *arguments, *AS_OF, "-o", f"{name}.html")
        assert done.code == 0, done.err
    return place.work


@pytest.fixture
def tab(browser: Any) -> Iterator[Watched]:
    with open_tab(browser) as watched:
        yield watched


def get_table(page: Any) -> list[list[str]]:
    return page.eval_on_selector_all(
        "#rows tbody tr", "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )


def click_card(page: Any, key: str) -> None:
    at = page.evaluate("key => document.getElementById('canvas').locate(key)", key)
    assert at is not None, f"{key} is not on the picture"
    page.mouse.click(at["x"], at["y"])
    page.wait_for_timeout(350)


def has_card(page: Any, key: str) -> bool:
    return page.evaluate("key => document.getElementById('canvas').locate(key) !== null", key)


def test_the_rows_are_those_of_the_command_line(tab: Watched, pages: Path, place: Place) -> None:
    page = tab.open(pages / "terbium.html", "#tab=table")
    told = place.ask("exposed", "terbium", *AS_OF)["rows"]
    shown = get_table(page)
    assert [(row[0], int(row[1]), row[2], row[3]) for row in shown] == [
        (row["kind"].replace("program", "programme"), row["tier"], row["name"], row["certainty"]) for row in told
    ]
    assert all(cells[4].startswith(row["confidence"]) for cells, row in zip(shown, told, strict=True))


def test_searching_opens_the_group_and_tells_the_path(tab: Watched, pages: Path) -> None:
    page = tab.open(pages / "terbium.html")
    assert not has_card(page, F15)
    page.fill("#search", "super inter")
    page.wait_for_selector("#found li[role=option]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel:not([hidden])")
    told = page.inner_text("#panel")
    assert "F-15J upgrade" in told
    assert "weakest hop inferred" in told
    hops = page.eval_on_selector_all("#panel ol.path > li", "items => items.map(item => item.innerText)")
    assert len(hops) == 5
    assert hops[0].startswith("Terbium goes into Terbium oxide.")
    assert "DSCA" in hops[4] or "2019" in hops[4]
    assert all("read" in hop for hop in hops)
    assert has_card(page, F15)
    assert F15 in page.evaluate("decodeURIComponent(location.hash)")


@pytest.mark.parametrize("asked", ["Tb", "铽", "テルビウム", "MATERIAL:TERBIUM"])
def test_search_knows_aliases_in_any_script(tab: Watched, pages: Path, asked: str) -> None:
    page = tab.open(pages / "terbium.html")
    page.fill("#search", asked)
    page.wait_for_selector("#found li[role=option]")
    assert "Terbium" in page.inner_text("#found")


def test_clicking_cards_and_lines(tab: Watched, pages: Path) -> None:
    page = tab.open(pages / "why.html")
    click_card(page, "material:terbium")
    assert page.inner_text("#panel h2") == "Terbium"
    assert page.locator("#panel ol.path").count() == 0
    assert page.locator("#panel .marks > li").count() > 3
    click_card(page, "intermediate:terbium-oxide")
    assert page.inner_text("#panel h2") == "Terbium oxide"
    one, two = (
        page.evaluate("key => document.getElementById('canvas').locate(key)", key)
        for key in ("material:terbium", "intermediate:terbium-oxide")
    )
    page.mouse.click((one["x"] + two["x"]) / 2, (one["y"] + two["y"]) / 2)
    page.wait_for_timeout(350)
    assert page.inner_text("#panel h2") == "Link"
    assert "Terbium goes into Terbium oxide." in page.inner_text("#panel")
    assert "confirmed, source read" in page.inner_text("#panel")


def test_a_group_opens_and_closes_by_a_click(tab: Watched, pages: Path) -> None:
    page = tab.open(pages / "terbium.html")
    click_card(page, "5/program")
    assert has_card(page, F15)
    click_card(page, "5/program")
    assert not has_card(page, F15)


def test_filters_take_rows_and_cards_away_and_undo_brings_them_back(tab: Watched, pages: Path) -> None:
    page = tab.open(pages / "terbium.html", "#tab=table")
    all_rows = len(get_table(page))
    page.click("#filters summary")
    page.uncheck("#filters input[value=inferred]")
    rows = get_table(page)
    assert 0 < len(rows) < all_rows
    assert not [row for row in rows if row[4].startswith("inferred")]
    assert re.search(r"Shown: \d+ of \d+ rows, \d+ of \d+ nodes", page.inner_text("#status"))
    page.uncheck("#filters input[value=customer]")
    assert {row[0] for row in get_table(page)} == {"product", "programme", "supplier"}
    page.select_option("#tier", "4")
    assert {row[1] for row in get_table(page)} <= {"1", "2", "3", "4"}
    page.select_option("#country", "Japan")
    assert "Canon Medical Systems" not in [row[2] for row in get_table(page)]
    page.check("#filters input[value=customer]")
    page.select_option("#tier", "")
    assert "Canon Medical Systems" in [row[2] for row in get_table(page)]
    assert "Tesla" not in [row[2] for row in get_table(page)]
    for _ in range(6):
        page.click("#undo")
    assert len(get_table(page)) == all_rows
    assert page.is_checked("#filters input[value=inferred]")


def test_only_what_leads_there_hide_and_undo(tab: Watched, pages: Path) -> None:
    page = tab.open(pages / "terbium.html", f"#node={F15}&open=5/program")
    page.click("#panel >> text=Only what leads to this")
    assert has_card(page, "intermediate:ndfeb-hre-magnet")
    assert not has_card(page, "intermediate:terbium-fluoride")
    page.click("#undo")
    assert has_card(page, "intermediate:terbium-fluoride")
    page.click("#panel >> text=Hide")
    assert not has_card(page, F15)
    page.keyboard.press("Control+z")
    assert has_card(page, F15)


def test_the_address_holds_the_view(tab: Watched, pages: Path) -> None:
    page = tab.open(pages / "terbium.html")
    page.fill("#search", "f-15j")
    page.keyboard.press("Enter")
    page.click("#filters summary")
    page.uncheck("#filters input[value=customer]")
    page.click("#tab-table")
    page.click("#rows th >> text=tier")
    page.click("#rows th >> text=tier")
    address, rows, told = page.evaluate("location.hash"), get_table(page), page.inner_text("#panel")
    page.goto("about:blank")
    page = tab.open(pages / "terbium.html", address)
    assert get_table(page) == rows
    assert page.inner_text("#panel") == told
    assert page.evaluate("location.hash") == address
    assert page.get_attribute("#rows th:nth-child(2)", "aria-sort") == "descending"


@pytest.mark.parametrize("fragment", ["#tab=nowhere&node=x:y&link=99999&sort=z&tier=-1&open=q", "#%E0%A4%A", "#===&&&"])
def test_an_address_cut_by_a_mail_program_does_no_harm(tab: Watched, pages: Path, fragment: str) -> None:
    page = tab.open(pages / "terbium.html", fragment)
    assert page.is_visible("#canvas")


def test_keyboard_alone(tab: Watched, pages: Path) -> None:
    page = tab.open(pages / "why.html")
    page.focus("#canvas")
    for key in ("ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    assert page.inner_text("#panel h2") == "Terbium oxide"
    assert page.inner_text("#spoken") == "Terbium oxide, intermediate"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "panel"
    page.keyboard.press("Escape")
    assert page.is_hidden("#panel")
    assert page.evaluate("document.activeElement.id") == "canvas"
    page.focus("#tab-picture")
    page.keyboard.press("ArrowRight")
    assert page.is_visible("#rows")
    page.focus("#rows tbody button")
    page.keyboard.press("Enter")
    assert page.is_visible("#panel")


def test_the_first_stop_leads_to_the_rows(tab: Watched, pages: Path) -> None:
    page = tab.open(pages / "terbium.html", f"#node={F15}")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.is_visible("#rows")
    assert F15 in page.evaluate("decodeURIComponent(location.hash)")


def test_every_control_has_a_focus_ring(tab: Watched, pages: Path) -> None:
    page = tab.open(pages / "terbium.html")
    seen = set()
    for _ in range(30):
        page.keyboard.press("Tab")
        about = page.evaluate(
            "() => { const e = document.activeElement, s = getComputedStyle(e);"
            " return [e.id || e.tagName, s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0]; }"
        )
        seen.add(about[0])
        assert about[1] or about[0] == "BODY", about
    assert {"search", "tab-picture", "canvas"} <= seen


def test_the_csv_is_that_of_the_command_line(tab: Watched, pages: Path, place: Place) -> None:
    page = tab.open(pages / "terbium.html", "#tab=table")
    with page.expect_download() as waiting:
        page.click("#csv")
    text = Path(waiting.value.path()).read_bytes().decode()
    assert text == place.call("exposed", "terbium", *AS_OF, "--format", "csv").out
    page.fill("#row-filter", "f-15j")
    with page.expect_download() as waiting:
        page.click("#csv")
    rows = list(csv.DictReader(io.StringIO(Path(waiting.value.path()).read_bytes().decode(), newline="")))
    assert rows
    assert len(rows) == len(get_table(page))


def test_printing(tab: Watched, pages: Path, tmp_path: Path) -> None:
    page = tab.open(pages / "terbium.html", "#tab=about")
    page.emulate_media(media="print")
    for part in ("svg.picture", "#rows", "#cited", "#about"):
        assert page.is_visible(part), part
    for part in ("#canvas", "#search", "#undo"):
        assert page.is_hidden(part), part
    made = page.pdf(prefer_css_page_size=True)
    assert made.startswith(b"%PDF")
    assert len(made) > 20_000


def test_a_phone(browser: Any, pages: Path) -> None:
    with open_tab(browser, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as tab:
        page = tab.open(pages / "terbium.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.fill("#search", "f-15j")
        page.keyboard.press("Enter")
        assert page.is_visible("#panel")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_dark(browser: Any, pages: Path) -> None:
    with open_tab(browser, color_scheme="dark") as tab:
        page = tab.open(pages / "terbium.html")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 29)"
        page.emulate_media(color_scheme="light")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("name", ["terbium", "japan 日本", "why", "sources", "controls"])
def test_without_scripts_the_answer_is_there(browser: Any, pages: Path, name: str) -> None:
    with open_tab(browser, java_script_enabled=False) as tab:
        page = tab.open(pages / f"{name}.html", scripts=False)
        text = page.inner_text("body")
        assert page.inner_text(".sentence") in text
        assert page.is_visible("#rows")
        assert page.is_visible("#about")
        assert page.is_hidden("#search")
        if name in {"terbium", "why", "japan 日本"}:
            assert page.is_visible("svg.picture")
            assert page.is_visible("#cited")


@pytest.mark.parametrize("name", ["terbium", "japan 日本", "why", "sources", "controls"])
def test_every_part_of_every_page(tab: Watched, pages: Path, name: str) -> None:
    page = tab.open(pages / f"{name}.html")
    for part in page.eval_on_selector_all("[role=tab]:not([hidden])", "tabs => tabs.map(tab => tab.id.slice(4))"):
        page.click(f"#tab-{part}")
        assert page.is_visible(f"#{part}")
    data = json.loads(page.inner_text("#data") or page.text_content("#data"))
    assert data["command"].startswith(f"matdeps {data['query']} ")


def test_the_site(browser: Any, place: Place) -> None:
    done = place.call("view", "--all", "-o", "site", *AS_OF)
    assert done.code == 0, done.err
    with open_tab(browser) as tab:
        page = tab.open(place.work / "site" / "index.html")
        page.fill("#search", "テルビウム")
        page.wait_for_timeout(100)
        # Ytterbium is イッテルビウム.
        assert page.locator(".pages li:visible a").all_inner_texts()[0] == "Terbium"
        assert page.locator(".pages li:visible").count() == 2
        page.keyboard.press("Enter")
        page.wait_for_selector("#canvas canvas")
        assert page.inner_text("h1") == "What depends on terbium?"
        page.fill("#search", "f-15j")
        page.keyboard.press("Enter")
        page.click("#panel >> text=Page of its own")
        page.wait_for_selector("html[data-ready]")
        assert "F-15J" in page.inner_text("h1")
        page.click("text=All pages")
        assert page.is_visible(".pages")
    again = place.call("view", "--all", "-o", "site", *AS_OF, "-q")
    assert again.code == 0
    (place.work / "other").mkdir()
    (place.work / "other" / "mine.txt").write_text("x")
    place.call("view", "--all", "-o", "other").check_error(2, "other files")


def test_inside_a_notebook(browser: Any, pages: Path, tmp_path: Path) -> None:
    frame = render_frame((pages / "terbium.html").read_text("utf-8"), title="Terbium")
    (tmp_path / "notebook.html").write_text(f"<!DOCTYPE html><title>n</title><body>{frame}</body>", "utf-8")
    with open_tab(browser) as tab:
        page = tab.open(tmp_path / "notebook.html", scripts=False)
        inner = page.frame_locator("iframe")
        inner.locator("#search").fill("f-15j")
        inner.locator("#found li[role=option]").first.wait_for()
        inner.locator("#search").press("Enter")
        assert "F-15J" in inner.locator("#panel h2").inner_text()
