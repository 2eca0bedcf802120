"""What must be documented is: commands, options, errors, kinds, relationships, queries, terms; and links lead somewhere."""

import json
import re
import tomllib
from pathlib import Path

import click
import pytest
from tests.docs.generate import TWINS, fill_parts, make_commands_page
from tests.docs.pages import DOCS, ROOT, find_blocks, iter_links, list_anchors, list_pages, split_commands

from matdeps.cli.command import Command
from matdeps.cli.registry import iter_commands
from matdeps.graph import errors
from matdeps.graph.schema import CONTROL_STATUSES, CRITICALITIES, KINDS, LINK_TYPES, ROLE_VIEWS, Confidence, View
from matdeps.loaders import fact_schemas
from matdeps.loaders.reference import get_reference_folder
from matdeps.loaders.registry import LOADERS
from matdeps.queries.catalogue import QUERIES

PAGES = list_pages()
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
COMMANDS = dict(iter_commands())
DATED = {"ask", "exposed", "depends", "why", "whatif", "sources", "controls", "show", "coverage"}
"""Commands whose answer depends on the day."""


def read(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def test_the_page_of_commands_is_that_of_today() -> None:
    assert read("commands.md") == make_commands_page(), "stale: run python -m tests.docs.generate"


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_tables_made_from_the_code_are_those_of_today(page: Path) -> None:
    text = page.read_text("utf-8")
    assert text == fill_parts(text), "stale: run python -m tests.docs.generate"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name: str) -> None:
    page = read("commands.md")
    section = page[page.index(f"### matdeps {name}\n") :].split("\n##")[0]
    for parameter in COMMANDS[name].params:
        if isinstance(parameter, click.Option):
            for flag in (*parameter.opts, *parameter.secondary_opts):
                assert flag in section, f"{name} {flag}"
            assert parameter.help, f"{name} {parameter.name} has no help"
    assert "In Python:" in section, f"{name} has no Python twin"


def test_every_command_has_an_example_and_no_twin_is_left_over() -> None:
    assert set(TWINS) == set(COMMANDS)
    for name, command in COMMANDS.items():
        assert isinstance(command, Command), name
        assert command.examples, name


@pytest.mark.parametrize("name", sorted(DATED))
def test_the_twin_of_a_dated_command_names_the_day(name: str) -> None:
    for line in TWINS[name].splitlines():
        assert "as_of=" in line, line


def test_every_error_is_documented() -> None:
    found: list[type[errors.MatdepsError]] = [errors.MatdepsError]
    for kind in found:
        found.extend(kind.__subclasses__())
    page = read("python.md")
    names = {kind.__name__ for kind in found if kind.__module__ == errors.__name__}
    assert len(names) > 10
    for name in names:
        assert f"`{name}`" in page, name


def test_every_kind_and_relationship_stands_in_the_model() -> None:
    page = read("model.md")
    for name in (*KINDS, *LINK_TYPES):
        assert f"`{name}`" in page, name
    for word in (*CRITICALITIES, *(role for role in ROLE_VIEWS if role), *CONTROL_STATUSES):
        assert word in page, word
    for one in (*View, *Confidence):
        assert f"*{one.name}*" in page, one.name


def test_every_kind_stands_in_the_picture_as_text() -> None:
    picture = read("model.svg")
    for kind in KINDS.values():
        assert f">{kind.label}</text>" in picture, kind.label
    for name in re.findall(r'class="rel2?"[^>]*>(\w+)<', picture):
        assert name in LINK_TYPES, name
    assert "prefers-color-scheme: dark" in picture
    assert "<title" in picture and "<desc" in picture


def test_every_query_is_documented() -> None:
    page = read("python.md")
    for query in QUERIES.values():
        assert f"| `{query.name}` | {query.question} |" in page


def test_every_term_stands_once_and_in_order() -> None:
    terms = re.findall(r"^\| ([^|]+?) \|", read("terms.md"), flags=re.MULTILINE)[2:]
    assert len(terms) > 50
    assert terms == sorted(set(terms), key=str.casefold)
    for kind in KINDS.values():
        word = {"program": "programme", "country": "country"}.get(kind.name, kind.name)
        assert kind.name == "country" or word in terms, word


def test_every_file_column_and_value_of_the_format_is_documented() -> None:
    page = read("data-format.md")
    for name, columns in fact_schemas.FILES.items():
        row = next(line for line in page.splitlines() if line.startswith(f"| `{name}` |"))
        assert set(re.findall(r"`(\w+)`", row.split("|")[3])) >= set(columns), name
    for word in (*fact_schemas.CLAIM_STATUSES, *fact_schemas.CONFIDENCES, *fact_schemas.OPTIONAL_NODE_COLUMNS):
        assert f"`{word}`" in page, word
    for name in fact_schemas.ELSEWHERE:
        assert name in page, name


def test_every_loader_is_documented() -> None:
    text = read("data-format.md") + read("store.md")
    for name in LOADERS:
        assert f"matdeps load {name}" in text, name


def test_the_reference_data_says_its_version_and_its_day() -> None:
    about = json.loads((get_reference_folder() / "dataset.json").read_text("utf-8"))
    page = read("reference-data.md")
    assert f"### {about['version']}\n" in page
    year, month, day = about["knowledge_until"].split("-")
    months = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]
    assert f"{int(day)} {months[int(month) - 1]} {year}" in page
    assert about["version"] in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_every_dependency_is_explained_with_its_bound() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extra = [one for group in project["optional-dependencies"].values() for one in group]
    page = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    for requirement in (*project["dependencies"], *extra):
        name, bound = re.fullmatch(r"([\w-]+)(.*)", requirement.replace(" ", "")).groups()  # type: ignore[union-attr]
        assert f"| `{name}` `{bound}` |" in page, requirement
    rows = re.findall(r"^\| `([\w-]+)` `[<>=]", page, flags=re.MULTILINE)
    assert len(rows) == len(project["dependencies"]) + len(extra)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_lead_somewhere(page: Path) -> None:
    for target in iter_links(page):
        if re.match(r"https?://", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{page.name}: {target}"
        assert file.is_relative_to(ROOT), f"{page.name}: {target}"
        if anchor:
            assert anchor in list_anchors(file), f"{page.name}: {target}"


def test_every_page_is_reached_from_the_index() -> None:
    reached = set(iter_links(DOCS / "index.md"))
    assert {page.name for page in DOCS.glob("*.md")} - {"index.md"} <= reached


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_no_question_is_left_to_today(page: Path) -> None:
    for block in find_blocks(page, "console"):
        for command, _ in split_commands(block):
            words = command.split()
            if words[0] in {"matdeps", "./run"} and words[1] in DATED:
                assert re.search(r"--(as-of|on) 20\d\d-\d\d-\d\d", command), f"{block.name}: {command}"
    for block in find_blocks(page, "python"):
        for name, rest in re.findall(r"\bg\.(\w+)\((.*)\)", "\n".join(block.lines)):
            if name in DATED:
                assert "as_of=" in rest, f"{block.name}: g.{name}({rest})"


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_no_page_names_a_folder_of_one_machine(page: Path) -> None:
    text = page.read_text("utf-8")
    assert str(ROOT) not in text
    assert not re.search(r"(?<![\w.])/(?:home|root|Users|tmp|work|private)/", text)
    assert str(Path.home()) not in text or str(Path.home()) == "/"
