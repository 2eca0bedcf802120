"""How tests ask the product: a graph of dictionaries becomes a store, and an answer plain rows to compare."""

from pathlib import Path
from typing import Any

from tests.generate import write_folder

from matdeps.api import Graph
from matdeps.graph.store import Store
from matdeps.loaders.graph_csv import load_graph

ENGINES = ("embedded", "networkx")


def make_store(graph: dict[str, Any], folder: Path) -> Store:
    """Load a graph of dictionaries, without the reference, into a store of its own."""
    store = Store.open(folder / "store", create=True)
    load_graph(store, write_folder(graph, folder / "facts"), dataset="test")
    return store


def ask(store: Store, engine: str, query: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Ask a canned query with the arguments of the oracle; the answer as the JSON object."""
    options = dict(arguments)
    positional = [options.pop(name) for name in ("start", "node") if name in options]
    if query == "why":
        positional.append(options.pop("target"))
    if "kind" in options and not options["kind"]:
        del options["kind"]
    return Graph(store, engine=engine).run(query, *positional, **options).to_dict()


def simplify(row: dict[str, Any], like: dict[str, Any]) -> dict[str, Any]:
    """Keep of a row what another row speaks of; a path becomes [tail, type, head] triples."""
    found = {name: row.get(name) for name in like}
    if isinstance(found.get("path"), list):
        found["path"] = [
            [hop["from"], hop["type"], hop["to"]] if isinstance(hop, dict) else list(hop) for hop in found["path"]
        ]
    if isinstance(found.get("binds"), list):
        found["binds"] = sorted(bound["node"] if isinstance(bound, dict) else bound for bound in found["binds"])
    return found
