"""The k best loopless paths to a target, in two rankings.

Lawler's partition of what is left after each path found, with a shortest-path search for each part: exact, in a time
that is polynomial for each path, loops or not.

References
----------
E. L. Lawler, "A procedure for computing the k best solutions to discrete optimization problems and its application to
the shortest path problem", Management Science 18 (1972), 401-405. J. Y. Yen, "Finding the k shortest loopless paths in
a network", Management Science 17 (1971), 712-716.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from matdeps.graph.reader import Hop, Origin
from matdeps.graph.schema import Confidence, Leave, Surety, View

Cost = tuple[int, int]
State = tuple[int, "Mode"]
_ROOT = -1


class Mode(IntEnum):
    """How a node was entered, where that decides how a path may go on."""

    start = 0
    """The path begins here."""
    plain = 1
    special = 2
    """An organisation: by a chain of links that name no item. An item: by PRODUCES, so it has no exposed makers."""


@dataclass(frozen=True, slots=True)
class Step:
    """A hop between two states, as certain as it is there."""

    tail: State
    head: State
    link: int
    type: str
    surety: Surety
    view: View
    confidence: int


@dataclass(frozen=True, slots=True)
class FoundPath:
    """A path from a start to the target.

    Attributes
    ----------
    steps
        Its flow hops; the last may be a PRODUCES link of the target, read against its arrow.
    """

    start: int
    steps: tuple[Step, ...]

    @property
    def surety(self) -> Surety:
        """What its worst hop proves."""
        return max(step.surety for step in self.steps)

    @property
    def view(self) -> View:
        """The narrowest view that holds it."""
        return max(step.view for step in self.steps)

    @property
    def signature(self) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """Nodes and types: parallel links of one type count as one hop."""
        return (self.start, *(step.head[0] for step in self.steps)), tuple(step.type for step in self.steps)


@dataclass(frozen=True, slots=True)
class Network:
    """The states and steps among which paths are sought; paths begin at the root and end at the target.

    Attributes
    ----------
    steps
        By the state that they leave; of parallel ones of one type the surest stands for all.
    parallels
        All of them, by the state that they leave, the node that they reach, and type.
    """

    steps: Mapping[State, Sequence[Step]]
    target: State
    parallels: Mapping[tuple[State, int, str], Sequence[Step]]


_ROOT_STATE: State = (_ROOT, Mode.start)
_SURETIES = (Surety.minor, Surety.possible)
"""What tells paths apart here: a minor dependence counts as definite."""


def make_network(
    hops: Iterable[Hop],
    origins: Collection[Origin],
    target: int,
    *,
    barred: Collection[int],
    organisations: Collection[int],
    makers: Iterable[tuple[int, int, int]],
) -> Network:
    """Turn links into steps between states, by the rule of companies in the middle.

    Parameters
    ----------
    hops
        Flow links among the nodes that matter.
    origins
        Where paths begin.
    barred
        All starts of the question: no path goes through one.
    organisations
        Those of the nodes that are organisations.
    makers
        Item, link and confidence of the PRODUCES links of the target.
    """
    by_tail: dict[int, list[Hop]] = defaultdict(list)
    for hop in hops:
        by_tail[hop.tail].append(hop)
    making: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for item, link, confidence in makers:
        making[item].append((link, confidence))
    end: State = (target, Mode.plain)
    steps: dict[State, list[Step]] = {_ROOT_STATE: []}
    left: list[State] = []
    only: dict[int, Origin] = {}
    for origin in origins:
        state = (origin.node, Mode.start)
        steps[_ROOT_STATE].append(
            Step(_ROOT_STATE, state, _ROOT, "", Surety.definite, View.contained, Confidence.confirmed)
        )
        only[origin.node] = origin
        left.append(state)
    while left:
        state = left.pop()
        if state in steps:
            continue
        steps[state] = []
        node, mode = state
        for hop in by_tail[node]:
            step = _make_step(hop, state, only.get(node), organisations, end)
            if step is None or (hop.head in barred and hop.head != target):
                continue
            steps[state].append(step)
            if step.head != end:
                left.append(step.head)
        if mode == Mode.plain:
            # Who makes an exposed item stands one hop behind it; who makes the start, or a competitor, does not.
            for link, confidence in making[node]:
                steps[state].append(Step(state, end, link, "PRODUCES", Surety.definite, View.contained, confidence))
    parallels: dict[tuple[State, int, str], list[Step]] = defaultdict(list)
    for out in steps.values():
        for step in out:
            parallels[step.tail, step.head[0], step.type].append(step)
    return Network({state: _join_parallels(out) for state, out in steps.items()}, end, parallels)


def _make_step(
    hop: Hop, state: State, origin: Origin | None, organisations: Collection[int], end: State
) -> Step | None:
    node, mode = state
    surety = hop.surety
    if mode == Mode.start and origin is not None:
        if not _is_first_hop(hop, origin.only_items):
            return None
        if not origin.is_sure or not _is_first_hop(hop, origin.sure_items):
            surety = Surety.possible
    elif node in organisations:
        if hop.leave == Leave.closed:
            return None
        if not (hop.leave == Leave.nameless and mode == Mode.special):
            surety = Surety.possible
    if hop.head == end[0]:
        head = end
    elif hop.head in organisations:
        is_chain = hop.leave == Leave.nameless and (
            mode == Mode.start or (node in organisations and mode == Mode.special)
        )
        head = (hop.head, Mode.special if is_chain else Mode.plain)
    else:
        head = (hop.head, Mode.special if hop.type == "PRODUCES" else Mode.plain)
    return Step(state, head, hop.link, hop.type, surety, hop.view, hop.confidence)


def _is_first_hop(hop: Hop, items: frozenset[int] | None) -> bool:
    return items is None or (hop.type == "PRODUCES" and hop.head in items)


def find_shortest(network: Network, k: int, *, through: View) -> list[FoundPath]:
    """Find the k shortest paths: by class, hops, weakest hop, ids of the nodes, keys of the links."""
    found: list[FoundPath] = []
    seen: set[object] = set()
    for surety in _SURETIES:
        for view in View:
            if view > through:
                continue
            part = _narrow(network, lambda step, s=surety, v=view: step.surety <= s and step.view <= v)  # type: ignore[misc]
            _collect(found, seen, _iter_paths(part, lambda _: (1, 0), weakest=True), k)
    return [_settle_parallels(path, network) for path in found[:k]]


def find_surest(network: Network, k: int, *, through: View) -> list[FoundPath]:
    """Find the k surest paths: by certainty, weakest hop, hops that weak, hops, ids of the nodes, keys of the links."""
    found: list[FoundPath] = []
    seen: set[object] = set()
    for surety in _SURETIES:
        for weakest in Confidence:
            part = _narrow(
                network,
                lambda step, s=surety, w=weakest: step.surety <= s and step.view <= through and step.confidence <= w,  # type: ignore[misc]
            )
            _collect(
                found,
                seen,
                _iter_paths(part, lambda step, w=weakest: (int(step.confidence == w), 1), weakest=False),  # type: ignore[misc]
                k,
            )
    return [_settle_parallels(path, network) for path in found[:k]]


def _collect(found: list[FoundPath], seen: set[object], paths: Iterator[FoundPath], k: int) -> None:
    if len(found) >= k:
        return
    for path in paths:
        if path.signature not in seen:
            seen.add(path.signature)
            found.append(path)
            if len(found) >= k:
                return


def _narrow(network: Network, keep: Callable[[Step], bool]) -> Network:
    """Keep some steps."""
    kept = {state: [step for step in out if keep(step)] for state, out in network.steps.items()}
    return Network(kept, network.target, network.parallels)


def _join_parallels(steps: Iterable[Step]) -> list[Step]:
    """Let the surest of parallel steps of one type between two states stand for all, then the plainest."""

    def rank(step: Step) -> tuple[bool, int, int, int]:
        return (step.surety == Surety.possible, step.confidence, step.view, step.link)

    best: dict[tuple[State, str], Step] = {}
    for step in sorted(steps, key=rank):
        best.setdefault((step.head, step.type), step)
    return list(best.values())


def _settle_parallels(path: FoundPath, network: Network) -> FoundPath:
    """Choose among parallel steps the surest, hop by hop; then what the narrowest view holds; then the smallest."""
    plainest = _choose_parallels(path, network, lambda step: step.view, View.all)
    view = max(step.view for step in plainest)
    return FoundPath(path.start, _choose_parallels(path, network, lambda step: step.link, view))


def _choose_parallels(path: FoundPath, network: Network, rank: Callable[[Step], int], widest: View) -> tuple[Step, ...]:
    """Choose the surest steps hop by hop, then the least worst by rank; parallels of other states count too."""
    front: dict[State, tuple[tuple[tuple[bool, int], ...], tuple[int, ...], tuple[Step, ...]]]
    front = {(path.start, Mode.start): ((), (), ())}
    for wanted in path.steps:
        onward: dict[State, tuple[tuple[tuple[bool, int], ...], tuple[int, ...], tuple[Step, ...]]] = {}
        for state, (sureness, ranks, steps) in front.items():
            for step in network.parallels.get((state, wanted.head[0], wanted.type), ()):
                if step.view <= widest:
                    sure = (*sureness, (step.surety == Surety.possible, step.confidence))
                    offer = (sure, (*ranks, rank(step)), (*steps, step))
                    if step.head not in onward or offer[:2] < onward[step.head][:2]:
                        onward[step.head] = offer
        front = onward
    return front[network.target][2]


@dataclass(frozen=True, slots=True)
class _Part:
    """What is left to search: paths that begin with a prefix and do not go on by some steps."""

    prefix: tuple[Step, ...]
    banned: frozenset[tuple[State, int]]


def _iter_paths(network: Network, cost: Callable[[Step], Cost], *, weakest: bool) -> Iterator[FoundPath]:
    """Yield loopless paths in order of cost, then (if asked) of the weakest hop, then of ids and keys."""
    heap: list[tuple[tuple[Cost, int, tuple[int, ...], tuple[tuple[str, int], ...]], int, tuple[Step, ...], _Part]] = []
    count = 0

    def push(part: _Part) -> None:
        nonlocal count
        steps = _complete(network, part, cost, weakest=weakest)
        if steps is not None:
            flow = steps[1:]
            total = (sum(cost(step)[0] for step in flow), sum(cost(step)[1] for step in flow))
            worst = max(step.confidence for step in flow) if weakest else 0
            key = (total, worst, tuple(step.head[0] for step in steps), tuple((step.type, step.link) for step in flow))
            count += 1
            heapq.heappush(heap, (key, count, steps, part))

    push(_Part((), frozenset()))
    while heap:
        _, _, steps, part = heapq.heappop(heap)
        nodes = [step.head[0] for step in steps]
        inner = nodes if nodes[0] != nodes[-1] else nodes[1:]
        if len(set(inner)) == len(inner):
            yield FoundPath(nodes[0], steps[1:])
        for place in range(len(part.prefix), len(steps)):
            banned = {(steps[place].head, steps[place].link)}
            if place == len(part.prefix):
                banned |= part.banned
            push(_Part(steps[:place], frozenset(banned)))


def _complete(network: Network, part: _Part, cost: Callable[[Step], Cost], *, weakest: bool) -> tuple[Step, ...] | None:
    """Find the best path of a part; None where it has none."""
    spur = part.prefix[-1].head if part.prefix else _ROOT_STATE
    blocked = {step.head[0] for step in part.prefix}
    floor = max((step.confidence for step in part.prefix[1:]), default=0)

    def usable(step: Step) -> bool:
        if step.tail == spur and (step.head, step.link) in part.banned:
            return False
        # The spur's own step onward leaves a blocked node; no later step may enter one.
        return step.head == network.target or step.head[0] not in blocked

    limits = range(floor, len(Confidence)) if weakest else (len(Confidence) - 1,)
    best: tuple[Cost, dict[State, Cost], int] | None = None
    for limit in limits:
        left = _measure(network, spur, usable, cost, limit)
        if spur in left and (best is None or left[spur] < best[0]):
            best = (left[spur], left, limit)
    if best is None:
        return None
    return part.prefix + _trace(network, spur, usable, cost, best[1], best[2])


def _measure(
    network: Network, spur: State, usable: Callable[[Step], bool], cost: Callable[[Step], Cost], limit: int
) -> dict[State, Cost]:
    """Measure what is left to the target from each state that the spur reaches (Dijkstra, backward)."""
    into: dict[State, list[Step]] = defaultdict(list)
    stack, seen = [spur], {spur}
    while stack:
        for step in network.steps.get(stack.pop(), ()):
            if step.confidence <= limit and usable(step):
                into[step.head].append(step)
                if step.head not in seen and step.head != network.target:
                    seen.add(step.head)
                    stack.append(step.head)
    left: dict[State, Cost] = {}
    heap: list[tuple[Cost, State]] = [((0, 0), network.target)]
    while heap:
        total, state = heapq.heappop(heap)
        if state in left:
            continue
        left[state] = total
        for step in into[state]:
            if step.tail not in left:
                more = cost(step) if step.tail != _ROOT_STATE else (0, 0)
                heapq.heappush(heap, ((total[0] + more[0], total[1] + more[1]), step.tail))
    return left


def _trace(
    network: Network,
    spur: State,
    usable: Callable[[Step], bool],
    cost: Callable[[Step], Cost],
    left: Mapping[State, Cost],
    limit: int,
) -> tuple[Step, ...]:
    """Follow the best way to the target: the smallest ids of nodes, then the smallest links."""
    layers: list[list[Step]] = []
    front = {spur}
    while network.target not in front:
        onward = []
        for state in front:
            for step in network.steps.get(state, ()):
                if step.confidence <= limit and usable(step) and step.head in left:
                    more = cost(step) if step.tail != _ROOT_STATE else (0, 0)
                    rest = left[step.head]
                    if (rest[0] + more[0], rest[1] + more[1]) == left[state]:
                        onward.append(step)
        node = min(step.head[0] for step in onward)
        layers.append([step for step in onward if step.head[0] == node])
        front = {step.head for step in layers[-1]}
    # Of the ways through these nodes, keep what leads to the end, then choose the smallest links from the front.
    heads = {network.target}
    for place in range(len(layers) - 1, -1, -1):
        layers[place] = [step for step in layers[place] if step.head in heads]
        heads = {step.tail for step in layers[place]}
    chosen: list[Step] = []
    state = spur
    for layer in layers:
        step = min((step for step in layer if step.tail == state), key=lambda step: (step.type, step.link, step.head))
        chosen.append(step)
        state = step.head
    return tuple(chosen)
