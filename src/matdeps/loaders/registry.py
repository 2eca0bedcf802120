"""The loaders by name, and how a store comes to hold the built-in data."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from matdeps.graph.errors import ConfigError, StoreConflictError
from matdeps.graph.store import Store
from matdeps.loaders.audit import LoadReport, suggest
from matdeps.loaders.reference import DATASET, get_reference_folder

PATIENCE = 60.0
"""Seconds that the making of a store waits for another process that makes the same one."""
_PAUSE = 0.1
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Loader:
    """A loader: what it reads, and where it is.

    Attributes
    ----------
    module, function
        Imported when the loader is used: each pays for its own libraries.
    takes
        What is named on the command line; None where nothing is.
    """

    name: str
    about: str
    module: str
    function: str
    takes: str | None

    def load(self, store: Store, *arguments: Any, **options: Any) -> LoadReport:
        """Run the loader; the options are those of its function."""
        report: LoadReport = getattr(import_module(self.module), self.function)(store, *arguments, **options)
        return report


LOADERS: Mapping[str, Loader] = {
    loader.name: loader
    for loader in (
        Loader("graph", "a folder of facts in CSV", "matdeps.loaders.graph_csv", "load_graph", "DIR"),
        Loader("reference", "the built-in data set", "matdeps.loaders.registry", "load_reference", None),
    )
}


def get_loader(name: str) -> Loader:
    """Get a loader by name.

    Raises
    ------
    ConfigError
        There is none of that name.
    """
    if name not in LOADERS:
        raise ConfigError(f"no loader is called {name!r}{suggest(name, LOADERS)}", remedy="See: matdeps loaders")
    return LOADERS[name]


def load_reference(store: Store, **options: Any) -> LoadReport:
    """Load the built-in data set; the options are those of `graph_csv.load_graph`."""
    from matdeps.loaders.graph_csv import load_graph

    return load_graph(store, get_reference_folder(), **{"dataset": DATASET, "loader": DATASET, **options})


def make_store(path: str | os.PathLike[str], *, reference: bool = True) -> Store:
    """Open a store, and make it where there is none.

    Parameters
    ----------
    path
        The folder.
    reference
        Whether a store that holds nothing yet gets the built-in data first, in a commit of its own.
    """
    store = _wait_for(lambda: Store.open(Path(path), create=True))
    try:
        if reference:
            fill_empty(store)
    except BaseException:
        store.close()
        raise
    return store


def fill_empty(store: Store) -> None:
    """Give a store that holds nothing yet the built-in data; where another process is doing so, wait for it."""

    def fill() -> None:
        if store.generation == 0:
            load_reference(store)

    _wait_for(fill)


def _wait_for(step: Callable[[], T]) -> T:
    """Do something again while another process is writing to the store, at most `PATIENCE` seconds long."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return step()
        except StoreConflictError:
            if time.monotonic() > end:
                raise
        time.sleep(_PAUSE)
