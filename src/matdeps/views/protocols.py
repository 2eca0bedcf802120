"""What a view needs of an answer and its rows; the classes of the queries fit without being known here."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from matdeps.graph.model import GraphInfo, Source


class AnswerLike(Protocol):
    """The answer of a canned query: rows, a summary, and the sources and names that they mention by id."""

    @property
    def query(self) -> str:
        """Name of the canned query."""

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The question as it was understood."""

    @property
    def engine(self) -> str:
        """Name of the engine that answered."""

    @property
    def graph(self) -> GraphInfo:
        """The graph that answered."""

    @property
    def rows(self) -> Sequence[Any]:
        """The rows; their class depends on the query."""

    @property
    def summary(self) -> Mapping[str, Any]:
        """Figures, notes, what is not known, what to ask next."""

    @property
    def sources(self) -> Mapping[str, Source]:
        """Sources by id."""

    @property
    def names(self) -> Mapping[str, str]:
        """Names of nodes by id."""

    def to_dict(self) -> dict[str, Any]:
        """Turn the answer into its JSON object."""


class HopLike(Protocol):
    """One hop of a path, in the link's own direction."""

    @property
    def tail(self) -> str:
        """Id of the node that the link leaves."""

    @property
    def type(self) -> str:
        """Name of the relationship type."""

    @property
    def head(self) -> str:
        """Id of the node that the link enters."""

    @property
    def key(self) -> str:
        """What tells it from other links between the same nodes."""

    @property
    def sentence(self) -> str:
        """The hop read aloud."""

    @property
    def confidence(self) -> str:
        """How sure it is: confirmed, reported or inferred."""

    @property
    def checked(self) -> bool:
        """Whether one of its sources was read."""

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of its sources."""

    @property
    def anchor(self) -> bool:
        """Whether it only leads to the start and is not counted."""

    @property
    def valid_from(self) -> str | None:
        """First day; None where open."""

    @property
    def valid_to(self) -> str | None:
        """Last day; None where open."""


class RowLike(Protocol):
    """What every row has."""

    @property
    def id(self) -> str:
        """Id of what the row is about."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def kind(self) -> str:
        """Its kind."""


class PathRowLike(RowLike, Protocol):
    """A row with an evidence path."""

    @property
    def through(self) -> str:
        """Narrowest view of the path."""

    @property
    def certainty(self) -> str:
        """What the path proves: definite or possible."""

    @property
    def minor(self) -> bool:
        """Whether the path crosses a minor input."""

    @property
    def confidence(self) -> str:
        """Of the least sure hop."""

    @property
    def unchecked(self) -> int:
        """Flow hops whose sources nobody read."""

    @property
    def start(self) -> str:
        """Id of the start."""

    @property
    def path(self) -> Sequence[HopLike]:
        """The hops, anchors first."""


class ExposureRowLike(PathRowLike, Protocol):
    """A row of `exposed` or `depends`."""

    @property
    def tier(self) -> int:
        """Flow hops."""

    @property
    def start_share(self) -> float | None:
        """Share of the countries asked about in the start's production; None where unknown."""


class WhyRowLike(PathRowLike, Protocol):
    """A row of `why`."""

    @property
    def rank(self) -> int:
        """Place in its ranking, from 1."""

    @property
    def by(self) -> str:
        """Which ranking: shortest or surest."""

    @property
    def length(self) -> int:
        """Flow hops."""

    @property
    def oldest(self) -> str | None:
        """Date of the stalest hop; None where none is dated."""


class SourcesRowLike(RowLike, Protocol):
    """A row of `sources`: a country's share, a maker, or recycled supply."""

    @property
    def item(self) -> str:
        """Id of what is made."""

    @property
    def role(self) -> str:
        """What the row is: country, maker or recycled."""

    @property
    def countries(self) -> Sequence[str]:
        """Ids of the countries where it is made."""

    @property
    def share(self) -> float | None:
        """Share of the world, 0..1; None where unknown."""

    @property
    def year(self) -> int | None:
        """Year of the share; None where unknown."""

    @property
    def stage(self) -> str | None:
        """Stage of production; None where none is recorded."""

    @property
    def status(self) -> str | None:
        """Status of a maker; None for others."""

    @property
    def confidence(self) -> str:
        """How sure the fact is."""

    @property
    def checked(self) -> bool:
        """Whether one of its sources was read."""

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of its sources."""

    @property
    def amount(self) -> float | None:
        """Amount in `unit` a year; None where unknown."""

    @property
    def unit(self) -> str | None:
        """Unit of the amount."""

    @property
    def note(self) -> str | None:
        """What a reader must know of the row; None where nothing."""


class BindingLike(Protocol):
    """A node that a restriction names."""

    @property
    def node(self) -> str:
        """Its id."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def scope(self) -> str | None:
        """How far the restriction reaches on it."""

    @property
    def codes(self) -> Sequence[str]:
        """Codes under which it is named."""

    @property
    def condition(self) -> str | None:
        """Condition in words; None where there is none."""


class ControlRowLike(RowLike, Protocol):
    """A row of `controls`."""

    @property
    def status(self) -> str:
        """Status on the day: in force, suspended, unknown, ended or announced."""

    @property
    def because(self) -> str:
        """Why it has this status."""

    @property
    def requires(self) -> str | None:
        """What it demands: licence, ban, ..."""

    @property
    def acts_on(self) -> str | None:
        """What it acts on: items, deliveries, purchases."""

    @property
    def issuer(self) -> str | None:
        """Id of the issuer."""

    @property
    def binds(self) -> Sequence[BindingLike]:
        """What it names."""

    @property
    def to(self) -> Sequence[str]:
        """Ids of the destinations; empty: everywhere."""

    @property
    def use(self) -> str:
        """End use: any, civil or military."""

    @property
    def since(self) -> str | None:
        """First day."""

    @property
    def until(self) -> str | None:
        """Last day; None where open."""

    @property
    def suspended_from(self) -> str | None:
        """First day of the suspension."""

    @property
    def suspended_until(self) -> str | None:
        """Last day of the suspension."""

    @property
    def instrument(self) -> str | None:
        """The legal text."""

    @property
    def notes(self) -> str:
        """What else is recorded."""

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of its sources."""


class ClaimRowLike(RowLike, Protocol):
    """A row of `claims`; `name` is the claim."""

    @property
    def status(self) -> str:
        """How well it is supported."""

    @property
    def nodes(self) -> Sequence[str]:
        """Ids of what it is about."""

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of its sources."""

    @property
    def notes(self) -> str:
        """Why it has its status."""


class FoundRowLike(RowLike, Protocol):
    """A row of `find`."""

    @property
    def how(self) -> str:
        """How it was found: name, alias, code, ..."""

    @property
    def text(self) -> str:
        """The text that fits."""

    @property
    def score(self) -> float:
        """How well it fits, 0..100."""

    @property
    def about(self) -> str:
        """What tells it apart."""


class ShownRowLike(Protocol):
    """A row of `show`: one fact."""

    @property
    def id(self) -> str:
        """Id of what the fact leads to."""

    @property
    def part(self) -> str:
        """Which part of the page it belongs to."""

    @property
    def type(self) -> str:
        """Type of the fact."""

    @property
    def name(self) -> str:
        """Name of what it leads to."""

    @property
    def text(self) -> str:
        """The fact read aloud."""

    @property
    def confidence(self) -> str | None:
        """How sure it is; None where that does not apply."""

    @property
    def checked(self) -> bool | None:
        """Whether one of its sources was read; None where that does not apply."""

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of its sources."""


class GapRowLike(RowLike, Protocol):
    """A row of `coverage`."""

    @property
    def gap(self) -> str:
        """The kind of gap."""

    @property
    def detail(self) -> str:
        """What is missing."""


class QueryRowLike(RowLike, Protocol):
    """A row of `queries`."""

    @property
    def question(self) -> str:
        """The question in words."""

    @property
    def parameters(self) -> Sequence[str]:
        """Its parameters."""
