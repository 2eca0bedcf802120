"""The loaders by name, and how a store comes to hold the built-in data."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from matdeps.graph.errors import ConfigError
from matdeps.graph.store import Store
from matdeps.loaders.audit import LoadReport, suggest
from matdeps.loaders.reference import DATASET, get_reference_folder


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
    store = Store.open(Path(path), create=True)
    try:
        if reference and store.generation == 0:
            load_reference(store)
    except BaseException:
        store.close()
        raise
    return store
