"""A path as sentences: one hop after the other, with how sure it is, its sources and its dates."""

from collections.abc import Mapping, Sequence

from matdeps.graph.model import Source
from matdeps.views.layout import Page
from matdeps.views.palette import STYLE_OF_CONFIDENCE
from matdeps.views.protocols import HopLike
from matdeps.views.words import count, list_sources, say_checked, say_validity

Told = set[tuple[str, str, str]]
"""Hops whose sources stand in the text already: they are cited once."""
_SOURCES_SHOWN = 2


def add_path(
    page: Page, path: Sequence[HopLike], sources: Mapping[str, Source], told: Told, *, indent: int, most: int | None
) -> None:
    """Add the hops of a path, anchors first and without a number.

    Parameters
    ----------
    told
        Filled here; a hop that is in it is not cited again.
    most
        None cites every source; else the first two, and says how many more there are.
    """
    number = 0
    for hop in path:
        if hop.anchor:
            mark = "-"
        else:
            number += 1
            mark = f"{number}."
        key = (hop.tail, hop.head, hop.key)
        again = key in told and bool(hop.sources)
        text = f"{mark:<3} {say_hop(hop, again=again)}"
        page.add(text, indent=indent, hang=4, style=STYLE_OF_CONFIDENCE.get(hop.confidence))
        if again:
            continue
        told.add(key)
        cited = list_sources(hop.sources, sources)
        for citation in cited if most is None else cited[:_SOURCES_SHOWN]:
            page.add(citation, indent=indent + 4, hang=2, style="dim")
        more = 0 if most is None else len(cited) - _SOURCES_SHOWN
        if more > 0:
            page.add(f"and {count(more, 'more source')} (--limit 0 cites all)", indent=indent + 4, style="dim")


def say_hop(hop: HopLike, *, again: bool = False) -> str:
    """Read a hop aloud, with how sure it is and when it holds."""
    about = [say_checked(hop.confidence, hop.checked), say_validity(hop.valid_from, hop.valid_to)]
    about += ["where the question starts, not counted"] if hop.anchor else []
    about += ["cited above"] if again else []
    return f"{hop.sentence} [{'; '.join(part for part in about if part)}]"
