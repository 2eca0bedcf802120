"""The page under axe-core, in the states that people meet; the package is for tests only."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.browser import ARGUMENTS, find_chromium, open_tab
from tests.e2e.cli_place import Place

AXE = "4.10.3"
F15 = "program:f-15j-upgrade"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="no Playwright: it is in the dependency group test")
    with api.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The text of axe-core: where MATDEPS_AXE says, else from the npm registry into the cache of the tests."""
    named = os.environ.get("MATDEPS_AXE")
    if named:
        return Path(named).read_text("utf-8")
    cache = Path(os.environ.get("MATDEPS_TEST_CACHE") or tmp_path_factory.getbasetemp() / "cache") / f"axe-{AXE}"
    script = cache / "node_modules" / "axe-core" / "axe.min.js"
    if not script.exists():
        if not shutil.which("npm"):
            pytest.skip("no npm to fetch axe-core with; MATDEPS_AXE may name axe.min.js")
        cache.mkdir(parents=True, exist_ok=True)
        command = [
            "npm",
            "install",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--prefix",
            str(cache),
            f"axe-core@{AXE}",
        ]
        done = subprocess.run(command, capture_output=True, check=False, timeout=120)
        if done.returncode:
            pytest.skip(f"axe-core cannot be fetched: {done.stderr.decode(errors='replace')[-300:]}")
    return script.read_text("utf-8")


@pytest.fixture(scope="module")
def pages(place: Place) -> Path:
    for name, arguments in {
        "terbium": ("terbium",),
        "sources": ("--query", "sources", "tungsten"),
        "controls": ("--query", "controls", "terbium"),
    }.items():
        done = place.call("view", *arguments, "--as-of", "2026-07-01", "--graph", "reference", "-o", f"{name}.html")
        assert done.code == 0, done.err
    return place.work


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("name", "fragment"),
    [
        ("terbium", ""),
        ("terbium", f"#node={F15}&open=5/program"),
        ("terbium", f"#tab=table&node={F15}&sort=2"),
        ("terbium", "#tab=about"),
        ("sources", ""),
        ("sources", "#tab=sources"),
        ("controls", ""),
    ],
)
def test_axe_finds_nothing(browser: Any, axe: str, pages: Path, name: str, fragment: str, scheme: str) -> None:
    # The policy of the page keeps foreign scripts out, this one too; the driver steps around it.
    with open_tab(browser, color_scheme=scheme, bypass_csp=True) as tab:
        page = tab.open(pages / f"{name}.html", fragment)
        page.evaluate("() => { const box = document.querySelector('#filters'); if (box) box.open = true; }")
        page.evaluate(axe)
        found = page.evaluate("axe.run({resultTypes: ['violations']})")
        told = [
            f"{one['id']}: {one['help']}: {[node['html'][:200] + ' ' + (node['failureSummary'] or '')[:300] for node in one['nodes'][:3]]}"
            for one in found["violations"]
        ]
        assert not told, "\n".join(told)


def test_axe_finds_nothing_on_a_phone(browser: Any, axe: str, pages: Path) -> None:
    with open_tab(browser, viewport={"width": 390, "height": 844}, is_mobile=True, bypass_csp=True) as tab:
        page = tab.open(pages / "terbium.html", f"#node={F15}&open=5/program")
        page.evaluate(axe)
        found = page.evaluate("axe.run({resultTypes: ['violations']})")
        assert not [(one["id"], one["help"]) for one in found["violations"]]
