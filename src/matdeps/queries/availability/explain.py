"""The reason of a verdict: the chain of limiting inputs back to what is closed, what holds, and what is assumed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from matdeps.graph.model import NodeFacts
from matdeps.queries.availability.rules import NOBODY, WORLD, Gate, Limit
from matdeps.queries.availability.solver import Solution
from matdeps.queries.availability.terms import (
    TOLERANCE,
    Best,
    Choice,
    Doubt,
    Every,
    Gated,
    Gone,
    Key,
    Need,
    Part,
    Ref,
    Spread,
    Term,
    Value,
)

Bound = Literal["high", "low"]
_LISTED = 3
"""Most names in one sentence."""
_PLAIN = {
    "possible": "Only possible paths reach it; nothing that it surely needs is touched.",
    "clear": "Nothing that the scenario touches leads to it.",
    "no data": "Nothing upstream of it is recorded; that is not the same as clear.",
}
"""The reason of verdicts that no chain explains."""


@dataclass(slots=True)
class Trail:
    """A way back from a target to what limits it.

    Attributes
    ----------
    nodes
        Handles, the target first.
    values
        What is left of each, in the same order.
    end
        Why the last one is limited, in a sentence.
    doubts
        What is not known and decides the bounds, in sentences.
    """

    nodes: list[int] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    end: str = ""
    doubts: list[str] = field(default_factory=list)


class Explainer:
    """Explains verdicts.

    Parameters
    ----------
    names
        Names of countries by id.
    closers
        What closes (restrictions, lost nodes) by handle.
    minor
        Handles of the nodes that definite paths reach over minor inputs only.
    """

    def __init__(
        self, solution: Solution, names: dict[str, str], closers: dict[int, NodeFacts], minor: set[int]
    ) -> None:
        self.solution, self.names, self.closers, self.minor = solution, names, closers, minor
        self.model = solution.equations.model
        self._holds: dict[Key, str | None] = {}

    def explain(
        self, node: int, word: str, value: Value, *, as_recorded: bool | None
    ) -> tuple[tuple[int, ...], list[str]]:
        """Explain a verdict.

        Returns
        -------
        tuple
            Handles of the chain, the target first (empty where nothing limits), and the reason in sentences.
        """
        if word in _PLAIN:
            return (), [_PLAIN[word]]
        named = ["The scenario names it."] if word == "restricted" else []
        if node not in self.model.moved:
            return (), named
        term = self.solution.equations.make_target(node)
        if value.low >= 1 - TOLERANCE and not value.is_below:
            if named:
                return (), [*named, "Nothing closes its way to where it is judged."]
            return (), self._explain_covered(node, term)
        trail = Trail([node], [value])
        self._follow(term, "high" if value.is_below or value.high < 1 - TOLERANCE else "low", trail, set())
        texts = [*named, *self._count_needs(node, term)]
        texts += [
            f"{self._name(head)} needs {self._name(tail)}: {_say(left)}."
            for head, tail, left in zip(trail.nodes, trail.nodes[1:], trail.values[1:], strict=False)
        ]
        texts += [trail.end] if trail.end else []
        if word == "unknown" or (word == "reduced" and value.low <= TOLERANCE):
            texts += [f"Not known: {doubt}." for doubt in dict.fromkeys(trail.doubts)]
        if as_recorded:
            texts.append("As far as recorded: it rests on a list of makers that nobody has marked complete.")
        texts += self._list_assumed(node, term)
        return tuple(trail.nodes), texts

    # -- the chain -------------------------------------------------------------------------------------------------
    def _follow(self, term: Term, bound: Bound, trail: Trail, seen: set[Key]) -> None:
        """Follow what decides a bound, one term inward at a time."""
        while True:
            if isinstance(term, Ref):
                if term.key in seen:
                    trail.end = "It is part of a loop that nothing outside feeds."
                    return
                seen.add(term.key)
                node = term.key.node
                if node != trail.nodes[-1]:
                    trail.nodes.append(node)
                    trail.values.append(self._value(term))
                term = self.solution.terms[term.key]
            elif isinstance(term, Gated):
                if term.closure is not None and (term.gate is Gate.closed or bound == "low"):
                    trail.end = self._say_closed(term)
                    if term.gate is Gate.doubtful:
                        trail.doubts.append(f"whether {self._closer(term.closure.by)} closes it")
                    return
                term = term.feed
            elif isinstance(term, Gone):
                if term.node != trail.nodes[-1]:
                    trail.nodes.append(term.node)
                    trail.values.append(self._value(term))
                trail.end = f"{self._name(term.node)} is taken away by the scenario."
                return
            else:
                following = self._choose(term, bound, trail)
                if following is None:
                    return
                term = following

    def _choose(self, term: Term, bound: Bound, trail: Trail) -> Term | None:
        """Choose which of several terms decides a bound."""
        if isinstance(term, Every):
            return self._choose_need(term.needs, bound, trail)
        if isinstance(term, Best):
            return self._choose_member(term, bound, trail)
        if isinstance(term, Spread):
            return self._choose_part(term, bound, trail)
        if isinstance(term, Doubt):
            trail.doubts.append(f"for which use {self._name(trail.nodes[-1])} is meant")
            return min(term.terms, key=lambda one: self._value(one).low)
        return None

    def _choose_need(self, needs: Sequence[Need], bound: Bound, trail: Trail) -> Term | None:
        def rank(need: Need) -> tuple[float, bool, float]:
            value = self._value(need.term)
            first = value.high if bound == "high" else value.low
            return (first, not value.is_below, value.estimate)

        counted = [need for need in needs if bound == "low" or need.limit is Limit.always]
        if bound == "low":
            counted = [n for n in counted if n.limit is not Limit.finally_ or self._value(n.term).high <= TOLERANCE]
        if not counted:
            return None
        need = min(counted, key=rank)
        if isinstance(need.term, Spread | Gated | Gone) and need.node != trail.nodes[-1]:
            trail.nodes.append(need.node)
            trail.values.append(self._value(need.term))
        if need.limit is Limit.strictly:
            trail.doubts.append(f"whether {self._name(trail.nodes[-1])} can do without {self._name(need.node)}")
        elif need.limit is Limit.finally_:
            trail.doubts.append(
                f"how long {self._name(trail.nodes[-1])} can do with the {self._name(need.node)} it has"
            )
        return need.term

    def _choose_member(self, term: Best, bound: Bound, trail: Trail) -> Term | None:
        if bound == "low":
            if term.has_outside:
                trail.doubts.append(f"whether the alternative to {self._name(term.choices[0].node)} is at hand")
            for choice in term.choices:
                if not choice.is_traced:
                    trail.doubts.append(f"what {self._name(choice.node)} is made of")
        traced = [choice for choice in term.choices if choice.is_traced] or list(term.choices)
        best = max(traced, key=lambda choice: self._value(choice.term)[1 if bound == "high" else 0])
        return best.term

    def _choose_part(self, term: Spread, bound: Bound, trail: Trail) -> Term | None:
        def lost(part: Part) -> tuple[float, bool]:
            value = self._value(part.term)
            share = 1 / max(1, len(term.sources)) if part.share is None else part.share
            return (share * (1 - (value.high if bound == "high" else value.low)), value.is_below)

        outcomes = {self._value(part.term)[:2] for part in term.sources if part.share is None}
        if len(outcomes) > 1:
            trail.doubts.append(f"the shares of those who make {self._name(trail.nodes[-1])}")
        worst = max(term.sources, key=lost, default=None)
        return worst.term if worst else None

    # -- sentences -------------------------------------------------------------------------------------------------
    def _say_closed(self, term: Gated) -> str:
        flow, closure = term.flow, term.closure
        assert closure is not None  # noqa: S101 - asked only where something closes
        what = self._name(flow.item) if flow.item != NOBODY else "What"
        source = f" made by {self._name(flow.maker)}" if flow.maker != NOBODY else " made" if flow.country else ""
        place = f" in {self.names.get(flow.country, flow.country)}" if flow.country != WORLD else ""
        if closure.by in {flow.maker, flow.item}:
            return f"{self._closer(closure.by)} is taken away by the scenario."
        to = flow.to
        way = ""
        if closure.at_border or closure.receivers is not None:
            where = f"to {self.names.get(to.country, to.country)}" if to.country != WORLD else "abroad"
            where = f"to {self._name(to.receiver)}" if to.receiver != NOBODY else where
            way = f" on its way {where}"
            way += " for military use" if closure.is_military else ""
        verb = "may be closed" if closure.is_doubtful else "is closed"
        return f"{what}{source}{place} {verb}{way}: {self._closer(closure.by)}."

    def _count_needs(self, node: int, term: Term) -> list[str]:
        """Count what a company needs and how much of it is lost: lost, 3 of 12 items."""
        taker = self.model.takers.get(node)
        needs = self._list_needs(term)
        if taker is None or len(needs) < 2:
            return []
        lost = [need for need in needs if self._value(need.term).high <= TOLERANCE]
        short = [need for need in needs if need not in lost and self._value(need.term).low < 1 - TOLERANCE]
        kinds = {self.model.nodes[need.node].kind for need in needs}
        noun = "items" if kinds <= {"material", "intermediate", "product"} else "things that it takes, runs and makes"
        found = [
            f"{word}: {len(group)} of {len(needs)} {noun} ({self._list(group)})"
            for word, group in (("lost", lost), ("short or in doubt", short))
            if group
        ]
        return [f"{self._name(node)}, {'; '.join(found)}."] if found else []

    def _list_needs(self, term: Term) -> tuple[Need, ...]:
        while isinstance(term, Ref):
            term = self.solution.terms[term.key]
        return term.needs if isinstance(term, Every) else ()

    def _list_assumed(self, node: int, term: Term) -> list[str]:
        assumed = [need for need in self._list_needs(term) if need.is_assumed and self._value(need.term).low < 1]
        if not assumed:
            return []
        return [f"Assumed: {self._name(node)} cannot do without {self._list(assumed)}; the links do not say."]

    def _list(self, needs: Sequence[Need]) -> str:
        names = list(dict.fromkeys(self._name(need.node) for need in needs))
        more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
        return ", ".join(names[:_LISTED]) + more

    def _explain_covered(self, node: int, term: Term) -> list[str]:
        found = self._find_hold(term)
        if found:
            return [found]
        if node in self.minor:
            return [f"Only minor inputs of what {self._name(node)} is made of are touched, and they do not limit it."]
        return [f"What {self._name(node)} needs stays open on its way: nothing that is closed limits it."]

    def _find_hold(self, term: Term) -> str | None:
        """Find the nearest place upstream where something is lost and something else holds."""
        if isinstance(term, Ref):
            if term.key not in self._holds:
                self._holds[term.key] = None  # a loop finds nothing new
                self._holds[term.key] = self._find_hold(self.solution.terms[term.key])
            return self._holds[term.key]
        said = self._say_hold(term) if isinstance(term, Best) else None
        if isinstance(term, Every):
            tools = [n for n in term.needs if n.limit is Limit.finally_ and self._value(n.term).low < 1 - TOLERANCE]
            if tools:
                said = f"{self._list(tools)}, a tool or machine, is not sure to be had; it limits only once gone."
        if said:
            return said
        return next((found for part in term.parts() if (found := self._find_hold(part))), None)

    def _say_hold(self, term: Best) -> str | None:
        def is_whole(choice: Choice) -> bool:
            return self._value(choice.term).low >= 1 - TOLERANCE

        short = [choice for choice in term.choices if not is_whole(choice)]
        whole = [choice for choice in term.choices if is_whole(choice)]
        if not short or not whole:
            return None
        left = self._value(short[0].term)
        state = "lost" if left.high <= TOLERANCE else "not sure to be had"
        if short[0].node == whole[0].node:
            return f"One way to {self._name(short[0].node)} is {state}; another holds."
        return f"{self._name(short[0].node)} is {state}; {self._name(whole[0].node)} holds."

    def _value(self, term: Term) -> Value:
        return term.value(self.solution.values.__getitem__)

    def _name(self, node: int) -> str:
        found = self.model.nodes.get(node) or self.closers.get(node)
        return found.name if found else str(node)

    def _closer(self, node: int) -> str:
        return self.closers[node].name if node in self.closers else self._name(node)


def _say(value: Value) -> str:
    """Say how much is left."""
    if value.high <= TOLERANCE:
        return "nothing is left of it"
    low, high = (f"{100 * bound:.3g} %" for bound in (value.low, value.high))
    return f"{high} is left of it" if low == high else f"{low} to {high} is left of it"
