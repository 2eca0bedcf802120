"""The kit in the real Neo4j Browser: the style is taken, a favourite is kept and run, and the graph is drawn."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.neo4j import server as lab
from tests.neo4j.conftest import make_settings

import matdeps
from matdeps.graph.neo4j.browser_kit import write_browser_kit
from matdeps.graph.neo4j.push import push
from matdeps.queries.cypher import make_cypher

pytestmark = [pytest.mark.neo4j, pytest.mark.timeout(600)]
PICTURE = Path(__file__).resolve().parents[2] / "docs" / "pictures" / "neo4j-browser.png"
MOST_BYTES = 200_000
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ORANGE = "#E69F00"
"""The colour of materials in the style sheet."""


def miss(what: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(what, pytrace=False)
    pytest.skip(f"{what}, NEO4J BROWSER WAS NOT TESTED")


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    """Neo4j Browser, connected to a server of its own that holds the reference graph."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        miss("no Playwright")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        miss("no Chromium")
    try:
        server = lab.start_from_jars(lab.LTS)
    except lab.NoServerError as error:
        miss(f"no Neo4j server: {error}")
    try:
        with matdeps.open("reference") as graph:
            assert graph.store is not None
            push(graph.store, make_settings(server))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            context = browser.new_context(viewport={"width": 1280, "height": 860})
            context.grant_permissions(["clipboard-read", "clipboard-write"])
            page = context.new_page()
            connect(page, f"{server.http}/browser/?dbms={server.uri}&preselectAuthMethod=NO_AUTH")
            yield page
            browser.close()
    finally:
        server.stop()


def connect(page: Any, address: str, tries: int = 3) -> None:
    """Open Neo4j Browser; on a busy machine it gives up connecting by itself, and is opened again."""
    from playwright.sync_api import TimeoutError as TooLateError

    for left in reversed(range(tries)):
        page.goto(address)
        try:
            page.wait_for_selector("text=You are connected", timeout=45_000)
            return
        except TooLateError:
            if not left:
                raise


def drop(page: Any, path: Path) -> None:
    """Drag a file onto the window."""
    script = "([name, text]) => {const d = new DataTransfer(); d.items.add(new File([text], name)); return d}"
    data = page.evaluate_handle(script, [path.name, path.read_text("utf-8")])
    for event in ("dragenter", "dragover", "drop"):
        page.dispatch_event("[data-testid=main]", event, {"dataTransfer": data})


def run(page: Any, text: str) -> None:
    """Paste a text into the editor and run it."""
    frames = page.locator("[data-testid=frame]").count()
    page.click("[data-testid=activeEditor] .monaco-editor")
    page.keyboard.press("Control+A")
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+V")
    page.wait_for_timeout(300)
    page.keyboard.press("Control+Enter")
    page.wait_for_function(f"document.querySelectorAll('[data-testid=frame]').length > {frames}", timeout=60_000)


def wait_for_graph(page: Any) -> tuple[list[str], list[str]]:
    """Wait until the first frame draws a graph; captions and colours of its nodes."""
    page.wait_for_selector("[data-testid=frame] >> nth=0 >> g.node circle.b-outline", state="attached", timeout=60_000)
    page.wait_for_timeout(3000)
    script = """() => {
      const frame = document.querySelector('[data-testid=frame]');
      return [...frame.querySelectorAll('g.node')].map(n => [
        [...n.querySelectorAll('text')].map(t => t.textContent).join(' ').trim(),
        n.querySelector('circle.b-outline').getAttribute('fill')])}"""
    found = page.evaluate(script)
    return [caption for caption, _ in found], [colour.upper() for _, colour in found]


def test_the_kit_is_taken(page: Any, tmp_path: Path) -> None:
    write_browser_kit(tmp_path)
    drop(page, tmp_path / "matdeps.grass")
    page.wait_for_selector("text=node.Disruption", state="attached")
    drop(page, tmp_path / "favourites" / "terbium-chain.cypher")
    page.get_by_text("Save to favorites").click()
    page.wait_for_timeout(1000)
    page.click("[data-testid=navigationFavorites]")
    favourite = page.get_by_text("exposed: the chains from terbium").first
    favourite.wait_for()
    favourite.click()
    page.wait_for_timeout(500)
    page.click("[data-testid=editor-Run]")
    captions, colours = wait_for_graph(page)
    page.click("[data-testid=navigationFavorites]")
    # Nothing of what Browser says about itself stands in the picture.
    for close in page.locator("text=To help make Neo4j Browser better >> xpath=.. >> button").all():
        close.click()
    page.wait_for_timeout(1000)
    page.screenshot(path=tmp_path / "browser.png")
    assert (tmp_path / "browser.png").stat().st_size < MOST_BYTES
    if os.environ.get("MATDEPS_PICTURES"):
        # Only where it is asked for: a picture of each run would change the documentation each time.
        PICTURE.parent.mkdir(exist_ok=True)
        shutil.copy(tmp_path / "browser.png", PICTURE)
    assert PICTURE.stat().st_size < MOST_BYTES
    assert len(captions) > 20
    assert all(captions)
    assert any("Terbium" in caption for caption in captions)
    assert ORANGE in colours
    assert len(set(colours)) >= 4


def test_a_text_is_drawn(page: Any, tmp_path: Path) -> None:
    """What `matdeps queries exposed terbium --cypher` prints, pasted as its comment says."""
    write_browser_kit(tmp_path)
    drop(page, tmp_path / "matdeps.grass")
    with matdeps.open("reference") as graph:
        asked = {"start": "terbium", "kind": "program", "max_tier": 4, "as_of": "2026-07-01"}
        parameters, _, statement = make_cypher(graph.reader, "exposed", asked).partition("\n\n")
        hits = {row.name for row in graph.run("exposed", **asked).rows}
    run(page, parameters)
    page.wait_for_timeout(3000)
    run(page, statement)
    captions, _ = wait_for_graph(page)
    assert len(captions) > len(hits)
