"""The equations of availability: for each state the term that section 7 of the contract gives it.

States are items after a stage at a destination, what goes into an item at a destination, and takers for a use.
"""

from collections.abc import Callable, Iterable

from matdeps.queries.availability.model import USES, Input, Item, Maker, Model, Taker
from matdeps.queries.availability.rules import NOBODY, WORLD, Destination, Flow, Limit
from matdeps.queries.availability.scenario import Scenario
from matdeps.queries.availability.stages import Stage
from matdeps.queries.availability.terms import (
    Best,
    Choice,
    Doubt,
    Every,
    Full,
    Gated,
    Gone,
    Key,
    Need,
    Part,
    Ref,
    Spread,
    Term,
)

_At = Callable[..., Term]
"""Makes one source at a country (None: nobody knows where), of a maker."""


class Equations:
    """Makes the term of each state.

    Parameters
    ----------
    to
        Id of the country where items are judged, and takers without a country of their own; None: the world.
    use
        civil, military or both, filled in where none is recorded; None: not known.
    """

    def __init__(self, model: Model, scenario: Scenario, *, to: str | None = None, use: str | None = None) -> None:
        self.model, self.scenario, self.to, self.use = model, scenario, to, use

    # -- what is asked ---------------------------------------------------------------------------------------------
    def list_uses(self, node: int) -> tuple[str, ...]:
        """List the uses that a node may have; the first word says how they hold: ``all`` of them or ``one``."""
        recorded = self.model.nodes[node].attributes.get("use") if node in self.model.nodes else None
        use = recorded if recorded in USES else self.use
        if not self.scenario.has_military:
            return ("all", "civil")
        if use in {"civil", "military"}:
            return ("all", str(use))
        return ("all" if use == "both" else "one", "civil", "military")

    def make_target(self, node: int) -> Term:
        """Make the term of a node as it is asked about: where it is judged, for the use or the uses that it has."""
        if node not in self.model.moved:
            return Full(node)
        how, *uses = self.list_uses(node)
        terms = tuple(self._make_for_use(node, use) for use in uses)
        if len(terms) == 1:
            return terms[0]
        if how == "all":
            return Every(tuple(Need(Limit.always, term, node) for term in terms))
        return Doubt(terms)

    def _make_for_use(self, node: int, use: str) -> Term:
        if node in self.model.items:
            return self._avail(node, self.scenario.make_destination(self.to, use))
        return Ref(Key("taker", node, Destination(use=use))) if node in self.model.takers else Full(node)

    def make(self, key: Key) -> Term:
        """Make the term of a state."""
        if key.kind == "item":
            return self._make_item(self.model.items[key.node], key.step, key.to)
        if key.kind in {"make", "inputs"}:
            return self._make_inputs(self.model.items[key.node], key.to, with_stands=key.kind == "inputs")
        return self._make_taker(self.model.takers[key.node], key.to.use, is_passing=key.kind == "pass")

    # -- items -----------------------------------------------------------------------------------------------------
    def _avail(self, node: int, to: Destination) -> Term:
        item = self.model.items.get(node)
        if item is None:
            return Full(node)
        return Ref(Key("item", node, to, len(item.series) - 1))

    def _make_item(self, item: Item, step: int, to: Destination) -> Term:
        if item.node in self.scenario.gone:
            return Gone(item.node)
        if step < 0:
            return self._make_unsourced(item, to)
        stages = item.series[step]
        terms = [self._make_stage(item, step, stage, to) for stage in stages]
        return terms[0] if len(terms) == 1 else Best(tuple(Choice(term, item.node) for term in terms))

    def _make_unsourced(self, item: Item, to: Destination) -> Term:
        """Make an item without a recorded source: made where it is needed, or had where what stands for it is had.

        What goes into it is on its way to whoever makes it, not to the organisation that takes delivery.
        """
        feed: Term = Ref(Key("make", item.node, to._replace(receiver=NOBODY)))
        stands = self._list_stands(item)
        if stands:
            best = Best(tuple(Choice(self._avail(ref, to), ref, ref in self.model.traced) for ref in stands))
            feed = Every((Need(Limit.always, feed, item.node), Need(Limit.always, best, stands[0])))
        is_mined = self.model.nodes[item.node].kind == "material"
        return self._gate(Flow(item.node, is_mined, NOBODY, WORLD, to), feed)

    def _make_stage(self, item: Item, step: int, stage: Stage, to: Destination) -> Term:
        def at(country: str | None, maker: int = NOBODY) -> Term:
            return self._make_source(item, step, stage, maker, country, to)

        if stage.countries is None:
            parts = [Part(m.share, self._spread_places(m, at), m.is_running) for m in stage.makers]
            return Spread(tuple(parts), at(None), item.is_complete)
        countries = {country: share for country, share in stage.countries.items() if share != 0}
        parts = [
            Part(share, self._make_country(stage, country, share, item.is_complete, at))
            for country, share in sorted(countries.items())
        ]
        rest = 1.0 - sum(share for share in countries.values() if share)
        elsewhere = [m for m in stage.makers if not m.places or set(m.places) - stage.countries.keys()]
        if rest > 1e-9 and elsewhere:
            outside = [
                Part(
                    None if m.share is None else m.share / rest,
                    self._spread_places(m, at, [c for c in m.places if c not in stage.countries]),
                    m.is_running,
                )
                for m in elsewhere
            ]
            if all(share is not None for share in countries.values()):
                parts.append(Part(rest, Spread(tuple(outside), at(None), item.is_complete, is_whole=True)))
            else:
                parts += [Part(None, part.term, part.is_running) for part in outside]
        return Spread(tuple(parts), at(None), is_complete=False)

    def _make_country(self, stage: Stage, country: str, share: float | None, is_complete: bool, at: _At) -> Term:
        """Make a country's share of a frame: its named makers divide it."""
        makers = [maker for maker in stage.makers if country in maker.places]
        if not makers:
            return at(country)
        parts = [
            Part(
                m.share / share if share and m.share is not None and len(m.places) == 1 else None,
                at(country, m.node),
                m.is_running,
            )
            for m in makers
        ]
        return Spread(tuple(parts), at(country), is_complete, is_whole=True)

    def _spread_places(self, maker: Maker, at: _At, places: Iterable[str] | None = None) -> Term:
        """Make a maker: it makes something at each of its plants, nobody knows how much."""
        found = sorted(maker.places if places is None else places)
        if len(found) == 1:
            return at(found[0], maker.node)
        if not found:
            return at(None, maker.node)
        return Spread(tuple(Part(None, at(country, maker.node)) for country in found), None, is_complete=True)

    def _make_source(
        self, item: Item | int, step: int, stage: Stage | None, maker: int, country: str | None, to: Destination
    ) -> Term:
        """Make one source: what feeds it where it stands, as far as its way is open."""
        place = self.scenario.place(country)
        here = to._replace(country=place, receiver=NOBODY)
        if isinstance(item, int):
            return self._gate(Flow(item, False, maker, place, to), Full(item))
        node, is_mined = item.node, stage is not None and stage.is_mined
        feed: Term = Ref(Key("item", node, here, step - 1)) if step > 0 else Ref(Key("make", node, here))
        stands = self._list_stands(item)
        if stands:
            choices = [
                Choice(
                    self._gate(
                        Flow(ref, is_mined, maker, place, to),
                        Gone(ref)
                        if ref in self.scenario.gone
                        else Ref(Key("inputs", ref, here))
                        if ref in self.model.items
                        else Full(ref),
                    ),
                    ref,
                    ref in self.model.traced,
                )
                for ref in stands
            ]
            feed = Every((Need(Limit.always, feed, node), Need(Limit.always, Best(tuple(choices)), stands[0])))
        return self._gate(Flow(node, is_mined, maker, place, to), feed)

    def _gate(self, flow: Flow, feed: Term) -> Term:
        gate, closure = self.scenario.find_gate(flow)
        return Gated(flow, gate, closure, feed)

    def _list_stands(self, item: Item) -> list[int]:
        return [ref for ref in item.stands if (ref, item.node) not in self.model.cut]

    def _make_inputs(self, item: Item, to: Destination, *, with_stands: bool) -> Term:
        needs = self._make_needs(item.node, item.inputs, to)
        stands = self._list_stands(item) if with_stands else []
        if stands:
            choices = [
                Choice(
                    Ref(Key("inputs", ref, to)) if ref in self.model.items else Full(ref), ref, ref in self.model.traced
                )
                for ref in stands
            ]
            needs.append(Need(Limit.always, Best(tuple(choices)), stands[0]))
        return Every(tuple(needs))

    def _make_needs(self, head: int, inputs: Iterable[Input], to: Destination) -> list[Need]:
        """Make what limits an item or a programme: lone inputs, and sets of alternatives."""
        groups: dict[str | None, list[Input]] = {}
        alone = []
        for one in inputs:
            if one.limit is Limit.never or one.item in self.model.dormant or (one.item, head) in self.model.cut:
                continue
            if one.group is None:
                alone.append([one])
            else:
                groups.setdefault(one.group, []).append(one)
        needs = []
        for group in [*alone, *(groups[name] for name in sorted(groups, key=str))]:
            usual = next((one for one in group if one.is_usual), group[0])
            limit = Limit.always if any(one.limit is Limit.always for one in group) else group[0].limit
            has_outside = any(one.has_outside for one in group)
            is_assumed = any(one.is_assumed for one in group)
            if len(group) == 1 and not has_outside:
                term = self._avail(group[0].item, to)
            else:
                ordered = sorted(group, key=lambda one: (not one.is_usual, one.item))
                term = Best(
                    tuple(
                        Choice(self._avail(one.item, to), one.item, one.item in self.model.traced) for one in ordered
                    ),
                    has_outside,
                )
            needs.append(Need(limit, term, usual.item, is_assumed))
        return needs

    # -- takers ----------------------------------------------------------------------------------------------------
    def _make_taker(self, taker: Taker, use: str, *, is_passing: bool) -> Term:
        """Make a programme or a company: all that it needs. `is_passing`: only what it passes on."""
        node = taker.node
        if node in self.scenario.gone:
            return Gone(node)
        to = self.scenario.make_destination(taker.country or self.to, use, node)
        needs = self._make_needs(node, taker.inputs, to)
        for item, suppliers in taker.takes:
            if item not in self.model.dormant and (item, node) not in self.model.cut:
                needs.append(Need(Limit.always, self._make_delivery(item, suppliers, to), item))
        needs += [
            Need(Limit.always, self.make_target(program), program)
            for program in taker.runs
            if (program, node) not in self.model.cut
        ]
        passers = [supplier for supplier in taker.suppliers if (supplier.node, node) not in self.model.cut]
        if passers:
            choices = [
                Choice(self._make_passing(supplier, use, to), supplier.node, supplier.node in self.model.traced)
                for supplier in passers
            ]
            needs.append(Need(Limit.always, Best(tuple(choices)), passers[0].node))
        if not is_passing:
            needs += [Need(Limit.always, self._make_own(item, maker, use), item) for item, maker in taker.makes]
        return Every(tuple(needs))

    def _make_delivery(self, item: int, suppliers: tuple[Maker, ...], to: Destination) -> Term:
        """Make what reaches a taker: from its named suppliers, or from the open market where none is named."""
        if not suppliers:
            return self._avail(item, to)
        parts = [Part(s.share, self._make_maker(item, s, to)) for s in suppliers]
        return Spread(tuple(parts), self._make_maker(item, Maker(NOBODY, None, ()), to))

    def _make_maker(self, item: int, maker: Maker, to: Destination | None, use: str = "civil") -> Term:
        """Make one maker's part of an item; `to` None is its own production, where it stands."""
        record = self.model.items.get(item)
        found = record and self._find_standing(record, maker.node)
        step, stage, maker = found or (len(record.series) - 1 if record else -1, None, maker)

        def at(country: str | None, node: int = NOBODY) -> Term:
            there = to if to is not None else self.scenario.make_destination(country, use)
            return self._make_source(record or item, max(step, 0), stage, node, country, there)

        if item in self.scenario.gone:
            return Gone(item)
        return self._spread_places(maker, at)

    def _find_standing(self, item: Item, node: int) -> tuple[int, Stage, Maker] | None:
        for step in reversed(range(len(item.series))):
            for stage in item.series[step]:
                for maker in stage.makers:
                    if maker.node == node:
                        return step, stage, maker
        return None

    def _make_passing(self, supplier: Maker, use: str, to: Destination) -> Term:
        def at(country: str | None, node: int = NOBODY) -> Term:
            feed: Term = Ref(Key("pass", node, Destination(use=use))) if node in self.model.takers else Full(node)
            return self._gate(Flow(NOBODY, False, node, self.scenario.place(country), to), feed)

        return self._spread_places(supplier, at)

    def _make_own(self, item: int, maker: Maker, use: str) -> Term:
        return self._make_maker(item, maker, None, use)
