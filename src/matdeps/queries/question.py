"""What every question takes: its names, its date, its scope; and what every answer says of itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from matdeps.graph.errors import ConfigError
from matdeps.graph.model import GraphInfo, NodeFacts, Source
from matdeps.graph.reader import Reader, Scope
from matdeps.graph.schema import KINDS, Confidence, View
from matdeps.queries.answer import Answer

Names = str | Sequence[str]


@dataclass(frozen=True, slots=True)
class Named:
    """The nodes that a question is about.

    Attributes
    ----------
    nodes
        Handles, in the order asked.
    notes
        What a reader must know of how the names were understood.
    """

    nodes: tuple[int, ...]
    ids: tuple[str, ...]
    notes: tuple[str, ...]


def find_named(reader: Reader, names: Names) -> Named:
    """Find the nodes that a question names.

    Raises
    ------
    UnknownNodeError, AmbiguousNodeError
        If a name has no node, or several.
    """
    from matdeps.queries.names import resolve_many

    texts = [names] if isinstance(names, str) else list(names) if isinstance(names, list | tuple) else None
    if texts is None or not all(isinstance(text, str) for text in texts):
        raise ConfigError(f"{names!r} is no name of a node", remedy="Give a text, or a list of texts.")
    if not texts:
        raise ConfigError("the question names no node", remedy="Example: matdeps exposed terbium")
    found = resolve_many(reader, texts)
    nodes = dict.fromkeys(node for one in found for node in one.nodes)
    ids = dict.fromkeys(node_id for one in found for node_id in one.ids)
    return Named(tuple(nodes), tuple(ids), tuple(dict.fromkeys(note for one in found for note in one.notes)))


def make_scope(
    *,
    as_of: str | date | None = None,
    through: str = "consumed",
    confidence: str = "inferred",
    checked: bool = False,
) -> Scope:
    """Check what a question may see of the graph.

    Parameters
    ----------
    as_of
        The one date of the question; None is today.
    through
        contained, consumed or all.
    confidence
        The least sure hop allowed: confirmed, reported or inferred.
    checked
        Whether only hops one of whose sources was read are walked.

    Raises
    ------
    ConfigError
        If a value is none of these.
    """
    if not isinstance(checked, bool):
        raise ConfigError(f"checked {checked!r} is neither True nor False", remedy="Give one of them.")
    return Scope(
        parse_date(as_of),
        View[_choose("through", through, [view.name for view in View])],
        Confidence[_choose("confidence", confidence, [c.name for c in Confidence])],
        checked,
    )


def parse_date(value: str | date | None) -> str:
    """Read the date of a question; None is today.

    Raises
    ------
    ConfigError
        If it is no ISO date.
    """
    if value is None:
        return date.today().isoformat()
    if isinstance(value, date):
        return value.isoformat()[:10]
    try:
        if len(value) != 10:
            raise ValueError
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise ConfigError(f"{value!r} is no date", remedy="Dates are written year-month-day: 2026-07-01.") from None


def parse_kinds(kind: str | Iterable[str] | None, default: Sequence[str]) -> tuple[str, ...]:
    """Read which kinds a question asks for; `all` stands for every kind.

    Returns
    -------
    tuple of str
        In the order of the schema.

    Raises
    ------
    ConfigError
        If a kind is not known.
    """
    if kind is None:
        return tuple(default)
    asked = kind.split(",") if isinstance(kind, str) else list(kind)
    names = [name.strip().casefold() for name in asked if name.strip()]
    if not names:
        raise ConfigError("kind names no kind", remedy=f"One of: {', '.join([*KINDS, 'all'])}.")
    if "all" in names:
        return tuple(KINDS)
    synonyms = {other.plural: other.name for other in KINDS.values()} | {
        "programs": "program",
        "programme": "program",
    }
    known = {synonyms.get(name, name) for name in names}
    for name in known:
        _choose("kind", name, [*KINDS, "all"])
    return tuple(name for name in KINDS if name in known)


def _choose(option: str, value: str, allowed: Sequence[str]) -> str:
    if value not in allowed:
        raise ConfigError(f"{option} {value!r} is not known", remedy=f"One of: {', '.join(allowed)}.")
    return value


def check_count(option: str, value: int | None, least: int = 1) -> int | None:
    """Check a count that may be missing.

    Raises
    ------
    ConfigError
        If it is smaller than allowed.
    """
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise ConfigError(f"{option} {value!r} is no whole number", remedy=f"It is {least} or more.")
    if value is not None and value < least:
        raise ConfigError(f"{option} {value} is too small", remedy=f"It is {least} or more.")
    return value


def parse_limit(limit: int | None) -> int | None:
    """Read how many rows are given at most; None and 0 give all.

    Raises
    ------
    ConfigError
        If it is below 0.
    """
    return check_count("limit", limit, 0) or None


def check_share(option: str, value: float | None) -> float | None:
    """Check a share that may be missing.

    Raises
    ------
    ConfigError
        If it is not between 0 and 1.
    """
    if value is not None and not 0 <= value <= 1:
        raise ConfigError(f"{option} {value:g} is no share", remedy="A share lies between 0 and 1: 0.5 is one half.")
    return value


def describe_scope(scope: Scope) -> dict[str, Any]:
    """Name the scope's parameters as an answer states them."""
    return {
        "through": scope.through.name,
        "as_of": scope.as_of,
        "confidence": scope.confidence.name,
        "checked": scope.checked,
    }


def warn_of_date(info: GraphInfo, as_of: str) -> list[str]:
    """Say so where a question's date lies after the day to which the data's knowledge reaches."""
    if info.knowledge_until is None:
        return ["The data names no day to which its knowledge reaches."]
    if as_of <= info.knowledge_until:
        return []
    return [
        f"The date {as_of} is later than the data's knowledge, which reaches to {info.knowledge_until}: "
        "what happened since is not in here."
    ]


def finish(
    reader: Reader,
    query: str,
    parameters: Mapping[str, Any],
    rows: Sequence[Any],
    summary: Mapping[str, Any],
    *,
    cited: Iterable[str] = (),
    named: Iterable[NodeFacts] = (),
    limit: int | None = None,
    total: int | None = None,
) -> Answer:
    """Put an answer together: cut it where asked, and say so; add the sources that it cites.

    Parameters
    ----------
    limit
        Rows kept at most; None keeps all.
    total
        Rows there are, where `rows` was cut already.
    """
    info = reader.get_info()
    count = len(rows) if total is None else total
    kept = list(rows if limit is None else rows[:limit])
    notes = list(summary.get("notes", ()))
    if len(kept) < count:
        notes.append(f"Only the first {len(kept)} of {count} rows are given; limit 0 gives all.")
    about: dict[str, Any] = {**summary, "truncated": len(kept) < count, "notes": [*info.notices, *notes]}
    about.setdefault("hits", count)
    sources: Mapping[str, Source] = reader.get_sources(sorted(set(cited)))
    return Answer(
        query,
        MappingProxyType(dict(parameters)),
        reader.engine,
        info,
        tuple(kept),
        MappingProxyType(about),
        sources,
        {node.id: node.name for node in named},
    )
