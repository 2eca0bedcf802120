"""The drawing library: the only module that knows pyvis and the vis-network that it carries."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from matdeps.views.page.picture import Picture
from matdeps.views.page.placing import CARD_HEIGHT, Layout

_LIBRARY = "templates/lib/vis-9.1.2/vis-network.min.js"

OPTIONS: Mapping[str, Any] = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {
        "dragNodes": False,
        "hover": True,
        "hoverConnectedEdges": False,
        "selectConnectedEdges": False,
        "tooltipDelay": 400,
        "hideEdgesOnDrag": False,
        "hideEdgesOnZoom": False,
        "keyboard": {"enabled": False},
        "zoomSpeed": 0.6,
    },
    "nodes": {"shape": "custom", "chosen": False, "physics": False},
    "edges": {
        "smooth": {"enabled": True, "type": "cubicBezier", "forceDirection": "horizontal", "roundness": 0.9},
        "chosen": False,
        "physics": False,
        "arrows": {"to": {"enabled": True, "scaleFactor": 0.55}},
    },
}
"""Positions come from here, never from forces; the script of the page draws the cards and sets the colours."""


@lru_cache(maxsize=1)
def read_library() -> str:
    """Read vis-network as pyvis ships it.

    Returns
    -------
    str
        JavaScript that defines `vis`; it holds no end tag that could close the element it stands in.
    """
    text = (files("pyvis") / _LIBRARY).read_text("utf-8")
    text = text.replace("\r\n", "\n")
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def make_network(picture: Picture, layout: Layout) -> dict[str, Any]:
    """Make nodes, edges and options of the picture as it opens, by pyvis's model of a network.

    Returns
    -------
    dict
        `nodes` (id, label, x, y, shape), `edges` (id, from, to) and `options` of vis-network. There is one edge for
        the links between two cards in one direction.
    """
    from pyvis.network import Network  # type: ignore[import-untyped]

    network = Network(directed=True, cdn_resources="in_line")
    network.toggle_physics(False)
    unit_of = {member: unit for unit in layout.units for member in unit.members}
    for unit in layout.units:
        label = "" if unit.is_bundle else picture.spots[unit.members[0]].name
        network.add_node(
            unit.key, label=label or unit.key, shape="custom", x=round(unit.x, 1), y=round(unit.y, 1), size=CARD_HEIGHT
        )
    pairs = dict.fromkeys((unit_of[link.tail].key, unit_of[link.head].key) for link in picture.links)
    for tail, head in pairs:
        if tail != head:
            network.add_edge(tail, head, id=f"{tail}>{head}")
    nodes, edges = network.get_network_data()[:2]
    kept = {"id", "label", "x", "y", "shape"}
    return {
        "nodes": [{key: value for key, value in node.items() if key in kept} for node in nodes],
        "edges": [{key: edge[key] for key in ("id", "from", "to")} for edge in edges],
        "options": dict(OPTIONS),
    }
