"""The rules of availability as decision tables: which flows a restriction closes, and which inputs limit what.

Read a table from the top: the first row that fits decides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Any, NamedTuple

WORLD = ""
"""Behind every border, and named by no rule; also stands for every country that no restriction distinguishes."""
NOBODY = -1
"""In place of the handle of a maker or a receiver that nothing names."""
SMALL_REMAINDER = 0.02
"""What a frame leaves over follows the recorded shares up to this share of the world; above, its place is unknown."""


class Destination(NamedTuple):
    """Where and for what something is needed.

    Attributes
    ----------
    country
        Id, or `WORLD`.
    use
        civil or military.
    receiver
        Handle of the organisation that takes delivery, where a listing names it; else `NOBODY`.
    """

    country: str = WORLD
    use: str = "civil"
    receiver: int = NOBODY


class Flow(NamedTuple):
    """An item on its way from where it is made to where it is needed.

    Attributes
    ----------
    item
        Handle; `NOBODY` where a delivery names no item.
    is_mined
        Whether it leaves the mine stage.
    maker
        Handle, or `NOBODY` where only the country is known.
    country
        Id of the country where it is made; `WORLD` where no restriction names it or it is not known.
    """

    item: int
    is_mined: bool
    maker: int
    country: str
    to: Destination


class Gate(IntEnum):
    """How far a flow is open."""

    open = 0
    doubtful = 1
    """Closed in the low bound only."""
    closed = 2


@dataclass(frozen=True, slots=True)
class Closure:
    """What closes flows. A flow is closed where every field fits; None fits all.

    Attributes
    ----------
    by
        Handle of the restriction, or of the node that the scenario takes away.
    items, makers, receivers
        Handles.
    made_in, bound_for
        Ids of countries: where it is made, where it goes.
    not_made_in
        Ids of countries whose own goods it does not touch: a purchase rule does not bind what its issuer makes itself.
    not_for
        Ids of countries that it does not touch: a control never binds its issuer's own supply at home.
    at_border
        Whether only what crosses a border is closed.
    is_military
        Whether only what is needed for military use is closed.
    mine_only
        Whether only the mine stage is closed.
    is_doubtful
        Whether it closes in the low bound only: a quota, or a control of unknown status.
    """

    by: int
    items: frozenset[int] | None = None
    makers: frozenset[int] | None = None
    receivers: frozenset[int] | None = None
    made_in: frozenset[str] | None = None
    bound_for: frozenset[str] | None = None
    not_made_in: frozenset[str] = frozenset()
    not_for: frozenset[str] = frozenset()
    at_border: bool = False
    is_military: bool = False
    mine_only: bool = False
    is_doubtful: bool = False

    def closes(self, flow: Flow) -> bool:
        """Say whether a flow is closed."""
        to = flow.to
        return (
            (self.items is None or flow.item in self.items)
            and (self.makers is None or flow.maker in self.makers)
            and (self.receivers is None or to.receiver in self.receivers)
            and (self.made_in is None or flow.country in self.made_in)
            and (self.bound_for is None or to.country in self.bound_for)
            and flow.country not in self.not_made_in
            and to.country not in self.not_for
            and not (self.at_border and flow.country == to.country != WORLD)
            and not (self.is_military and to.use != "military")
            and not (self.mine_only and not flow.is_mined)
        )


class Act(Enum):
    """What a restriction acts on, read off its kind, its `acts_on`, and what it names."""

    exports = "exports"
    purchases = "purchases"
    deliveries = "deliveries"
    making = "making"
    nothing = "nothing"


@dataclass(frozen=True, slots=True)
class ActRow:
    """A row of the table of acts; None fits all.

    Attributes
    ----------
    kind
        control or disruption.
    acts_on
        How the column of that name begins.
    is_listing
        Whether the scope of the link is `entity listing`.
    heads
        Kinds of the node that is named.
    """

    act: Act
    kind: str
    acts_on: str | None = None
    is_listing: bool | None = None
    heads: frozenset[str] | None = None


_ITEMS = frozenset({"material", "intermediate", "product"})
_FIRMS = frozenset({"supplier", "customer"})
ACTS: tuple[ActRow, ...] = (
    # Only a disruption closes what somebody makes, or what is made somewhere.
    ActRow(Act.making, "disruption"),
    # A listing closes what comes to the organisation, not what the organisation makes.
    ActRow(Act.deliveries, "control", is_listing=True, heads=_FIRMS),
    ActRow(Act.deliveries, "control", acts_on="deliveries", heads=_FIRMS),
    # The issuer is the buyer: closed on the way into its country.
    ActRow(Act.purchases, "control", acts_on="purchases", heads=_ITEMS),
    ActRow(Act.exports, "control", heads=_ITEMS),
    # A control on an organisation or a country that is no listing says nothing that can be computed.
    ActRow(Act.nothing, "control"),
)


def find_act(kind: str, acts_on: str, scope: str, head: str) -> Act:
    """Find what a restriction acts on by one of its links.

    Examples
    --------
    >>> find_act("control", "purchases from the destination", "", "material")
    <Act.purchases: 'purchases'>
    """
    for row in ACTS:
        if (
            row.kind == kind
            and (row.acts_on is None or acts_on.startswith(row.acts_on))
            and (row.is_listing is None or row.is_listing == (scope == "entity listing"))
            and (row.heads is None or head in row.heads)
        ):
            return row.act
    return Act.nothing


MINE_SCOPES = frozenset({"ore", "ore only"})
"""Scopes that close the mine stage only."""


class Effect(Enum):
    """What a restriction does to the flows that it acts on."""

    absent = "absent"
    opened = "opened"
    """Closes nothing; what it names stays in the question."""
    doubtful = "doubtful"
    """Closes in the low bound only; what it names is restricted."""
    unsure = "unsure"
    """Closes in the low bound only; what it names is judged by its bounds."""
    closed = "closed"


@dataclass(frozen=True, slots=True)
class EffectRow:
    """A row of the table of effects; None fits all."""

    effect: Effect
    status: frozenset[str] | None = None
    requires: str | None = None
    is_granted: bool | None = None


EFFECTS: tuple[EffectRow, ...] = (
    EffectRow(Effect.absent, status=frozenset({"announced", "suspended", "ended"})),
    EffectRow(Effect.opened, requires="licence", is_granted=True),
    EffectRow(Effect.unsure, status=frozenset({"unknown"})),
    EffectRow(Effect.doubtful, requires="quota"),
    # A licence that is withheld is a ban: the stress test.
    EffectRow(Effect.closed),
)


def find_effect(status: str, requires: str, *, is_granted: bool) -> Effect:
    """Find what a restriction does by its status, by what it requires, and by whether licences are granted.

    Examples
    --------
    >>> find_effect("in force", "licence", is_granted=False)
    <Effect.closed: 'closed'>
    """
    return next(
        row.effect
        for row in EFFECTS
        if (row.status is None or status in row.status)
        and (row.requires is None or row.requires == requires)
        and (row.is_granted is None or row.is_granted == is_granted)
    )


class Limit(Enum):
    """In which bounds an input limits what is made with it."""

    always = "always"
    strictly = "strictly"
    """In the low bound only."""
    finally_ = "finally"
    """In the low bound only, and there only where nothing is left of it in the high bound."""
    never = "never"


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A row of the table of limits; None fits all."""

    limit: Limit
    criticality: frozenset[str | None] | None = None
    role: frozenset[str] | None = None
    is_grouped: bool | None = None
    into_programme: bool | None = None
    is_assumed: bool = False


LIMITS: tuple[LimitRow, ...] = (
    LimitRow(Limit.never, criticality=frozenset({"minor"})),
    # Tools and machines last, are stocked, and have substitutes.
    LimitRow(Limit.finally_, role=frozenset({"tooling", "equipment"}), is_grouped=True),
    LimitRow(Limit.finally_, role=frozenset({"tooling", "equipment"}), criticality=frozenset({"essential", "major"})),
    LimitRow(Limit.always, is_grouped=True),
    LimitRow(Limit.always, criticality=frozenset({"essential"})),
    LimitRow(Limit.strictly, criticality=frozenset({"major"})),
    LimitRow(Limit.always, criticality=frozenset({None}), into_programme=True, is_assumed=True),
    LimitRow(Limit.never),
)


def find_limit(properties: Mapping[str, Any], *, into_programme: bool) -> LimitRow:
    """Find in which bounds an input limits, by the properties of its link.

    Examples
    --------
    >>> find_limit({"criticality": "essential", "role": "tooling"}, into_programme=False).limit
    <Limit.finally_: 'finally'>
    """
    criticality, role = properties.get("criticality"), properties.get("role")
    # An alternative outside the graph makes a set of a lone input, too.
    is_grouped = bool(properties.get("alt_group")) or properties.get("outside_alternative") is True
    return next(
        row
        for row in LIMITS
        if (row.criticality is None or criticality in row.criticality)
        and (row.role is None or role in row.role)
        and (row.is_grouped is None or row.is_grouped == is_grouped)
        and (row.into_programme is None or row.into_programme == into_programme)
    )


STAGES: Mapping[str, int] = {"mine": 0, "smelt": 1, "refine": 2}
"""Stages of an item in series; every other one (make, magnet, ...) comes last."""
LAST_STAGE = 3


def rank_stage(stage: str) -> int:
    """Rank a stage in the series; stages of one rank that begin with ``mine-`` are alternatives."""
    return 0 if is_mine(stage) else STAGES.get(stage, LAST_STAGE)


def is_mine(stage: str) -> bool:
    """Say whether a stage is a mine, of whatever kind."""
    return stage == "mine" or stage.startswith("mine-")


MAKES_NOTHING = frozenset({"planned", "trader"})
"""Status of a PRODUCES link that gives no weight; an exit past its last day is not valid any more."""


def find_gate(closures: Iterable[Closure], flow: Flow) -> tuple[Gate, Closure | None]:
    """Find how far a flow is open, and what closes it most."""
    worst: tuple[Gate, Closure | None] = (Gate.open, None)
    for closure in closures:
        if closure.closes(flow):
            if not closure.is_doubtful:
                return Gate.closed, closure
            worst = (Gate.doubtful, closure)
    return worst
