"""`show` as text: everything known about one node, part by part."""

from collections.abc import Sequence

from matdeps.views.layout import Page
from matdeps.views.palette import STYLE_OF_CONFIDENCE
from matdeps.views.protocols import AnswerLike, ShownRowLike
from matdeps.views.sentences import say_status
from matdeps.views.text_more import add_more
from matdeps.views.words import say_checked

_HEADINGS = {
    "about": "About",
    "alias": "Also called",
    "attribute": "Attributes",
    "in": "Links in",
    "out": "Links out",
    "production": "Production",
    "control": "Restrictions",
    "claim": "Claims",
    "source": "Sources of the node itself",
}


def add_shown(page: Page, answer: AnswerLike, most: int | None, paths: bool) -> None:
    """Add the facts, each part under its heading; aliases stand in one line."""
    rows: Sequence[ShownRowLike] = answer.rows
    for part in dict.fromkeys(row.part for row in rows):
        group = [row for row in rows if row.part == part]
        heading = _HEADINGS.get(part, part)
        if part == "alias":
            page.add_heading(heading)
            page.add(", ".join(row.text for row in group), indent=2)
            continue
        page.add_heading(heading if part == "about" else f"{heading} ({len(group):,})")
        shown = group if most is None else group[:most]
        for row in shown:
            sure = say_checked(row.confidence, row.checked)
            text = _say_fact(row) + (f" [{sure}]" if sure else "")
            page.add_item(text, style=STYLE_OF_CONFIDENCE.get(row.confidence or ""))
        add_more(page, answer, len(group) - len(shown), len(group) - len(shown), "fact")


def _say_fact(row: ShownRowLike) -> str:
    if row.part == "attribute":
        return f"{row.type.replace('_', ' ')}: {row.text}"
    if row.part == "claim":
        return f"“{row.text}” [{say_status(row.type)}]"
    return row.text
