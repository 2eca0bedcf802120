"""Where stores are: the one that was named, else the user's own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from matdeps.cli.output import tell
from matdeps.graph.errors import ConfigError, StoreUnavailableError
from matdeps.graph.store import Store
from matdeps.graph.tables import FILE_NAME

REFERENCE = "reference"


def find_store(graph: str | None) -> Path:
    """Name the store that a command changes.

    Raises
    ------
    ConfigError
        It is the built-in graph, which never changes.
    """
    if graph == REFERENCE:
        raise ConfigError(
            "the reference graph is built in and never changes",
            remedy="Name a store: --graph PATH; matdeps load makes one that holds the reference too.",
        )
    from matdeps.api import get_default_store

    return Path(graph) if graph else get_default_store()


@contextmanager
def open_readable(graph: str | None, *, quiet: bool) -> Iterator[Store]:
    """Open the store of the graph that answers questions, and say which it is where nobody named it."""
    from matdeps import api

    with api.open(graph) as opened:
        if opened.notice and graph is None:
            tell(opened.notice, quiet=quiet)
        yield opened.store


@contextmanager
def open_to_check(graph: str | None, *, quiet: bool) -> Iterator[Store]:
    """Open the store of the graph that answers questions as `open_readable` does, but read nothing in it yet."""
    from matdeps import api

    named = graph or os.environ.get(api.ENVIRONMENT)
    if named == REFERENCE or (not named and not (api.get_default_store() / FILE_NAME).exists()):
        with open_readable(graph, quiet=quiet) as store:
            yield store
        return
    with Store.open(named or api.get_default_store()) as store:
        if graph is None:
            tell(f"Checking the store {store.path}.", quiet=quiet)
        yield store


def open_store(graph: str | None) -> Store:
    """Open the store that a command changes.

    Raises
    ------
    StoreUnavailableError
        There is none.
    """
    path = find_store(graph)
    if graph is None and not path.exists():
        raise StoreUnavailableError(
            f"you have no store yet (it would be {path})", remedy="Make one with: matdeps load graph DIR"
        )
    return Store.open(path)
