"""The oracle's reading of a folder of CSV rows: nodes, links as a question sees them, frames of production.

Nothing here is shared with the product: the rules are written a second time from the text of the domain model, so
that an error in one of the two shows.
"""

import csv
import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Graph = dict[str, list[dict[str, Any]]]
"""Rows by file name without its ending (nodes, relationships, production, controls, disruptions, sources)."""
FILES = ("nodes", "relationships", "production", "controls", "disruptions", "claims", "sources")
CONFIDENCES = ("confirmed", "reported", "inferred")
VIEWS = ("contained", "consumed", "all")
DEFINITE, MINOR, POSSIBLE = 0, 1, 2
ITEMS = {"material", "intermediate", "product"}
ORGANISATIONS = {"supplier", "customer"}
FLOW = {"INPUT_TO", "USED_IN", "SOLD_TO", "RUN_BY", "PRODUCES", "SUPPLIES_TO", "STANDS_FOR", "IS_A", "YIELDS"}
ACYCLIC = {"MEMBER_OF", "IS_A", "OWNED_BY"}
ROLES = {"process_consumable": 1, "tooling": 1, "equipment": 2}


def kind_of(node: str) -> str:
    return node.partition(":")[0]


def read_folder(path: Path) -> Graph:
    """Read a folder of CSV files as the rows that the oracle takes."""
    graph: Graph = {}
    for name in FILES:
        file = path / f"{name}.csv"
        if file.exists():
            with file.open(encoding="utf-8", newline="") as handle:
                graph[name] = list(csv.DictReader(handle))
    return graph


def as_object(cell: Any) -> dict[str, Any]:
    """Read a cell that holds a JSON object; a dict stands for itself, an empty cell for {}."""
    if isinstance(cell, dict):
        return cell
    return dict(json.loads(cell)) if cell else {}


def as_list(cell: Any) -> list[str]:
    return list(cell) if isinstance(cell, (list, tuple)) else [x for x in (cell or "").split("|") if x]


def as_number(cell: Any) -> float | None:
    return None if cell is None or cell == "" else float(cell)


def holds(day: str, first: Any, last: Any) -> bool:
    """Both days are inside; an empty end is open."""
    return (not first or str(first) <= day) and (not last or day <= str(last))


@dataclass(frozen=True)
class Link:
    tail: str
    type: str
    head: str
    props: Any = field(compare=False, hash=False)
    confidence: int
    read: bool
    key: tuple[str, str]
    derived: bool = False

    @property
    def view(self) -> int:
        return ROLES.get(self.props.get("role"), 0) if self.type in {"INPUT_TO", "USED_IN"} else 0

    @property
    def surety(self) -> int:
        if self.type in {"IS_A", "YIELDS"}:
            return POSSIBLE
        if self.type == "STANDS_FOR" and self.props.get("decision") != "accepted":
            return POSSIBLE
        return MINOR if self.is_minor else DEFINITE

    @property
    def is_minor(self) -> bool:
        return self.props.get("criticality") == "minor"

    @property
    def is_nameless(self) -> bool:
        return self.type == "SUPPLIES_TO" and not self.props.get("item")

    @property
    def triple(self) -> list[str]:
        return [self.tail, self.type, self.head]


@dataclass
class Frame:
    """One stage's frame of an item: who makes what share of the world."""

    stage: str
    year: int
    source: str
    shares: dict[str, float | None]
    confidences: dict[str, int]
    scaled: bool
    year_with_amounts_only: int | None = None


class World:
    """Everything recorded, before a question narrows it."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.sources = {row["id"]: row for row in graph.get("sources", [])}
        self.attributes: dict[str, dict[str, Any]] = {}
        self.names: dict[str, str] = {}
        for row in graph["nodes"]:
            self.attributes[row["id"]] = as_object(row.get("attributes"))
            self.names[row["id"]] = row.get("name") or row["id"]
        for file in ("controls", "disruptions"):
            for row in graph.get(file, []):
                self.attributes[row["id"]] = {}
                self.names[row["id"]] = row.get("title") or row["id"]
        self.links: list[Link] = []
        for row in graph["relationships"]:
            props = as_object(row.get("properties"))
            self._add(row["from"], row["type"], row["to"], props, row["confidence"], as_list(row.get("sources")))
            if row["type"] == "SUPPLIES_TO" and props.get("item"):
                copied = {k: props[k] for k in ("valid_from", "valid_to") if props.get(k)}
                copied["supplier"] = row["from"]
                self._add(
                    props["item"], "SOLD_TO", row["to"], copied, row["confidence"], as_list(row.get("sources")), True
                )
        for link in self.links:
            for end in (link.tail, link.head):
                self.attributes.setdefault(end, {})
                self.names.setdefault(end, end)
        self.labels: dict[str, set[str]] = {node: {kind_of(node)} for node in self.attributes}
        for link in self.links:
            if link.type in {"PRODUCES", "SUPPLIES_TO"}:
                self.labels[link.tail].add("supplier")
            if link.type in {"SOLD_TO", "SUPPLIES_TO", "RUN_BY"} and kind_of(link.head) in ORGANISATIONS:
                self.labels[link.head].add("customer")

    def _add(
        self,
        tail: str,
        kind: str,
        head: str,
        props: dict[str, Any],
        confidence: str,
        sources: list[str],
        derived: bool = False,
    ) -> None:
        read = any(self.sources.get(s, {}).get("how_verified") == "read_in_search" for s in sources)
        text = json.dumps(props, sort_keys=True, ensure_ascii=False)
        self.links.append(Link(tail, kind, head, props, CONFIDENCES.index(confidence), read, (kind, text), derived))

    def is_valid_node(self, node: str, day: str) -> bool:
        attributes = self.attributes.get(node, {})
        return holds(day, attributes.get("valid_from"), attributes.get("valid_to"))

    def countries_of(self, country: str) -> set[str]:
        """A country and, where it is a bloc, its members."""
        members = self.attributes.get(country, {}).get("members") or []
        return {country} | {m if ":" in m else f"country:{m}" for m in members}

    def frames(self, item: str, day: str, year: int | None = None) -> dict[str, Frame]:
        """Choose one frame a stage: the latest year that has a share, in it the source that covers most."""
        stages: dict[str, dict[tuple[int, str], list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
        for row in self.graph.get("production", []):
            when = int(row["year"])
            known = when == year if year is not None else when <= int(day[:4])
            if row["item"] == item and row["country"] != "WORLD" and known:
                stages[row["stage"]][when, row["source"]].append(row)
        found = {}
        for stage, groups in stages.items():
            with_share = [g for g, rows in groups.items() if any(as_number(r["share"]) is not None for r in rows)]
            latest_any = max(when for when, _ in groups)
            latest = max((when for when, _ in with_share), default=latest_any)
            pool = [g for g in (with_share or groups) if g[0] == latest]

            def cover(group: tuple[int, str], groups: Any = groups) -> tuple[float, float]:
                shares = sum(as_number(r["share"]) or 0.0 for r in groups[group])
                amounts = sum(as_number(r["value"]) or 0.0 for r in groups[group])
                return (min(1.0, shares), 0.0 if shares else amounts)

            best = min(pool, key=lambda g: (-round(cover(g)[0], 9), -cover(g)[1], g[1]))
            rows = groups[best]
            total = sum(as_number(r["share"]) or 0.0 for r in rows)
            scale = 1 / total if total > 1 + 1e-9 else 1.0
            official = self.sources.get(best[1], {}).get("kind") == "official"
            found[stage] = Frame(
                stage,
                best[0],
                best[1],
                {r["country"]: None if (s := as_number(r["share"])) is None else s * scale for r in rows},
                {r["country"]: 0 if official and r.get("estimate", "") in ("", None) else 1 for r in rows},
                total > 1 + 1e-9,
                latest_any if latest_any > latest else None,
            )
        return found


class Sight:
    """What one question sees: links that are valid on the day, sure enough, read where asked, and not too wide."""

    def __init__(self, world: World, as_of: str, through: str, confidence: str, checked: bool, fired: set[str]) -> None:
        self.world, self.day, self.fired = world, as_of, fired
        self.view = VIEWS.index(through)
        self.limit = CONFIDENCES.index(confidence)
        self.with_inputs: set[str] = set()
        self.dated: list[Link] = []
        for link in world.links:
            ends = world.is_valid_node(link.tail, as_of) and world.is_valid_node(link.head, as_of)
            if ends and holds(as_of, link.props.get("valid_from"), link.props.get("valid_to")):
                self.dated.append(link)
                if link.type == "INPUT_TO":
                    self.with_inputs.add(link.head)
            else:
                fired.add("dates: cut a link")
        self.flow: list[Link] = []
        self.makes: list[Link] = []
        self.anchors: dict[str, list[Link]] = defaultdict(list)
        for link in self.dated:
            if link.confidence > self.limit:
                fired.add("confidence: cut a link")
                continue
            if link.type not in FLOW or link.type == "IS_A":
                self.anchors[link.type].append(link)
            if link.type not in FLOW:
                continue
            status = link.props.get("status")
            if link.type == "PRODUCES" and (
                status == "planned" or (status == "exit" and not link.props.get("valid_to"))
            ):
                fired.add(f"PRODUCES: {status} carries nothing")
                continue
            if link.type == "PRODUCES" and status != "trader":
                self.anchors["PRODUCES"].append(link)
            if checked and not link.read:
                fired.add("checked: cut a link")
                continue
            if link.view > self.view:
                fired.add("view: cut a link")
                continue
            self.flow.append(link)
            if link.type == "PRODUCES" and status != "trader":
                self.makes.append(link)

    def turn(self, before: Link, link: Link) -> int | None:
        """What it proves that a path goes on from one link to the next; None where it may not."""
        if kind_of(link.tail) not in ORGANISATIONS:
            return DEFINITE
        if link.type == "PRODUCES":
            closed = link.head in self.with_inputs
            self.fired.add(
                "company: item with inputs is closed" if closed else "company: left into an item without inputs"
            )
            return None if closed else POSSIBLE
        if not link.is_nameless:
            self.fired.add("company: a named link is closed")
            return None
        self.fired.add("company: chain of nameless links" if before.is_nameless else "company: left by a nameless link")
        return DEFINITE if before.is_nameless else POSSIBLE
