"""Solve the equations of availability: component by component, loops to their least fixed point."""

from collections.abc import Callable, Iterable, Iterator

from matdeps.queries.availability.equations import Equations
from matdeps.queries.availability.loops import solve_loop
from matdeps.queries.availability.model import Model
from matdeps.queries.availability.rules import Destination
from matdeps.queries.availability.scenario import Scenario
from matdeps.queries.availability.terms import ALL, NONE, TOLERANCE, Key, Term, Value, iter_keys


class Solution:
    """The values of all states that the nodes asked about need.

    Attributes
    ----------
    terms
        The term of each state.
    values
        The value of each state.
    """

    def __init__(self, equations: Equations) -> None:
        self.equations = equations
        self.terms: dict[Key, Term] = {}
        self.values: dict[Key, Value] = {}
        self._needs: dict[Key, list[Key]] = {}

    def get(self, node: int) -> Value:
        """Get the value of a node as it is asked about."""
        term = self.equations.make_target(node)
        self.solve(iter_keys(term))
        return term.value(self.values.__getitem__)

    def solve(self, keys: Iterable[Key]) -> None:
        """Solve states and all that they need."""
        for component in find_components(keys, self.list_needs, self.values):
            if len(component) == 1 and component[0] not in self.list_needs(component[0]):
                key = component[0]
                self.values[key] = self.terms[key].value(self.values.__getitem__)
            else:
                # From below, so that a loop does not feed itself; one that nobody traced from above.
                traced = any(key.node in self.equations.model.traced for key in component)
                solve_loop(component, self.terms, self.values, NONE if traced else ALL)

    def list_needs(self, key: Key) -> list[Key]:
        """List the states that a state needs."""
        if key not in self.terms:
            self.terms[key] = self.equations.make(key)
            self._needs[key] = list(dict.fromkeys(iter_keys(self.terms[key])))
        return self._needs[key]


def solve(model: Model, scenario: Scenario, *, to: str | None = None, use: str | None = None) -> Solution:
    """Solve a scenario; values are worked out as they are asked for.

    Parameters
    ----------
    to
        Id of the country where items are judged; None: the world.
    use
        civil, military or both, where none is recorded; None: not known.
    """
    cut_loops(model)
    return Solution(Equations(model, scenario, to=to, use=use))


def cut_loops(model: Model) -> None:
    """Leave out the links of loops that would keep a bound at 0 at rest, into the smallest id of each."""
    looped = _find_looped(model)
    while looped:
        solution = Solution(Equations(model, Scenario()))
        keys = [key for node in looped for key in iter_keys(solution.equations.make_target(node))]
        solution.solve(keys)
        stuck = {key: value for key, value in solution.values.items() if min(value[:3]) <= TOLERANCE}
        if not stuck:
            return
        fresh = set()
        for component in find_components(stuck, solution.list_needs, {}):
            inside, needs = set(component), {need for key in component for need in solution.list_needs(key)}
            if not inside & needs or not inside & stuck.keys():
                continue  # no loop, or none that starves
            if any(need in stuck for need in needs - inside):
                continue  # starved by another loop, which is cut first
            nodes = {key.node for key in component}
            first = min(nodes)
            fresh |= {(node, first) for node in nodes}
            names = ", ".join(model.name(node) for node in sorted(nodes - {first})) or model.name(first)
            model.notes.append(
                f"{model.name(first)} stands on a loop that would feed itself: its links from {names} are left out."
            )
        if not fresh - model.cut:
            return
        model.cut |= fresh


def _find_looped(model: Model) -> list[int]:
    """Find the nodes that stand on a loop of what is needed."""

    def name(node: int) -> Key:
        return Key("node", node, Destination())

    needs: dict[Key, list[Key]] = {}
    for node, item in model.items.items():
        needs[name(node)] = [name(one) for one in (*(i.item for i in item.inputs), *item.stands)]
    for node, taker in model.takers.items():
        suppliers = (maker.node for maker in taker.suppliers)
        taken = (item for item, _ in taker.takes)
        every = (*(i.item for i in taker.inputs), *taken, *taker.runs, *suppliers)
        needs[name(node)] = [name(one) for one in every]
    looped = set()
    for component in find_components(needs, lambda key: needs.get(key, []), {}):
        if len(component) > 1 or component[0] in needs.get(component[0], []):
            looped |= {key.node for key in component}
    return sorted(looped)


def find_components(
    keys: Iterable[Key], list_needs: Callable[[Key], list[Key]], known: dict[Key, Value]
) -> Iterator[list[Key]]:
    """Find strongly connected components, what is needed before what needs it (Tarjan, without recursion)."""
    index: dict[Key, int] = {}
    low: dict[Key, int] = {}
    stack: list[Key] = []
    waiting: set[Key] = set()
    for start in keys:
        if start in index or start in known:
            continue
        work: list[tuple[Key, Iterator[Key]]] = []

        def enter(key: Key, work: list[tuple[Key, Iterator[Key]]] = work) -> None:
            index[key] = low[key] = len(index)
            stack.append(key)
            waiting.add(key)
            work.append((key, iter(list_needs(key))))

        enter(start)
        while work:
            key, needs = work[-1]
            for need in needs:
                if need in index:
                    if need in waiting:
                        low[key] = min(low[key], index[need])
                elif need not in known:
                    enter(need)
                    break
            else:
                work.pop()
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[key])
                if low[key] == index[key]:
                    component = []
                    while True:
                        one = stack.pop()
                        waiting.discard(one)
                        component.append(one)
                        if one == key:
                            break
                    yield component[::-1]
