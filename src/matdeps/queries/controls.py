"""controls: which controls bind X on date D toward country C, and why?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from matdeps.graph.errors import ConfigError, QueryError
from matdeps.graph.model import LinkFacts, NodeFacts
from matdeps.graph.reader import Reader
from matdeps.graph.schema import ITEMS
from matdeps.queries.answer import Answer
from matdeps.queries.question import Names, check_count, find_named, finish, parse_date, parse_limit, warn_of_date
from matdeps.queries.starts import list_members
from matdeps.queries.status import Status, find_changes, find_status
from matdeps.queries.unknowns import find_open_claims


@dataclass(frozen=True, slots=True)
class BindingRow:
    """One node that a restriction names."""

    node: str
    name: str
    scope: str | None
    codes: tuple[str, ...]
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class ControlRow:
    """A control or disruption with its status on the day (`controls`).

    Attributes
    ----------
    kind
        control or disruption.
    status
        in force, suspended, unknown, ended or announced.
    because
        Why it has this status, in words.
    to
        Ids of the destinations; empty: everywhere.
    use
        any, civil or military.
    since, until
        First and last day, both inside; None where open or not known.
    """

    id: str
    name: str
    kind: str
    status: str
    because: str
    requires: str | None
    acts_on: str | None
    issuer: str | None
    binds: tuple[BindingRow, ...]
    to: tuple[str, ...]
    use: str
    since: str | None
    until: str | None
    suspended_from: str | None
    suspended_until: str | None
    instrument: str | None
    notes: str
    sources: tuple[str, ...]


USES = ("civil", "military", "both")


def run(
    reader: Reader,
    node: Names | None = None,
    *,
    to: str | None = None,
    use: str | None = None,
    expiring: int | None = None,
    as_of: str | date | None = None,
    limit: int | None = None,
) -> Answer:
    """Find the controls and disruptions that name some nodes, each with its status on the day and why.

    Parameters
    ----------
    node
        Names of the nodes; None or empty: every restriction. A group binds its members, a reference item the own parts
        that it stands for. A control or disruption stands for itself, a country for the controls that it issued.
    to
        Name of the destination: only what binds toward it. A control never binds its issuer's own supply at home, and
        a purchase rule binds the way into its issuer.
    use
        civil, military or both; None: whatever the use.
    expiring
        Only those whose status changes within so many days of the date.
    as_of
        The one date of the question; None is today.
    limit
        Most rows given; None and 0 give all.

    Returns
    -------
    Answer
        Rows are `ControlRow`, by kind and id; roll-ups and what is not in force are among them.

    Raises
    ------
    UnknownNodeError, AmbiguousNodeError
        If a name has no node, or several.
    ConfigError
        If an option has a value that cannot be meant.
    """
    day = parse_date(as_of)
    limit = parse_limit(limit)
    check_count("expiring", expiring, 0)
    if use is not None and use not in USES:
        raise ConfigError(f"use {use!r} is not known", remedy=f"One of: {', '.join(USES)}.")
    named = find_named(reader, node) if node else None
    destinations = _find_destinations(reader, to)
    restrictions, links = _find_restrictions(reader, named.nodes if named else None, day)
    seen = reader.find_links([r.handle for r in restrictions], out=True, types={"RESTRICTS"}) if named is None else []
    bound: dict[int, list[LinkFacts]] = {}
    for link in [*links, *seen]:
        bound.setdefault(link.tail, []).append(link)
    nodes = {n.handle: n for n in reader.get_nodes(sorted({link.head for group in bound.values() for link in group}))}
    blocs = _find_blocs(reader, restrictions)
    rows, cited, unknown = [], set[str](), []
    for restriction in restrictions:
        attributes = restriction.attributes
        status = find_status(attributes, day)
        changes = find_changes(attributes, day)
        if not _binds_toward(attributes, destinations, blocs) or not _binds_use(attributes, use):
            continue
        if expiring is not None and not _changes_within(changes, day, expiring):
            continue
        if status.word == "unknown":
            unknown.append(f"Whether {restriction.name} is in force is not known: {status.because}.")
        rows.append(_make_row(restriction, status, changes, bound.get(restriction.handle, ()), nodes))
        cited |= {
            *restriction.sources,
            *(source for link in bound.get(restriction.handle, ()) for source in link.sources),
        }
    rows.sort(key=lambda row: (row.kind, row.id))
    by_status: dict[str, int] = {}
    for row in rows:
        by_status[row.status] = by_status.get(row.status, 0) + 1
    asked = list(reader.get_nodes(named.nodes)) if named else []
    notes = [*warn_of_date(reader.get_info(), day), *(named.notes if named else ())]
    notes.append(
        "A control acts on the forms it names where they cross the border; what contains them is exposed only."
    )
    summary = {
        "hits": len(rows),
        "by_status": dict(sorted(by_status.items())),
        "notes": notes,
        "not_known": [
            *unknown,
            *_describe_makers_stopped(reader, asked, restrictions, day),
            *find_open_claims(reader, {row.id for row in rows}),
        ],
        "next": [f"matdeps exposed {rows[0].id} --as-of {day}"] if rows else [],
    }
    parameters = {
        "node": list(named.ids) if named else [],
        "to": sorted(destinations)[0] if len(destinations) == 1 else to,
        "use": use,
        "expiring": expiring,
        "as_of": day,
        "limit": limit,
    }
    places = reader.find_handles(
        {country for row in rows for country in (*row.to, *([row.issuer] if row.issuer else []))} | destinations
    )
    return finish(
        reader,
        "controls",
        parameters,
        rows,
        summary,
        cited=cited,
        named=[*asked, *nodes.values(), *reader.get_nodes(sorted(places.values()))],
        limit=limit,
    )


def _find_destinations(reader: Reader, to: str | None) -> set[str]:
    if to is None:
        return set()
    countries = reader.get_nodes(find_named(reader, to).nodes)
    for country in countries:
        if country.kind != "country":
            raise QueryError(f"{country.id} is a {country.kind}, not a country", remedy="Example: --to Japan")
    return {code for country in countries for code in (list_members(country) or [country.id])}


def _find_restrictions(
    reader: Reader, nodes: Sequence[int] | None, day: str
) -> tuple[list[NodeFacts], list[LinkFacts]]:
    """Find the restrictions that name nodes, or what stands for them, and the links by which they do."""
    if nodes is None:
        return list(reader.get_nodes(reader.find_nodes(["control", "disruption"], day).tolist())), []
    facts = reader.get_nodes(nodes)
    themselves = [node for node in facts if node.kind in {"control", "disruption"}]
    countries = [node.handle for node in facts if node.kind == "country"]
    issued = [link.tail for link in reader.find_links(countries, out=False, types={"ISSUED_BY"})]
    whole = [*themselves, *reader.get_nodes(sorted(set(issued)))]
    standing = _find_standing(reader, [node for node in facts if node.kind not in {"control", "disruption"}], day)
    links = reader.find_links(standing, out=False, types={"RESTRICTS"}, as_of=day)
    links += reader.find_links([node.handle for node in whole], out=True, types={"RESTRICTS"}, as_of=day)
    unique = {link.handle: link for link in links}
    handles = sorted({link.tail for link in unique.values()} | {node.handle for node in whole})
    return list(reader.get_nodes(handles)), [unique[handle] for handle in sorted(unique)]


def _find_standing(reader: Reader, nodes: Sequence[NodeFacts], day: str) -> list[int]:
    """Find what a restriction may name and so bind these nodes: their groups, and reference items of own parts."""
    found = {node.handle for node in nodes}
    front = {node.handle for node in nodes if node.kind in ITEMS}
    while front:
        links = reader.find_links(front, out=True, types={"MEMBER_OF"}, as_of=day)
        stands = reader.find_links(front, out=False, types={"STANDS_FOR"}, as_of=day)
        onward = {link.head for link in links} | {
            link.tail for link in stands if link.properties.get("decision") == "accepted"
        }
        front = onward - found
        found |= front
    return sorted(found)


def _find_blocs(reader: Reader, restrictions: Iterable[NodeFacts]) -> Mapping[str, set[str]]:
    """Read which countries the issuers and destinations stand for."""
    codes = {
        str(code)
        for restriction in restrictions
        for code in [
            restriction.attributes.get("issuer"),
            *(restriction.attributes.get("destinations") or []),
        ]
        if code
    }
    handles = reader.find_handles(codes)
    facts = {node.id: node for node in reader.get_nodes(sorted(handles.values()))}
    return {code: {code, *(list_members(facts[code]) if code in facts else ())} for code in codes}


def _binds_toward(attributes: Mapping[str, Any], destinations: set[str], blocs: Mapping[str, set[str]]) -> bool:
    """Say whether a restriction can bind on the way to some countries (none: anywhere)."""
    if not destinations:
        return True
    issuer = blocs.get(str(attributes.get("issuer")), set())
    named = [blocs[str(code)] for code in attributes.get("destinations") or []]
    if str(attributes.get("acts_on", "")).startswith("purchases"):
        return bool(destinations & issuer)  # it closes the way into its issuer
    abroad = destinations - issuer
    return bool(abroad) and (not named or any(abroad & group for group in named))


def _binds_use(attributes: Mapping[str, Any], use: str | None) -> bool:
    return not (use == "civil" and attributes.get("end_use") == "military")


def _changes_within(changes: Sequence[tuple[str, Status]], day: str, days: int) -> bool:
    last = (date.fromisoformat(day) + timedelta(days=days)).isoformat()
    return any(when <= last for when, _ in changes)


def _make_row(
    node: NodeFacts,
    status: Status,
    changes: Sequence[tuple[str, Status]],
    links: Iterable[LinkFacts],
    nodes: Mapping[int, NodeFacts],
) -> ControlRow:
    attributes = node.attributes
    because = status.because + "".join(f"; {change.word} from {when}" for when, change in changes)
    bindings = [
        BindingRow(
            nodes[link.head].id,
            nodes[link.head].name,
            link.properties.get("scope"),
            tuple(str(code) for code in link.properties.get("codes") or ()),
            link.properties.get("condition"),
        )
        for link in links
    ]
    return ControlRow(
        node.id,
        node.name,
        node.kind,
        status.word,
        because,
        attributes.get("requires"),
        attributes.get("acts_on"),
        attributes.get("issuer"),
        tuple(sorted(bindings, key=lambda binding: (binding.node, binding.scope or ""))),
        tuple(str(code) for code in attributes.get("destinations") or ()),
        str(attributes.get("end_use") or "any"),
        attributes.get("effective"),
        attributes.get("ended"),
        attributes.get("suspended_from"),
        attributes.get("suspended_until"),
        attributes.get("instrument") or attributes.get("event"),
        str(attributes.get("notes") or ""),
        node.sources,
    )


def _describe_makers_stopped(
    reader: Reader, asked: Sequence[NodeFacts], shown: Sequence[NodeFacts], day: str
) -> list[str]:
    """Tell of stops at one maker of an item asked about: they bind the maker, not the item."""
    known = {node.id for node in shown}
    items = {node.id: node for node in asked if node.kind in ITEMS}
    if not items:
        return []
    makers = reader.find_links([node.handle for node in items.values()], out=False, types={"PRODUCES"}, as_of=day)
    links = reader.find_links({link.tail for link in makers}, out=False, types={"RESTRICTS"}, as_of=day)
    texts = []
    for link, node in zip(links, reader.get_nodes([link.tail for link in links]), strict=True):
        if node.kind == "disruption" and node.id not in known and link.properties.get("item") in items:
            status = find_status(node.attributes, day)
            texts.append(
                f"One maker of {items[str(link.properties['item'])].name} is stopped: {node.name} "
                f"({status.word}, {link.confidence.name}) [{node.id}]"
            )
    return sorted(set(texts))
