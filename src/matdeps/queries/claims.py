"""claims: what is claimed, by whom, and how well it is supported."""

from dataclasses import dataclass

from matdeps.graph.reader import Reader
from matdeps.queries.answer import Answer
from matdeps.queries.question import Names, find_named, finish, parse_limit


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim and how well it is supported (`claims`)."""

    id: str
    name: str
    kind: str
    status: str
    nodes: tuple[str, ...]
    sources: tuple[str, ...]
    notes: str


def run(reader: Reader, node: Names | None = None, *, limit: int | None = None) -> Answer:
    """Find the claims about some nodes; a claim is no link, and none becomes one.

    Parameters
    ----------
    node
        Names of the nodes; None or empty: every claim.
    limit
        Most rows given; None and 0 give all.

    Returns
    -------
    Answer
        Rows are `ClaimRow`, by id.

    Raises
    ------
    UnknownNodeError, AmbiguousNodeError
        If a name has no node, or several.
    """
    limit = parse_limit(limit)
    named = find_named(reader, node) if node else None
    wanted = set(named.ids) if named else set()
    claims = [claim for claim in reader.find_claims() if named is None or wanted & set(claim.nodes)]
    rows = [
        ClaimRow(c.id, c.text, "claim", c.status, c.nodes, c.sources, c.notes)
        for c in sorted(claims, key=lambda c: c.id)
    ]
    handles = reader.find_handles({node for claim in claims for node in claim.nodes} | wanted)
    by_status: dict[str, int] = {}
    for claim in claims:
        by_status[claim.status] = by_status.get(claim.status, 0) + 1
    summary = {
        "hits": len(rows),
        "by_status": dict(sorted(by_status.items())),
        "notes": list(named.notes) if named else [],
        "not_known": [],
        "next": [f"matdeps exposed {named.ids[0]}"] if named else [],
    }
    parameters = {"node": list(named.ids) if named else [], "limit": limit}
    cited = {source for claim in claims for source in claim.sources}
    return finish(
        reader,
        "claims",
        parameters,
        rows,
        summary,
        cited=cited,
        named=reader.get_nodes(sorted(handles.values())),
        limit=limit,
    )
