"""Connections to a server: sessions, retries, and the one place where the driver's errors become ours."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any, TypeVar

import neo4j
from neo4j import exceptions as faults

from matdeps.graph.errors import ConfigError, MatdepsError, StoreError, StoreUnavailableError, TooMuchMemoryError
from matdeps.graph.neo4j.settings import Neo4jSettings

MINIMUM_VERSION = (5, 26)
RETRY_SECONDS = 60.0
"""How long transient errors and a server that went away are tried again."""
MEMORY_CODES = frozenset(
    {
        "Neo.TransientError.General.MemoryPoolOutOfMemoryError",
        "Neo.TransientError.General.OutOfMemoryError",
        "Neo.TransientError.General.TransactionMemoryLimit",
        "Neo.TransientError.General.TransactionOutOfMemoryError",
        "Neo.TransientError.General.StackOverFlowError",
    }
)
"""Transient by name only: the same transaction fails again, a smaller one may not. (Which errors are worth trying again
the driver knows by their codes: ``Neo4jError.is_retryable``.)"""
Row = list[Any]
Parameters = Mapping[str, Any]
T = TypeVar("T")


class Server:
    """A server that can be asked, for use in a `with` block. Safe to use from several threads.

    Parameters
    ----------
    settings
        Where it is, and who asks.

    Raises
    ------
    ConfigError
        Wrong user name, password or database.
    StoreUnavailableError
        It cannot be reached.
    StoreError
        It is older than `MINIMUM_VERSION`.
    """

    def __init__(self, settings: Neo4jSettings) -> None:
        self.settings = settings
        auth = (settings.user, settings.password) if settings.password is not None else None
        with translate(settings):
            self._driver = neo4j.GraphDatabase.driver(
                settings.uri,
                auth=auth,
                notifications_min_severity="OFF",
                user_agent="matdeps",
                connection_timeout=10,
                max_transaction_retry_time=RETRY_SECONDS,
            )
        try:
            with translate(settings):
                agent = str(self._driver.get_server_info().agent)
            self.version = agent.partition("/")[2]
            _demand_version(self.version, settings)
        except BaseException:
            self._driver.close()
            raise

    def __enter__(self) -> "Server":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._driver.close()

    def read(self, text: str, /, **parameters: Any) -> list[Row]:
        """Ask, in a transaction of its own; transient errors are tried again."""
        return self.read_all(lambda ask: ask(text, parameters))

    def read_all(self, work: "Callable[[Ask], T]") -> T:
        """Ask several times in one transaction; `work` may be called again after a transient error."""

        def run(transaction: neo4j.ManagedTransaction) -> T:
            return work(lambda text, parameters: _fetch(transaction, text, parameters))

        with translate(self.settings), self._session(neo4j.READ_ACCESS) as session:
            return session.execute_read(run)

    def write(self, text: str, /, **parameters: Any) -> list[Row]:
        """Change, in a transaction of its own; transient errors are tried again, by name.

        Raises
        ------
        TooMuchMemoryError
            The transaction is too large for the server.
        """

        def run(transaction: neo4j.ManagedTransaction) -> list[Row]:
            try:
                return _fetch(transaction, text, parameters)
            except faults.Neo4jError as error:
                if error.code in MEMORY_CODES:
                    # Raised as it is, the driver would try the same again and again.
                    raise _make_memory_error(self.settings) from error
                raise

        with translate(self.settings), self._session(neo4j.WRITE_ACCESS) as session:
            return session.execute_write(run)

    def run_batches(self, text: str, /, **parameters: Any) -> list[Row]:
        """Run a statement that commits in batches of its own (CALL ... IN TRANSACTIONS); it must bear repetition."""
        end = time.monotonic() + RETRY_SECONDS
        while True:
            try:
                with translate(self.settings), self._session(neo4j.WRITE_ACCESS) as session:
                    return [record.values() for record in session.run(text, parameters)]
            except StoreUnavailableError:
                if time.monotonic() > end:
                    raise
                time.sleep(1)

    def _session(self, mode: str) -> neo4j.Session:
        return self._driver.session(database=self.settings.database, default_access_mode=mode, fetch_size=5000)


Ask = Callable[[str, Parameters], list[Row]]
"""Asks within a transaction: text and parameters in, rows of values out."""


def _fetch(transaction: neo4j.ManagedTransaction, text: str, parameters: Parameters) -> list[Row]:
    # Every text is made of constants of the schema; values are parameters, always.
    return [record.values() for record in transaction.run(text, dict(parameters))]


def _demand_version(version: str, settings: Neo4jSettings) -> None:
    numbers = tuple(int(number) for number in re.findall(r"\d+", version)[:2])
    if numbers and numbers < MINIMUM_VERSION:
        least = ".".join(map(str, MINIMUM_VERSION))
        raise StoreError(
            f"the server at {settings.uri} is Neo4j {version}, and matdeps needs {least} or newer",
            remedy="Use the current long-term release or the newest one.",
        )


def _make_memory_error(settings: Neo4jSettings) -> TooMuchMemoryError:
    return TooMuchMemoryError(
        f"the server at {settings.uri} allows transactions too little memory",
        remedy="Raise dbms.memory.transaction.total.max or the heap in neo4j.conf, and push again.",
    )


@contextmanager
def translate(settings: Neo4jSettings) -> Iterator[None]:
    """Turn the driver's errors into ours; no message holds the password."""
    try:
        yield
    except MatdepsError:
        raise
    except faults.Neo4jError as error:
        raise _explain(error, settings) from error
    except faults.DriverError as error:
        raise _explain_driver(error, settings) from error
    except OSError as error:
        raise _make_unreachable(settings) from error
    except ValueError as error:
        raise ConfigError(f"the server {settings.uri} cannot be meant: {_first_line(error)}") from error


def _explain(error: faults.Neo4jError, settings: Neo4jSettings) -> MatdepsError:
    code = str(error.code or "")
    if code in MEMORY_CODES:
        return _make_memory_error(settings)
    if code.endswith((".Unauthorized", ".CredentialsExpired", ".TokenExpired", ".AuthProviderFailed")):
        return ConfigError(
            f"the server at {settings.uri} does not let user {settings.user!r} in: wrong user name or password",
            remedy="Set NEO4J_USERNAME and NEO4J_PASSWORD.",
        )
    if code.endswith(".AuthenticationRateLimit"):
        return ConfigError(
            f"the server at {settings.uri} refuses user {settings.user!r} after too many wrong passwords",
            remedy="Wait some seconds, and set NEO4J_PASSWORD.",
        )
    if code.endswith((".DatabaseNotFound", ".HomeDatabaseNotFound")):
        return ConfigError(
            f"the server at {settings.uri} has no database {settings.database!r}",
            remedy="Set NEO4J_DATABASE, or unset it for the user's own (SHOW DATABASES lists them).",
        )
    if ".Security.Forbidden" in code or "ReadOnly" in code or code.endswith((".Forbidden", ".AccessMode")):
        return StoreError(
            f"user {settings.user!r} may not write to {settings.describe()}, or the database is read-only",
            remedy="Use a user with the roles publisher and architect (or admin), or make the database writable.",
        )
    if error.is_retryable():
        return StoreUnavailableError(
            f"the server at {settings.uri} is busy or starting: {_first_line(error)}", remedy="Try again."
        )
    return StoreError(f"the server at {settings.uri} refused: {_first_line(error)}")


def _explain_driver(error: faults.DriverError, settings: Neo4jSettings) -> MatdepsError:
    if isinstance(error, faults.ServiceUnavailable | faults.SessionExpired):
        if "handshake" in str(error).lower() and "version" in str(error).lower():
            return StoreError(
                f"the server at {settings.uri} is too old for matdeps, or is no Neo4j server",
                remedy="matdeps needs Neo4j 5.26 or newer.",
            )
        return _make_unreachable(settings)
    if isinstance(error, faults.ConfigurationError):
        if "notification" in str(error).lower():
            return StoreError(f"the server at {settings.uri} is too old", remedy="matdeps needs Neo4j 5.26 or newer.")
        return ConfigError(f"the server {settings.uri} cannot be used so: {_first_line(error)}")
    return StoreUnavailableError(f"the connection to {settings.uri} failed: {_first_line(error)}", remedy="Try again.")


def _make_unreachable(settings: Neo4jSettings) -> StoreUnavailableError:
    return StoreUnavailableError(
        f"the Neo4j server at {settings.uri} cannot be reached",
        remedy="Is it started, and is NEO4J_URI right? (compose.yaml starts one: docker compose up -d)",
    )


def _first_line(error: BaseException) -> str:
    text = getattr(error, "message", None) or str(error)
    return str(text).strip().partition("\n")[0][:300]
