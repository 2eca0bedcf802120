"""Words that every view uses: names, numbers, certainty and confidence, always said the same way."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from matdeps.graph.model import Source
from matdeps.graph.schema import KINDS
from matdeps.views.protocols import AnswerLike, HopLike, PathRowLike

_SINGULAR = {"program": "programme"}
_VIEW_WORDS = {"consumed": "used up", "all": "equipment"}


def join(words: Iterable[str], last: str = "and") -> str:
    """Join words as a sentence does.

    Examples
    --------
    >>> join(["Japan", "Korea", "Taiwan"])
    'Japan, Korea and Taiwan'
    """
    known = list(words)
    if len(known) < 2:
        return "".join(known)
    return f"{', '.join(known[:-1])} {last} {known[-1]}"


def count(number: int, singular: str, plural: str | None = None) -> str:
    """Say a number of things.

    Examples
    --------
    >>> count(1, "hop"), count(1200, "hop")
    ('1 hop', '1,200 hops')
    """
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def name_kind(kind: str, *, many: bool = False) -> str:
    """Name a kind of node as it stands in a sentence."""
    if kind not in KINDS:
        return kind + "s" if many else kind
    return KINDS[kind].plural if many else _SINGULAR.get(kind, kind)


def say_share(share: float | None) -> str:
    """Say a share, 0..1, in percent; None is unknown.

    Examples
    --------
    >>> say_share(0.914), say_share(0.004), say_share(0.0), say_share(None)
    ('91%', '0.4%', '0%', 'unknown')
    """
    if share is None:
        return "unknown"
    percent = share * 100
    if abs(percent - round(percent)) < 0.05 and (0 < round(percent) < 100 or percent in {0, 100}):
        return f"{percent:.0f}%"
    if percent < 0.1:
        return "under 0.1%"
    if percent > 99.9:
        return "over 99.9%"
    return f"{percent:.1f}%" if percent < 10 or percent > 99 else f"{percent:.0f}%"


def say_bounds(bounds: Mapping[str, Any]) -> str:
    """Say a share that is known between two bounds."""
    low, high = say_share(bounds.get("low")), say_share(bounds.get("high"))
    return low if low == high else f"{low} to {high}"


def say_hhi(bounds: Mapping[str, Any]) -> str:
    """Say a concentration, 0..1 inside, times 10,000 as it is quoted."""
    low, high = (f"{round(float(bounds[end]) * 10_000):,}" for end in ("low", "high"))
    return low if low == high else f"{low} to {high}"


def say_amount(amount: float) -> str:
    """Say an amount without digits that nobody measured."""
    return f"{amount:,.0f}" if amount == int(amount) else f"{amount:,.4g}"


def say_certainty(row: PathRowLike) -> str:
    """Say what a row's path proves, and how narrow a view it takes."""
    words = [row.certainty]
    if row.minor:
        words.append("minor")
    if row.through in _VIEW_WORDS:
        words.append(_VIEW_WORDS[row.through])
    return ", ".join(words)


def say_confidence(confidence: str, unchecked: int, hops: int, *, unit: str = "") -> str:
    """Say how sure a path is; the word never stands alone where a source was not read.

    Parameters
    ----------
    unchecked
        Flow hops whose sources nobody read.
    hops
        Flow hops in all.
    unit
        "hop" where there is room to say what is counted; empty in a table.

    Examples
    --------
    >>> say_confidence("confirmed", 2, 4)
    'confirmed, 2 of 4 not read'
    """
    if not unchecked:
        return confidence
    if hops <= 1:
        return f"{confidence}, source not read"
    if unchecked >= hops:
        return f"{confidence}, no source read"
    return f"{confidence}, {unchecked} of {hops}{f' {unit}s' if unit else ''} not read"


def say_checked(confidence: str | None, checked: bool | None) -> str:
    """Say how sure one fact is and whether a source of it was read."""
    if confidence is None:
        return ""
    if checked is None:
        return confidence
    if confidence == "inferred":
        # No source states it: saying that one was read would read as if it did.
        return "inferred: reasoned out, its sources are context"
    return f"{confidence}, source read" if checked else f"{confidence}, source not read"


def say_source(source: Source, *, read: bool = True) -> str:
    """Cite a source: title, publisher, date, and whether it was read."""
    about = [part for part in (source.publisher, source.date or "no date") if part]
    if read:
        about.append("read" if source.is_read else "not read")
    return f"“{source.title}” ({', '.join(about)})"


def list_sources(ids: Sequence[str], sources: Mapping[str, Source]) -> list[str]:
    """Cite the sources of a fact, those that were read first."""
    known = (sources[key] for key in ids if key in sources)
    cited = [say_source(source) for source in sorted(known, key=lambda source: (not source.is_read, source.id))]
    return cited + [key for key in ids if key not in sources]


def say_sources(ids: Sequence[str], sources: Mapping[str, Source], *, most: int = 3) -> str:
    """Cite the sources of a fact in one line; what is left out is counted."""
    cited = list_sources(ids, sources)
    more = len(cited) - most
    return "; ".join(cited[:most]) + (f"; and {count(more, 'more source')}" if more > 0 else "")


def say_validity(valid_from: str | None, valid_to: str | None) -> str:
    """Say from when to when a fact holds; empty where it is open at both ends."""
    if valid_from and valid_to:
        return f"from {valid_from} to {valid_to}"
    return f"from {valid_from}" if valid_from else f"until {valid_to}" if valid_to else ""


class Names:
    """Names of nodes by id, with a readable form of an id whose name the answer does not carry."""

    def __init__(self, answer: AnswerLike) -> None:
        self._known = dict(answer.names)
        for row in answer.rows:
            if hasattr(row, "kind") and row.id.startswith(f"{row.kind}:"):
                self._known.setdefault(row.id, row.name)

    def __call__(self, node_id: str) -> str:
        """Name a node."""
        known = self._known.get(node_id)
        if known:
            return known
        kind, colon, slug = node_id.partition(":")
        if not colon or kind not in KINDS:
            return node_id
        return slug.upper() if kind == "country" else slug.replace("-", " ")

    def in_sentence(self, node_id: str) -> str:
        """Name a node in the middle of a sentence: a material is no proper name."""
        name = self(node_id)
        first = name.split(" ")[0].split("-")[0]
        is_common = node_id.startswith("material:") and len(first) > 2 and first[1:].islower() and first.isalpha()
        return name[:1].lower() + name[1:] if is_common else name

    def join(self, ids: Iterable[str], last: str = "and", *, most: int | None = None) -> str:
        """Name several nodes as a sentence does; what is more than `most` is counted."""
        names = [self.in_sentence(node_id) for node_id in ids]
        if most is not None and len(names) > most:
            return f"{', '.join(names[:most])} {last} {len(names) - most:,} more"
        return join(names, last)


def get_flow(path: Sequence[HopLike]) -> list[HopLike]:
    """Get the hops that count."""
    return [hop for hop in path if not hop.anchor]


def find_via(row: PathRowLike) -> str | None:
    """Find the last node before the row's own on its path; None where the path has no hop."""
    flow = get_flow(row.path)
    for hop in (*flow[-1:], *flow[:1]):
        if row.id in {hop.tail, hop.head}:
            return hop.tail if hop.head == row.id else hop.head
    return None


def say_chain(path: Sequence[HopLike], names: Names) -> str:
    """Write a path as a chain of names; `<` marks a hop read against its arrow (a maker of what is exposed)."""
    flow = get_flow(path)
    if not flow:
        return ""
    at = flow[0].tail
    if len(flow) > 1 and at in {flow[1].tail, flow[1].head} and flow[0].head not in {flow[1].tail, flow[1].head}:
        at = flow[0].head
    text = names(at)
    for hop in flow:
        if hop.tail == at:
            at, sign = hop.head, ">"
        else:
            at, sign = hop.tail, "<"
        text += f" {sign} {names(at)}"
    return text
