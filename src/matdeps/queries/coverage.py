"""coverage: what does the graph not know?"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from matdeps.graph.reader import Handles, Reader, Scope
from matdeps.graph.schema import ITEMS, KINDS, View
from matdeps.queries.answer import Answer
from matdeps.queries.frames import find_frames
from matdeps.queries.question import finish, parse_date, parse_limit, warn_of_date
from matdeps.queries.status import find_status
from matdeps.queries.unknowns import find_open_claims


@dataclass(frozen=True, slots=True)
class GapRow:
    """Something that the graph does not know (`coverage`).

    Attributes
    ----------
    gap
        The kind of gap, as listed in the summary.
    """

    id: str
    name: str
    kind: str
    gap: str
    detail: str


GAPS = {
    "no upstream": "nothing that it is made of, takes or makes is recorded: that is not the same as needing nothing",
    "no maker": "nobody is recorded by name as making it",
    "no production": "a material without country shares of its own",
    "not used": "a material or intermediate that goes into nothing recorded",
    "no place": "a company without a recorded plant or seat",
    "unknown status": "a control whose suspension has ended, and nothing later is recorded",
    "restricts nothing": "a control or disruption that names no node",
}


def run(reader: Reader, *, as_of: str | date | None = None, limit: int | None = None) -> Answer:
    """List what the graph does not know, gap by gap.

    Parameters
    ----------
    as_of
        The one date of the question; None is today.
    limit
        Most rows given; None and 0 give all.

    Returns
    -------
    Answer
        Rows are `GapRow`, by gap, kind and id. The summary counts each gap, and says how many nodes were looked at.
    """
    day = parse_date(as_of)
    limit = parse_limit(limit)
    found: dict[str, list[int]] = {gap: [] for gap in GAPS}
    by_kind = {kind: reader.find_nodes([kind], day).tolist() for kind in KINDS}
    own = {kind: [n.handle for n in reader.get_nodes(nodes) if n.kind == kind] for kind, nodes in by_kind.items()}
    items = [node for kind in ITEMS for node in own[kind]]
    companies = sorted(own["supplier"] + own["customer"])
    upstream_kinds = sorted(set(own["intermediate"] + own["product"] + own["program"]) | set(companies))
    found["no upstream"] = _find_without_upstream(reader, upstream_kinds, day)
    makers = {
        link.head
        for link in reader.find_links(items, out=False, types={"PRODUCES"}, as_of=day)
        if link.properties.get("status") != "trader"
    }
    found["no maker"] = [node for node in sorted(own["intermediate"] + own["product"]) if node not in makers]
    materials = reader.get_nodes(own["material"])
    rows = reader.find_production(items={node.id for node in materials})
    shared = {item for (item, _), frame in find_frames(rows, year=int(day[:4])).items() if frame.known_share > 0}
    found["no production"] = [node.handle for node in materials if node.id not in shared]
    used = {
        link.tail
        for link in reader.find_links(
            items,
            out=True,
            types={"INPUT_TO", "USED_IN", "SOLD_TO", "IS_A", "YIELDS", "STANDS_FOR"},
            as_of=day,
        )
    }
    groups = {link.head for link in reader.find_links(own["material"], out=False, types={"MEMBER_OF"}, as_of=day)}
    found["not used"] = [node for node in sorted(own["material"] + own["intermediate"]) if node not in used | groups]
    placed = {
        link.tail
        for link in reader.find_links(companies, out=True, types={"LOCATED_IN", "HEADQUARTERED_IN"}, as_of=day)
    }
    found["no place"] = [node for node in companies if node not in placed]
    restrictions = reader.get_nodes(sorted(own["control"] + own["disruption"]))
    found["unknown status"] = [
        node.handle for node in restrictions if find_status(node.attributes, day).word == "unknown"
    ]
    naming = {
        link.tail for link in reader.find_links([node.handle for node in restrictions], out=True, types={"RESTRICTS"})
    }
    found["restricts nothing"] = [node.handle for node in restrictions if node.handle not in naming]
    gap_rows = []
    for gap, nodes in found.items():
        facts = reader.get_nodes(sorted(nodes))
        gap_rows += [
            GapRow(node.id, node.name, node.kind, gap, GAPS[gap])
            for node in sorted(facts, key=lambda n: (n.kind, n.id))
        ]
    counts = defaultdict(int, {gap: len(nodes) for gap, nodes in found.items()})
    looked_at = {kind: len(nodes) for kind, nodes in own.items()}
    summary = {
        "hits": len(gap_rows),
        "gaps": dict(counts),
        "looked_at": looked_at,
        "notes": warn_of_date(reader.get_info(), day),
        "not_known": find_open_claims(reader, {node for claim in reader.find_claims() for node in claim.nodes}),
        "next": ["matdeps claims", "matdeps info"],
    }
    return finish(reader, "coverage", {"as_of": day, "limit": limit}, gap_rows, summary, limit=limit)


def _find_without_upstream(reader: Reader, nodes: list[int], day: str) -> list[int]:
    import numpy as np

    scope = Scope(day, View.all)

    def count(part: Handles) -> int:
        return reader.count_without_upstream(part, scope)

    # Halving finds the few without asking the port for a list that no query else needs.
    found: list[int] = []
    parts = [np.array(nodes, np.int64)]
    while parts:
        part = parts.pop()
        missing = count(part) if len(part) else 0
        if missing == len(part):
            found += part.tolist()
        elif missing:
            middle = len(part) // 2
            parts += [part[:middle], part[middle:]]
    return sorted(found)
