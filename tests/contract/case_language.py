"""A tiny language for graphs and rows, so that a case fits on a screen.

Graph, one fact a line (`#` starts a comment)::

    m:tb INPUT_TO i:oxide {criticality: minor} reported @seen     a link; confirmed and @hand unless said
    node k:EU {members: [DE, FR]}                                 a node with attributes (others need no line)
    made m:tb mine k:CN 2025 share=0.6 value=3 source=other estimate=true
    control x:lic issuer=k:CN effective=2026-01-01                columns of controls.csv; also `disruption d:fire ...`

Letters stand for kinds: m material, i intermediate, p product, s supplier, c customer, g program, k country,
x control, d disruption. Sources: `hand` (official, not read), `other` (news, not read), `seen` (news, read).

Row: `tier view certainty confidence [minor] [unchecked=N] [start=ID] [share=S] = path`, where a path is
`m:tb INPUT_TO i:oxide SOLD_TO c:shop` and a comma begins anew: `m:tb INPUT_TO i:oxide, s:maker PRODUCES i:oxide`.
"""

import re
from dataclasses import dataclass
from typing import Any

KINDS = {
    "m": "material",
    "i": "intermediate",
    "p": "product",
    "s": "supplier",
    "c": "customer",
    "g": "program",
    "k": "country",
    "x": "control",
    "d": "disruption",
}
SOURCES = [
    {
        "id": i,
        "title": i,
        "publisher": "test",
        "date": "2026-06-01",
        "url": f"https://example.org/{i}",
        "kind": k,
        "how_verified": h,
    }
    for i, k, h in (
        ("hand", "official", "own_knowledge"),
        ("other", "news", "own_knowledge"),
        ("seen", "news", "read_in_search"),
    )
]
COLUMNS = {
    "controls": "id title instrument issuer destinations requires end_use acts_on effective ended suspended_from suspended_until hs_codes notes sources",
    "disruptions": "id title event destinations effective ended claims notes sources",
}


@dataclass(frozen=True)
class Case:
    """A small graph, a question, and all rows of its answer.

    Attributes
    ----------
    rows
        Every row of the answer, each with the keys that the case is about; told apart by `id` (of `why`: by
        `rank` and `by`). The order is not part of a case.
    summary
        Figures of the summary that the case is about; empty for most.
    """

    name: str
    about: str
    graph: dict[str, list[dict[str, Any]]]
    query: str
    arguments: dict[str, Any]
    rows: list[dict[str, Any]]
    summary: dict[str, Any]


def full(short: str) -> str:
    """Write out an id: ``m:tb`` is ``material:tb``."""
    kind, colon, slug = short.partition(":")
    return f"{KINDS[kind]}:{slug}" if colon and kind in KINDS else short


def _value(text: str) -> Any:
    text = text.strip()
    if text.startswith("["):
        return [_value(x) for x in text[1:-1].split(",")]
    if text in {"true", "false"}:
        return text == "true"
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    if re.fullmatch(r"-?\d*\.\d+", text):
        return float(text)
    return full(text)


def _object(text: str) -> dict[str, Any]:
    pairs = re.split(r",\s*(?=\w+: )", text.strip("{} "))
    return {k.strip(): _value(v) for k, v in (pair.split(": ", 1) for pair in pairs if pair)}


def parse_graph(text: str) -> dict[str, list[dict[str, Any]]]:
    """Read a graph; the rows are those of the CSV files (attributes and properties as dicts)."""
    nodes: dict[str, dict[str, Any]] = {}
    graph: dict[str, list[dict[str, Any]]] = {
        "relationships": [],
        "production": [],
        "controls": [],
        "disruptions": [],
        "sources": SOURCES,
    }
    for raw in text.splitlines():
        line = raw.partition("#")[0].strip()
        if not line:
            continue
        props = re.search(r"\{.*\}", line)
        words = (line[: props.start()] + line[props.end() :] if props else line).split()
        values = _object(props.group()) if props else {}
        pairs = dict(w.split("=", 1) for w in words if "=" in w)
        if words[0] == "node":
            nodes[full(words[1])] = values
        elif words[0] == "made":
            item, stage, country, year = words[1:5]
            row = {
                "item": full(item),
                "stage": stage,
                "country": full(country),
                "year": year,
                "value": "",
                "unit": "t",
                "share": "",
                "estimate": "",
                "source": "hand",
            }
            graph["production"].append(row | pairs)
            nodes.setdefault(full(item), {})
            if country != "WORLD":
                nodes.setdefault(full(country), {})
        elif words[0] in {"control", "disruption"}:
            file = words[0] + "s"
            row = dict.fromkeys(COLUMNS[file].split(), "") | {
                "id": full(words[1]),
                "title": words[1],
                "sources": "hand",
            }
            row |= (
                {"requires": "licence", "end_use": "any", "acts_on": "items"}
                if words[0] == "control"
                else {"event": "an event"}
            )
            given = {k: "|".join(full(x) for x in v.split("|")).replace("_", " ") for k, v in pairs.items()}
            graph[file].append(row | given)
            for country in [given.get("issuer", ""), *given.get("destinations", "").split("|")]:
                if country:
                    nodes.setdefault(country, {})
        else:
            confidence = next((w for w in words[3:] if w in {"confirmed", "reported", "inferred"}), "confirmed")
            source = next((w[1:] for w in words[3:] if w.startswith("@")), "hand")
            ends = full(words[0]), full(words[2])
            graph["relationships"].append(
                {
                    "from": ends[0],
                    "type": words[1],
                    "to": ends[1],
                    "properties": values,
                    "confidence": confidence,
                    "sources": source,
                }
            )
            for end in (*ends, *(values[name] for name in ("item", "country") if name in values)):
                if not end.startswith(("control:", "disruption:")):
                    nodes.setdefault(end, {})
    graph["nodes"] = [
        {
            "id": n,
            "kind": n.partition(":")[0],
            "name": n.partition(":")[2],
            "aliases": "",
            "attributes": a,
            "sources": "hand",
        }
        for n, a in sorted(nodes.items())
    ]
    return graph


def parse_path(text: str) -> list[list[str]]:
    """Read a path: hops as [from, type, to]."""
    hops = []
    for part in text.split(","):
        words = part.split()
        hops += [[full(words[n]), words[n + 1], full(words[n + 2])] for n in range(0, len(words) - 2, 2)]
    return hops


def _parse_row(name: str, text: str) -> dict[str, Any]:
    facts, _, path = text.partition(" = ")
    words = facts.split()
    row: dict[str, Any] = {
        "through": words[1],
        "certainty": words[2],
        "confidence": words[3],
        "minor": "minor" in words,
    }
    if name.partition(" ")[0].isdigit():
        row |= {"rank": int(name.split(maxsplit=1)[0]), "by": name.split()[1], "length": int(words[0])}
    else:
        row |= {"id": full(name), "kind": full(name).partition(":")[0], "tier": int(words[0])}
    for word in words[4:]:
        key, equals, value = word.partition("=")
        if equals:
            row[{"share": "start_share"}.get(key, key)] = None if value == "none" else _value(value)
    row["path"] = parse_path(path)
    return row


def case(
    name: str,
    about: str,
    graph: str,
    question: str,
    rows: dict[str, Any] | None = None,
    summary: dict[str, Any] | None = None,
    **arguments: Any,
) -> Case:
    """Make a case; `question` is the query and its nodes, the target of `why` last.

    Unless given, the day is 2026-07-01, and `exposed` and `depends` ask for all kinds (``kind=None``: the default).
    """
    query, *names = question.split()
    nodes = [full(n) for n in names]
    given: dict[str, Any] = {"as_of": "2026-07-01"} | arguments
    if query == "why":
        given |= {"start": nodes[:-1], "target": nodes[-1]}
    else:
        given["start"] = nodes
    if query in {"exposed", "depends"}:
        given.setdefault("kind", ["all"])
        if given["kind"] is None:
            del given["kind"]
    found = []
    for key, row in (rows or {}).items():
        if isinstance(row, dict):
            found.append({"id": full(key)} | row)
        elif query == "controls":
            found.append({"id": full(key), "status": row})
        else:
            found.append(_parse_row(key, row))
    return Case(name, about, parse_graph(graph), query, given, found, summary or {})
