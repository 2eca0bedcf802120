"""matdeps: a knowledge graph of material dependencies.

>>> import matdeps
>>> g = matdeps.open("reference")
>>> g.exposed("terbium", as_of="2026-07-01").summary["hits"] > 0
True
"""

from typing import TYPE_CHECKING, Any

from matdeps._version import __version__

if TYPE_CHECKING:
    from matdeps.api import Graph, open

__all__ = ["Graph", "__version__", "open"]


def __getattr__(name: str) -> Any:
    # Importing matdeps must be cheap: the graph and its libraries load when something is asked.
    if name in {"open", "Graph"}:
        from matdeps import api

        return getattr(api, name)
    raise AttributeError(f"module 'matdeps' has no attribute {name!r}")
