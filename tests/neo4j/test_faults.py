"""Each thing that can be wrong with a server has one clear message, and none of them holds the password."""

import socket
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.neo4j import server as lab
from tests.neo4j.conftest import make_settings, wipe
from tests.neo4j.test_push import make_store

import matdeps
from matdeps.graph.errors import ConfigError, StoreError, StoreUnavailableError
from matdeps.graph.neo4j import session
from matdeps.graph.neo4j.push import push
from matdeps.graph.neo4j.reader import Neo4jReader
from matdeps.graph.neo4j.settings import Neo4jSettings
from matdeps.graph.neo4j.status import check, status
from matdeps.graph.store import Store

SECRET = "a-secret-that-nobody-may-see"


def tell(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with make_store(5, tmp_path) as store:
        yield store


@pytest.mark.neo4j
def test_wrong_password(empty: lab.Server) -> None:
    if not empty.password:
        pytest.skip("this server asks for no password")
    with pytest.raises(ConfigError, match="wrong user name or password") as caught:
        status(make_settings(empty, password=SECRET))
    assert "NEO4J_PASSWORD" in str(caught.value)
    assert SECRET not in tell(caught.value)


@pytest.mark.neo4j
def test_wrong_database(empty: lab.Server, store: Store) -> None:
    for action in (status, Neo4jReader, lambda settings: push(store, settings)):
        with pytest.raises(ConfigError, match="no database 'nosuch'"):
            action(make_settings(empty, database="nosuch"))


@pytest.mark.neo4j
def test_empty_database(settings: Neo4jSettings, store: Store) -> None:
    assert status(settings).state == "empty"
    with pytest.raises(StoreError, match="holds no matdeps graph"):
        Neo4jReader(settings)
    with pytest.raises(StoreError, match="holds no matdeps graph"):
        check(store, settings)


def test_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "RETRY_SECONDS", 0.5)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(StoreUnavailableError, match="cannot be reached") as caught:
        status(Neo4jSettings(f"bolt://127.0.0.1:{port}", password=SECRET))
    assert SECRET not in tell(caught.value)
    assert SECRET not in repr(Neo4jSettings(password=SECRET))


def test_old_server() -> None:
    with pytest.raises(StoreError, match=r"Neo4j 4\.4\.12, and matdeps needs 5\.26"):
        session._demand_version("4.4.12", Neo4jSettings())
    for version in ("5.26.0", "2026.08.1"):
        session._demand_version(version, Neo4jSettings())


@pytest.mark.parametrize(
    "uri",
    ["http://localhost:7474", "localhost", "bolt://", f"bolt://neo4j:{SECRET}@localhost", "bolt://localhost:x", ""],
)
def test_address_that_cannot_be_meant(uri: str) -> None:
    with pytest.raises(ConfigError, match="NEO4J_URI") as caught:
        Neo4jSettings(uri)
    assert SECRET not in tell(caught.value)


@pytest.mark.neo4j
@pytest.mark.one_version
def test_database_that_may_not_be_written(own: lab.JarServer, store: Store) -> None:
    wipe(own)
    with Changed(own, {"server.databases.read_only": "neo4j"}):
        with pytest.raises(StoreError, match="may not write") as caught:
            push(store, make_settings(own))
        assert not isinstance(caught.value, StoreUnavailableError)
        assert status(make_settings(own)).state == "empty"


@pytest.mark.neo4j
@pytest.mark.one_version
def test_little_transaction_memory(own: lab.JarServer) -> None:
    wipe(own)
    settings = make_settings(own)
    with matdeps.open("reference") as graph, Changed(own, {"db.memory.transaction.max": "4m"}):
        push(graph.store, settings)
        assert check(graph.store, settings) == []


class Changed:
    """Run a server with further settings for a while."""

    def __init__(self, server: lab.JarServer, settings: dict[str, str]) -> None:
        self.server, self.settings = server, settings
        self.file = server.home / "conf" / "neo4j.conf"

    def __enter__(self) -> None:
        self.before = self.file.read_text("utf-8")
        self._run(self.before + "".join(f"{name}={value}\n" for name, value in self.settings.items()))

    def __exit__(self, *_: object) -> None:
        self._run(self.before)

    def _run(self, text: str) -> None:
        self.server.halt()
        self.file.write_text(text, "utf-8")
        self.server.start()
