"""From what a question takes away to what it closes: restrictions with their status, their reach and their names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from matdeps.graph.errors import ConfigError
from matdeps.graph.model import LinkFacts, NodeFacts
from matdeps.graph.reader import Reader, Scope
from matdeps.graph.schema import ITEMS, ORGANISATIONS, RESTRICTIONS
from matdeps.queries.availability.rules import (
    MINE_SCOPES,
    NOBODY,
    WORLD,
    Act,
    Closure,
    Destination,
    Effect,
    Flow,
    Gate,
    find_act,
    find_effect,
    find_gate,
)
from matdeps.queries.starts import find_starts, list_members
from matdeps.queries.status import Status, find_status

Licences = Literal["withheld", "granted"]


@dataclass(frozen=True, slots=True)
class Applied:
    """A restriction of the scenario as it is applied.

    Attributes
    ----------
    is_military
        Whether it is a rule for military use only.
    """

    node: NodeFacts
    status: Status
    effect: Effect
    is_military: bool


@dataclass(slots=True)
class Scenario:
    """All that a question takes away.

    Attributes
    ----------
    closures
        What closes flows.
    gone
        Handles of the nodes that the question takes away altogether.
    named
        Handles of the nodes that it restricts, whatever the use, and those that a rule for military use names.
    opened, opened_military
        Handles that a licence duty names where licences are granted: they stay in the question, and nothing is closed.
    starts
        Handles of what was asked about, for every use, and what is added for military use.
    distinguished
        Ids of the countries that some closure names.
    """

    closures: list[Closure] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)
    named: set[int] = field(default_factory=set)
    named_military: set[int] = field(default_factory=set)
    opened: set[int] = field(default_factory=set)
    opened_military: set[int] = field(default_factory=set)
    starts: list[int] = field(default_factory=list)
    starts_military: list[int] = field(default_factory=list)
    applied: list[Applied] = field(default_factory=list)
    asked: list[NodeFacts] = field(default_factory=list)
    rollups: int = 0
    notes: list[str] = field(default_factory=list)
    distinguished: set[str] = field(default_factory=set)
    listed: set[int] = field(default_factory=set)
    has_military: bool = False
    _by_item: dict[int, list[Closure]] = field(default_factory=dict)
    _general: list[Closure] = field(default_factory=list)

    def add(self, closure: Closure) -> None:
        """Add what closes flows, and note what it distinguishes."""
        self.closures.append(closure)
        for countries in (closure.made_in, closure.not_made_in, closure.bound_for, closure.not_for):
            self.distinguished |= countries or frozenset()
        self.listed |= closure.receivers or frozenset()
        self.has_military = self.has_military or closure.is_military
        if closure.items is None:
            self._general.append(closure)
        else:
            for item in closure.items:
                self._by_item.setdefault(item, []).append(closure)

    @property
    def closed_countries(self) -> set[str]:
        """Ids of the countries where nothing is made any more."""
        whole = (c.made_in for c in self.closures if c.items is None and c.makers is None and c.receivers is None)
        return {country for countries in whole if countries is not None for country in countries}

    def place(self, country: str | None) -> str:
        """Give the class of a country: itself where a restriction names it, else the world."""
        return country if country in self.distinguished else WORLD

    def make_destination(self, country: str | None, use: str, receiver: int = NOBODY) -> Destination:
        """Make the class of destinations that a destination belongs to."""
        return Destination(
            self.place(country),
            use if self.has_military else "civil",
            receiver if receiver in self.listed else NOBODY,
        )

    def find_gate(self, flow: Flow) -> tuple[Gate, Closure | None]:
        """Find how far a flow is open, and what closes it most."""
        return find_gate([*self._general, *self._by_item.get(flow.item, ())], flow)

    def is_named(self, node: int, *, military: bool) -> bool:
        """Say whether the scenario names a node, as seen from one use."""
        return node in self.named or (military and node in self.named_military)

    def is_opened(self, node: int, *, military: bool) -> bool:
        """Say whether a licence duty that counts as granted names a node, as seen from one use."""
        return node in self.opened or (military and node in self.opened_military)


def resolve(
    reader: Reader,
    scope: Scope,
    *,
    lose: Sequence[int] = (),
    restrictions: Sequence[int] = (),
    licences: Licences = "withheld",
    include_rollup: bool = False,
) -> Scenario:
    """Resolve what a question takes away.

    Parameters
    ----------
    lose
        Handles of items, organisations, programmes and countries.
    restrictions
        Handles of controls and disruptions.
    licences
        Whether a licence duty counts as withheld or as granted.
    include_rollup
        Whether links of scope `element_rollup` count: a convenience, not law.

    Raises
    ------
    ConfigError
        If a restriction is named as lost, or something else as a restriction.
    """
    return _Resolver(reader, scope, licences, include_rollup).run(lose, restrictions)


class _Resolver:
    def __init__(self, reader: Reader, scope: Scope, licences: Licences, include_rollup: bool) -> None:
        self.reader, self.scope, self.licences, self.include_rollup = reader, scope, licences, include_rollup
        self.scenario = Scenario()
        self._blocs: dict[str, frozenset[str]] = {}
        self._standing: dict[int, frozenset[int]] = {}

    def run(self, lose: Sequence[int], restrictions: Sequence[int]) -> Scenario:
        scenario = self.scenario
        lost, rules = self.reader.get_nodes(lose), self.reader.get_nodes(restrictions)
        for node in lost:
            if node.kind in RESTRICTIONS:
                raise ConfigError(
                    f"{node.id} is a {node.kind}: it cannot be lost", remedy=f"Use --{node.kind} {node.id}."
                )
        for node in rules:
            if node.kind not in RESTRICTIONS:
                raise ConfigError(f"{node.id} is no control and no disruption", remedy=f"Use --lose {node.id}.")
        scenario.asked = [*lost, *rules]
        for node in lost:
            self._lose(node)
        for node in rules:
            self._restrict(node)
        if scenario.rollups:
            scenario.notes.append(
                f"{scenario.rollups} roll-up{'s' if scenario.rollups > 1 else ''} to a whole element left out: "
                "a convenience, not law (--include-rollup takes them in)."
            )
        return scenario

    def _lose(self, node: NodeFacts) -> None:
        scenario = self.scenario
        scenario.starts.append(node.handle)
        if node.kind == "country":
            scenario.add(Closure(node.handle, made_in=self._expand([node.id])))
            return
        names = self._find_standing(node)
        scenario.named |= names
        scenario.gone |= names
        if node.kind in ITEMS:
            scenario.add(Closure(node.handle, items=names))
        elif node.kind in ORGANISATIONS:
            scenario.add(Closure(node.handle, makers=names))

    def _restrict(self, node: NodeFacts) -> None:
        scenario, attributes = self.scenario, node.attributes
        status = find_status(attributes, self.scope.as_of)
        effect = find_effect(status.word, str(attributes.get("requires") or ""), is_granted=self.licences == "granted")
        is_military = attributes.get("end_use") == "military"
        scenario.applied.append(Applied(node, status, effect, is_military))
        if effect is Effect.absent:
            return
        (scenario.starts_military if is_military else scenario.starts).append(node.handle)
        # A rule for military use tells uses apart even where licences are granted: it names nothing for civil use.
        scenario.has_military = scenario.has_military or is_military
        links = self.reader.find_links([node.handle], out=True, types={"RESTRICTS"}, as_of=self.scope.as_of)
        links = [link for link in links if link.confidence <= self.scope.confidence]
        kept = [link for link in links if self.include_rollup or link.properties.get("scope") != "element_rollup"]
        scenario.rollups += len(links) - len(kept)
        heads = self.reader.get_nodes([link.head for link in kept])
        standing = self.reader.find_links(
            {link.head for link in kept}, out=False, types={"MEMBER_OF", "IS_A", "OWNED_BY"}, as_of=self.scope.as_of
        )
        alone = {link.head for link in kept} - {link.head for link in standing}
        self._standing.update({head: frozenset({head}) for head in alone})
        for link, head in zip(kept, heads, strict=True):
            self._apply(node, link, head, effect, is_military)

    def _apply(self, node: NodeFacts, link: LinkFacts, head: NodeFacts, effect: Effect, is_military: bool) -> None:
        scenario, attributes, properties = self.scenario, node.attributes, link.properties
        scope = str(properties.get("scope") or "")
        act = find_act(node.kind, str(attributes.get("acts_on") or ""), scope, head.kind)
        if act is Act.nothing:
            scenario.notes.append(f"{node.name} names {head.name}: what that closes is not computed.")
            return
        item = self.reader.find_handles([str(properties["item"])]) if properties.get("item") else None
        # A listing names one organisation, and `item` what one supplier makes: what it owns is not meant.
        is_alone = item is not None or act is Act.deliveries
        names = frozenset({head.handle}) if is_alone else self._find_standing(head)
        if head.kind != "country":
            self._name(names, effect, is_military)
        if effect is Effect.opened:
            return
        issuer = self._expand([attributes.get("issuer")])
        to = self._expand(attributes.get("destinations") or ()) or None
        made_in = self._expand([properties.get("country")]) or None
        common: dict[str, Any] = {
            "is_military": is_military,
            "mine_only": scope in MINE_SCOPES,
            "is_doubtful": effect in {Effect.doubtful, Effect.unsure},
        }
        if act is Act.exports:
            origin = issuer if made_in is None else issuer & made_in
            closure = Closure(
                node.handle, items=names, made_in=origin, bound_for=to, not_for=issuer, at_border=True, **common
            )
        elif act is Act.purchases:
            closure = Closure(
                node.handle,
                items=names,
                made_in=to,
                not_made_in=issuer,
                bound_for=issuer,
                at_border=True,
                **common,
            )
        elif act is Act.deliveries:
            closure = Closure(node.handle, receivers=names, made_in=issuer, not_for=issuer, at_border=True, **common)
        elif head.kind in ITEMS:
            closure = Closure(
                node.handle, items=names, made_in=made_in, bound_for=to, at_border=to is not None, **common
            )
        elif head.kind == "country":
            closure = Closure(
                node.handle,
                items=frozenset(item.values()) if item is not None else None,
                made_in=self._expand([head.id]),
                bound_for=to,
                at_border=to is not None,
                **common,
            )
        else:
            closure = Closure(
                node.handle,
                items=frozenset(item.values()) if item is not None else None,
                makers=names,
                made_in=made_in,
                bound_for=to,
                at_border=to is not None,
                **common,
            )
        scenario.add(closure)

    def _name(self, names: Iterable[int], effect: Effect, is_military: bool) -> None:
        scenario = self.scenario
        if effect is Effect.opened:
            (scenario.opened_military if is_military else scenario.opened).update(names)
        elif effect is not Effect.unsure:
            (scenario.named_military if is_military else scenario.named).update(names)

    def _find_standing(self, node: NodeFacts) -> frozenset[int]:
        """Find all that a node stands for: the members of a group, the kinds of a class, what an owner owns."""
        if node.handle not in self._standing:
            found = find_starts(self.reader, [node.handle], self.scope, way="down").by_node
            sure = (handle for handle, start in found.items() if start.is_sure)
            self._standing[node.handle] = frozenset({node.handle, *sure})
        return self._standing[node.handle]

    def _expand(self, countries: Iterable[Any]) -> frozenset[str]:
        """Find the countries that ids stand for: a bloc stands for its members."""
        found: set[str] = set()
        for country in countries:
            if not country:
                continue
            if country not in self._blocs:
                nodes = self.reader.get_nodes(self.reader.find_handles([str(country)]).values())
                members = [member for node in nodes for member in list_members(node)]
                self._blocs[country] = frozenset({str(country), *members})
            found |= self._blocs[country]
        return frozenset(found)


def describe(scenario: Scenario) -> list[str]:
    """State what a scenario takes away, one sentence each."""
    texts = [f"Taken away: {node.name}." for node in scenario.asked if node.kind not in RESTRICTIONS]
    words = {
        Effect.absent: "it closes nothing",
        Effect.opened: "its licences count as granted: it closes nothing",
        Effect.doubtful: "it closes in the low bound only",
        Effect.unsure: "it closes in the low bound only, and what it names is judged by the bounds",
        Effect.closed: "it closes what it names",
    }
    for one in scenario.applied:
        word = "of unknown status" if one.status.word == "unknown" else one.status.word
        use = ", for military use only" if one.is_military else ""
        texts.append(f"{one.node.name} is {word} ({one.status.because}){use}: {words[one.effect]}.")
    return texts
