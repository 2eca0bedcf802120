"""What every query returns: one frozen answer with rows, a summary, and all that a reader needs to judge it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar

from matdeps._version import __version__
from matdeps.graph.model import GraphInfo, Source

if TYPE_CHECKING:
    import networkx as nx

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class HopRow:
    """One hop of an evidence path, in the link's own direction.

    Attributes
    ----------
    tail, head
        Ids; ``from`` and ``to`` in JSON.
    sentence
        The hop read aloud.
    checked
        Whether somebody read one of its sources.
    sources
        Ids; the answer holds the sources themselves.
    anchor
        Whether the hop only leads to the start (a group member, a plant in a country) and is not counted.
    valid_from, valid_to
        First and last day as ISO dates, both inside; None where open.
    """

    tail: str
    type: str
    head: str
    key: str
    sentence: str
    confidence: str
    checked: bool
    sources: tuple[str, ...]
    anchor: bool
    valid_from: str | None = None
    valid_to: str | None = None


_JSON_NAMES = {"tail": "from", "head": "to"}


def to_plain(value: Any) -> Any:
    """Turn rows and what they hold into plain JSON values.

    Floats are rounded to 6 decimals, and a value within 1e-9 of 0 or 1 is that.
    """
    if isinstance(value, float):
        for whole in (0.0, 1.0):
            if abs(value - whole) <= 1e-9:
                return whole
        return round(value, 6)
    if isinstance(value, HopRow):
        plain = {_JSON_NAMES.get(f.name, f.name): to_plain(getattr(value, f.name)) for f in fields(value)}
        return {k: v for k, v in plain.items() if k not in {"valid_from", "valid_to"} or v is not None}
    if hasattr(value, "__dataclass_fields__"):
        return {f.name: to_plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(k): to_plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(v) for v in value]
    return value


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a canned query.

    Attributes
    ----------
    query
        Name of the canned query.
    parameters
        The question as it was understood: ids, ISO dates, names of views.
    rows
        Sorted by kind, tier and id, unless the query says otherwise.
    summary
        Figures and notes about the answer; ``notes`` (list of str) holds what a reader must be told,
        ``not_known`` (list of str) what the answer does not know, ``next`` (list of str) commands worth typing next.
    sources
        Every source cited by a row, by id.
    names
        Names of the nodes that parameters and rows mention only by id.
    """

    query: str
    parameters: Mapping[str, Any]
    engine: str
    graph: GraphInfo
    rows: Sequence[Any]
    summary: Mapping[str, Any]
    sources: Mapping[str, Source] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    renderers: ClassVar[dict[str, Callable[["Answer"], str]]] = {}
    """What turns an answer into a page or a notebook cell, by format; the Python interface fills it in."""

    def _repr_html_(self) -> str | None:
        """Show the answer in a notebook."""
        render = self.renderers.get("notebook")
        return render(self) if render else None

    def to_html(self) -> str:
        """Turn the answer into one page that opens offline, in any browser.

        Raises
        ------
        LookupError
            If nothing that renders pages was loaded; `import matdeps` and `matdeps.open` do.
        """
        return self.renderers["page"](self)

    def to_pandas(self) -> Any:
        """Turn the rows into a data frame; needs pandas, which matdeps does not install.

        Returns
        -------
        pandas.DataFrame
            A column for each field; a path is the tuple of its sentences.
        """
        import pandas

        records = [to_plain(row) for row in self.rows]
        for record in records:
            if "path" in record:
                record["path"] = tuple(hop["sentence"] for hop in record["path"])
        return pandas.DataFrame(records, columns=[f.name for f in fields(self.rows[0])] if self.rows else None)

    def to_networkx(self) -> "nx.MultiDiGraph[str]":
        """Turn the paths of the rows into a NetworkX multigraph.

        Returns
        -------
        networkx.MultiDiGraph
            Nodes are ids with `name` and `kind`, and what their row says where they have one; each hop is a link with
            its key, type, sentence, confidence, checked, sources and anchor.
        """
        import networkx as nx

        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(query=self.query)
        for row in self.rows:
            for hop in getattr(row, "path", ()):
                for end in (hop.tail, hop.head):
                    graph.add_node(end, name=self.names.get(end, end), kind=end.partition(":")[0])
                graph.add_edge(
                    hop.tail,
                    hop.head,
                    key=hop.key,
                    type=hop.type,
                    sentence=hop.sentence,
                    confidence=hop.confidence,
                    checked=hop.checked,
                    sources=list(hop.sources),
                    anchor=hop.anchor,
                )
        for row in self.rows:
            about = {k: v for k, v in to_plain(row).items() if k not in {"id", "path"}}
            graph.add_node(row.id, **about)
        return graph

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, place: Any) -> Any:
        return self.rows[place]

    def to_dict(self) -> dict[str, Any]:
        """Turn the answer into the JSON object that every engine gives alike."""
        return {
            "schema_version": SCHEMA_VERSION,
            "generated_by": f"matdeps {__version__}",
            "engine": self.engine,
            "query": self.query,
            "parameters": to_plain(self.parameters),
            "graph": {
                "name": self.graph.name,
                "version": self.graph.version,
                "nodes": self.graph.nodes,
                "relationships": self.graph.relationships,
                "knowledge_until": self.graph.knowledge_until,
            },
            "summary": to_plain(self.summary),
            "rows": [to_plain(row) for row in self.rows],
            "sources": {key: to_plain(source) for key, source in sorted(self.sources.items())},
        }
