"""The arithmetic of availability: terms over states, each worth three bounds at once.

A term never looks at the graph. States name each other by keys; the solver gives every key its value.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from matdeps.queries.availability.rules import SMALL_REMAINDER, Closure, Destination, Flow, Gate, Limit

TOLERANCE = 1e-9


class Key(NamedTuple):
    """The name of a state.

    Attributes
    ----------
    kind
        ``item`` after a stage; ``make``: what goes into an item; ``inputs``: the same with what goes into the reference
        items that stand for it; ``taker``: a programme or company; ``pass``: what a company passes on.
    node
        Handle.
    to
        Where it is needed; of takers only the use counts.
    step
        Which stage of the series; -1 where the item has no recorded source.
    """

    kind: str
    node: int
    to: Destination
    step: int = -1


class Value(NamedTuple):
    """How much of something is left.

    Attributes
    ----------
    low, high, estimate
        0..1.
    more
        The high bound if every list of makers that nobody marked complete had one more, open maker: where it is above 0
        and the high bound is 0, "lost" holds as far as recorded.
    is_below
        Whether it is surely below 1, also where the high bound is 1: one of several makers of unknown share is closed.
    """

    low: float
    high: float
    estimate: float
    more: float
    is_below: bool


ALL = Value(1.0, 1.0, 1.0, 1.0, False)
NONE = Value(0.0, 0.0, 0.0, 0.0, True)
Get = Callable[[Key], Value]


@dataclass(frozen=True, slots=True)
class Full:
    """What the scenario cannot move; `node` is its handle."""

    node: int

    def value(self, get: Get) -> Value:
        """Work out what it is worth."""
        return ALL

    def parts(self) -> "Iterator[Term]":
        """List the terms inside."""
        return iter(())


@dataclass(frozen=True, slots=True)
class Gone:
    """What the scenario takes away altogether; `node` is its handle."""

    node: int

    def value(self, get: Get) -> Value:
        """Work out what it is worth."""
        return NONE

    def parts(self) -> "Iterator[Term]":
        """List the terms inside."""
        return iter(())


@dataclass(frozen=True, slots=True)
class Ref:
    """The value of another state."""

    key: Key

    def value(self, get: Get) -> Value:
        """Work out what it is worth."""
        return get(self.key)

    def parts(self) -> "Iterator[Term]":
        """List the terms inside."""
        return iter(())


@dataclass(frozen=True, slots=True)
class Gated:
    """A flow: what feeds it, as far as it is open."""

    flow: Flow
    gate: Gate
    closure: Closure | None
    feed: "Term"

    def value(self, get: Get) -> Value:
        """Work out what it is worth."""
        if self.gate is Gate.closed:
            return NONE
        value = self.feed.value(get)
        return value if self.gate is Gate.open else value._replace(low=0.0)

    def parts(self) -> "Iterator[Term]":
        """List the terms inside."""
        yield self.feed


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that is needed, and in which bounds its lack counts.

    Attributes
    ----------
    node
        Handle of the item, programme or company; of a set of alternatives: of the usual one, else the first.
    """

    limit: Limit
    term: "Term"
    node: int
    is_assumed: bool = False


@dataclass(frozen=True, slots=True)
class Every:
    """AND: all that is needed; the minimum of each bound, 1 where nothing is."""

    needs: tuple[Need, ...]

    def value(self, get: Get) -> Value:
        """Work out what it is worth."""
        low = high = estimate = more = 1.0
        is_below = False
        for need in self.needs:
            value = need.term.value(get)
            if need.limit is Limit.always:
                low, high = min(low, value.low), min(high, value.high)
                estimate, more = min(estimate, value.estimate), min(more, value.more)
                is_below = is_below or value.is_below
            elif need.limit is Limit.strictly or (need.limit is Limit.finally_ and value.high <= TOLERANCE):
                low = min(low, value.low)
        return Value(low, high, estimate, more, is_below)

    def parts(self) -> "Iterator[Term]":
        """List the terms inside."""
        return (need.term for need in self.needs)


@dataclass(frozen=True, slots=True)
class Choice:
    """One member of a set of alternatives."""

    term: "Term"
    node: int
    is_traced: bool = True


@dataclass(frozen=True, slots=True)
class Best:
    """OR: one of several is enough; the maximum of each bound.

    An untraced member is not assumed to come to the rescue: in the low bound it is no better than the worst traced one.

    Attributes
    ----------
    has_outside
        Whether one more member, untraced, has no node.
    """

    choices: tuple[Choice, ...]
    has_outside: bool = False

    def value(self, get: Get) -> Value:
        """Work out what it is worth."""
        values = [(choice, choice.term.value(get)) for choice in self.choices]
        worst = min((value.low for choice, value in values if choice.is_traced), default=1.0)
        lows = [value.low if choice.is_traced else min(value.low, worst) for choice, value in values]
        found = [value for _, value in values]
        if self.has_outside:
            lows.append(worst)
            found.append(ALL)
        return Value(
            max(lows),
            max(value.high for value in found),
            max(value.estimate for value in found),
            max(value.more for value in found),
            all(value.is_below for value in found),
        )

    def parts(self) -> "Iterator[Term]":
        """List the terms inside."""
        return (choice.term for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Part:
    """One source among several.

    Attributes
    ----------
    share
        0..1; None where unknown.
    is_running
        Whether its share is surely more than 0.
    """

    share: float | None
    term: "Term"
    is_running: bool = True


@dataclass(frozen=True, slots=True)
class Spread:
    """Sources that divide all there is by their shares.

    Unknown shares divide what the known ones leave over: equally in the estimate, best and worst in the bounds. What is
    left over where all are known follows them where it is small or the list is complete, and is of unknown place else.

    Attributes
    ----------
    elsewhere
        A source of which nothing is known, at a place that no restriction names; None where there can be none.
    is_complete
        Whether the list is marked complete.
    is_whole
        Whether the sources divide all there is whatever their shares add up to (named makers of a country's share).
    """

    sources: tuple[Part, ...]
    elsewhere: "Term | None"
    is_complete: bool = False
    is_whole: bool = False

    def value(self, get: Get) -> Value:
        """Work out what it is worth."""
        known = [(part.share, part.term.value(get)) for part in self.sources if part.share]
        unknown = [(part, part.term.value(get)) for part in self.sources if part.share is None]
        free = self.elsewhere.value(get) if self.elsewhere else None
        total = sum(share for share, _ in known)
        rest = max(0.0, 1.0 - total)
        rest = 0.0 if rest <= TOLERANCE else rest
        lists_all = self.is_complete or (not unknown and not rest)
        scale = 1.0
        if rest == 0.0 and total > 0:
            scale = 1 / total
        elif not unknown and total > 0 and (self.is_complete or self.is_whole or rest <= SMALL_REMAINDER + TOLERANCE):
            scale, rest = 1 / total, 0.0
        sums = [scale * sum(share * value[bound] for share, value in known) for bound in range(4)]
        is_below = any(value.is_below for _, value in known)
        if rest and unknown:
            is_below = is_below or any(value.is_below for part, value in unknown if part.is_running)
            is_below = is_below or all(value.is_below for _, value in unknown)
            values = [value for _, value in unknown]
            sums = _add_rest(sums, rest, values, sum(value.estimate for value in values) / len(values))
        elif rest:
            values = [value for _, value in known] + ([free] if free else [])
            likely = sums[2] / total if total else (free.estimate if free else 0.0)
            sums = _add_rest(sums, rest, values, likely)
            is_below = is_below or all(value.is_below for value in values)
        if not lists_all and free:
            sums[3] = max(sums[3], free.more)
        low, high, estimate, more = sums
        return Value(low, high, min(max(estimate, low), high), more, is_below)

    def parts(self) -> "Iterator[Term]":
        """List the terms inside."""
        yield from (part.term for part in self.sources)
        if self.elsewhere:
            yield self.elsewhere


def _add_rest(sums: Sequence[float], rest: float, values: Sequence[Value], likely: float) -> list[float]:
    """Add what is left over: worst and best in the bounds, and what is likely in the estimate."""
    return [
        sums[0] + rest * min(value.low for value in values),
        sums[1] + rest * max(value.high for value in values),
        sums[2] + rest * likely,
        sums[3] + rest * max(value.more for value in values),
    ]


@dataclass(frozen=True, slots=True)
class Doubt:
    """One of several, and nobody knows which: the use that is not recorded. The estimate takes the better case."""

    terms: tuple["Term", ...]

    def value(self, get: Get) -> Value:
        """Work out what it is worth."""
        values = [term.value(get) for term in self.terms]
        return Value(
            min(value.low for value in values),
            max(value.high for value in values),
            max(value.estimate for value in values),
            max(value.more for value in values),
            all(value.is_below for value in values),
        )

    def parts(self) -> "Iterator[Term]":
        """List the terms inside."""
        return iter(self.terms)


Term = Full | Gone | Ref | Gated | Every | Best | Spread | Doubt


def iter_keys(term: Term) -> Iterator[Key]:
    """Yield the keys of the states that a term needs."""
    if isinstance(term, Ref):
        yield term.key
    for part in term.parts():
        yield from iter_keys(part)
