"""Questions in words: a small grammar over the canned queries, which refuses what it does not understand."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matdeps.graph.errors import AmbiguousNodeError, MatdepsError, QueryError, UnknownNodeError
from matdeps.graph.reader import Reader
from matdeps.queries.names import look_up, resolve
from matdeps.queries.phrasings import PHRASES, PHRASINGS, Phrasing, get_kinds, get_stage
from matdeps.queries.spoken_dates import take_date

__all__ = ["PHRASINGS", "Reading", "Understood", "parse", "understand"]

_NODE_ARGUMENTS = {
    "exposed": "start",
    "why": "start",
    "depends": "node",
    "controls": "node",
    "claims": "node",
}
_ONE_NODE = {"sources": "node", "show": "node", "find": "text"}
_TAKES = {
    "direct": ("exposed", "depends"),
    "through": ("exposed", "depends", "why"),
    "as_of": ("exposed", "depends", "why", "sources", "controls", "show", "coverage"),
}
_OPTION_WORDS = {"direct": "'directly'", "through": "a view", "as_of": "a date"}
_CONTRACTIONS = {
    r"\b(what|who|where|which|how)[’']s\b": r"\1 is",
    r"\b(what|who|where|which|how)[’']re\b": r"\1 are",
    r"\bdoesn[’']t (the|this|our|your) (\S+) know\b": r"does \1 \2 not know",
    r"\bdon[’']t (we|you) know\b": r"do \1 not know",
    r"\b(is|are|does|do)n[’']t\b": r"\1 not",
}
_VIEW = re.compile(r",?\s*\b(?:through|in the view|view)\s+(contained|consumed|all)\b(?:\s+view)?$", re.IGNORECASE)
_DIRECTLY = re.compile(r"\s*\bdirectly\b", re.IGNORECASE)
_OPENING = re.compile(
    r"(?:please|matdeps|ask|can you tell me|tell me|do you know)[,:]?\s+(?=what|which|who|where|why|how)",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s*[,、;]\s*(?:and\s+|or\s+)?|\s+(?:and|or|as well as|及び|と|和)\s+", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:(?:the|an?|any|some|all|our|my|both|either)\s+|node\s*:\s*|node\s+)+", re.IGNORECASE)
_MAX_PIECES = 12
"""Pieces between commas that are tried as one name; the whole text is always tried."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A way to read a question; names are as written.

    Attributes
    ----------
    slots
        ``x``, ``y``, ``c``: the words that stand for names; ``kind``, ``stage``.
    options
        ``direct``, ``through``, ``as_of``, as far as the question says them.
    """

    phrasing: Phrasing
    slots: Mapping[str, str]
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Understood:
    """The canned query that a question became.

    Attributes
    ----------
    query
        Name of the canned query.
    arguments
        Its keyword arguments; names as written in the question.
    phrase
        The question as it was read.
    """

    query: str
    arguments: Mapping[str, Any]
    phrase: str


def parse(text: str, *, today: str) -> list[Reading]:
    """Read a question in every way the grammar allows, without looking at the graph.

    Parameters
    ----------
    text
        The question.
    today
        ISO date that "today" stands for.

    Returns
    -------
    list of Reading
        The most telling one first; empty where no phrasing fits.

    Raises
    ------
    QueryError
        Where a month is named without a day, or two dates.
    ConfigError
        Where the date cannot be read, or in two ways.
    """
    return list(_iter_readings(text, today))


def _iter_readings(text: str, today: str) -> Iterator[Reading]:
    question, options = _take_options(_tidy(text), today)
    for phrasing in PHRASES:
        for slots in phrasing.find_slots(question):
            yield Reading(phrasing, slots, options)


def understand(reader: Reader, text: str, *, today: str) -> Understood:
    """Turn a question into a canned query.

    Parameters
    ----------
    reader
        The graph whose names the question uses; needed to tell "iron and steel" from "iron" and "steel".
    text
        The question.
    today
        ISO date that "today" stands for.

    Raises
    ------
    UnknownNodeError, AmbiguousNodeError
        Where the phrasing is understood and a name is not, with the nearest names.
    QueryError
        Where the question is not understood, with the nearest phrasings and all others.
    ConfigError
        Where the date cannot be read, or in two ways.
    """
    failures: list[MatdepsError] = []
    for reading in _iter_readings(text, today):
        try:
            return _settle(reader, reading)
        except UnknownNodeError as error:
            # "What is the price of terbium" fits "what is X", and X is no name but another question.
            if not reading.phrasing.is_weak or not _holds_more(reader, error.name):
                failures.append(error)
        except QueryError as error:
            failures.append(error)
    if failures:
        # A name that several nodes have says more about what was meant than one that none has.
        raise next((error for error in failures if isinstance(error, AmbiguousNodeError)), failures[0])
    raise _refuse(reader, text, today)


def split_names(reader: Reader, text: str) -> list[str]:
    """Split what stands for names at "and", "or" and commas.

    Returns
    -------
    list of str
        Names that the graph knows, as written, without articles; the longest names that are known win, so
        that a name with an "and" in it stays whole.

    Raises
    ------
    UnknownNodeError, AmbiguousNodeError
        For the first name that is at fault.
    """
    # The graph's own names first: countries in other languages take a tenth of a second to load.
    return _split(reader, text, countries=False) or _split(reader, text, countries=True) or []


def _split(reader: Reader, text: str, *, countries: bool) -> list[str] | None:
    if whole := _know(reader, text, countries=countries):
        return [whole]
    cuts = [(match.start(), match.end()) for match in _SEPARATOR.finditer(text)]
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(text)]
    names: list[str] = []
    first = 0
    while first < len(starts):
        for last in range(min(len(ends), first + _MAX_PIECES) - 1, first - 1, -1):
            if known := _know(reader, text[starts[first] : ends[last]], countries=countries):
                names.append(known)
                first = last + 1
                break
        else:
            piece = text[starts[first] : ends[first]].strip()
            if piece and not countries:
                return None
            if piece:
                # Raises the error with the nearest names.
                names.append(_bare(piece))
                resolve(reader, names[-1])
            first += 1
    return names


def _tidy(text: str) -> str:
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    for pattern, replacement in _CONTRACTIONS.items():
        text = re.sub(pattern, replacement, text, flags=re.IGNORECASE)
    text = text.strip(" ?!.。").strip()
    if len(text) > 1 and text[0] in "\"'“「" and text[-1] in "\"'”」":
        text = text[1:-1].strip(" ?!.。")
    return _OPENING.sub("", text, count=1) if _OPENING.match(text) else text


def _take_options(question: str, today: str) -> tuple[str, dict[str, Any]]:
    options: dict[str, Any] = {}

    def take_view(question: str) -> str:
        if match := _VIEW.search(question):
            options["through"] = match[1].casefold()
            return question[: match.start()]
        return question

    # The view may stand before the date or behind it.
    question, as_of = take_date(take_view(question), today=today)
    question = take_view(question.strip(" ?"))
    shorter, count = _DIRECTLY.subn("", question)
    if count:
        question = shorter.strip()
        options["direct"] = True
    if as_of:
        options["as_of"] = as_of
    return question.strip(" ,"), options


def _bare(text: str) -> str:
    """Strip articles and the like from a name."""
    text = text.strip()
    match = _ARTICLE.match(text)
    return text[match.end() :] if match and match.end() < len(text) else text


def _know(reader: Reader, text: str, *, countries: bool = True) -> str | None:
    """Return the name without decoration where some node has it; an ambiguous name is known too."""
    for name in dict.fromkeys((text.strip(), _bare(text))):
        try:
            if name and look_up(reader, name, countries=countries):
                return name
        except AmbiguousNodeError:
            return name
        except QueryError:
            return None
    return None


def _settle(reader: Reader, reading: Reading) -> Understood:
    query, slots, options = reading.phrasing.query, reading.slots, reading.options
    arguments: dict[str, Any] = {}
    if query == "find":
        arguments["text"] = slots["x"]
    elif "x" in slots:
        names = split_names(reader, slots["x"])
        for name in names:
            resolve(reader, name)
        arguments[_NODE_ARGUMENTS.get(query) or _ONE_NODE[query]] = (
            _take_one(query, names) if query in _ONE_NODE else names
        )
    if "y" in slots:
        targets = split_names(reader, slots["y"])
        for name in targets:
            resolve(reader, name)
        arguments["target"] = _take_one(query, targets)
    if "c" in slots:
        arguments["to" if query == "controls" else "outside"] = _take_country(reader, slots["c"])
    if "kind" in slots:
        arguments["kind"] = get_kinds(slots["kind"])
    if stage := get_stage(slots["stage"]) if "stage" in slots else None:
        arguments["stage"] = stage
    arguments.update(reading.phrasing.fixed)
    for option in options:
        if query not in _TAKES[option]:
            raise QueryError(
                f"{_OPTION_WORDS[option]} says nothing in a question of {query!r}",
                remedy=f"It belongs to: {', '.join(_TAKES[option])}.",
            )
    arguments.update(options)
    return Understood(query, arguments, reading.phrasing.template or _describe(query))


def _describe(query: str) -> str:
    return next(phrasing.template for phrasing in PHRASES if phrasing.query == query and phrasing.template)


def _take_one(query: str, names: Sequence[str]) -> str:
    if len(names) != 1:
        raise QueryError(
            f"{query!r} answers for one node, the question names {len(names)}: {', '.join(names)}",
            remedy="Ask once for each.",
        )
    return names[0]


def _take_country(reader: Reader, text: str) -> str:
    name = _take_one("a country", split_names(reader, text))
    found = resolve(reader, name)
    if not all(node_id.startswith("country:") for node_id in found.ids):
        raise QueryError(f"{name!r} is no country: it is {', '.join(found.ids)}", remedy="Name a country there.")
    return name


_NOT_NAMES = frozenset(
    word
    for words in (
        "a an the is are be does do on in of to as at by for from with into what which who where why how",
        "that this and or not no it its all any me my our i am he us we you if was were has have can will",
    )
    for word in words.split(" ")
)


def _iter_known(reader: Reader, text: str) -> Iterator[str]:
    """Yield the names of nodes that a text holds, longest first from the left, none within another."""
    words = text.split()
    first = 0
    while first < len(words):
        for last in range(min(len(words), first + 8), first, -1):
            span = " ".join(words[first:last]).strip(" ,;?")
            if span.casefold() not in _NOT_NAMES and _bare(span) == span and _know(reader, span):
                yield span
                first = last
                break
        else:
            first += 1


def _holds_more(reader: Reader, text: str) -> bool:
    """Say whether an unknown name is rather a question of its own: many words, or a known name among them."""
    return len(text.split()) > 4 or (len(text.split()) > 1 and any(_iter_known(reader, text)))


def _refuse(reader: Reader, text: str, today: str) -> QueryError:
    from rapidfuzz import fuzz, process

    question, _ = _take_options(_tidy(text), today)
    known = list(_iter_known(reader, question))
    countries = [name for name in known if _is_country(reader, name)]
    others = [name for name in known if name not in countries] or known
    filled = {
        "x": others[0] if others else "X",
        "y": others[1] if len(others) > 1 else "Y",
        "c": countries[0] if countries else "C",
        "control": "CONTROL",
        "date": "DATE",
    }
    phrases = list(dict.fromkeys(phrasing.template.format(**filled) for phrasing in PHRASES if phrasing.template))
    near = process.extract(question.casefold(), phrases, scorer=fuzz.token_set_ratio, processor=str.casefold, limit=5)
    # Ties by the order of the grammar, which does not change.
    nearest = [phrase for phrase, _, _ in sorted(near, key=lambda found: (-found[1], found[2]))]
    main = f"what depends on {filled['x']}"
    nearest = list(dict.fromkeys([*nearest, main]))
    return QueryError(
        f"the question is not understood: {text.strip()!r}",
        remedy=f"Nearest phrasings: {'; '.join(nearest)}. All of them: matdeps ask --help",
    )


def _is_country(reader: Reader, name: str) -> bool:
    try:
        found = look_up(reader, name)
    except AmbiguousNodeError:
        return False
    return found is not None and all(node_id.startswith("country:") for node_id in found.ids)
