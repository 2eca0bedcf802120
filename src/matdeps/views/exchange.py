"""The picture of an answer for other programs: Mermaid, DOT, GraphML and node-link JSON."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from matdeps.views.inert import escape_json, neutralise
from matdeps.views.page.picture import Link, Picture, Spot, make_picture
from matdeps.views.protocols import AnswerLike
from matdeps.views.sentences import summarise

MOST_MERMAID = 250
"""Mermaid lays out no more nodes than this in a time that anybody waits."""
_EVERYTHING = 10**9
_LONGEST = 120


def render_mermaid(answer: AnswerLike) -> str:
    """Render the paths of an answer as a Mermaid flow chart, left to right.

    Returns
    -------
    str
        Possible links are dotted, minor ones thin, definite ones solid; a label says what is not confirmed. What is
        left out above `MOST_MERMAID` nodes is said in a comment and in a node of its own.
    """
    picture = make_picture(answer, most=MOST_MERMAID)
    lines = ["flowchart LR", f"    %% {_escape_mermaid(' '.join(_shorten(summarise(answer)).split()))}"]
    shapes = {
        "material": "{{%s}}", "program": "([%s])", "customer": "[/%s\\]", "supplier": "[\\%s/]", "country": "((%s))",
    }  # fmt: skip
    for place, spot in enumerate(picture.spots):
        lines.append(f"    n{place}{shapes.get(spot.kind, '[%s]') % _quote_mermaid(spot.name)}")
    for link in picture.links:
        arrow = {"possible": "-.->", "minor": "-->"}.get(link.certainty, "==>")
        about = [word for word in (link.certainty, link.hop.confidence) if word not in {"definite", "confirmed"}]
        label = f"|{', '.join(about)}|" if about else ""
        lines.append(f"    n{link.tail} {arrow}{label} n{link.head}")
    if picture.rows_left_out:
        lines.append(f'    more["{picture.rows_left_out:,} rows are not drawn"]')
    return "\n".join(lines) + "\n"


def _shorten(text: str, most: int = _LONGEST * 3) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _quote_mermaid(text: str) -> str:
    return f'"{_escape_mermaid(_shorten(text, _LONGEST))}"'


def _escape_mermaid(text: str) -> str:
    """Write as a character code what Mermaid, or the HTML that it makes, could take for markup."""
    return re.sub(r"[^\w .,:/()+\-…]", lambda match: f"#{ord(match[0])};", neutralise(text))


def render_dot(answer: AnswerLike) -> str:
    """Render the paths of an answer as a Graphviz digraph, left to right, with tiers as ranks.

    Returns
    -------
    str
        Node names are ids; certainty is the style of a line, confidence its width and arrow head.
    """
    picture = make_picture(answer, most=_EVERYTHING)
    shapes = {
        "material": "hexagon", "intermediate": "diamond", "product": "box", "program": "component",
        "customer": "invtriangle", "supplier": "triangle", "country": "octagon",
    }  # fmt: skip
    styles = {"definite": "solid", "minor": "dotted", "possible": "dashed"}
    widths = {"confirmed": ("2", "normal"), "reported": ("1.5", "vee"), "inferred": ("1", "odot")}
    lines = [
        "digraph matdeps {",
        f"    graph [rankdir=LR, label={_quote_dot(_shorten(summarise(answer)))}, labelloc=t, ranksep=1];",
        '    node [fontname="sans-serif", fontsize=10];',
    ]
    for spot in picture.spots:
        lines.append(
            f"    {_quote_dot(spot.id)} [label={_quote_dot(_shorten(spot.name, _LONGEST))}, "
            f"shape={shapes.get(spot.kind, 'ellipse')}, class={_quote_dot(spot.kind)}"
            f"{', penwidth=3' if spot.is_asked else ''}];"
        )
    for link in picture.links:
        width, head = widths.get(link.hop.confidence, ("1", "normal"))
        lines.append(
            f"    {_quote_dot(picture.spots[link.tail].id)} -> {_quote_dot(picture.spots[link.head].id)} "
            f"[style={styles[link.certainty]}, penwidth={width}, arrowhead={head}, "
            f"tooltip={_quote_dot(_shorten(link.hop.sentence))}];"
        )
    return "\n".join([*lines, "}"]) + "\n"


def _quote_dot(text: str) -> str:
    # A backslash begins an escape in labels; an ampersand an HTML entity.
    plain = neutralise(text).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'


def _describe_node(spot: Spot) -> dict[str, Any]:
    return {
        "label": spot.name,
        "kind": spot.kind,
        "tier": spot.tier,
        "asked": spot.is_asked,
        "row": spot.is_row,
    }


def _describe_link(link: Link) -> dict[str, Any]:
    hop = link.hop
    return {
        "type": hop.type,
        "sentence": hop.sentence,
        "certainty": link.certainty,
        "confidence": hop.confidence,
        "checked": hop.checked,
        "anchor": hop.anchor,
        "sources": "|".join(hop.sources),
        "valid_from": hop.valid_from,
        "valid_to": hop.valid_to,
    }


_NODE_TYPES: Mapping[str, str] = {
    "label": "string", "kind": "string", "tier": "int", "asked": "boolean", "row": "boolean",
}  # fmt: skip
_LINK_TYPES: Mapping[str, str] = {
    "type": "string", "sentence": "string", "certainty": "string", "confidence": "string", "checked": "boolean",
    "anchor": "boolean", "sources": "string", "valid_from": "string", "valid_to": "string",
}  # fmt: skip


def render_graphml(answer: AnswerLike) -> str:
    """Render the nodes and links of an answer as GraphML, which Gephi, yEd and NetworkX open.

    Returns
    -------
    str
        Node ids are those of the graph; unknown values are left out. Links have numbers as ids, because two nodes may
        be joined twice.
    """
    picture = make_picture(answer, most=_EVERYTHING)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        *(
            f'  <key id="{side[0]}_{name}" for="{side}" attr.name="{name}" attr.type="{kind}"/>'
            for side, keys in (("node", _NODE_TYPES), ("edge", _LINK_TYPES))
            for name, kind in keys.items()
        ),
        f'  <graph id="{escape(answer.query)}" edgedefault="directed">',
    ]
    for spot in picture.spots:
        lines.append(f"    <node id={_quote_xml(spot.id)}>{''.join(_write_data('n', _describe_node(spot)))}</node>")
    for number, link in enumerate(picture.links):
        tail, head = (_quote_xml(picture.spots[end].id) for end in (link.tail, link.head))
        data = "".join(_write_data("e", _describe_link(link)))
        lines.append(f'    <edge id="e{number}" source={tail} target={head}>{data}</edge>')
    return "\n".join([*lines, "  </graph>", "</graphml>"]) + "\n"


def _write_data(side: str, values: Mapping[str, Any]) -> Iterable[str]:
    for name, value in values.items():
        if value is not None:
            text = str(value).lower() if isinstance(value, bool) else neutralise(str(value))
            yield f'<data key="{side}_{name}">{escape(text)}</data>'


def _quote_xml(text: str) -> str:
    return quoteattr(neutralise(text))


def render_node_link(answer: AnswerLike) -> str:
    """Render the nodes and links of an answer as node-link JSON.

    Returns
    -------
    str
        One object of a directed multigraph; `networkx.node_link_graph(..., edges="edges")` reads it.
    """
    picture = make_picture(answer, most=_EVERYTHING)
    found = {
        "directed": True,
        "multigraph": True,
        "graph": {"query": answer.query, "sentence": summarise(answer)},
        "nodes": [{"id": spot.id, **_describe_node(spot)} for spot in picture.spots],
        "edges": list(_list_edges(picture)),
    }
    return escape_json(json.dumps(found, ensure_ascii=False, indent=1)) + "\n"


def _list_edges(picture: Picture) -> Iterable[dict[str, Any]]:
    for link in picture.links:
        yield {
            "source": picture.spots[link.tail].id,
            "target": picture.spots[link.head].id,
            "key": link.hop.key,
            **_describe_link(link),
        }
