"""whatif: what is really lost under a scenario, and what is left of each target?"""

from dataclasses import dataclass
from datetime import date

from matdeps.graph.errors import ConfigError, UnknownNodeError
from matdeps.graph.model import NodeFacts
from matdeps.graph.names import fold
from matdeps.graph.reader import Reader, Scope
from matdeps.queries.answer import Answer
from matdeps.queries.availability.explain import Explainer
from matdeps.queries.availability.model import Model, find_delivered, find_ordered, find_sited, load_model
from matdeps.queries.availability.notes import describe_shares, list_share_sources
from matdeps.queries.availability.scenario import Scenario, describe, resolve
from matdeps.queries.availability.solver import solve
from matdeps.queries.availability.verdicts import VERDICTS, Judge, Verdict, find_all_starts, find_paths
from matdeps.queries.countries import find_country_codes
from matdeps.queries.exposed import DEFAULT_KINDS
from matdeps.queries.question import (
    Names,
    describe_scope,
    find_named,
    finish,
    make_scope,
    parse_kinds,
    parse_limit,
    warn_of_date,
)
from matdeps.queries.unknowns import find_open_claims, find_stops

USES = ("civil", "military", "both")
NOT_COMPUTED = (
    "Not computed: recycled supply, stocks, spare capacity, prices, substitutes, extraterritorial reach, thresholds "
    "and conditions in words."
)
LICENCES = ("withheld", "granted")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is left, each 0..1."""

    low: float
    high: float
    estimate: float


@dataclass(frozen=True, slots=True)
class WhatIfRow:
    """What a scenario does to one target (`whatif`).

    Attributes
    ----------
    verdict
        restricted, lost, reduced, covered, possible, unknown, clear or no data.
    as_recorded
        Where lost: whether it rests on a list of makers that nobody marked complete; else None.
    leans
        Where unknown: the verdict of the estimate; else None.
    limiting
        Ids of the chain of limiting inputs, from the target back to what is restricted; empty where nothing limits.
    explanation
        The reason in sentences.
    """

    id: str
    name: str
    kind: str
    kinds: tuple[str, ...]
    verdict: str
    as_recorded: bool | None
    leans: str | None
    availability: Bounds
    limiting: tuple[str, ...]
    explanation: tuple[str, ...]


def run(
    reader: Reader,
    *,
    lose: Names | None = None,
    control: Names | None = None,
    disruption: Names | None = None,
    to: str | None = None,
    use: str | None = None,
    licences: str = "withheld",
    include_rollup: bool = False,
    kind: str | list[str] | None = None,
    limit: int | None = None,
    as_of: str | date | None = None,
    through: str = "consumed",
    confidence: str = "inferred",
    checked: bool = False,
) -> Answer:
    """Judge what is lost, reduced or covered under a scenario, with bounds and the reason.

    Parameters
    ----------
    lose
        Names of items, groups, organisations, programmes and countries that are taken away.
    control, disruption
        Names of the restrictions that apply.
    to
        Name of the country where items are judged; None: the world. Programmes and companies keep their own country.
    use
        civil, military or both, where none is recorded; None: not known.
    licences
        Whether a licence duty counts as ``withheld`` (the stress test) or as ``granted``.
    include_rollup
        Whether a restriction also counts for the elements that it is only said to be about.
    kind
        Kinds of the targets; None: products, programmes and customers; "all": every kind.
    limit
        Most rows given; None and 0 give all. The summary counts all in any case.
    as_of, through, confidence, checked
        The scope: see `question.make_scope`.

    Returns
    -------
    Answer
        Rows are `WhatIfRow`, one for each target, by kind and id.

    Raises
    ------
    UnknownNodeError, AmbiguousNodeError
        If a name has no node, or several.
    ConfigError
        If an option has a value that cannot be meant, or the scenario is empty.
    """
    scope = make_scope(as_of=as_of, through=through, confidence=confidence, checked=checked)
    kinds, limit = parse_kinds(kind, DEFAULT_KINDS), parse_limit(limit)
    if use is not None and use not in USES:
        raise ConfigError(f"use {use!r} is not known", remedy=f"One of: {', '.join(USES)}.")
    if licences not in LICENCES:
        raise ConfigError(f"licences {licences!r} is not known", remedy=f"One of: {', '.join(LICENCES)}.")
    lost, rules, ids, notes = _find_asked(reader, lose, control, disruption)
    place = _find_place(reader, to)
    scenario = resolve(
        reader,
        scope,
        lose=lost,
        restrictions=rules,
        licences="granted" if licences == "granted" else "withheld",
        include_rollup=include_rollup,
    )
    civil, military = find_all_starts(reader, scenario, scope, include_rollup=include_rollup)
    model = load_model(reader, scope, _find_seeds(reader, scope, scenario, {*civil.by_node, *military.by_node}))
    solution = solve(model, scenario, to=place, use=use)
    sure = find_paths(reader, civil, scope)
    judge = Judge(reader, scope, solution, sure, sure if military is civil else find_paths(reader, military, scope))
    targets = list(reader.get_nodes(reader.find_nodes(kinds, scope.as_of).tolist()))
    verdicts = judge.judge([node.handle for node in targets])
    closers = {node.handle: node for node in scenario.asked}
    explainer = Explainer(solution, _name_countries(reader, scenario), closers, sure.minor)
    rows = [_make_row(node, verdicts[node.handle], explainer) for node in targets]
    rows.sort(key=lambda row: (row.kind, row.id))
    counts = {word: sum(row.verdict == word for row in rows) for word in VERDICTS}
    by_kind: dict[str, int] = {}
    for row in rows:
        by_kind[row.kind] = by_kind.get(row.kind, 0) + 1
    summary = {
        "targets": len(rows),
        "hits": len(rows),
        "by_kind": by_kind,
        "verdicts": counts,
        "targets_without_upstream": counts["no data"],
        "heading": _make_heading(scenario, licences),
        "scenario": describe(scenario),
        "notes": [
            *warn_of_date(reader.get_info(), scope.as_of),
            *notes,
            *scenario.notes,
            *model.notes,
            *describe_shares(model, scenario),
            NOT_COMPUTED,
        ],
        "not_known": _find_not_known(reader, scenario, model, scope.as_of),
        "next": _suggest(rows, scenario, scope.as_of),
    }
    parameters = {
        **ids,
        "to": place,
        "use": use,
        "licences": licences,
        "include_rollup": include_rollup,
        "kind": list(kinds),
        "limit": limit,
        **describe_scope(scope),
    }
    return finish(
        reader,
        "whatif",
        parameters,
        rows,
        summary,
        cited={*list_share_sources(model), *(source for node in scenario.asked for source in node.sources)},
        named=[*scenario.asked, *targets, *model.nodes.values()],
        limit=limit,
    )


def _find_seeds(reader: Reader, scope: Scope, scenario: Scenario, starts: set[int]) -> set[int]:
    """Find all that a scenario touches itself: where it starts, what it names, and what it closes the way of."""
    seeds = {*starts, *scenario.named, *scenario.named_military, *scenario.listed}
    seeds |= find_delivered(reader, scope, scenario.listed)
    seeds |= find_sited(reader, scope, scenario.closed_countries)
    return seeds | find_ordered(reader, scope, seeds)


def _find_not_known(reader: Reader, scenario: Scenario, model: Model, as_of: str) -> list[str]:
    """List the stops that touch the question and are not in the scenario, and the claims that nobody has settled."""
    asked = [node.id for node in scenario.asked]
    stops = [
        f"Not in the scenario. {text}"
        for text in find_stops(reader, sorted(model.moved), as_of)
        if not any(text.endswith(f"[{node}]") for node in asked)
    ]
    return [*stops, *find_open_claims(reader, set(asked))]


def _suggest(rows: list[WhatIfRow], scenario: Scenario, as_of: str) -> list[str]:
    worst = min(rows, key=lambda row: (VERDICTS.index(row.verdict), row.id), default=None)
    if worst is None or not worst.limiting:
        return []
    return [f"matdeps why {scenario.asked[0].id} {worst.id} --as-of {as_of}"]


def _find_asked(
    reader: Reader, lose: Names | None, control: Names | None, disruption: Names | None
) -> tuple[list[int], list[int], dict[str, list[str]], list[str]]:
    """Find the nodes that a scenario names: what is lost, what restricts, their ids, and notes on their names."""
    nodes: dict[str, list[int]] = {}
    ids: dict[str, list[str]] = {}
    notes: list[str] = []
    for option, names in (("lose", lose), ("control", control), ("disruption", disruption)):
        found = find_named(reader, names) if names else None
        nodes[option] = list(found.nodes) if found else []
        ids[option] = list(found.ids) if found else []
        notes += found.notes if found else ()
    if not any(nodes.values()):
        raise ConfigError("the scenario takes nothing away", remedy="Example: matdeps whatif --lose terbium")
    return nodes["lose"], [*nodes["control"], *nodes["disruption"]], ids, notes


def _find_place(reader: Reader, to: str | None) -> str | None:
    """Find the id of a country; one that the graph does not have is a country all the same."""
    if to is None:
        return None
    try:
        found = reader.get_nodes(find_named(reader, to).nodes)
    except UnknownNodeError:
        codes = find_country_codes(fold(to.removeprefix("country:")))
        if len(codes) != 1:
            raise
        return f"country:{codes[0]}"
    if len(found) != 1 or found[0].kind != "country":
        raise ConfigError(f"{to!r} is not one country", remedy="Example: --to Japan")
    return found[0].id


def _make_heading(scenario: Scenario, licences: str) -> str | None:
    """Say at the head of the answer how licence duties count; None where the scenario has none."""
    if not any(one.node.attributes.get("requires") == "licence" for one in scenario.applied):
        return None
    return "STRESS TEST: ALL LICENCES REFUSED" if licences == "withheld" else "ALL LICENCES COUNT AS GRANTED"


def _make_row(node: NodeFacts, verdict: Verdict, explainer: Explainer) -> WhatIfRow:
    value = verdict.value
    chain, texts = explainer.explain(node.handle, verdict.word, value, as_recorded=verdict.as_recorded)
    return WhatIfRow(
        node.id,
        node.name,
        node.kind,
        node.labels,
        verdict.word,
        verdict.as_recorded,
        verdict.leans,
        Bounds(value.low, value.high, value.estimate),
        tuple(explainer.model.nodes[one].id for one in chain),
        tuple(texts),
    )


def _name_countries(reader: Reader, scenario: Scenario) -> dict[str, str]:
    handles = reader.find_handles(scenario.distinguished)
    return {node.id: node.name for node in reader.get_nodes(sorted(handles.values()))}
