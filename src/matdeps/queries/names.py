"""Turn what people write into nodes: ids, names in any language, symbols, codes, countries, HS codes."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from matdeps.graph.errors import AmbiguousNodeError, QueryError, UnknownNodeError
from matdeps.graph.model import NodeFacts
from matdeps.graph.names import fold
from matdeps.graph.reader import NamedNode, Reader

MAX_SUGGESTIONS = 5
_QUOTES = " \t\r\n\"'`\u2018\u2019\u201c\u201d\u300c\u300d\u300e\u300f"
_HS = re.compile(
    r"(?P<prefix>(?:hs|hts|htsus|cn|taric)(?:[\s-]*codes?)?[\s:.#-]*)?(?P<digits>\d[\d.\s-]*)", re.IGNORECASE
)
_NAME_AND_ID = re.compile(r".*\((?P<id>[a-z]+:[^()\s]+)\)")
_TIERS = {"id": 0, "name": 1, "symbol": 1, "alias": 2, "formula": 2, "cas": 2, "code": 2, "slug": 2}
"""How sure a kind of name is: the name and the symbol beat what a node is also called."""
_LOOSE_TIER = 3
"""Formulas in another case than their own: HF is not Hf, but nothing else is meant by wf6."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a name stands for.

    Attributes
    ----------
    nodes, ids
        Handles and ids, parallel, sorted; more than one only for an HS code.
    text
        The name as given.
    how
        ``id``, ``name``, ``alias``, ``symbol``, ``formula``, ``cas``, ``hs``, ``code``, ``slug`` or
        ``country``.
    notes
        What the reader must be told about the choice, in sentences.
    """

    nodes: tuple[int, ...]
    ids: tuple[str, ...]
    text: str
    how: str
    notes: tuple[str, ...] = ()


def resolve(reader: Reader, text: str) -> Resolved:
    """Find the node, or for an HS code the nodes, that a name stands for.

    Parameters
    ----------
    reader
        The graph to look in.
    text
        An id, a name or alias in any language, a symbol, formula, CAS number or code, a country in any of
        twenty languages or by its ISO code, or an HS code (``HS 280530``, or the digits alone).

    Returns
    -------
    Resolved
        An exact id or name beats an alias; of several nodes with the same kind of name those written just as
        asked win. A symbol has to be written in its own case, and so has any other short name or code that
        differs from a symbol only by its case.

    Raises
    ------
    AmbiguousNodeError
        Where several nodes remain; candidates in the order of their ids.
    UnknownNodeError
        Where no node has the name, with the nearest names.
    QueryError
        Where the text is empty.
    """
    found = look_up(reader, text)
    if found is None:
        raise UnknownNodeError(text, _suggest(reader, text))
    return found


def look_up(reader: Reader, text: str, *, countries: bool = True) -> Resolved | None:
    """Find what a name stands for as `resolve` does, but return None where no node has it.

    Parameters
    ----------
    countries
        Whether to look for countries beyond the names that the graph has for them, which is slow once.

    Raises
    ------
    AmbiguousNodeError, QueryError
        As `resolve`.
    """
    asked = _clean(text)
    if not asked:
        raise QueryError("a name is missing: the text is empty", remedy="Try: matdeps find terbium")
    for candidate in dict.fromkeys((text.strip(), asked, *_iter_ids(asked))):
        found = reader.find_handles([candidate])
        if found:
            return _make(reader, text, "id", [found[candidate]])
    folded = fold(asked)
    if not folded:
        return None
    hits = [hit for hit in reader.find_named(folded) if hit.how != "hs"]
    if chosen := _choose(reader, hits, asked):
        return _settle(reader, text, chosen)
    if resolved := _resolve_hs(reader, text, asked):
        return resolved
    has_symbol = any(hit.how == "symbol" for hit in hits)
    if not has_symbol:
        for other in _iter_numbers(folded):
            hits = [hit for hit in reader.find_named(other) if hit.how in {"name", "alias"}]
            if chosen := _choose(reader, hits, asked):
                return _settle(reader, text, chosen, note=f"{text!r} was read as {chosen[0].text!r}.")
    # "co" is not cobalt, and must not turn into Colombia behind the reader's back either; "CO" may.
    if countries and (asked.isupper() if len(asked) <= 3 and asked.isascii() else not has_symbol):
        from matdeps.queries.countries import find_country_codes

        handles = reader.find_handles(f"country:{code}" for code in find_country_codes(folded))
        if handles:
            named = [NamedNode(handle, "country", asked) for handle in sorted(handles.values())]
            return _settle(reader, text, named)
    return None


def resolve_many(reader: Reader, texts: Iterable[str]) -> list[Resolved]:
    """Find the nodes of several names, in the order given.

    Raises
    ------
    AmbiguousNodeError, UnknownNodeError, QueryError
        As `resolve`, for the first name at fault.
    """
    return [resolve(reader, text) for text in texts]


def find_nearest(reader: Reader, text: str, limit: int = MAX_SUGGESTIONS) -> list[str]:
    """Find the nodes whose names come nearest to a text, best first, as "name (id)".

    Notes
    -----
    Looks at every name of the graph once: for error messages, not for lookups.
    """
    from rapidfuzz import fuzz, process

    folded = fold(text)
    if not folded:
        return []
    named: dict[str, list[int]] = defaultdict(list)
    for name, hit in reader.iter_names():
        if hit.how not in {"id", "hs", "cas"}:
            named[name].append(hit.node)
    scores: dict[int, float] = {}
    # A name that begins with the text comes first, companies and items before what is only about them.
    for name, nodes in named.items():
        if len(folded) >= 3 and name.startswith(folded):
            scores.update((node, 100.0 + len(folded) / len(name)) for node in nodes)
    # Then typing errors; then names that hold the text or that the text holds, a little behind.
    passes = [(fuzz.ratio, 60.0, 0.0)]
    if len(folded) >= 4:
        passes.append((fuzz.partial_ratio, 85.0, 20.0))
    for scorer, cutoff, malus in passes:
        for name, score, _ in process.extract(folded, list(named), scorer=scorer, score_cutoff=cutoff, limit=4 * limit):
            if len(name) >= 4 or scorer is fuzz.ratio:
                for node in named[name]:
                    scores[node] = max(scores.get(node, 0.0), score - malus)
    best = sorted(scores, key=lambda node: (-scores[node], node))[:limit]
    return [f"{node.name} ({node.id})" for node in reader.get_nodes(best)]


def _clean(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip(_QUOTES)


def _suggest(reader: Reader, text: str) -> list[str]:
    asked = _clean(text)
    hits = [hit for hit in reader.find_named(fold(asked)) if hit.how != "hs"]
    # Only their case kept these from being found, or only the length of their code.
    near = [_describe_case(node, hits) for node in _get_nodes(reader, hits)]
    if digits := _read_hs(asked):
        wider = _list_with_codes(reader, _find_shorter(reader, digits, ()))
        near.extend(f"{name}, which carries a shorter code" for name in wider)
    return list(dict.fromkeys(near + find_nearest(reader, asked)))[:MAX_SUGGESTIONS]


def _iter_ids(asked: str) -> Iterable[str]:
    """Yield ids that the text may hold: suggestions are shown as "name (id)" and get pasted back."""
    if match := _NAME_AND_ID.fullmatch(asked):
        yield match["id"]
    if ":" in asked:
        yield re.sub(r"\s*:\s*", ":", asked.lower())


def _iter_numbers(folded: str) -> Iterable[str]:
    """Yield the singular and the plural of a name in Latin letters."""
    if folded.isascii() and len(folded) > 3:
        if folded.endswith("ies"):
            yield folded[:-3] + "y"
        if folded.endswith("es"):
            yield folded[:-2]
        if folded.endswith("s"):
            yield folded[:-1]
        else:
            yield folded + "s"
            yield folded + "es"
            if folded.endswith("y"):
                yield folded[:-1] + "ies"


def _choose(reader: Reader, hits: Sequence[NamedNode], asked: str) -> list[NamedNode]:
    """Keep the best hit of each node that is left by the rules; several where the name is ambiguous."""
    if any(hit.how == "symbol" for hit in hits):
        # Where letters alone do not tell a symbol from a formula or a country code, their case decides.
        hits = [hit for hit in hits if hit.how in {"id", "name"} or hit.text == asked]
    if len(asked) <= 2 and asked.isascii():
        # English is full of short words: "it" is not Italy, and "c" is not carbon.
        hits = [hit for hit in hits if hit.how in {"id", "name", "slug"} or hit.text == asked]
    if not hits:
        return []
    ranks = {hit: _rank(hit, asked) for hit in hits}
    best = min(ranks.values())
    kept: dict[int, NamedNode] = {}
    for hit in hits:
        if ranks[hit] == best:
            kept.setdefault(hit.node, hit)
    if len(kept) > 1:
        # The part of a name before its parenthesis is a name too, but not as good as a whole one.
        whole = {node.handle for node in reader.get_nodes(kept) if node.name == kept[node.handle].text}
        if whole and best[0] == _TIERS["name"]:
            kept = {node: hit for node, hit in kept.items() if node in whole or hit.how != "name"}
    return [kept[node] for node in sorted(kept)]


def _rank(hit: NamedNode, asked: str) -> tuple[int, int]:
    recorded = unicodedata.normalize("NFKC", hit.text)
    is_same = recorded.casefold() == asked.casefold()
    # Slugs have no case, and people who type in small letters have not chosen one.
    is_exact = is_same if hit.how == "slug" or asked.islower() else recorded == asked
    tier = _TIERS.get(hit.how, _LOOSE_TIER)
    if hit.how == "formula" and recorded != asked:
        tier = _LOOSE_TIER
    return tier, 0 if is_exact else 1 if is_same else 2


def _settle(reader: Reader, text: str, chosen: Sequence[NamedNode], note: str = "") -> Resolved:
    if len(chosen) > 1:
        raise AmbiguousNodeError(text, _tell_apart(_get_nodes(reader, chosen), chosen))
    return _make(reader, text, chosen[0].how, [chosen[0].node], (note,) if note else ())


def _make(reader: Reader, text: str, how: str, handles: Sequence[int], notes: tuple[str, ...] = ()) -> Resolved:
    ids = tuple(node.id for node in reader.get_nodes(handles))
    return Resolved(tuple(handles), ids, text, how, notes)


def _get_nodes(reader: Reader, hits: Iterable[NamedNode]) -> list[NodeFacts]:
    return reader.get_nodes(sorted({hit.node for hit in hits}))


_TELLING = ("manufacturer", "form", "sector", "use", "iso2", "kind")


def _tell_apart(nodes: Sequence[NodeFacts], hits: Iterable[NamedNode]) -> list[str]:
    by_node = {hit.node: hit for hit in hits}
    texts = []
    for node in nodes:
        hit = by_node[node.handle]
        parts = [f"{node.name}, {node.kind}"]
        details = [] if hit.text == node.name else [f"{hit.how} {hit.text!r}"]
        if node.description:
            details.append(node.description)
        else:
            told = [f"{key} {value}" for key in _TELLING if isinstance(value := node.attributes.get(key), str)]
            details.extend(told[:2])
        if node.valid_from or node.valid_to:
            details.append(f"valid {node.valid_from or '...'} to {node.valid_to or '...'}")
        if details:
            parts.append("; ".join(details))
        texts.append(f"{node.id} ({': '.join(parts)})")
    return texts


def _describe_case(node: NodeFacts, hits: Iterable[NamedNode]) -> str:
    written = sorted({hit.text for hit in hits if hit.node == node.handle})
    return f"{node.name} ({node.id}), written {' or '.join(written)}"


def _read_hs(asked: str) -> str:
    """Read the digits of an HS code; empty where the text is none."""
    match = _HS.fullmatch(asked)
    digits = re.sub(r"\D", "", match["digits"]) if match else ""
    # HS chapters have two digits, the longest national lines ten or twelve; bare digits shorter than a
    # heading are more likely a mistake than a chapter.
    if match is None or not 2 <= len(digits) <= 12 or (not match["prefix"] and len(digits) < 4):
        return ""
    return digits


def _find_shorter(reader: Reader, digits: str, but: Container[int]) -> dict[int, set[str]]:
    shorter: dict[int, set[str]] = defaultdict(set)
    for length in range(2, len(digits)):
        for hit in reader.find_named(digits[:length]):
            if hit.how == "hs" and hit.node not in but:
                shorter[hit.node].add(digits[:length])
    return shorter


def _resolve_hs(reader: Reader, text: str, asked: str) -> Resolved | None:
    digits = _read_hs(asked)
    if not digits:
        return None
    codes: dict[int, set[str]] = defaultdict(set)
    for _, hit in reader.iter_names(digits):
        if hit.how == "hs":
            codes[hit.node].add(fold(hit.text))
    if not codes:
        return None
    listed = _list_with_codes(reader, codes)
    count = f"{len(listed)} node{'s' if len(listed) != 1 else ''}"
    notes = [f"HS {digits} is read as a prefix and starts from {count}: {'; '.join(listed)}."]
    longer = {code for carried in codes.values() for code in carried if code != digits}
    if longer:
        count_longer = sum(1 for carried in codes.values() if digits not in carried)
        notes.append(
            f"Warning: {count_longer} of them carry only longer codes, each a part of HS {digits}: "
            f"{', '.join(sorted(longer))}."
        )
    if wider := _list_with_codes(reader, _find_shorter(reader, digits, codes)):
        notes.append(
            f"Warning: shorter codes that hold HS {digits} are not included; name these too if they are "
            f"meant: {'; '.join(wider)}."
        )
    return _make(reader, text, "hs", sorted(codes), tuple(notes))


def _list_with_codes(reader: Reader, codes: dict[int, set[str]]) -> list[str]:
    nodes = reader.get_nodes(sorted(codes))
    return [f"{node.name} ({node.id}) HS {', '.join(sorted(codes[node.handle]))}" for node in nodes]
