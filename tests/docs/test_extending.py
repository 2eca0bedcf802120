"""docs/extending.md is followed to the letter: its files are written, its changes made; its commands run in test_blocks."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.docs.pages import DOCS, ROOT, copy_source, find_blocks, find_file_name, write_files

PAGE = DOCS / "extending.md"


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    copy_source(PAGE, tmp_path)
    write_files(PAGE, tmp_path)
    return tmp_path


def run(changed: Path, *words: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(changed / "src"), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, *words],
        cwd=changed, env=environment, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_the_page_adds_is_what_runs(changed: Path) -> None:
    where = run(changed, "-c", "import matdeps.queries.scrap as m; print(m.__file__)").strip()
    assert Path(where).is_relative_to(changed)


def test_both_engines_answer_the_new_query_alike(changed: Path) -> None:
    rows = [
        json.loads(run(changed, "-m", "matdeps", "scrap", "dysprosium oxide", "--as-of", "2026-07-01", "--graph", "reference",
                       "--engine", engine, "--format", "json", "-q"))["rows"]
        for engine in ("embedded", "networkx")
    ]  # fmt: skip
    assert rows[0]
    assert rows[0] == rows[1]


def test_the_new_query_is_a_method_in_python(changed: Path) -> None:
    code = "import matdeps; g = matdeps.open('reference'); print(len(g.scrap('dysprosium oxide', as_of='2026-07-01')))"
    assert int(run(changed, "-c", code)) > 0


def test_both_engines_walk_the_new_relationship_alike(changed: Path) -> None:
    run(changed, "-m", "matdeps", "load", "graph", "boxes", "--graph", "store", "-q")
    answers = [
        json.loads(run(changed, "-m", "matdeps", "exposed", "Shipping carton", "--kind", "all", "--as-of", "2026-07-01",
                       "--graph", "store", "--engine", engine, "--format", "json", "-q"))["rows"]
        for engine in ("embedded", "networkx")
    ]  # fmt: skip
    assert "product:ct-scanner" in {row["id"] for row in answers[0]}
    assert answers[0] == answers[1]


def test_modules_of_the_page_meet_the_rules_of_the_house(changed: Path) -> None:
    names = [name for block in find_blocks(PAGE, "python") if (name := find_file_name(block))]
    assert len(names) == 3
    (changed / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text("utf-8"), "utf-8")
    for step in (["check", "--no-cache"], ["format", "--check", "--no-cache"]):
        run(changed, "-m", "ruff", *step, *names)


def test_a_query_and_a_loader_are_one_module_and_one_line_each() -> None:
    changes = list(find_blocks(PAGE, "diff"))
    assert [len([line for line in block.lines if line.startswith("+")]) for block in changes] == [1] * len(changes)
    for block in find_blocks(PAGE, "python"):
        assert ast.get_docstring(ast.parse("\n".join(block.lines))), block.name
