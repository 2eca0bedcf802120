"""What the script of the page works on: the answer as one JSON object, each fact in it once."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from matdeps.graph.model import NodeFacts, Source
from matdeps.graph.schema import KINDS
from matdeps.views.columns import make_table
from matdeps.views.inert import escape_json, neutralise
from matdeps.views.page.command import spell_command
from matdeps.views.page.context import Context
from matdeps.views.page.engine import make_network
from matdeps.views.page.labels import LABELS
from matdeps.views.page.picture import Picture
from matdeps.views.page.placing import CARD_HEIGHT, Layout
from matdeps.views.protocols import AnswerLike
from matdeps.views.svg import BAND, GLYPHS, OTHER_GLYPH
from matdeps.views.tables import render_csv
from matdeps.views.words import name_kind, say_checked, say_confidence, say_validity

_HIDDEN_ATTRIBUTES = frozenset({"members"})
_LONGEST = 2000
"""Characters of one text in the page; a longer one is cut, visibly."""


class _Index:
    """Numbers things in the order in which they are met."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}

    def __call__(self, key: str) -> int:
        return self.places.setdefault(key, len(self.places))


def make_content(answer: AnswerLike, picture: Picture, layout: Layout, context: Context) -> dict[str, Any]:
    """Make the object: nodes, links, rows, sources, restrictions, and how all of it is called."""
    cited = _Index()
    place_of = {spot.id: place for place, spot in enumerate(picture.spots)}
    nodes = _make_nodes(picture, layout, context, cited)
    links = [
        {
            "f": link.tail,
            "t": link.head,
            "type": link.hop.type,
            "say": cut(link.hop.sentence),
            "c": link.hop.confidence,
            "d": link.certainty,
            "sure": say_checked(link.hop.confidence, link.hop.checked),
            "read": link.hop.checked,
            "s": [cited(source) for source in link.hop.sources],
            **({"a": True} if link.hop.anchor else {}),
            **_say_valid(link.hop.valid_from, link.hop.valid_to),
        }
        for link in picture.links
    ]
    titles, cells = make_table(answer)
    lines = split_csv(render_csv(answer))
    rows = [
        _make_row(row, place_of, path, line, texts, cited)
        for row, path, line, texts in zip(answer.rows, picture.paths, lines[1:], cells, strict=True)
    ]
    restrictions = _make_restrictions(context, {spot.id for spot in picture.spots}, cited)
    known = {**context.sources, **answer.sources}
    return {
        "version": 1,
        "query": answer.query,
        "command": context.command or spell_command(answer),
        "file": f"matdeps-{answer.query}.csv",
        "titles": list(titles),
        "csv": lines[0],
        "nodes": nodes,
        "links": links,
        "rows": rows,
        "restrictions": restrictions,
        "sources": [make_source(source, known.get(source)) for source in cited.places],
        "units": [
            {"key": unit.key, "kind": unit.kind, "col": unit.column, "bundle": unit.is_bundle, "m": unit.members}
            for unit in layout.units
        ],
        "columns": [layout.name_column(tier) for tier in layout.tiers],
        "upstream": answer.query == "depends",
        "sizes": {"pitch": layout.pitch, "card": layout.card_width, "height": CARD_HEIGHT, "gap": 12, "band": BAND},
        "network": make_network(picture, layout) if picture.spots else None,
        "kinds": {kind: {"one": name_kind(kind), "many": name_kind(kind, many=True)} for kind in KINDS},
        "glyphs": {**{kind: list(points) for kind, points in GLYPHS.items()}, "other": list(OTHER_GLYPH)},
        "labels": dict(LABELS),
    }


def _make_nodes(picture: Picture, layout: Layout, context: Context, cited: _Index) -> list[dict[str, Any]]:
    column = {tier: number for number, tier in enumerate(layout.tiers)}
    nodes = []
    for spot in picture.spots:
        node: dict[str, Any] = {"id": cut(spot.id), "n": cut(spot.name), "k": spot.kind, "col": column[spot.tier]}
        if spot.is_asked:
            node["asked"] = True
        facts = context.nodes.get(spot.id)
        if facts is not None:
            node |= _describe(facts, cited)
        if spot.id in context.places:
            node["w"] = [cut(country) for country in context.places[spot.id]]
        if spot.id in context.pages:
            node["page"] = context.pages[spot.id]
        nodes.append(node)
    return nodes


def _describe(facts: NodeFacts, cited: _Index) -> dict[str, Any]:
    about: dict[str, Any] = {
        "also": [cut(alias) for alias in facts.aliases],
        "say": cut(facts.description),
        "facts": [[key.replace("_", " "), cut(_say(value))] for key, value in _list_attributes(facts.attributes)],
        "s": [cited(source) for source in facts.sources],
        **_say_valid(facts.valid_from, facts.valid_to),
    }
    return {key: value for key, value in about.items() if value}


def _list_attributes(attributes: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    return ((key, value) for key, value in sorted(attributes.items()) if key not in _HIDDEN_ATTRIBUTES and value != "")


def _say(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(_say(one) for one in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def _say_valid(valid_from: str | None, valid_to: str | None) -> dict[str, str]:
    said = say_validity(valid_from, valid_to)
    return {"valid": said} if said else {}


def _make_row(
    row: Any, place_of: Mapping[str, int], path: Sequence[int], line: str, cells: Sequence[str], cited: _Index
) -> dict[str, Any]:
    made: dict[str, Any] = {"id": cut(str(row.id)), "k": getattr(row, "kind", ""), "csv": line}
    made["cells"] = [cut(cell) for cell in cells]
    if row.id in place_of:
        made["n"] = place_of[row.id]
    if path:
        made["p"] = list(path)
    for key, name in (("d", "certainty"), ("c", "confidence"), ("v", "through"), ("verdict", "verdict")):
        if getattr(row, name, None):
            made[key] = getattr(row, name)
    if getattr(row, "minor", False) and made.get("d") == "definite":
        made["d"] = "minor"
    tier = getattr(row, "tier", getattr(row, "length", None))
    if tier is not None:
        made["tier"] = tier
        made["sure"] = say_confidence(row.confidence, row.unchecked, tier, unit="hop")
    if not path and getattr(row, "sources", None):
        made["s"] = [cited(source) for source in row.sources]
    return made


def _make_restrictions(context: Context, drawn: set[str], cited: _Index) -> list[dict[str, Any]]:
    return [
        {
            "id": cut(row.id),
            "name": cut(row.name),
            "status": row.status,
            "because": cut(row.because),
            "nodes": sorted({binding.node for binding in row.binds} & drawn),
            "how": {b.node: cut(_say_binding(b)) for b in row.binds if b.node in drawn},
            "s": [cited(source) for source in row.sources],
        }
        for row in context.restrictions
        if any(binding.node in drawn for binding in row.binds)
    ]


def _say_binding(binding: Any) -> str:
    parts = [str(binding.scope).replace("_", " ")] if binding.scope else []
    parts += [f"codes {', '.join(binding.codes)}"] if binding.codes else []
    parts += [binding.condition] if binding.condition else []
    return "; ".join(parts)


def make_source(source_id: str, source: Source | None) -> dict[str, Any]:
    """Make what the page tells of a source; one that is only known by its id is named by it."""
    if source is None:
        return {"id": source_id, "title": source_id, "read": False}
    return {
        "id": source.id,
        "title": cut(source.title),
        "by": cut(source.publisher),
        "date": source.date,
        "url": cut(source.url),
        "read": source.is_read,
    }


def cut(text: str) -> str:
    """Make a text harmless to read, and cut one of a length that nobody reads, visibly."""
    text = neutralise(text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def split_csv(text: str) -> list[str]:
    """Split a CSV document into its records, each with its line end; a record may hold line breaks."""
    records = []
    for cells in csv.reader(io.StringIO(text, newline="")):
        buffer = io.StringIO(newline="")
        csv.writer(buffer).writerow(cells)
        records.append(buffer.getvalue())
    return records


def write_json(content: Any) -> str:
    """Write JSON that is safe inside a script element: nothing in it can end the element or start a comment."""
    text = escape_json(json.dumps(content, ensure_ascii=False, separators=(",", ":")))
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text
