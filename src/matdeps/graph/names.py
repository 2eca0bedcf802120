"""Names as they are compared: one folded form for every way of writing, and the names of a node."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_DROPPED_CLASSES = frozenset("PZ")
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Sk", "So"})
# Beside punctuation: the tilde, the minus sign, operators that stand for a dash or a dot, and the long-vowel
# mark, which Japanese texts set or leave out at will (in "motor", say) and often type as a dash.
_DROPPED = frozenset("~\u2212\u2215\u2219\u22c5\u223c$^`|=<>\u30fc\u2122\u2120\u00ae\u00a9")
# "+" and "%" tell grades and variants apart; an ampersand is read as the word.
_KEPT = {"&": "and", "+": "+", "%": "%", "\u00f8": "o", "\u0142": "l", "\u0111": "d", "\u0131": "i"}
_COMBINING_FIRST, _COMBINING_LAST = 0x0300, 0x036F
_HIRAGANA = ((0x3041, 0x3096), (0x309D, 0x309E))
_KANA_DISTANCE = 0x60


class _FoldTable(dict[int, str | None]):
    """What each character becomes; worked out when it is first met, kept for ever after."""

    def __missing__(self, point: int) -> str | None:
        char = chr(point)
        folded: str | None = char
        if char in _KEPT:
            folded = _KEPT[char]
        elif (
            char in _DROPPED
            or _COMBINING_FIRST <= point <= _COMBINING_LAST
            or (category := unicodedata.category(char)) in _DROPPED_CATEGORIES
            or category[0] in _DROPPED_CLASSES
        ):
            folded = None
        elif any(first <= point <= last for first, last in _HIRAGANA):
            folded = chr(point + _KANA_DISTANCE)
        self[point] = folded
        return folded


_TABLE = _FoldTable()
_TRADE_MARKS = dict.fromkeys(map(ord, "\u2122\u2120"))


def fold(text: str) -> str:
    """Fold a name to the form in which names are compared.

    Width and compatibility forms (NFKC), case, accents, hiragana against katakana, long-vowel marks, blanks,
    hyphens and all other punctuation make no difference; letters, digits, ``+`` and ``%`` do. Folding twice
    changes nothing.

    Returns
    -------
    str
        Empty where nothing but punctuation was given.

    Examples
    --------
    >>> fold("F-15J") == fold("f15j") == fold("Ｆ　１５ J")
    True
    >>> fold("ﾃﾙﾋﾞｳﾑ") == fold("てるびうむ")
    True
    """
    if text.isascii():
        # Nothing to normalise, and one pass over the bytes.
        return text.lower().translate(_TABLE)
    if "\u2122" in text or "\u2120" in text:
        # Trade and service marks, which would be spelt out as letters.
        text = text.translate(_TRADE_MARKS)
    while True:
        # Decomposed, the accents of Latin, Greek and Cyrillic are dropped; the voicing marks of kana lie
        # elsewhere and are composed again.
        folded = unicodedata.normalize("NFKD", text.casefold()).translate(_TABLE)
        if folded.isascii():
            return folded.lower()
        folded = unicodedata.normalize("NFC", folded)
        # Dropping a mark can bring two characters together that compose anew, and NFKD can yield capitals.
        if folded == text:
            return folded
        text = folded


_CODE_ATTRIBUTES = (
    "iso2",
    "iso3",
    "code",
    "codes",
    "eccn",
    "part_number",
    "part_numbers",
    "instrument",
    "lei",
    "registry_number",
)
_NAMED_ATTRIBUTES = (
    ("symbol", "symbol"),
    ("formula", "formula"),
    ("cas", "cas"),
    ("hs", "hs"),
    *((name, "code") for name in _CODE_ATTRIBUTES),
)


def iter_record_names(
    node_id: str, kind: str, name: str, aliases: Sequence[str], attributes: Mapping[str, Any]
) -> Iterator[tuple[str, str, str]]:
    """Yield the names under which a node is found.

    Parameters
    ----------
    node_id
        ``kind:slug``.
    kind
        Name of the kind; the part of the id behind it is the slug.
    aliases
        In any language.
    attributes
        ``symbol``, ``formula``, ``cas``, ``hs`` and the codes among them (``iso2``, ``eccn``,
        ``part_number``, ``instrument`` and the like) are names too; each a text, a number or a list of them.

    Yields
    ------
    tuple of str
        Folded name, how (``id``, ``name``, ``symbol``, ``formula``, ``cas``, ``hs``, ``code``, ``alias``,
        ``slug``), and the name as recorded. A name that folds to nothing is left out, and each pair of folded
        name and how comes once; an alias or slug that only repeats another name of the node is left out too.

    Notes
    -----
    A name with a parenthesis is found without it as well: "Iron (ore and iron units)" as "Iron", "Coking
    (metallurgical) coal" as "Coking coal". An alias that is the symbol is yielded as the symbol alone: it has
    to be written in its own case.
    """
    seen: set[tuple[str, str]] = set()
    texts: set[str] = set()
    for how, text in _iter_texts(name, attributes):
        folded = fold(text)
        if folded and (folded, how) not in seen:
            seen.add((folded, how))
            texts.add(folded)
            yield folded, how, text
    for alias in aliases:
        folded = fold(alias)
        if folded and folded not in texts:
            texts.add(folded)
            yield folded, "alias", alias
    slug = node_id[len(kind) + 1 :] if node_id.startswith(f"{kind}:") else ""
    folded = fold(slug)
    if folded and folded not in texts:
        yield folded, "slug", slug
    folded = fold(node_id)
    if folded:
        yield folded, "id", node_id


def _iter_texts(name: str, attributes: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "name", name
    if "(" in name:
        for shorter in _shorten(name):
            yield "name", shorter
    if attributes:
        for attribute, how in _NAMED_ATTRIBUTES:
            value = attributes.get(attribute)
            if value is None:
                continue
            for part in value if isinstance(value, list | tuple) else (value,):
                if isinstance(part, str):
                    yield how, part
                elif isinstance(part, int) and not isinstance(part, bool):
                    yield how, str(part)


def _shorten(name: str) -> Iterator[str]:
    """Yield a name without what stands in parentheses behind a blank; "Tin(IV) oxide" is left alone."""
    start = name.find(" (")
    end = name.find(")", start)
    if start <= 0 or end < 0:
        return
    head, rest = name[:start].rstrip(), name[end + 1 :].strip()
    if not rest or rest[0] in ",;":
        yield head
    if rest and rest[0] not in ",;" and "(" not in rest:
        yield f"{head} {rest}"
