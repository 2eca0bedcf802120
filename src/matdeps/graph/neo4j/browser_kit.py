"""A kit for Neo4j Browser: a style, favourites, and a guide that walks from terbium to a product of one's own."""

import html
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from matdeps.graph.neo4j import cypher
from matdeps.graph.neo4j.explorations import EXPLORATIONS, Exploration
from matdeps.graph.schema import KINDS, LINK_TYPES

# Okabe and Ito's palette and tints of it: told apart by most eyes, and in grey.
_COLOURS: Final[Mapping[str, tuple[str, str, str]]] = {
    "material": ("#E69F00", "#A87400", "#000000"),
    "intermediate": ("#F0E442", "#B0A517", "#000000"),
    "product": ("#56B4E9", "#2C82B3", "#000000"),
    "program": ("#0072B2", "#004F7C", "#FFFFFF"),
    "customer": ("#CC79A7", "#96507A", "#000000"),
    "supplier": ("#009E73", "#006B4E", "#000000"),
    "country": ("#D9D9D9", "#8C8C8C", "#000000"),
    "control": ("#B2182B", "#67000D", "#FFFFFF"),
    "disruption": ("#D55E00", "#7F3800", "#000000"),
}
_FALLBACK = ("#BFBFBF", "#7F7F7F", "#000000")
_SIZES: Final[Mapping[str, int]] = {"control": 80, "disruption": 80, "program": 65, "product": 65, "country": 40}
_BESIDE: Final[Mapping[str, tuple[str, str, str]]] = {
    cypher.SHOWN[cypher.SOURCE]: ("#FFFFFF", "#7F7F7F", "#000000"),
    cypher.SHOWN[cypher.CLAIM]: ("#FDE0EF", "#C51B7D", "#000000"),
    cypher.SHOWN[cypher.PRODUCTION]: ("#F2F2F2", "#A6A6A6", "#000000"),
}
_ROLES: Final[Mapping[str, tuple[str, int]]] = {
    "flow": ("#333333", 3),
    "anchor": ("#8C8C8C", 1),
    "look-up": ("#BFBFBF", 1),
}
_POSSIBLE = frozenset({"IS_A", "YIELDS", "STANDS_FOR"})
"""Types whose links prove possible exposure only, mostly: a style sheet sees types, and no properties."""


def write_browser_kit(folder: str | Path) -> list[Path]:
    """Write the kit.

    Returns
    -------
    list of Path
        `README.md` first; `matdeps.grass`, `guide.html`, and favourites, one `.cypher` file each.
    """
    target = Path(folder)
    favourites = target / "favourites"
    favourites.mkdir(parents=True, exist_ok=True)
    files = {
        target / "README.md": _make_readme(),
        target / "matdeps.grass": make_style(),
        target / "guide.html": make_guide(),
        **{favourites / f"{one.name}.cypher": make_favourite(one) for one in EXPLORATIONS},
    }
    for path, text in files.items():
        path.write_text(text, "utf-8")
    return list(files)


def make_style() -> str:
    """Write the style sheet (GraSS): a colour and a caption for each label, and for links what they prove."""
    parts = [
        _rule("node", {"diameter": "50px", "color": _FALLBACK[0], "border-color": _FALLBACK[1], "border-width": "2px",
                       "text-color-internal": _FALLBACK[2], "font-size": "10px", "defaultCaption": "{name}",
                       "caption": "{name}"}),
        _rule("relationship", {"color": "#8C8C8C", "shaft-width": "1px", "font-size": "8px", "padding": "3px",
                               "text-color-external": "#000000", "text-color-internal": "#FFFFFF",
                               "caption": "<type>"}),
    ]  # fmt: skip
    # Browser colours a node by a label that the sheet knows: the owned ones say nothing, the kind everything.
    for kind in KINDS.values():
        parts.append(_make_node(kind.label, _COLOURS.get(kind.name, _FALLBACK), _SIZES.get(kind.name, 50)))
    parts += [_make_node(label, colours, 30) for label, colours in _BESIDE.items()]
    for link_type in LINK_TYPES.values():
        colour, width = _ROLES[link_type.role]
        if link_type.name in _POSSIBLE:
            colour, width = "#CC79A7", 2
        elif link_type.name == "RESTRICTS":
            colour, width = "#B2182B", 4
        parts.append(_make_link(link_type.name, colour, width))
    parts += [_make_link(name, "#D9D9D9", 1) for name in (cypher.STATED_IN, cypher.ABOUT, cypher.PRODUCTION_OF)]
    return "\n".join(parts)


def _make_node(label: str, colours: tuple[str, str, str], size: int) -> str:
    fill, border, text = colours
    return _rule(
        f"node.{label}",
        {
            "color": fill,
            "border-color": border,
            "text-color-internal": text,
            "diameter": f"{size}px",
            "caption": "{name}",
        },
    )


def _make_link(name: str, colour: str, width: int) -> str:
    # Sentences do not fit on an arrow: the type stands there, with how sure it is; the sentence is in the panel.
    caption = "{confidence}" if name in LINK_TYPES and LINK_TYPES[name].role == "flow" else "<type>"
    return _rule(f"relationship.{name}", {"color": colour, "shaft-width": f"{width}px", "caption": caption})


def _rule(selector: str, values: Mapping[str, str]) -> str:
    lines = "".join(f"  {name}: {_caption(value)};\n" for name, value in values.items())
    return f"{selector} {{\n{lines}}}\n"


def _caption(value: str) -> str:
    return f"'{value}'" if value.startswith(("{", "<")) else value


def make_favourite(one: Exploration) -> str:
    """Write a favourite: its first line is the name that Browser shows."""
    about = "".join(f"// {line}\n" for line in one.about)
    return f"// {one.title}\n{about}{one.statement.strip()}\n"


def make_guide() -> str:
    """Write the guide for `:play`: slides, each with something to click."""
    slides = [_slide(title, text, statements) for title, text, statements in _SLIDES]
    return (
        '<article class="guide">\n<title>matdeps</title>\n<carousel class="deck container-fluid">\n'
        + "\n".join(slides)
        + "\n</carousel>\n</article>\n"
    )


def _slide(title: str, text: str, names: tuple[str, ...]) -> str:
    known = {one.name: one for one in EXPLORATIONS}
    blocks = "".join(
        f'<p>{html.escape(known[name].title)}:</p>\n<pre class="pre-scrollable code runnable">'
        f"{html.escape(known[name].statement.strip())}</pre>\n"
        for name in names
    )
    return (
        '<slide class="row-fluid">\n<div class="col-sm-12">\n'
        f"<h3>{html.escape(title)}</h3>\n<p>{html.escape(text)}</p>\n{blocks}</div>\n</slide>"
    )


_SLIDES: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    (
        "What depends on terbium?",
        "Every arrow points the way a shortage travels: from ore to metal, magnet, motor, programme, customer. Click "
        "the statement, run it, and drag the style file (matdeps.grass) onto the window if all nodes look alike.",
        ("terbium-chain",),
    ),
    (
        "How sure is it?",
        "Every link carries a confidence (confirmed, reported, inferred), its sources, and whether one of them was "
        "read. Click an arrow: its sentence reads aloud. Large red nodes are controls, large orange ones disruptions.",
        ("inferred-only", "unread-sources"),
    ),
    (
        "Who controls it, and who else makes it?",
        "A control acts on the forms it names where they cross the border.",
        ("terbium-controls", "makers-outside-china"),
    ),
    ("Where is it narrow?", "Chokepoints: what most chains pass through.", ("chokepoints", "single-makers")),
    (
        "Your own product",
        "Load your parts and customers (matdeps load), push again (matdeps neo4j push), and look for your part by any "
        "of its names. Then ask what stands behind it, and paste the text of any question: "
        "matdeps queries depends YOUR-PART --cypher",
        ("find-by-name", "behind-a-product"),
    ),
)


def _make_readme() -> str:
    rows = "".join(f"- `{one.name}.cypher`: {one.title}\n" for one in EXPLORATIONS)
    labels = "".join(f"| {kind.label} | {_COLOURS.get(kind.name, _FALLBACK)[0]} |\n" for kind in KINDS.values())
    return f"""\
# matdeps in Neo4j Browser

Push a graph first: `matdeps neo4j push --graph reference`. Then open Neo4j Browser (http://localhost:7474).

1. **Style.** Drag `matdeps.grass` onto the window; `:style` shows what is set. Every kind of node has a colour of its
   own, and its name on it; controls and disruptions are large and red or orange; an arrow of a chain is dark and says
   how sure it is (confirmed, reported, inferred), one that proves only possible exposure is pink, the others are grey.
2. **Favourites.** Drag files of `favourites` onto the window and choose *Save to favorites*; they stand behind the star
   in the side bar, each named by what it answers. Click one, change what you like, run it.
3. **Guide.** Let a web server hand out `guide.html`, one that allows other origins (CORS), allow its host in
   `neo4j.conf` (`browser.remote_content_hostname_allowlist=localhost`), and type
   `:play http://localhost:8001/guide.html`. Without one, read on here: it is the same walk.

## From terbium to your own product

1. Run `terbium-chain`: terbium, its compounds, magnets, motors, programmes. Double-click a node: what is beside it?
2. Click an arrow. `sentence` reads it aloud; `source_titles` says who says so, `checked` whether anybody here read it.
3. Run `terbium-controls` and `makers-outside-china`: what binds it, and who else makes it.
4. Run `chokepoints`: what most chains pass through.
5. Load your own parts (`matdeps load --help`), push again, find a part with `find-by-name`, and run `behind-a-product`.
6. Any question of matdeps as a text to paste here: `matdeps queries exposed terbium --cypher`. It gives the same rows
   as `matdeps exposed terbium`; the explorations below are looser: they look around, and do not apply the rules for
   companies in the middle of a chain.

## Favourites

{rows}
## Colours

| label | colour |
|---|---|
{labels}"""
