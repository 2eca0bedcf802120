"""The page as a file: sealed, the same bytes for the same answer, and complete without scripts."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, ClassVar

import pytest
from click.testing import CliRunner
from tests.unit.test_page_picture import answer, hop, row

from matdeps.cli.main import cli
from matdeps.cli.registry import load_command
from matdeps.queries.answer import Answer
from matdeps.views.page.assemble import render_page
from matdeps.views.page.content import split_csv, write_json
from matdeps.views.page.context import Context
from matdeps.views.page.engine import read_library
from matdeps.views.page.labels import LABELS
from matdeps.views.tables import render_csv


class Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] in {"script", "style"}:
            self.raw.append((self.tags[-1][0], data))


@pytest.fixture(scope="module")
def made() -> Answer:
    rows = [
        row(
            f"product:{n:02}",
            "material:a",
            hop("material:a", "intermediate:b"),
            hop("intermediate:b", f"product:{n:02}"),
        )
        for n in range(60)
    ]
    return answer(*rows, as_of="2026-07-01")


def test_the_same_answer_gives_the_same_bytes(made: Answer) -> None:
    assert render_page(made) == render_page(made)


def test_nothing_is_fetched_and_the_policy_forbids_it(made: Answer) -> None:
    page = render_page(made)
    elements = Elements(page)
    assert not {tag for tag, _ in elements.tags} & {"link", "img", "iframe", "object", "embed", "base", "form", "video"}
    assert not [about for tag, about in elements.tags if "src" in about or "style" in about or "srcset" in about]
    assert not [name for _, about in elements.tags for name in about if name.startswith("on")]
    policy = next(
        about["content"] for tag, about in elements.tags if about.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    allowed = set(re.findall(r"'sha256-([^']+)'", policy))
    texts = re.findall(r"<(?:script|style)>(.*?)</(?:script|style)>", page, re.DOTALL)
    assert {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts} == allowed
    assert page.count(read_library()) == 1


def test_its_scripts_name_no_way_to_the_network_or_to_markup() -> None:
    page = render_page(answer())
    own = page[page.rindex("<script>") :]
    for word in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "fetch(", "XMLHttp", "WebSocket",
                 "sendBeacon", "import(", "localStorage", "cookie"):  # fmt: skip
        assert word not in own, word


def test_a_shared_library_is_named_and_not_held(made: Answer) -> None:
    page = render_page(made, library="vis-network.js")
    assert read_library() not in page
    assert '<script src="vis-network.js"></script>' in page
    assert "'self'" in page
    assert "'self'" not in render_page(made)


def test_every_label_is_used(made: Answer) -> None:
    from importlib.resources import files

    root = files("matdeps.views")
    texts = [
        entry.read_text("utf-8")
        for folder in (root, root / "page", root / "page" / "script")
        for entry in folder.iterdir()
        if entry.is_file() and entry.name.endswith((".py", ".js", ".html")) and entry.name != "labels.py"
    ]
    told = "\n".join(texts)
    dynamic = {"definite", "minor", "possible", "confirmed", "reported", "inferred", "contained", "consumed", "all"}
    unused = [
        name
        for name in LABELS
        if name not in dynamic
        and not name.startswith("filter_")
        and not re.search(rf"label_{name}\b|labels\.{name}\b|[\"']{name}[\"']", told)
    ]
    assert not unused


def test_csv_lines_are_those_of_the_csv(made: Answer) -> None:
    text = render_csv(made)
    assert "".join(split_csv(text)) == text
    strange = 'a,b\r\n"x\r\ny","=""1"""\r\n'
    assert "".join(split_csv(strange)) == strange


@pytest.mark.parametrize("text", ["</script>", "<!--", "&lt;", "\u2028\u2029", "\u202e", "日本"])
def test_json_is_safe_inside_a_script(text: str) -> None:
    written = write_json({"x": text})
    assert json.loads(written) == {"x": text}
    assert not set("<>&\u2028\u2029\u202e") & set(written)


def test_an_answer_without_rows_or_paths() -> None:
    page = render_page(answer())
    assert LABELS["no_rows"] in page
    assert read_library() not in page
    assert LABELS["no_picture"] in page


def test_an_unknown_query_is_shown_as_a_table() -> None:
    class Strange:
        id, name, kind = "x:1", "One", "thing"
        __dataclass_fields__: ClassVar[dict[str, Any]] = {}

    page = render_page(Answer("new-query", {}, "embedded", answer().graph, (Strange(),), {}))
    assert "<h1>new-query</h1>" in page
    assert "One" in page


def test_other_pages_and_the_entry_page(made: Answer) -> None:
    page = render_page(made, Context(pages={"product:01": "product-01.html"}, home="index.html"))
    assert '<a href="index.html">' in page
    assert '"page":"product-01.html"' in page


def test_a_page_leaves_the_help_of_the_query_as_it_was(tmp_path: Path) -> None:
    command = load_command("controls")
    command._help_option = None  # as in a process that has asked nothing yet
    words = ["view", "--query", "controls", "terbium", "--as-of", "2026-07-01", "-o", str(tmp_path / "x.html")]
    assert CliRunner().invoke(cli, words).exit_code == 0
    assert "-h, --help" in CliRunner().invoke(cli, ["controls", "--help"]).output
