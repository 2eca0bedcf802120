"""A home without a store, one with stores, and a copy of it that a test may change."""

import shutil
from pathlib import Path

import pytest
from tests.e2e.cli_place import Place, write_facts


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A home without a store; the built-in graph is made in its cache once."""
    root = tmp_path_factory.mktemp("cli")
    (root / "work").mkdir()
    return Place(root / "home", root / "work")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, place: Place) -> Place:
    """A home with a store of its own that holds the dataset `ours` beside the reference, and a plain ./store."""
    root = tmp_path_factory.mktemp("made")
    made = Place(root / "home", root / "work")
    write_facts(made.work / "my-facts")
    assert made.call("load", "graph", "my-facts", "--as", "ours").code == 0
    assert made.call("load", "graph", "my-facts", "--as", "ours", "--no-reference", "--graph", "store").code == 0
    return made


@pytest.fixture
def own(made: Place, tmp_path: Path) -> Place:
    """A copy of `made` that a test may change."""
    shutil.copytree(made.home, tmp_path / "home")
    shutil.copytree(made.work, tmp_path / "work")
    return Place(tmp_path / "home", tmp_path / "work")
