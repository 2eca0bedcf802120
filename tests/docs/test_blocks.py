"""What README and the pages show is run: console blocks compared line by line, Python blocks in order, page by page."""

import doctest
from pathlib import Path
from typing import Any

import pytest
from tests.docs.pages import ROOT, Terminal, find_blocks, find_file_name, list_pages, matches, refresh, split_commands

PAGES = list_pages()
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
SETUP_LINES = (
    "git clone ",
    "cd ",
    "./run ",
    "py run ",
    "matdeps ",
    "python ",
    "pip ",
    "datasette ",
    "sqlite3 ",
    ".venv/bin/",
)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_console_blocks_show_what_the_commands_print(page: Path, tmp_path: Path) -> None:
    # One folder a page: a block may build on what the one before it wrote.
    terminal = Terminal(page, tmp_path)
    for block in find_blocks(page, "console"):
        for command, expected in split_commands(block):
            actual = terminal.run(command)
            assert matches(expected, actual), (
                f"{block.name}: $ {command}\nrefresh with: python -m tests.docs.generate {page.name}\n"
                + "\n".join(refresh(expected, actual))
            )


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_python_blocks_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, Any] = {"__name__": "__page__"}
    parser, runner = (
        doctest.DocTestParser(),
        doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE),
    )
    for block in find_blocks(page, "python"):
        if find_file_name(block):
            continue  # a module, not a session: whoever follows the page imports it
        text = "\n".join(block.lines) + "\n"
        if ">>>" in text:
            test = parser.get_doctest(text, namespace, block.name, str(page), block.first)
            said: list[str] = []
            runner.run(test, out=said.append, clear_globs=False)
            namespace.update(test.globs)
            assert not said, "".join(said)
        else:
            exec(compile(text, block.name, "exec"), namespace)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_block_is_of_a_kind_that_is_checked(page: Path) -> None:
    for block in find_blocks(page):
        assert block.language in {"console", "python", "sh", "text", "csv", "json", "toml", "sql", "diff"}, block.name
        if block.language == "sh":
            for line in block.lines:
                assert not line or line.startswith((*SETUP_LINES, "#")), f"{block.name}: {line}"


def test_at_least_the_front_page_shows_answers() -> None:
    shown = sum(len(split_commands(block)) for page in PAGES for block in find_blocks(page, "console"))
    assert shown >= 20


@pytest.mark.parametrize(
    ("expected", "actual", "fits"),
    [
        (["a", "b"], ["a", "b"], True),
        (["a"], ["a", "b"], False),
        (["a", "...", "d"], ["a", "b", "c", "d"], True),
        (["a", "...", "d"], ["a", "d"], True),
        (["a", "...", "c"], ["a", "b", "c", "d"], False),
        (["...", "b", "..."], ["a", "b", "c"], True),
        (["...", "x", "..."], ["a", "b", "c"], False),
        (["a", "...", "a"], ["a"], False),
        (["...", "c", "...", "b", "..."], ["b", "c"], False),
    ],
)
def test_a_line_of_dots_stands_for_lines_and_for_nothing_else(
    expected: list[str], actual: list[str], fits: bool
) -> None:
    assert matches(expected, actual) is fits
