"""The system's Chromium, cut off from every network: a page that asks for anything fails its test."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
NAMES = ("chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str:
    found = os.environ.get("MATDEPS_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        pytest.skip("no Chromium: install it (Debian: apt-get install chromium), or set MATDEPS_CHROMIUM")
    return found


class Watched:
    """A page with what went wrong on it."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.trouble: list[str] = []
        page.on("console", lambda message: self.trouble.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.trouble.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (self.trouble.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", self._note)

    def _note(self, request: Any) -> None:
        if not request.url.startswith(("file:", "blob:", "data:")):
            self.trouble.append(f"request: {request.url}")

    def open(self, path: Path, fragment: str = "", *, scripts: bool = True) -> Any:
        self.page.goto(path.as_uri() + fragment)
        if scripts:
            self.page.wait_for_selector("html[data-ready]")
        return self.page


@contextmanager
def open_tab(browser: Any, **options: Any) -> Iterator[Watched]:
    """A fresh context, offline; at the end nothing may have gone wrong."""
    settings = {"viewport": {"width": 1280, "height": 800}, "offline": True, "reduced_motion": "reduce", **options}
    context = browser.new_context(**settings)
    context.route("http*://**", lambda route: route.abort())
    try:
        watched = Watched(context.new_page())
        yield watched
        assert watched.trouble == []
    finally:
        context.close()
