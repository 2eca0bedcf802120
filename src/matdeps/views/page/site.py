"""The entry page of a small static site: a list of pages with search, for people without the program."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from matdeps.views.inert import escape_html
from matdeps.views.page.assemble import fill
from matdeps.views.page.content import cut
from matdeps.views.page.labels import LABELS

LIBRARY = "vis-network.js"
"""Name of the drawing library in the folder of a site: its pages share it."""
INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the site.

    Attributes
    ----------
    address
        Relative to the entry page.
    kind
        Kind of the node it is about.
    names
        The name and the aliases.
    sentence
        Its answer in words.
    """

    address: str
    kind: str
    names: Sequence[str]
    sentence: str


def render_index(pages: Sequence[Page], about: str) -> str:
    """Render the entry page.

    Parameters
    ----------
    about
        Which graph answered, and how it was asked.
    """
    groups = []
    for kind, title in (("material", "index_materials"), ("program", "index_programs")):
        items = "".join(_make_item(page) for page in pages if page.kind == kind)
        groups.append(f'<section><h2>{escape_html(LABELS[title])}</h2><ul class="pages">{items}</ul></section>')
    return fill(
        "index.html",
        scripts=[],
        title=escape_html(LABELS["index_title"]),
        about=escape_html(about),
        groups="".join(groups),
    )


def _make_item(page: Page) -> str:
    return (
        f'<li data-find="{escape_html(fold(" ".join(page.names)))}"><a href="{escape_html(page.address)}">'
        f"{escape_html(cut(page.names[0]))}</a> <span>{escape_html(cut(page.sentence))}</span></li>"
    )


def fold(text: str) -> str:
    """Fold a text as the search of the entry page does: no accents, no capitals."""
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char)).lower()
