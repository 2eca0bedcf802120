"""Bulk files: the import tool takes them as they are, and the result is what a push would have written."""

import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import generate
from tests.neo4j import server as lab
from tests.neo4j.conftest import ask, make_settings
from tests.neo4j.test_push import hostile, make_store  # noqa: F401 - a fixture

import matdeps
from matdeps.graph.errors import DataError
from matdeps.graph.neo4j.admin_export import export_admin
from matdeps.graph.neo4j.push import push
from matdeps.graph.neo4j.status import check, status
from matdeps.graph.store import Store
from matdeps.loaders.graph_csv import load_graph


@pytest.fixture(scope="module")
def importer() -> Iterator[lab.JarServer]:
    """A server of its own, which is stopped for imports."""
    try:
        server = lab.start_from_jars(lab.LTS)
    except lab.NoServerError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"no Neo4j server: {error}", pytrace=False)
        pytest.skip(f"NO NEO4J SERVER, NOTHING WAS TESTED: {error}")
    try:
        yield server
    finally:
        server.stop()


def bring(server: lab.JarServer, store: Store, folder: Path) -> None:
    """Export, run the script that was written, start the server."""
    export_admin(store, folder)
    server.halt()
    tool = folder / "neo4j-admin"
    tool.write_text(f"#!/bin/sh\nexec {server.java} -cp '{server.library}/*' org.neo4j.cli.AdminTool \"$@\"\n")
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    done = subprocess.run(
        [folder / "import.sh", "neo4j"],
        env={**os.environ, "NEO4J_ADMIN": str(tool), "NEO4J_HOME": str(server.home), "NEO4J_CONF": f"{server.home}/conf",
             "TMPDIR": str(folder)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    try:
        assert done.returncode == 0, done.stdout + done.stderr
    finally:
        server.start()
    for statement in (folder / "schema.cypher").read_text("utf-8").split(";\n"):
        if statement.strip():
            ask(make_settings(server), statement)


@pytest.mark.neo4j
def test_reference_graph(importer: lab.JarServer, tmp_path: Path) -> None:
    settings = make_settings(importer)
    with matdeps.open("reference") as graph:
        assert graph.store is not None
        bring(importer, graph.store, tmp_path / "a folder")
        assert check(graph.store, settings) == []
        found = status(settings)
        assert (found.state, found.nodes, found.relationships) == (
            "complete",
            graph.info.nodes,
            graph.info.relationships,
        )
        # A push over it finds nothing to remove, and leaves it as it is.
        report = push(graph.store, settings)
        assert (report.removed_nodes, report.removed_relationships) == (0, 0)
        assert check(graph.store, settings) == []


@pytest.mark.neo4j
def test_hostile_texts(importer: lab.JarServer, hostile: Store, tmp_path: Path) -> None:  # noqa: F811
    bring(importer, hostile, tmp_path / "out")
    assert check(hostile, make_settings(importer)) == []


@pytest.mark.neo4j
def test_generated_graph(importer: lab.JarServer, tmp_path: Path) -> None:
    with make_store(5, tmp_path) as store:
        bring(importer, store, tmp_path / "out")
        assert check(store, make_settings(importer)) == []


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    graph = {
        "nodes": [{"id": "material:a", "kind": "material", "name": "a\x1fb", "sources": "mem"}],
        "relationships": [],
        "sources": generate.make_graph(__import__("random").Random(0))["sources"],
    }
    with Store.open(tmp_path / "store", create=True) as store:
        load_graph(store, generate.write_folder(graph, tmp_path / "facts"), dataset="case")
        with pytest.raises(DataError, match="U\\+001F"):
            export_admin(store, tmp_path / "out")
