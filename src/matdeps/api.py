"""The Python interface: open a graph, ask it the canned questions, take the answers further."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from matdeps.graph.engines import ENGINES, open_reader
from matdeps.graph.errors import ConfigError, StoreError
from matdeps.graph.model import GraphInfo
from matdeps.graph.reader import Reader
from matdeps.graph.store import Store
from matdeps.queries.answer import Answer
from matdeps.queries.catalogue import QUERIES

if TYPE_CHECKING:
    import networkx as nx


_MOST_FRAMED_ROWS = 2_000
"""A notebook shows the page of an answer with up to so many rows; of a larger one, a table."""


def _render_notebook(answer: Answer) -> str:
    if len(answer.rows) > _MOST_FRAMED_ROWS:
        from matdeps.views.notebook import render_html_fragment

        return render_html_fragment(answer)
    from matdeps.views.page.frame import render_frame

    return render_frame(_render_page(answer), title=f"matdeps {answer.query}")


def _render_page(answer: Answer) -> str:
    from matdeps.views.page.assemble import render_page

    return render_page(answer)


# Queries and views do not know each other: here they meet.
Answer.renderers |= {"notebook": _render_notebook, "page": _render_page}

REFERENCE = "reference"
ENVIRONMENT = "MATDEPS_GRAPH"


def get_default_store() -> Path:
    """Say where the user's own store stands unless told otherwise."""
    from platformdirs import user_data_path

    return user_data_path("matdeps", appauthor=False) / "graph"


def open(path: str | Path | None = None, *, engine: str = "embedded", loaded_as_of: str | None = None) -> "Graph":
    """Open a graph for questions.

    Parameters
    ----------
    path
        Folder of a store; "reference" is the built-in graph; None: what the environment variable MATDEPS_GRAPH names,
        else the user's own store where one exists, else the reference.
    engine
        embedded, networkx or neo4j; the answers are the same. Neo4j answers from the graph that was pushed to the
        server of the environment variables NEO4J_URI and so on; a path only says which graph that must be.
    loaded_as_of
        ISO date: the graph as the loads up to that day made it; None: as it is.

    Raises
    ------
    StoreError
        If there is no store, or it cannot be used; if the server cannot be reached, or holds another graph.
    ConfigError
        If the engine is not known, or nothing was loaded by that day.
    """
    if engine not in (*ENGINES, "neo4j"):
        raise ConfigError(f"there is no engine {engine!r}", remedy=f"Engines: {', '.join((*ENGINES, 'neo4j'))}.")
    if engine == "neo4j":
        return _open_server(path, loaded_as_of)
    asked = os.environ.get(ENVIRONMENT) or None if path is None else str(path)
    if asked is None and (get_default_store() / "graph.sqlite").exists():
        store = Store.open(get_default_store())
        notice = f"Answering from your own store, {store.path}; --graph reference asks the built-in graph."
    elif asked is None or asked == REFERENCE:
        return _open_reference_graph(
            engine, loaded_as_of, "" if asked else "Answering from the built-in reference graph."
        )
    else:
        store = Store.open(Path(asked))
        notice = f"Answering from the store {store.path}."
    return Graph(store, engine=engine, loaded_as_of=loaded_as_of, notice=notice)


def _open_server(path: str | Path | None, loaded_as_of: str | None) -> "Graph":
    from matdeps.graph.neo4j.reader import Neo4jReader
    from matdeps.graph.neo4j.settings import Neo4jSettings

    if loaded_as_of is not None:
        raise ConfigError(
            "a server holds the graph as it was pushed, not its history",
            remedy="Leave out loaded_as_of, or the engine.",
        )
    settings = Neo4jSettings.from_environment()
    reader = Neo4jReader(settings)
    if path is not None:
        with open(path) as wanted:
            mine, theirs = wanted.info, reader.get_info()
        if (mine.name, mine.version, mine.nodes, mine.relationships) != (
            theirs.name,
            theirs.version,
            theirs.nodes,
            theirs.relationships,
        ):
            reader.close()
            raise StoreError(
                f"{settings.describe()} holds {theirs.name} {theirs.version}, not {mine.name} {mine.version}",
                remedy=f"Push it first: matdeps neo4j push --graph {path}",
            )
    return Graph(None, engine="neo4j", notice=f"Answering from the server {settings.describe()}.", reader=reader)


def _open_reference_graph(engine: str, loaded_as_of: str | None, notice: str) -> "Graph":
    store, is_temporary = open_reference()
    return Graph(store, engine=engine, loaded_as_of=loaded_as_of, notice=notice, is_temporary=is_temporary)


def open_reference() -> tuple[Store, bool]:
    """Open the store of the built-in graph, made in the user's cache on the first question.

    Returns
    -------
    tuple
        The store, and whether it is temporary: where the cache cannot be written to, it lives in a temporary folder
        and goes with this process.
    """
    from platformdirs import user_cache_path

    from matdeps.loaders.reference import compute_stamp

    folder = user_cache_path("matdeps", appauthor=False) / f"reference-{compute_stamp()}"
    if (folder / "graph.sqlite").exists():
        try:
            return Store.open(folder), False
        except StoreError:
            # A damaged cache is no error: it is made again.
            shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
    except OSError:
        return _make_reference(Path(tempfile.mkdtemp(prefix="matdeps-"))), True
    try:
        _make_reference(fresh).close()
        fresh.rename(folder)
    except OSError:
        # Another process was quicker: its store is the same.
        shutil.rmtree(fresh, ignore_errors=True)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return Store.open(folder), False


def _make_reference(folder: Path) -> Store:
    from matdeps.loaders.registry import make_store

    store = make_store(folder, reference=True)
    open_reader(store)  # makes the image, so that the next question finds it
    return store


class Graph:
    """A graph that answers questions. Safe to use from several threads.

    Parameters
    ----------
    store
        Where the graph is kept; None where a server keeps it.
    engine
        embedded, networkx or neo4j.
    loaded_as_of
        ISO date: the graph as the loads up to that day made it; None: as it is.
    notice
        Which graph answers, in words; empty where the caller named it.
    reader
        The port, where it is open already.
    """

    def __init__(
        self,
        store: Store | None,
        *,
        engine: str = "embedded",
        loaded_as_of: str | None = None,
        notice: str = "",
        is_temporary: bool = False,
        reader: Reader | None = None,
    ) -> None:
        self._store, self.engine, self.loaded_as_of, self.notice = store, engine, loaded_as_of, notice
        self._is_temporary = is_temporary
        if is_temporary and store is not None:
            # Where nobody closes the graph, its folder goes with the process.
            atexit.register(shutil.rmtree, store.path, ignore_errors=True)
        self._reader = reader

    @property
    def store(self) -> Store:
        """Where the graph is kept.

        Raises
        ------
        ConfigError
            If a server keeps it.
        """
        if self._store is None:
            raise ConfigError(
                "the graph is kept by a server", remedy="Open the store that was pushed, with another engine."
            )
        return self._store

    @property
    def reader(self) -> Reader:
        """The port of the graph, opened at the first question."""
        if self._reader is None:
            self._reader = open_reader(self.store, engine=self.engine, loaded_as_of=self.loaded_as_of)
        return self._reader

    @property
    def info(self) -> GraphInfo:
        """Name, version, size, and the day to which the knowledge reaches."""
        return self.reader.get_info()

    def run(self, query: str, *arguments: Any, **options: Any) -> Answer:
        """Run a canned query by its name; its parameters are those of its module."""
        from matdeps.queries.catalogue import get_query

        return get_query(query).load()(self.reader, *arguments, **options)

    def __getattr__(self, name: str) -> Any:
        query = name.replace("_", "-")
        if query not in QUERIES:
            raise AttributeError(f"'Graph' object has no attribute {name!r}")
        return lambda *arguments, **options: self.run(query, *arguments, **options)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(name.replace("-", "_") for name in QUERIES)]

    def ask(self, text: str, **options: Any) -> Answer:
        """Answer a question in words; see `matdeps.queries.ask` for what is understood.

        Raises
        ------
        QueryError
            If the question is not understood.
        """
        from matdeps.queries.ask import understand
        from matdeps.queries.question import parse_date

        understood = understand(self.reader, text, today=parse_date(None))
        said, given = understood.arguments.get("as_of"), options.get("as_of")
        if said and given and said != parse_date(given):
            raise ConfigError(f"the question says {said}, and as_of says {given}", remedy="Give the date once.")
        return self.run(understood.query, **{**options, **understood.arguments})

    def to_html(self, answer: Answer) -> str:
        """Turn an answer into one page that opens offline, with aliases, countries and restrictions marked.

        `Answer.to_html` makes the same page without what only the graph knows.
        """
        from matdeps.views.page.assemble import render_page
        from matdeps.views.page.gather import gather

        day = answer.parameters.get("as_of")
        restrictions = self.run("controls", as_of=day) if day else None
        return render_page(answer, gather(self.reader, answer, restrictions))

    def to_networkx(self) -> "nx.MultiDiGraph[str]":
        """Make a NetworkX multigraph; links point downstream. See `matdeps.graph.interchange`."""
        from matdeps.graph.interchange import to_networkx

        return to_networkx(self.store, self.info)

    @classmethod
    def from_frames(cls, nodes: Any, links: Any, *, engine: str = "embedded") -> "Graph":
        """Make a graph of two tables, in a temporary store that goes with it.

        Parameters
        ----------
        nodes
            Data frame, or list of mappings, with `id` and `name`; optional `aliases` (a list, or text joined by "|"),
            `attributes` (a mapping, or JSON text).
        links
            Data frame, or list of mappings, with `from`, `type`, `to`; optional `properties` (a mapping, or JSON text),
            `confidence` (default inferred), `sources`.
        engine
            embedded or networkx.

        Raises
        ------
        DataError
            If a row cannot be used; rows count from 2, as in a file with a header.
        """
        from matdeps.loaders.frames import load_frames

        folder = Path(tempfile.mkdtemp(prefix="matdeps-"))
        try:
            return cls(load_frames(folder, nodes, links), engine=engine, is_temporary=True)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def close(self) -> None:
        """Close the store; a temporary one is deleted."""
        closing = getattr(self._reader, "close", None)
        self._reader = None
        if closing is not None:
            closing()
        if self._store is None:
            return
        self.store.close()
        if self._is_temporary:
            shutil.rmtree(self.store.path, ignore_errors=True)

    def __enter__(self) -> "Graph":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
