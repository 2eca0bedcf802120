"""Small random graphs and questions in which the rules of the contract meet often.

`make_graph` and `make_question` take any object with the methods of `random.Random`; the Hypothesis strategies hand
them a random that Hypothesis controls, so a failure is shrunk and replayed like any other.
"""

import csv
import json
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from tests import oracle
from tests.oracle_facts import ACYCLIC, FLOW, ORGANISATIONS, Graph, kind_of

AS_OF = "2026-07-01"
DAYS = ("2025-12-31", "2026-06-30", "2026-07-01", "2026-07-02", "2027-01-01")
COUNTRIES = ("country:CN", "country:DE", "country:FR", "country:JP")
COLUMNS = {
    "nodes": "id kind name aliases attributes sources",
    "relationships": "from type to properties confidence sources",
    "production": "item stage country year value unit share estimate source",
    "controls": "id title instrument issuer destinations requires end_use acts_on effective ended suspended_from suspended_until hs_codes notes sources",
    "disruptions": "id title event destinations effective ended claims notes sources",
    "sources": "id title publisher date url kind how_verified",
}
SOURCES = (
    ("mem", "official", "own_knowledge"),
    ("read", "official", "read_in_search"),
    ("news", "news", "own_knowledge"),
    ("seen", "news", "read_in_search"),
)


@dataclass(frozen=True)
class Question:
    """A query by name with its keyword arguments (as the flags; `target` of `why` is one id)."""

    query: str
    arguments: dict[str, Any] = field(default_factory=dict)


def answer(graph: Graph, question: Question, fired: set[str] | None = None) -> Any:
    """Ask the oracle."""
    extra = {"fired": fired} if fired is not None and question.query in {"exposed", "depends", "why"} else {}
    return getattr(oracle, question.query)(graph, **question.arguments, **extra)


def fired(graph: Graph, question: Question) -> set[str]:
    """Name the rules that the answer to a question used."""
    names: set[str] = set()
    answer(graph, question, names)
    return names


class _Maker:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.rows: list[dict[str, Any]] = []
        self.seen: set[tuple[str, str, str, str]] = set()
        self.derived: set[tuple[str, str, str, str, str]] = set()
        self.attributes: dict[str, dict[str, Any]] = {}
        self.order: dict[str, int] = {}
        self.confidences = rng.choice(
            (("confirmed",), ("confirmed", "confirmed", "reported", "inferred"), ("reported", "confirmed"))
        )

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def link(self, tail: str, kind: str, head: str, props: dict[str, Any] | None = None) -> None:
        """Add a link where the schema allows it; one that it does not allow is left out."""
        props = dict(props or {})
        if tail == head or (kind in ACYCLIC and self.order[tail] > self.order[head]):
            return
        if self.chance(0.07) and kind != "RESTRICTS":
            props["valid_from"] = min(self.rng.choice(DAYS), props.get("valid_to", DAYS[-1]))
        if self.chance(0.06) and kind != "RESTRICTS" and "valid_to" not in props:
            props["valid_to"] = max(self.rng.choice(DAYS), props.get("valid_from", ""))
        text = json.dumps(props, sort_keys=True, ensure_ascii=False)
        if kind == "SUPPLIES_TO" and props.get("item"):
            # Two of them would give the same SOLD_TO twice.
            same = (tail, props["item"], head, props.get("valid_from", ""), props.get("valid_to", ""))
            if same in self.derived:
                return
            self.derived.add(same)
        if (tail, kind, head, text) in self.seen:
            return
        self.seen.add((tail, kind, head, text))
        confidence = self.rng.choice(self.confidences)
        sources = "|".join(sorted({self.rng.choice(SOURCES)[0] for _ in range(self.rng.choice((1, 1, 2)))}))
        self.rows.append(
            {"from": tail, "type": kind, "to": head, "properties": text, "confidence": confidence, "sources": sources}
        )

    def input_props(self) -> dict[str, Any]:
        props: dict[str, Any] = {}
        criticality = self.rng.choice(("essential", "major", "minor", "minor", "alternative", None))
        if criticality:
            props["criticality"] = criticality
        role = self.rng.choice((None, None, None, "process_consumable", "tooling", "equipment"))
        if role:
            props["role"] = role
        if criticality == "alternative":
            props["alt_group"] = "g"
        return props

    def produces_props(self) -> dict[str, Any]:
        props: dict[str, Any] = {}
        status = self.rng.choice((None, None, None, "active", "planned", "exit", "exit", "trader", "suspended"))
        if status:
            props["status"] = status
        if status == "exit" and self.chance(0.7):
            props["valid_to"] = self.rng.choice(DAYS)
        if self.chance(0.2):
            props["share"] = self.rng.choice((0.1, 0.5, 1.0))
        return props


def make_graph(rng: random.Random) -> Graph:
    """Make a graph of 3 to 12 nodes that exposure can travel through, with countries and restrictions beside them."""
    maker = _Maker(rng)
    size = rng.choice((3, 4, 5, 6, 7, 8, 8, 9, 10, 10, 11, 12))
    letters = list("abcdefghijkl")
    rng.shuffle(letters)
    kinds = [
        rng.choice(
            (
                "material",
                "material",
                "intermediate",
                "intermediate",
                "product",
                "supplier",
                "supplier",
                "supplier",
                "customer",
                "program",
            )
        )
        for _ in range(size)
    ]
    nodes = [f"{kind}:{letter}" for kind, letter in zip(kinds, letters, strict=False)]
    maker.order = {node: i for i, node in enumerate(nodes)}
    items = [n for n in nodes if kind_of(n) in {"material", "intermediate", "product"}]
    materials = [n for n in items if kind_of(n) == "material"]
    firms = [n for n in nodes if kind_of(n) in ORGANISATIONS]
    programs = [n for n in nodes if kind_of(n) == "program"]
    places = list(rng.sample(COUNTRIES, rng.randint(1, 3)))
    if rng.random() < 0.3:
        places.append("country:EU")
        maker.attributes["country:EU"] = {"members": ["DE", "FR"]}
        places += [c for c in ("country:DE", "country:FR") if c not in places]
    for program in programs:
        maker.attributes[program] = {"use": rng.choice(("civil", "military", "both"))}
    for node in nodes:
        if rng.random() < 0.06:
            maker.attributes.setdefault(node, {})[rng.choice(("valid_from", "valid_to"))] = rng.choice(DAYS)
    for _ in range(rng.randint(size, 3 * size)):
        _add_flow(maker, items, materials, firms, programs)
    for _ in range(rng.randint(0, size // 2 + 2)):
        _add_anchor(maker, items, materials, firms, programs, places)
    production = _make_production(rng, items, places)
    controls, disruptions = _make_restrictions(maker, items, firms, places)
    graph: Graph = {
        "nodes": [
            {
                "id": n,
                "kind": kind_of(n),
                "name": n.replace(":", " "),
                "aliases": "",
                "attributes": json.dumps(maker.attributes.get(n, {}), sort_keys=True),
                "sources": "mem",
            }
            for n in sorted({*nodes, *places})
        ],
        "relationships": maker.rows,
        "production": production,
        "controls": controls,
        "disruptions": disruptions,
        "sources": [
            {
                "id": i,
                "title": f"Source {i}",
                "publisher": "test",
                "date": "2026-06-01",
                "url": f"https://example.org/{i}",
                "kind": k,
                "how_verified": h,
            }
            for i, k, h in SOURCES
        ],
    }
    return graph


def _add_flow(maker: _Maker, items: list[str], materials: list[str], firms: list[str], programs: list[str]) -> None:
    rng = maker.rng
    kind = rng.choice(
        ("INPUT_TO",) * 7
        + ("PRODUCES",) * 5
        + ("SUPPLIES_TO",) * 5
        + ("SOLD_TO",) * 4
        + ("IS_A", "YIELDS", "STANDS_FOR", "STANDS_FOR", "USED_IN", "USED_IN", "RUN_BY")
    )
    takers = firms + programs
    if kind == "INPUT_TO" and items:
        tail, head = rng.choice(items), rng.choice(items)
        if maker.order[tail] > maker.order[head] and maker.chance(0.6):
            tail, head = head, tail
        for _ in range(rng.choice((1, 1, 1, 2))):
            maker.link(tail, kind, head, maker.input_props())
    elif kind == "USED_IN" and items and programs:
        maker.link(rng.choice(items), kind, rng.choice(programs), maker.input_props())
    elif kind == "SOLD_TO" and items and takers:
        maker.link(rng.choice(items), kind, rng.choice(takers), rng.choice(({}, {}, {"order": "1"})))
    elif kind == "RUN_BY" and programs and firms:
        maker.link(rng.choice(programs), kind, rng.choice(firms))
    elif kind == "PRODUCES" and items and firms:
        maker.link(rng.choice(firms), kind, rng.choice(items), maker.produces_props())
    elif kind == "SUPPLIES_TO" and firms:
        props = {"item": rng.choice(items)} if items and maker.chance(0.4) else rng.choice(({}, {}, {"volume": 5}))
        maker.link(rng.choice(firms), kind, rng.choice(takers), props)
    elif kind == "STANDS_FOR" and items:
        maker.link(
            rng.choice(items),
            kind,
            rng.choice(items),
            rng.choice(({}, {"decision": "accepted"}, {"decision": "proposed", "score": 0.8})),
        )
    elif kind == "IS_A" and items:
        maker.link(rng.choice(items), kind, rng.choice(items))
    elif kind == "YIELDS" and materials:
        maker.link(rng.choice(materials), kind, rng.choice(materials))


def _add_anchor(
    maker: _Maker, items: list[str], materials: list[str], firms: list[str], programs: list[str], places: list[str]
) -> None:
    rng = maker.rng
    kind = rng.choice(
        (
            "MEMBER_OF",
            "MEMBER_OF",
            "LOCATED_IN",
            "LOCATED_IN",
            "HEADQUARTERED_IN",
            "HEADQUARTERED_IN",
            "OWNED_BY",
            "OWNED_BY",
            "RECYCLES_TO",
        )
    )
    if kind == "MEMBER_OF" and materials:
        maker.link(rng.choice(materials), kind, rng.choice(materials))
    elif kind == "LOCATED_IN" and firms + programs:
        tail = rng.choice(firms + programs)
        maker.link(tail, kind, rng.choice(places), {"role": "lead country" if kind_of(tail) == "program" else "plant"})
    elif kind == "HEADQUARTERED_IN" and firms:
        maker.link(rng.choice(firms), kind, rng.choice(places))
    elif kind == "OWNED_BY" and firms:
        maker.link(
            rng.choice(firms),
            kind,
            rng.choice(firms),
            rng.choice(({}, {"share": 0.5}, {"share": 0.49}, {"share": 1.0})),
        )
    elif kind == "RECYCLES_TO" and items:
        maker.link(rng.choice(items), kind, rng.choice(items))


def _make_production(rng: random.Random, items: list[str], places: list[str]) -> list[dict[str, Any]]:
    """Make production rows; amounts without a share come from one source only, and at most one source covers it all."""
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for item in items:
        if rng.random() < 0.6:
            continue
        for _ in range(rng.randint(1, 6)):
            stage, year = rng.choice(("mine", "mine", "refine")), rng.choice((2024, 2025, 2026, 2026, 2027))
            source, country = rng.choice(("mem", "news")), rng.choice([*places, "WORLD"])
            share = rng.choice((None, 0.05, 0.2, 0.3, 0.6, 0.7, 0.9))
            if share is None:
                source = "mem"
            if country == "WORLD":
                share = 1.0
            key = (item, stage, country, year, source)
            group = [r for k, r in rows.items() if k[0] == item and k[1] == stage and k[3] == year and k[2] != "WORLD"]
            covers = [
                sum(float(r["share"] or 0) for r in group if r["source"] == s) + (share or 0) * (s == source)
                for s in ("mem", "news")
            ]
            if country != "WORLD" and min(covers) >= 1:
                continue
            rows[key] = {
                "item": item,
                "stage": stage,
                "country": country,
                "year": year,
                "value": rng.randint(1, 90),
                "unit": "t",
                "share": "" if share is None else share,
                "estimate": rng.choice(("", "", "true")),
                "source": source,
            }
    return list(rows.values())


def _make_restrictions(
    maker: _Maker, items: list[str], firms: list[str], places: list[str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    rng = maker.rng
    controls, disruptions = [], []
    if rng.random() < 0.4:
        row = dict.fromkeys(COLUMNS["controls"].split(), "")
        row |= {
            "id": "control:one",
            "title": "Control",
            "issuer": rng.choice(places),
            "requires": "licence",
            "end_use": rng.choice(("any", "military")),
            "acts_on": rng.choice(("items", "items", "purchases from the destination")),
            "effective": rng.choice(DAYS),
            "sources": "mem",
            "destinations": rng.choice(["", *places]),
            "ended": rng.choice(("", "", *DAYS)),
        }
        if row["ended"] and row["ended"] < row["effective"]:
            row["ended"] = ""
        if rng.random() < 0.4:
            row["suspended_from"], row["suspended_until"] = sorted((rng.choice(DAYS), rng.choice(DAYS)))
        controls.append(row)
        for _ in range(rng.randint(1, 3)):
            targets = items * 2 + firms + (places if rng.random() < 0.3 else [])
            if targets:
                target = rng.choice(targets)
                props: dict[str, Any] = {"scope": "entity listing"} if kind_of(target) in ORGANISATIONS else {}
                if kind_of(target) not in ORGANISATIONS and rng.random() < 0.4:
                    props = {"scope": "element_rollup"}
                maker.link("control:one", "RESTRICTS", target, props)
    if firms and rng.random() < 0.4:
        row = dict.fromkeys(COLUMNS["disruptions"].split(), "")
        row |= {
            "id": "disruption:one",
            "title": "Disruption",
            "event": "plant closed",
            "effective": rng.choice(DAYS),
            "sources": "mem",
        }
        disruptions.append(row)
        for _ in range(rng.randint(1, 3)):
            makes = [r for r in maker.rows if r["type"] == "PRODUCES"]
            if makes and rng.random() < 0.6:
                made = rng.choice(makes)
                maker.link("disruption:one", "RESTRICTS", made["from"], {"item": made["to"]})
            elif items and rng.random() < 0.5:
                maker.link("disruption:one", "RESTRICTS", rng.choice(items), {"country": rng.choice(places)})
            else:
                maker.link("disruption:one", "RESTRICTS", rng.choice(firms))
    return controls, disruptions


def make_question(rng: random.Random, graph: Graph) -> Question:
    """Make a question about a graph, more often than not about a node that something leads away from."""
    nodes = [row["id"] for row in graph["nodes"]]
    inner = [n for n in nodes if kind_of(n) != "country"]
    links = graph["relationships"]
    tails = [r["from"] for r in links if r["type"] in FLOW] or inner
    heads = [r["to"] for r in links if r["type"] in FLOW] or inner
    query = rng.choice(("exposed",) * 5 + ("depends",) * 3 + ("why",) * 3)
    arguments: dict[str, Any] = {"as_of": AS_OF}
    if rng.random() < 0.15:
        arguments["as_of"] = rng.choice(DAYS)
    if rng.random() < 0.5:
        arguments["through"] = rng.choice(("contained", "all", "all"))
    if rng.random() < 0.2:
        arguments["confidence"] = rng.choice(("confirmed", "reported"))
    if rng.random() < 0.12:
        arguments["checked"] = True
    special = [n for n in nodes if kind_of(n) == "country"] + [
        r["id"] for r in graph["controls"] + graph["disruptions"]
    ]
    groups = [r["to"] for r in links if r["type"] in {"MEMBER_OF", "OWNED_BY", "IS_A"}]
    if query == "depends":
        arguments["start"] = [rng.choice(heads + groups)]
    else:
        pools = [tails, tails, tails, special or tails, special or tails, groups or tails, inner]
        arguments["start"] = [rng.choice(rng.choice(pools))]
        if kind_of(arguments["start"][0]) == "country":
            arguments["by"] = rng.choice(("plant", "plant", "hq"))
            if query == "exposed" and rng.random() < 0.4:
                arguments["min_share"] = rng.choice((0.1, 0.3, 0.5, 0.7))
        if kind_of(arguments["start"][0]) == "control":
            arguments["include_rollup"] = rng.random() < 0.5
    if arguments["start"][0] in inner and rng.random() < 0.15:
        arguments["start"] = sorted({arguments["start"][0], rng.choice(inner)})
    if query == "why":
        arguments["target"] = rng.choice(heads + [r["from"] for r in links if r["type"] == "PRODUCES"])
        arguments["k"] = rng.choice((1, 2, 3, 3, 5))
        return Question(query, arguments)
    if rng.random() < 0.8:
        arguments["kind"] = ["all"]
    elif rng.random() < 0.5:
        arguments["kind"] = sorted({rng.choice(("product", "material", "customer", "supplier")) for _ in range(2)})
    if rng.random() < 0.12:
        arguments["direct"] = True
    elif rng.random() < 0.25:
        arguments["max_tier"] = rng.randint(1, 4)
    return Question(query, arguments)


def graphs() -> st.SearchStrategy[Graph]:
    """Draw graphs."""
    return st.randoms(use_true_random=False).map(make_graph)


@st.composite
def graphs_with_questions(draw: st.DrawFn, questions: int = 3) -> tuple[Graph, list[Question]]:
    """Draw a graph and some questions about it."""
    rng = draw(st.randoms(use_true_random=False))
    graph = make_graph(rng)
    return graph, [make_question(rng, graph) for _ in range(questions)]


def write_folder(graph: Graph, path: Path) -> Path:
    """Write a graph as the folder of CSV files that the loader `graph` reads."""
    path.mkdir(parents=True, exist_ok=True)
    for name, columns in COLUMNS.items():
        rows = graph.get(name, [])
        if not rows and name not in {"nodes", "relationships", "sources"}:
            continue
        with (path / f"{name}.csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, columns.split(), restval="", extrasaction="ignore")
            writer.writeheader()
            writer.writerows(
                {k: json.dumps(v, sort_keys=True) if isinstance(v, dict) else v for k, v in row.items()} for row in rows
            )
    return path
