"""The pictures in the documentation show the page of today: a gross change means they are due for new ones."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.browser import ARGUMENTS, find_chromium, open_tab
from tests.e2e.cli_place import Place

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
STATES = {"page": "", "path": "#node=program:f-15j-upgrade&open=5/program"}
_COMPARE = """async ([one, two]) => {
  const read = async (text) => {
    const image = new Image();
    image.src = "data:image/png;base64," + text;
    await image.decode();
    const canvas = new OffscreenCanvas(40, 25), context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(image, 0, 0, 40, 25);
    return [image.width, image.height, context.getImageData(0, 0, 40, 25).data];
  };
  const [a, b] = [await read(one), await read(two)];
  if (a[0] !== b[0] || a[1] !== b[1]) return 255;
  let sum = 0;
  for (let at = 0; at < a[2].length; at += 1) sum += Math.abs(a[2][at] - b[2][at]);
  return sum / (a[2].length * 0.75);
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="no Playwright: it is in the dependency group test")
    with api.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        yield started
        started.close()


@pytest.mark.parametrize("name", STATES)
def test_the_picture_is_like_the_page(browser: Any, place: Place, name: str) -> None:
    kept = PICTURES / f"{name}.png"
    assert kept.stat().st_size < 150_000
    done = place.call("view", "terbium", "--as-of", "2026-07-01", "--graph", "reference", "-o", "picture.html")
    assert done.code == 0, done.err
    with open_tab(browser) as tab:
        page = tab.open(place.work / "picture.html", STATES[name])
        page.wait_for_timeout(400)
        now = page.screenshot()
        blank = page.context.new_page()
        texts = [base64.b64encode(data).decode() for data in (kept.read_bytes(), now)]
        difference = blank.evaluate(_COMPARE, texts)
    # Fonts of another system move letters, not cards: the mean of all colours stays near, on a scale to 255.
    assert difference < 8, f"{kept.name} differs by {difference:.1f}: look at the page, and make a new picture"
