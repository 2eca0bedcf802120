"""The picture of an answer as SVG: fixed, readable without scripts, and fit for print."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from matdeps.views.inert import escape_html
from matdeps.views.page.labels import LABELS
from matdeps.views.page.picture import Link, Picture, make_picture
from matdeps.views.page.placing import CARD_HEIGHT, Layout, Unit, place
from matdeps.views.protocols import AnswerLike
from matdeps.views.sentences import summarise
from matdeps.views.words import count, name_kind

BAND = 22
_MARGIN, _HEAD = 16, 30
_LINE, _LINES, _FONT = 13.0, 3, 11.5
Glyph = Sequence[tuple[float, float]]

GLYPHS: Mapping[str, Glyph] = {
    "material": ((-1, 0), (-0.5, -0.87), (0.5, -0.87), (1, 0), (0.5, 0.87), (-0.5, 0.87)),
    "intermediate": ((0, -1.05), (1.05, 0), (0, 1.05), (-1.05, 0)),
    "product": ((-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)),
    "program": (
        (0, -1.1), (0.26, -0.36), (1.05, -0.34), (0.42, 0.14), (0.65, 0.89),
        (0, 0.45), (-0.65, 0.89), (-0.42, 0.14), (-1.05, -0.34), (-0.26, -0.36),
    ),
    "customer": ((-1, -0.75), (1, -0.75), (0, 0.95)),
    "supplier": ((-1, 0.75), (1, 0.75), (0, -0.95)),
    "country": (
        (-0.35, -0.9), (0.35, -0.9), (0.9, -0.35), (0.9, 0.35), (0.35, 0.9), (-0.35, 0.9), (-0.9, 0.35), (-0.9, -0.35),
    ),
    "control": (
        (-0.35, -1), (0.35, -1), (0.35, -0.35), (1, -0.35), (1, 0.35), (0.35, 0.35),
        (0.35, 1), (-0.35, 1), (-0.35, 0.35), (-1, 0.35), (-1, -0.35), (-0.35, -0.35),
    ),
    "disruption": (
        (-0.5, -1), (0, -0.5), (0.5, -1), (1, -0.5), (0.5, 0), (1, 0.5),
        (0.5, 1), (0, 0.5), (-0.5, 1), (-1, 0.5), (-0.5, 0), (-1, -0.5),
    ),
}  # fmt: skip
"""A shape of each kind, as corners between -1 and 1; the shape alone tells the kind."""
OTHER_GLYPH: Glyph = ((-0.9, -0.25), (0.9, -0.25), (0.9, 0.25), (-0.9, 0.25))


def read_picture_style() -> str:
    """Read the style that the picture has in the page and alone."""
    return (files("matdeps.views.page") / "picture.css").read_text("utf-8")


def render_svg(answer: AnswerLike) -> str:
    """Render the picture of an answer as a document of its own; groups are closed, as the page opens.

    Returns
    -------
    str
        SVG without script, link or outside reference. An answer without paths gives a picture that says so.
    """
    picture = make_picture(answer)
    layout = place(picture, answer.query)
    return draw(picture, layout, {}, sentence=summarise(answer), style=read_picture_style()) + "\n"


@dataclass(frozen=True, slots=True)
class _Line:
    """One drawn line: the links between two cards in one direction."""

    tail: Unit
    head: Unit
    links: Sequence[Link]


def draw(picture: Picture, layout: Layout, marks: Mapping[str, int], *, sentence: str, style: str | None = None) -> str:
    """Draw the cards and lines.

    Parameters
    ----------
    marks
        Restrictions that name a node, by id.
    sentence
        What a reader who cannot see the picture is told.
    style
        Style sheet to put inside, where the picture stands alone; None where its surroundings have it.
    """
    width, height = layout.card_width, CARD_HEIGHT
    left = min((unit.x for unit in layout.units), default=0.0) - width / 2 - _MARGIN
    right = max((unit.x for unit in layout.units), default=300.0) + width / 2 + _MARGIN
    top = min((unit.y for unit in layout.units), default=0.0) - height / 2 - _MARGIN - _HEAD
    bottom = max((unit.y for unit in layout.units), default=0.0) + height / 2 + _MARGIN
    box = f"{left:.0f} {top:.0f} {right - left:.0f} {bottom - top:.0f}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" viewBox="{box}" width="{right - left:.0f}" '
        f'height="{bottom - top:.0f}" role="img" aria-label="{escape_html(sentence)}">',
        f"<title>{escape_html(sentence)}</title>" if style else "",
        f"<style>{style}</style>" if style else "",
        f'<rect class="ground" x="{left:.0f}" y="{top:.0f}" width="{right - left:.0f}" height="{bottom - top:.0f}"/>'
        if style
        else "",
        _MARKERS,
    ]
    if not layout.units:
        parts.append(f'<text class="head" x="0" y="4">{escape_html(LABELS["no_picture"])}</text>')
    for number, tier in enumerate(layout.tiers):
        text = layout.name_column(tier)
        parts.append(
            f'<text class="head" x="{number * layout.pitch:.0f}" y="{top + _MARGIN + 8:.0f}">{escape_html(text)}</text>'
        )
    parts += [_draw_line(line, width) for line in _gather_lines(picture, layout)]
    parts += [_draw_card(picture, unit, width, marks) for unit in layout.units]
    return "".join(parts) + "</svg>"


_ENDS = {
    "confirmed": '<path d="M-10,-5 L0,0 L-10,5 Z"/>',
    "reported": '<path d="M-9,-5 L0,0 L-9,5" class="open"/>',
    "inferred": '<circle cx="-4" cy="0" r="3.4" class="open"/>',
}
_MARKERS = (
    "<defs>"
    + "".join(
        f'<marker id="end-{name}" class="end {name}" viewBox="-10 -6 12 12" refX="0" refY="0" markerWidth="11" '
        f'markerHeight="11" markerUnits="userSpaceOnUse" orient="auto">{shape}</marker>'
        for name, shape in _ENDS.items()
    )
    + "</defs>"
)


def _gather_lines(picture: Picture, layout: Layout) -> list[_Line]:
    unit_of = {member: unit for unit in layout.units for member in unit.members}
    pairs: dict[tuple[str, str], list[Link]] = {}
    for link in picture.links:
        pairs.setdefault((unit_of[link.tail].key, unit_of[link.head].key), []).append(link)
    return [
        _Line(unit_of[links[0].tail], unit_of[links[0].head], links)
        for (tail, head), links in pairs.items()
        if tail != head
    ]


def _most(words: Sequence[str], order: Sequence[str]) -> str:
    """Find the word that most links have; among equals the weaker one."""
    counts = Counter(words)
    return max(counts, key=lambda word: (counts[word], order.index(word) if word in order else 0))


def _draw_line(line: _Line, width: float) -> str:
    certainty = _most([link.certainty for link in line.links], ("definite", "minor", "possible"))
    confidence = _most([link.hop.confidence for link in line.links], ("confirmed", "reported", "inferred"))
    forward = line.head.x > line.tail.x
    same = line.head.x == line.tail.x
    x1 = line.tail.x + (width / 2 if forward or same else -width / 2)
    x2 = line.head.x + (width / 2 if not forward or same else -width / 2)
    bend = 26.0 if same else max(18.0, abs(x2 - x1) * 0.45)
    c1, c2 = (x1 + bend, x2 + bend) if same else (x1 + bend, x2 - bend) if forward else (x1 - bend, x2 + bend)
    said = line.links[0].hop.sentence if len(line.links) == 1 else f"{count(len(line.links), 'link')}"
    return (
        f'<path class="line {certainty} {confidence}" marker-end="url(#end-{confidence})" '
        f'd="M{x1:.1f},{line.tail.y:.1f} C{c1:.1f},{line.tail.y:.1f} {c2:.1f},{line.head.y:.1f} '
        f'{x2:.1f},{line.head.y:.1f}"><title>{escape_html(shorten(said, 300))} '
        f"({escape_html(f'{LABELS[certainty]}, {confidence}')})</title></path>"
    )


def _draw_card(picture: Picture, unit: Unit, width: float, marks: Mapping[str, int]) -> str:
    spot = picture.spots[unit.members[0]]
    name = (
        count(len(unit.members), name_kind(unit.kind), name_kind(unit.kind, many=True)) if unit.is_bundle else spot.name
    )
    x, y = unit.x - width / 2, unit.y - CARD_HEIGHT / 2
    kind = unit.kind if unit.kind in GLYPHS else "other"
    classes = f"card k-{kind}" + (" bundle" if unit.is_bundle else "") + (" asked" if spot.is_asked else "")
    title = name
    if unit.is_bundle:
        title += ": " + "; ".join(shorten(picture.spots[m].name, 80) for m in unit.members[:40])
    lines = wrap(name, width - BAND - 12)
    first = unit.y - (len(lines) - 1) * _LINE / 2 + 4
    text = "".join(
        f'<text x="{x + BAND + 6:.1f}" y="{first + row * _LINE:.1f}">{escape_html(line)}</text>'
        for row, line in enumerate(lines)
    )
    marked = sum(picture.spots[m].id in marks for m in unit.members)
    badge = (
        f'<g class="badge"><circle cx="{x + width - 2:.1f}" cy="{y + 2:.1f}" r="8"/>'
        f'<text x="{x + width - 2:.1f}" y="{y + 6.5:.1f}">!</text></g>'
        if marked
        else ""
    )
    shadow = (
        f'<rect class="under" x="{x + 4:.1f}" y="{y + 4:.1f}" width="{width:.1f}" height="{CARD_HEIGHT}" rx="5"/>'
        if unit.is_bundle
        else ""
    )
    return (
        f'<g class="{classes}"><title>{escape_html(shorten(title, 2000))}</title>{shadow}'
        f'<rect class="face" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{CARD_HEIGHT}" rx="5"/>'
        f'<path class="band" d="M{x + 5:.1f},{y:.1f} h{BAND - 5} v{CARD_HEIGHT} h-{BAND - 5} a5,5 0 0 1 -5,-5 '
        f'v-{CARD_HEIGHT - 10} a5,5 0 0 1 5,-5 z"/>'
        f'<polygon class="glyph" points="{_draw_glyph(unit.kind, x + BAND / 2, unit.y, 6.5)}"/>{text}{badge}</g>'
    )


def _draw_glyph(kind: str, x: float, y: float, size: float) -> str:
    return " ".join(f"{x + dx * size:.1f},{y + dy * size:.1f}" for dx, dy in GLYPHS.get(kind, OTHER_GLYPH))


def draw_sample(kind: str) -> str:
    """Draw the shape of a kind for a legend."""
    known = kind if kind in GLYPHS else "other"
    return (
        f'<svg class="sample k-{known}" width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">'
        f'<rect class="band" width="18" height="18" rx="3"/>'
        f'<polygon class="glyph" points="{_draw_glyph(kind, 9, 9, 6)}"/></svg>'
    )


def draw_line_sample(certainty: str, confidence: str) -> str:
    """Draw a line for a legend."""
    return (
        '<svg class="sample" width="56" height="14" viewBox="0 0 56 14" aria-hidden="true">'
        f'<path class="line {certainty} {confidence}" d="M2,7 L46,7"/>'
        f'<g class="end {confidence}" transform="translate(54 7)">{_ENDS[confidence]}</g></svg>'
    )


def measure(text: str, size: float = _FONT) -> float:
    """Estimate how wide a text is in pixels; nothing here can ask a font."""
    return sum(_WIDTHS.get(char, 1.0 if unicodedata.east_asian_width(char) in "WF" else 0.6) for char in text) * size


_WORD = re.compile(r"\s*[^\s/-]*[/-]?")
"""A word, or a part of one up to a hyphen or a stroke."""
_WIDTHS = (
    dict.fromkeys("iljtfI.,;:'|!()[]/ -", 0.33)
    | dict.fromkeys("mwMW@%", 0.9)
    | dict.fromkeys("ABCDEFGHKLNOPQRSTUVXYZ&", 0.7)
    | dict.fromkeys("0123456789", 0.58)
    | dict.fromkeys("abcdeghknopqsuvxyz", 0.56)
    | dict.fromkeys("r", 0.38)
)


def wrap(text: str, width: float) -> list[str]:
    """Break a text into at most three lines of a width in pixels; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    line = ""
    for word in _WORD.findall(" ".join(shorten(text, 200).split())):
        if line and measure((line + word).rstrip()) > width:
            lines.append(line.rstrip())
            line = word.lstrip()
        else:
            line += word
        while measure(line) > width and len(line) > 1:
            cut = next((at for at in range(len(line), 1, -1) if measure(line[:at]) <= width), 1)
            lines.append(line[:cut])
            line = line[cut:]
    lines.append(line.rstrip())
    if len(lines) > _LINES:
        last = lines[_LINES - 1]
        while last and measure(last + "…") > width:
            last = last[:-1]
        lines = [*lines[: _LINES - 1], last.rstrip() + "…"]
    return lines


def shorten(text: str, most: int) -> str:
    """Cut a text, and show that it was cut."""
    return text if len(text) <= most else text[: most - 1] + "…"
