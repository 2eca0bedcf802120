"""show: everything that is known about a node."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from matdeps.graph.model import LinkFacts, NodeFacts, is_valid_on
from matdeps.graph.reader import Reader
from matdeps.graph.schema import make_sentence
from matdeps.queries.answer import Answer
from matdeps.queries.question import Names, find_named, finish, parse_date, parse_limit, warn_of_date
from matdeps.queries.status import find_status


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One fact about a node (`show`).

    Attributes
    ----------
    part
        about, alias, attribute, in, out, production, control, claim, source.
    text
        The fact read aloud.
    """

    id: str
    part: str
    type: str
    name: str
    text: str
    confidence: str | None
    checked: bool | None
    sources: tuple[str, ...]


def run(reader: Reader, node: Names, *, as_of: str | date | None = None, limit: int | None = None) -> Answer:
    """Show what is recorded of some nodes: names, attributes, links both ways, production, restrictions, claims.

    Parameters
    ----------
    node
        Names of the nodes.
    as_of
        The date by which validity and status are judged; what is not valid on it is shown, and said to be so.
    limit
        Most rows given; None and 0 give all.

    Returns
    -------
    Answer
        Rows are `ShownRow`, part by part.

    Raises
    ------
    UnknownNodeError, AmbiguousNodeError
        If a name has no node, or several.
    """
    day = parse_date(as_of)
    limit = parse_limit(limit)
    named = find_named(reader, node)
    asked = reader.get_nodes(named.nodes)
    rows: list[ShownRow] = []
    cited: set[str] = set()
    others: dict[int, NodeFacts] = {}
    for facts in asked:
        out = reader.find_links([facts.handle], out=True)
        into = reader.find_links([facts.handle], out=False)
        ends = sorted({end for link in [*out, *into] for end in (link.tail, link.head)})
        others.update(zip(ends, reader.get_nodes(ends), strict=True))
        rows += _show_node(facts, day)
        for part, links in (("out", out), ("in", into)):
            rows += [_show_link(part, link, others, day) for link in links]
        rows += [
            ShownRow(claim.id, "claim", claim.status, claim.id, claim.text, None, None, claim.sources)
            for claim in reader.find_claims()
            if facts.id in claim.nodes
        ]
        cited |= {*facts.sources, *(source for row in rows for source in row.sources)}
    summary = {
        "hits": len(rows),
        "links": sum(row.part in {"in", "out"} for row in rows),
        "notes": [*warn_of_date(reader.get_info(), day), *named.notes],
        "not_known": [],
        "next": [
            f"matdeps exposed {named.ids[0]} --as-of {day}",
            f"matdeps depends {named.ids[0]} --as-of {day}",
        ],
    }
    parameters = {"node": list(named.ids), "as_of": day, "limit": limit}
    return finish(reader, "show", parameters, rows, summary, cited=cited, named=[*asked, *others.values()], limit=limit)


def _show_node(node: NodeFacts, day: str) -> Iterator[ShownRow]:
    def row(part: str, name: str, text: str) -> ShownRow:
        return ShownRow(node.id, part, name, node.name, text, None, None, node.sources if part == "about" else ())

    text = f"{node.name} ({node.id}): {' and '.join(node.labels)}"
    if node.description:
        text += f". {node.description}"
    yield row("about", "kind", text)
    if not is_valid_on(day, node.valid_from, node.valid_to):
        yield row(
            "about",
            "validity",
            f"not valid on {day}: from {node.valid_from or 'ever'} to {node.valid_to or 'ever'}",
        )
    if node.kind in {"control", "disruption"}:
        status = find_status(node.attributes, day)
        yield row("about", "status", f"{status.word} on {day}: {status.because}")
    if node.aliases:
        yield row("alias", "aliases", ", ".join(node.aliases))
    for name, value in sorted(node.attributes.items()):
        if value not in (None, "", []):
            yield row("attribute", name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _show_link(part: str, link: LinkFacts, nodes: Mapping[int, NodeFacts], day: str) -> ShownRow:
    tail, head = nodes[link.tail], nodes[link.head]
    other = head if part == "out" else tail
    text = make_sentence(link.type, link.properties, tail.name, head.name)
    first, last = link.properties.get("valid_from"), link.properties.get("valid_to")
    if first or last:
        text += f" ({first or ''} to {last or ''}{'' if is_valid_on(day, first, last) else f'; not valid on {day}'})"
    for name in ("condition", "status_note", "note"):
        if link.properties.get(name):
            text += f"; {link.properties[name]}"
    return ShownRow(other.id, part, link.type, other.name, text, link.confidence.name, link.is_checked, link.sources)
