"""The port: what a query may ask of a graph. Three engines answer it, and no query knows which.

Nodes and links are named by handles, plain integers of one reader. Two promises make every tie break the same way in
every engine: handles of nodes sort as their ids do, and handles of links between the same two nodes sort as their keys
do.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from matdeps.graph.model import Claim, GraphInfo, LinkFacts, NodeFacts, ProductionRow, Source
from matdeps.graph.schema import KINDS, Confidence, Surety, View

Handles = NDArray[np.int64]
Way = Literal["down", "up"]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a question sees of the graph.

    Attributes
    ----------
    as_of
        ISO date; nodes and links that are not valid on it are not there.
    through
        The widest view walked.
    confidence
        The least sure hop allowed.
    checked
        Whether only flow hops one of whose sources was read are walked.
    """

    as_of: str
    through: View = View.consumed
    confidence: Confidence = Confidence.inferred
    checked: bool = False


@dataclass(frozen=True, slots=True)
class Origin:
    """A node that a walk starts from.

    Attributes
    ----------
    node
        Handle.
    is_sure
        False where all that comes from it is only possible (a member of a produced group, an entity listing).
    only_items
        Where not None, the first hop is PRODUCES into one of these handles and nothing else.
    sure_items
        The same for surer paths than possible ones.
    """

    node: int
    is_sure: bool = True
    only_items: frozenset[int] | None = None
    sure_items: frozenset[int] | None = None

    def get_first_items(self, surety: Surety) -> frozenset[int] | None:
        """Get the only items of the first hop for paths of a class; None where the first hop is free."""
        return self.only_items if surety == Surety.possible else self.sure_items


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk along the flow: down with the arrows or up against them.

    Attributes
    ----------
    max_hops
        None walks to the end.
    made, makers
        Up only: items that the organisations asked about make, and those organisations. Other makers of these items are
        their competitors, not what they depend on, and are not walked.
    """

    way: Way
    origins: tuple[Origin, ...]
    scope: Scope
    max_hops: int | None = None
    made: frozenset[int] = frozenset()
    makers: frozenset[int] = frozenset()


class ClassReach(Protocol):
    """What the links of one class of paths reach.

    Attributes
    ----------
    surety, view
        The class: its links are no less sure and no wider.
    nodes
        Handles reached by at least one hop, sorted; an origin is among them where hops lead back to it.
    hops
        Fewest hops to each.
    last_links
        The chosen last hop of each: of all shortest paths the surest link, then the smallest neighbour toward the
        origin, then the smallest link.
    made
        Whether that last hop is PRODUCES.
    """

    @property
    def surety(self) -> Surety: ...  # noqa: D102 - said above

    @property
    def view(self) -> View: ...  # noqa: D102 - said above

    @property
    def nodes(self) -> Handles: ...  # noqa: D102 - said above

    @property
    def hops(self) -> NDArray[np.int32]: ...  # noqa: D102 - said above

    @property
    def last_links(self) -> Handles: ...  # noqa: D102 - said above

    @property
    def made(self) -> NDArray[np.bool_]: ...  # noqa: D102 - said above

    def find_path(self, node: int) -> tuple[int, list[int]]:
        """Follow the chosen hops of a node back to an origin.

        Returns
        -------
        tuple
            The origin's handle, and the links in the order of the arrows.
        """
        ...


@dataclass(frozen=True, slots=True)
class Makers:
    """Who makes some items: parallel arrays, one entry a PRODUCES link that is active on the day and no trader's."""

    makers: Handles
    items: Handles
    links: Handles
    confidence: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Hop:
    """A flow link as a search over paths sees it.

    Attributes
    ----------
    leave
        What the rule of companies in the middle says where the tail is an organisation (`schema.Leave`).
    """

    link: int
    tail: int
    head: int
    type: str
    surety: Surety
    view: View
    confidence: Confidence
    leave: int


@dataclass(frozen=True, slots=True)
class NamedNode:
    """A name under which a node was found.

    Attributes
    ----------
    how
        ``id``, ``name``, ``alias``, ``symbol``, ``formula``, ``cas``, ``hs``, ``code``, ``slug``.
    text
        The name as recorded.
    """

    node: int
    how: str
    text: str


class Reader(Protocol):
    """A graph that can be asked. Safe to use from several threads."""

    engine: str

    def get_info(self) -> GraphInfo:
        """Say what graph this is."""
        ...

    # -- nodes and names -------------------------------------------------------------------------------------------
    def find_handles(self, ids: Iterable[str]) -> dict[str, int]:
        """Find the handles of ids; ids that are not there are left out."""
        ...

    def find_named(self, folded: str) -> list[NamedNode]:
        """Find the nodes that have a name whose folded form (`graph.names.fold`) is this, by handle."""
        ...

    def iter_names(self, prefix: str = "") -> Iterable[tuple[str, NamedNode]]:
        """Yield folded names that begin with a prefix, with their nodes, in order of folded name and handle."""
        ...

    def get_nodes(self, handles: Iterable[int]) -> list[NodeFacts]:
        """Get the facts of nodes, in the order asked."""
        ...

    def find_nodes(self, labels: Collection[str] | None, as_of: str) -> Handles:
        """Find nodes with one of the labels (None: all) that are valid on the day, sorted."""
        ...

    def get_kinds(self, handles: Handles) -> NDArray[np.int8]:
        """Get the kinds of nodes, as codes in the alphabetical order of the names of kinds."""
        ...

    # -- links -----------------------------------------------------------------------------------------------------
    def get_links(self, handles: Iterable[int]) -> list[LinkFacts]:
        """Get the facts of links, in the order asked."""
        ...

    def find_links(
        self,
        nodes: Iterable[int],
        *,
        out: bool,
        types: Collection[str] | None = None,
        as_of: str | None = None,
    ) -> list[LinkFacts]:
        """Find the links that leave (`out`) or reach nodes, of some types (None: all).

        Parameters
        ----------
        as_of
            Only links valid on the day, between nodes valid on it; None: whatever the day. Status is not looked at.

        Returns
        -------
        list of LinkFacts
            By handle of the node, then of the other end, then by key.
        """
        ...

    def find_hops(self, scope: Scope, *, among: Handles) -> list[Hop]:
        """Find the flow links that a scope lets walk between the given nodes, by handle."""
        ...

    def find_makers(self, items: Handles, scope: Scope, labels: Collection[str] | None = None) -> Makers:
        """Find who makes items, by item, then maker, then link; confidence and `checked` of the scope apply.

        Parameters
        ----------
        labels
            Only makers that carry one of them; None: all.
        """
        ...

    # -- walks -----------------------------------------------------------------------------------------------------
    def reach(self, walk: Walk) -> Sequence[ClassReach]:
        """Walk, class by class, best class first; classes that reach nothing new may be left out."""
        ...

    def find_loopers(self, nodes: Handles) -> Handles:
        """Find the nodes that may lie on a loop of flow links, on any day; the others surely lie on none."""
        ...

    def count_without_upstream(self, nodes: Handles, scope: Scope) -> int:
        """Count the nodes that no flow link valid on the day reaches, and that make nothing themselves."""
        ...

    # -- the rest of the facts ---------------------------------------------------------------------------------------
    def get_sources(self, ids: Iterable[str]) -> dict[str, Source]:
        """Get sources by id."""
        ...

    def find_production(
        self, *, items: Collection[str] | None = None, countries: Collection[str] | None = None
    ) -> list[ProductionRow]:
        """Find production rows of items, or of all items that some row gives one of the countries.

        Returns
        -------
        list of ProductionRow
            Complete per item: a frame can be read off them. Sorted by item, stage, year, source, country.
        """
        ...

    def find_claims(self) -> list[Claim]:
        """Get every claim, by id."""
        ...


KIND_ORDER: tuple[str, ...] = tuple(sorted(KINDS))
"""Names of kinds by the codes of `Reader.get_kinds`."""


@dataclass(slots=True)
class ReachedClass:
    """A plain `ClassReach` for engines that hold their walk in dictionaries.

    Attributes
    ----------
    steps
        For each state (node, is open) the chosen link, the state it came from, and the hops.
    """

    surety: Surety
    view: View
    way: Way
    nodes: Handles
    hops: NDArray[np.int32]
    last_links: Handles
    made: NDArray[np.bool_]
    best: dict[int, tuple[int, bool]] = field(default_factory=dict)
    steps: dict[tuple[int, bool], tuple[int, tuple[int, bool] | int]] = field(default_factory=dict)

    def find_path(self, node: int) -> tuple[int, list[int]]:
        """Follow the chosen hops of a node back to an origin."""
        links: list[int] = []
        state: tuple[int, bool] | int = self.best[node]
        while not isinstance(state, int):
            link, state = self.steps[state]
            links.append(link)
        if self.way == "down":
            links.reverse()
        return state, links
