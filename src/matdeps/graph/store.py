"""The durable store: a folder with one SQLite database, atomic commits, one writer, many readers, no server.

The database is the truth. Whatever else stands in the folder can be made again from it.
"""

import json
import os
import sqlite3
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from matdeps.graph.errors import StoreConflictError, StoreError, StoreUnavailableError
from matdeps.graph.model import Dataset
from matdeps.graph.store_rows import LATEST, StoredRows
from matdeps.graph.tables import APPLICATION_ID, CURRENT_LOADS, FILE_NAME, FORMAT, TABLES

if TYPE_CHECKING:
    from matdeps.graph.transaction import Transaction

_DAMAGES = ("malformed", "no such table", "no such column", "no such index", "Could not decode")
"""What SQLite says of a database whose tables or texts are not those that were written."""
BUSY_MS = 3_000
"""How long a second writer waits for the first before it gives up."""


@dataclass(frozen=True, slots=True)
class LoadRecord:
    """One entry of the history of loads.

    Attributes
    ----------
    load
        Its number; later loads have larger ones.
    action
        ``load`` or ``unload``.
    loaded_at
        UTC, ISO with seconds.
    """

    load: int
    action: str
    dataset: str
    loader: str
    title: str
    version: str
    knowledge_until: str | None
    fingerprint: str | None
    loaded_at: str
    nodes: int
    relationships: int
    sources: int
    production: int
    claims: int
    notices: tuple[str, ...]


class Store(StoredRows):
    """A store on disk; safe to read from several threads while one writes. Made by `Store.open`.

    Attributes
    ----------
    path
        The folder.
    is_read_only
        Whether writing was ruled out when it was opened.
    """

    def __init__(self, path: Path, *, is_read_only: bool) -> None:
        self.path = path
        self.is_read_only = is_read_only
        self._connections: dict[int, sqlite3.Connection] = {}
        self._lock = threading.Lock()
        self._local = threading.local()
        self._store_id = ""

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, create: bool = False, read_only: bool = False) -> "Store":
        """Open a store.

        Parameters
        ----------
        path
            The folder, or the ``graph.sqlite`` inside one.
        create
            Whether to make an empty store where there is none.
        read_only
            Whether writing is ruled out; a folder that cannot be written opens so by itself.

        Raises
        ------
        StoreUnavailableError
            There is no store at the path, or it cannot be reached.
        StoreError
            The store is damaged, or of another format.
        """
        folder = Path(path)
        if folder.name == FILE_NAME:
            folder = folder.parent
        file = folder / FILE_NAME
        if create and not read_only:
            _create(folder, file)
        _demand_store(folder, file)
        writable = os.access(file, os.W_OK) and os.access(folder, os.W_OK)
        store = cls(folder, is_read_only=read_only or not writable)
        try:
            store._check()
        except BaseException:
            store.close()
            raise
        return store

    def _check(self) -> None:
        with _translate(self.path):
            connection = self.connect()
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            if not tables:
                raise _make_unfinished_error(self.path)
            if "meta" not in tables:
                remedy = f"Name another --graph, or remove {self.path / FILE_NAME} and load again."
                raise StoreError(f"{self.path} holds no matdeps store", remedy=remedy)
            meta = dict(connection.execute("SELECT key, value FROM meta"))
        found = meta.get("format")
        if found != FORMAT:
            raise StoreError(
                f"the store {self.path} has format {found}, and this matdeps reads format {FORMAT}",
                remedy="Load again from the inputs into a new store: matdeps load graph DIR --graph NEW_PATH",
            )
        if not meta.get("store_id"):
            raise make_damage_error(self.path, "it has no store_id")
        self._store_id = meta["store_id"]
        _read_generation(self.path, meta.get("generation"))

    # -- what it is ---------------------------------------------------------------------------------------
    @property
    def store_id(self) -> str:
        """Name that no other store has; hexadecimal."""
        return self._store_id

    @property
    def generation(self) -> int:
        """Number of commits that changed something; 0 for an empty store."""
        with _translate(self.path):
            row = self.connect().execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()
        return _read_generation(self.path, None if row is None else row[0])

    def loads(self) -> list[LoadRecord]:
        """List the history of loads, oldest first."""
        rows = self._read(
            "SELECT load, action, dataset, loader, title, version, knowledge_until, fingerprint, "
            "loaded_at, nodes, relationships, sources, production, claims, notices FROM loads ORDER BY load"
        )
        with name_damage(self.path):
            return [LoadRecord(*(*row[:-1], tuple(json.loads(row[-1])))) for row in rows]

    def datasets(self, load: int | None = None) -> list[Dataset]:
        """List the datasets that are loaded, the reference first, then by name.

        Parameters
        ----------
        load
            As it was after the load of this number; None: now.
        """
        rows = self._read(CURRENT_LOADS, {"load": LATEST if load is None else load})
        return [
            Dataset(name=row[1], loader=row[2], title=row[3], version=row[4], knowledge_until=row[5],
                    loaded_at=row[6], load=row[0])
            for row in rows
        ]  # fmt: skip

    def find_current_fingerprint(self, dataset: str) -> str | None:
        """Find the fingerprint of the input that a dataset was loaded from; None where it is not loaded."""
        for row in self._read(CURRENT_LOADS, {"load": LATEST}):
            if row[1] == dataset:
                return None if row[7] is None else str(row[7])
        return None

    # -- connections --------------------------------------------------------------------------------------
    def connect(self) -> sqlite3.Connection:
        """Get this thread's connection, for reading only."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._open_reader()
            self._local.connection = connection
            with self._lock:
                # Threads reuse numbers: a connection of a thread that has ended is closed by its successor.
                stale = self._connections.pop(threading.get_ident(), None)
                self._connections[threading.get_ident()] = connection
            if stale is not None:
                stale.close()
        return connection

    def _open_reader(self) -> sqlite3.Connection:
        if not self.is_read_only:
            connection = _connect(self.path, "mode=rw")
            connection.execute("PRAGMA query_only = ON")
            return connection
        file = self.path / FILE_NAME
        has_log = file.with_name(FILE_NAME + "-wal").exists()
        if not has_log and not os.access(self.path, os.W_OK):
            # A reader of a WAL database makes files beside it; where it may not, and nobody writes, it needs none.
            return _connect(self.path, "mode=ro&immutable=1")
        connection = _connect(self.path, "mode=ro")
        try:
            connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        except sqlite3.OperationalError:
            connection.close()
            if has_log:
                raise
            # A folder on a read-only medium can call itself writable.
            return _connect(self.path, "mode=ro&immutable=1")
        except sqlite3.DatabaseError:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        """Close the connections of every thread; the store opens them again where it is used again."""
        with self._lock:
            connections, self._connections = list(self._connections.values()), {}
        self._local = threading.local()
        for connection in connections:
            connection.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- writing ------------------------------------------------------------------------------------------
    @contextmanager
    def write(self) -> "Iterator[Transaction]":
        """Write: one commit at the end of the block, nothing at all where the block raises.

        Raises
        ------
        StoreConflictError
            Another process is writing.
        StoreError
            The store is open for reading only, or damaged.
        """
        # A question never writes, and need not wait for what writing takes.
        from matdeps.graph.transaction import Transaction

        if self.is_read_only:
            raise StoreError(f"the store {self.path} is read-only", remedy="Copy the folder to where you may write.")
        with _translate(self.path):
            connection = _connect(self.path, "mode=rw")
            try:
                # Every key that is written was handed out by the transaction itself; checking each of them again
                # costs a third of the time of a load.
                connection.execute("PRAGMA foreign_keys = OFF")
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("PRAGMA cache_size = -200000")
                connection.execute("BEGIN IMMEDIATE")
                try:
                    transaction = Transaction(connection)
                    yield transaction
                    if transaction.has_changed:
                        connection.execute(
                            "UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'"
                        )
                    connection.execute("COMMIT")
                except BaseException:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                    raise
            finally:
                connection.close()

    # -- reading ------------------------------------------------------------------------------------------
    @contextmanager
    def snapshot(self) -> Iterator[int]:
        """Read one state of the store with several calls, whoever writes meanwhile; yield its generation."""
        with _translate(self.path):
            connection = self.connect()
            if connection.in_transaction:
                yield self.generation
                return
            connection.execute("BEGIN")
            try:
                yield self.generation
            finally:
                connection.execute("COMMIT")

    def _make_damage_error(self, text: str) -> StoreError:
        return make_damage_error(self.path, text)

    def _read(self, sql: str, parameters: Any = ()) -> Iterator[tuple[Any, ...]]:
        with _translate(self.path):
            # Not the cursor itself: who stops reading early would have it closed, maybe after its database.
            yield from iter(self.connect().execute(sql, parameters).fetchone, None)


def _connect(folder: Path, mode: str) -> sqlite3.Connection:
    address = f"file:{quote(str((folder / FILE_NAME).absolute()))}?{mode}"
    # Each thread has a connection of its own; only `close` reaches across threads.
    connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    return connection


def _demand_store(folder: Path, file: Path) -> None:
    remedy = f"Make one with: matdeps load graph DIR --graph {folder}"
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder} is no matdeps store but a file", remedy=remedy)
    try:
        file.stat()
    except FileNotFoundError:
        raise StoreUnavailableError(f"there is no store at {folder}", remedy=remedy) from None
    except OSError as error:
        raise StoreUnavailableError(f"cannot reach the store {folder}: {error.strerror}", remedy=remedy) from error


def _make_unfinished_error(folder: Path) -> StoreUnavailableError:
    # A process that was killed before its first commit leaves a database without tables.
    remedy = f"Make it again with: matdeps load graph DIR --graph {folder}"
    return StoreUnavailableError(f"the store {folder} was never finished", remedy=remedy)


def _create(folder: Path, file: Path) -> None:
    """Make the tables where there are none; one commit, so that a killed process leaves no half of them."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if file.exists() and not os.access(file, os.W_OK):
            return
    except OSError as error:
        raise StoreUnavailableError(
            f"cannot make a store at {folder}: {error.strerror}",
            remedy="Name another place with --graph PATH.",
        ) from error
    with _translate(folder):
        connection = _connect(folder, "mode=rwc")
        try:
            if _has_tables(connection):
                return
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("BEGIN IMMEDIATE")
            # Another process may have made them meanwhile.
            if not _has_tables(connection):
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                for statement in TABLES:
                    connection.execute(statement)
                connection.executemany(
                    "INSERT INTO meta (key, value) VALUES (?, ?)",
                    [("format", FORMAT), ("store_id", uuid.uuid4().hex), ("generation", "0")],
                )
            connection.execute("COMMIT")
        finally:
            connection.close()


def _has_tables(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None


@contextmanager
def _translate(folder: Path) -> Iterator[None]:
    """Turn what SQLite raises into the errors of this project, each with its remedy."""
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if "locked" in text or "busy" in text:
            raise StoreConflictError(
                f"another process is writing to the store {folder}",
                remedy="Wait until it has finished, and try again.",
            ) from error
        if any(word in text for word in _DAMAGES):
            raise make_damage_error(folder, text) from error
        raise StoreUnavailableError(
            f"cannot use the store {folder}: {text}",
            remedy="Check that the folder exists, may be written, and has room.",
        ) from error
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        # Rows that do not fit, a use after closing: a fault in the program, not in the store.
        raise
    except sqlite3.DatabaseError as error:
        raise make_damage_error(folder, str(error)) from error


@contextmanager
def name_damage(folder: Path) -> Iterator[None]:
    """Turn what Python raises over values that no load writes into the error of a damaged store."""
    try:
        yield
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        text = f"{error.args[0]!r} is not known" if isinstance(error, KeyError) and error.args else str(error)
        raise make_damage_error(folder, text) from error


def make_damage_error(folder: Path, text: str) -> StoreError:
    """Make the error of a damaged store; the text says what is wrong in it."""
    return StoreError(
        f"the store {folder} is damaged: {text}",
        remedy=f"Restore it from a copy, or remove {folder} and load again from the inputs.",
    )


def is_damage(error: StoreError) -> bool:
    """Say whether an error is one of `make_damage_error`."""
    return type(error) is StoreError and " is damaged: " in error.message


def _read_generation(folder: Path, value: Any) -> int:
    if not str(value).isdecimal():
        raise make_damage_error(folder, f"its generation is {value!r}, no number")
    return int(value)
