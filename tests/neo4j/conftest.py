"""One server for the whole run, wiped before each test; without one the tests are skipped, loudly, or fail under CI."""

import os
from collections.abc import Iterator

import pytest
from neo4j import GraphDatabase
from tests.neo4j import server as lab

from matdeps.graph.neo4j.settings import Neo4jSettings


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "running" in metafunc.fixturenames:
        one_only = os.environ.get("NEO4J_URI") or metafunc.definition.get_closest_marker("one_version")
        versions = [lab.LTS] if one_only else lab.VERSIONS
        metafunc.parametrize("running", versions, indirect=True, scope="session")


@pytest.fixture(scope="session")
def running(request: pytest.FixtureRequest) -> Iterator[lab.Server]:
    """The server of this run, of one version."""
    try:
        server = lab.start_any(request.param)
    except lab.NoServerError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"no Neo4j server: {error}", pytrace=False)
        pytest.skip(f"NO NEO4J SERVER, NOTHING WAS TESTED: {error}")
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def own(running: lab.Server) -> Iterator[lab.JarServer]:
    """A server of ours that can be set up anew and restarted: that of this run, or another one from its jars."""
    if isinstance(running, lab.JarServer):
        yield running
        return
    try:
        server = lab.start_from_jars(lab.LTS, password=lab.PASSWORD)
    except lab.NoServerError as error:
        pytest.skip(f"NO NEO4J SERVER THAT CAN BE RESTARTED, THAT WAS NOT TESTED: {error}")
    try:
        yield server
    finally:
        server.stop()


def wipe(server: lab.Server) -> None:
    """Delete everything, indexes and constraints too."""
    auth = (server.user, server.password) if server.password else None
    with GraphDatabase.driver(server.uri, auth=auth) as driver, driver.session() as session:
        session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS").consume()


@pytest.fixture
def empty(running: lab.Server) -> lab.Server:
    """The server, with nothing on it."""
    wipe(running)
    return running


def make_settings(server: lab.Server, **changes: str | None) -> Neo4jSettings:
    """Make the settings that name a server."""
    values = {"uri": server.uri, "user": server.user, "password": server.password, **changes}
    return Neo4jSettings(**values)


@pytest.fixture
def settings(empty: lab.Server) -> Neo4jSettings:
    """How matdeps finds the server; nothing is on it."""
    return make_settings(empty)


def ask(settings: Neo4jSettings, text: str, **parameters: object) -> list[list[object]]:
    """Ask the server past matdeps, as anybody may."""
    auth = (settings.user, settings.password) if settings.password else None
    with GraphDatabase.driver(settings.uri, auth=auth) as driver, driver.session() as session:
        return [record.values() for record in session.run(text, parameters)]
