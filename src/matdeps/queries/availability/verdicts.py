"""Verdicts: what a scenario does to a node, by its bounds, by the paths that reach it, and by what is known of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from matdeps.graph.reader import Reader, Scope
from matdeps.graph.schema import FLOW_TYPES, KINDS, ORGANISATIONS, Surety, is_walked
from matdeps.queries.availability.scenario import Scenario
from matdeps.queries.availability.solver import Solution
from matdeps.queries.availability.terms import TOLERANCE, Value
from matdeps.queries.rows import find_hits
from matdeps.queries.starts import Starts, find_starts

VERDICTS = ("restricted", "lost", "reduced", "covered", "possible", "unknown", "clear", "no data")


@dataclass(slots=True)
class Paths:
    """What is reached from the scenario, as seen from one use.

    Attributes
    ----------
    sure
        Handles that a definite path reaches, also one over a minor input.
    minor
        Those of them that are reached over minor inputs only.
    possible
        Handles that only possible paths reach.
    """

    sure: set[int] = field(default_factory=set)
    minor: set[int] = field(default_factory=set)
    possible: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a scenario does to a node.

    Attributes
    ----------
    as_recorded
        Where lost: whether it rests on a list of makers that nobody marked complete; else None.
    leans
        Where unknown: the verdict of the estimate; else None.
    """

    word: str
    as_recorded: bool | None
    leans: str | None
    value: Value


def find_all_starts(reader: Reader, scenario: Scenario, scope: Scope, *, include_rollup: bool) -> tuple[Starts, Starts]:
    """Find what a scenario starts from: for civil use, and for military use."""
    civil = find_starts(reader, scenario.starts, scope, way="down", include_rollup=include_rollup)
    if not scenario.starts_military:
        return civil, civil
    every = [*scenario.starts, *scenario.starts_military]
    return civil, find_starts(reader, every, scope, way="down", include_rollup=include_rollup)


def find_paths(reader: Reader, starts: Starts, scope: Scope) -> Paths:
    """Find what some starts reach."""
    paths = Paths()
    if not starts.by_node:
        return paths
    hits = find_hits(reader, starts, scope, way="down", kinds=tuple(KINDS))
    sureties = np.array([reach.surety for reach in hits.reaches], np.int64)[hits.place]
    paths.sure = set(hits.nodes[sureties < Surety.possible].tolist())
    paths.minor = set(hits.nodes[sureties == Surety.minor].tolist())
    paths.possible = set(hits.nodes[sureties == Surety.possible].tolist())
    for node, start in starts.by_node.items():
        (paths.sure if start.is_sure else paths.possible).add(node)
    return paths


class Judge:
    """Gives each node its verdict.

    Parameters
    ----------
    civil, military
        What is reached, as seen from either use.
    """

    def __init__(self, reader: Reader, scope: Scope, solution: Solution, civil: Paths, military: Paths) -> None:
        self.reader, self.scope, self.solution = reader, scope, solution
        self.civil, self.military = civil, military
        self.scenario = solution.equations.scenario

    def judge(self, nodes: Sequence[int]) -> dict[int, Verdict]:
        """Judge nodes."""
        verdicts = {}
        open_ends = []
        for node in nodes:
            value = self.solution.get(node)
            word = self._find_word(node, value)
            if word == "clear":
                open_ends.append(node)
            as_recorded = value.more > TOLERANCE if word == "lost" else None
            verdicts[node] = Verdict(word, as_recorded, _lean(value) if word == "unknown" else None, value)
        for node in self._find_without_upstream(open_ends):
            verdicts[node] = Verdict("no data", None, None, verdicts[node].value)
        return verdicts

    def _find_word(self, node: int, value: Value) -> str:
        if self.scenario.is_named(node, military=self._is_military(node)):
            return "restricted"
        if value.high <= TOLERANCE:
            return "lost"
        if value.is_below or value.high < 1 - TOLERANCE:
            return "reduced"
        if value.low < 1 - TOLERANCE:
            return "unknown"
        surety = self._find_surety(node)
        if surety == "sure" or self.scenario.is_opened(node, military=self._is_military(node)):
            return "covered"
        return "possible" if surety == "possible" else "clear"

    def _is_military(self, node: int) -> bool:
        return "military" in self.solution.equations.list_uses(node)

    def _find_surety(self, node: int) -> str:
        paths = self.military if self._is_military(node) else self.civil
        if node in paths.sure:
            return "sure"
        taker = self.solution.equations.model.takers.get(node)
        # A company is reached through the programmes that it runs, each seen from its own use.
        found = {self._find_surety(program) for program in (taker.runs if taker else ())}
        if "sure" in found:
            return "sure"
        return "possible" if node in paths.possible or "possible" in found else ""

    def _find_without_upstream(self, nodes: Sequence[int]) -> list[int]:
        """Find the nodes that nothing recorded reaches, and that make nothing; a material is a raw source."""
        facts = {node.handle: node for node in self.reader.get_nodes(nodes)}
        bare = [node for node in nodes if facts[node].kind != "material"]
        inward = self.reader.find_links(bare, out=False, types=FLOW_TYPES, as_of=self.scope.as_of)
        known = {link.head for link in inward if is_walked(link.type, link.properties)}
        firms = [node for node in bare if facts[node].kind in ORGANISATIONS]
        known |= {
            link.tail
            for link in self.reader.find_links(firms, out=True, types={"PRODUCES"}, as_of=self.scope.as_of)
            if is_walked(link.type, link.properties) and link.properties.get("status") != "trader"
        }
        return [node for node in bare if node not in known]


def _lean(value: Value) -> str:
    """Give the verdict of the estimate."""
    if value.estimate <= TOLERANCE:
        return "lost"
    return "covered" if value.estimate >= 1 - TOLERANCE else "reduced"
