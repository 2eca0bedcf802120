"""The oracle's answers that need no walk: who makes an item and where, and which restrictions bind it."""

from typing import Any

from tests.oracle_facts import Graph, World, as_list, holds


def sources(
    graph: Graph,
    *,
    start: list[str],
    stage: str,
    outside: str | None = None,
    year: int | None = None,
    as_of: str = "2026-07-01",
) -> dict[str, Any]:
    """Give the frame of one stage: its rows (country, share, year) and the summary's figures."""
    world = World(graph)
    frame = world.frames(start[0], as_of, year).get(stage)
    rows = (
        []
        if frame is None
        else [
            {"id": c, "country": c, "share": s, "year": frame.year, "stage": stage}
            for c, s in sorted(frame.shares.items())
        ]
    )
    known = [row["share"] for row in rows if row["share"] is not None]
    total = sum(known)
    rest = max(0.0, 1.0 - total)
    low = sum(s * s for s in known)
    summary: dict[str, Any] = {"hhi": {"low": low, "high": low + rest * rest}, "known_share": total}
    if outside is not None:
        inside = world.countries_of(outside)
        shares = [row["share"] for row in rows if row["id"] in inside]
        if shares and None not in shares:
            left = 1.0 - sum(shares)
            summary["outside"] = {"low": left, "high": left}
        else:
            others = sum(r["share"] for r in rows if r["share"] is not None and r["id"] not in inside)
            summary["outside"] = {"low": others, "high": 1.0 - sum(s for s in shares if s is not None)}
            if rest <= 1e-9:
                summary["outside"]["high"] = summary["outside"]["low"] = others
    return {"rows": rows, "summary": summary}


def get_status(row: dict[str, Any], day: str) -> str:
    """Say what a restriction is on a day: first and last days count as inside."""
    if row.get("ended") and day > row["ended"]:
        return "ended"
    if row.get("effective") and day < row["effective"]:
        return "announced"
    first, last = row.get("suspended_from"), row.get("suspended_until")
    if (first or last) and holds(day, first, last):
        return "suspended"
    if last and day > last:
        return "unknown"
    return "in force"


def controls(
    graph: Graph,
    *,
    start: list[str] | None = None,
    to: str | None = None,
    use: str | None = None,
    as_of: str = "2026-07-01",
) -> list[dict[str, Any]]:
    """List the restrictions that name an item or a group of it, each with its status."""
    world = World(graph)
    node = start[0] if start else None
    if to is not None and ":" not in to:
        to = f"country:{to}"
    named = {node} if node else set()
    grown = True
    while grown:
        groups = {
            link.head
            for link in world.links
            if link.type == "MEMBER_OF"
            and link.tail in named
            and holds(as_of, link.props.get("valid_from"), link.props.get("valid_to"))
        }
        grown = not groups <= named
        named |= groups
    rows = []
    for kind, file in (("control", "controls"), ("disruption", "disruptions")):
        for row in graph.get(file, []):
            binds = sorted(
                {
                    link.head
                    for link in world.links
                    if link.type == "RESTRICTS"
                    and link.tail == row["id"]
                    and (node is None or link.head in named)
                    and holds(as_of, link.props.get("valid_from"), link.props.get("valid_to"))
                }
            )
            if (
                (binds or node is None)
                and _reaches(world, row, to)
                and not (use == "civil" and row.get("end_use") == "military")
            ):
                rows.append({"id": row["id"], "kind": kind, "status": get_status(row, as_of), "binds": binds})
    return sorted(rows, key=lambda r: (r["kind"], r["id"]))


def _reaches(world: World, row: dict[str, Any], to: str | None) -> bool:
    """Whether a restriction closes something on the way to a country."""
    if to is None:
        return True
    toward = world.countries_of(to)
    issuer = world.countries_of(row["issuer"]) if row.get("issuer") else set()
    if str(row.get("acts_on", "")).startswith("purchases"):
        return bool(toward & issuer)
    single = {c for c in toward if not world.attributes.get(c, {}).get("members")}
    if issuer and single <= issuer:
        return False
    named = {c for d in as_list(row.get("destinations")) for c in world.countries_of(d)}
    return not named or bool(named & toward)
