"""The rows of relationships.csv: each checked against the schema, its ends, its sources and earlier links."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from matdeps.graph.errors import DataError, DuplicateIdError, RowError, UnknownKindError
from matdeps.graph.records import LinkRecord
from matdeps.graph.schema import ACYCLIC_TYPES, LINK_TYPES
from matdeps.graph.transaction import LinkRow, Transaction, to_canonical_json
from matdeps.loaders import fact_schemas as schemas
from matdeps.loaders.audit import RowAudit, RowSkippedError, list_names, suggest
from matdeps.loaders.derived import DerivedLinks, derive_delivery
from matdeps.loaders.references import References
from matdeps.loaders.values import read_object

FILE = "relationships.csv"
_CACHED = 200_000
_TYPE_NUMBERS = {name: number for number, name in enumerate(LINK_TYPES)}
_LOOP_SHOWN = 12
_CONFIDENCES = frozenset(schemas.CONFIDENCES)
_SPECIAL = ACYCLIC_TYPES | {"SUPPLIES_TO", "RESTRICTS"}


@dataclass(frozen=True, slots=True)
class _Properties:
    """The properties of a link, checked once for all links that share them.

    Attributes
    ----------
    digest
        The type, and 64 bits of the canonical text, shifted so that the keys of both ends fit between.
    refers
        Name, id and allowed kinds of each property that names a node.
    tails, heads
        How the ids that may stand at the ends begin: with their kinds.
    is_plain
        Whether nothing more has to be done for such a link than to check its ends.
    """

    text: str
    digest: int
    item: str | None
    valid_from: str | None
    valid_to: str | None
    refers: tuple[tuple[str, str, frozenset[str] | None], ...]
    tails: tuple[str, ...]
    heads: tuple[str, ...]
    is_plain: bool


class LinkRows:
    """Checks the rows of relationships.csv and makes links of them."""

    def __init__(
        self, transaction: Transaction, references: References, audit: RowAudit, derived: DerivedLinks
    ) -> None:
        self._references = references
        self._transaction = transaction
        self._audit = audit
        self._derived = derived
        self._properties: dict[tuple[str, str], _Properties] = {}
        self._unread: Counter[tuple[str, str]] = Counter()
        self._held: dict[str, list[tuple[int, LinkRecord]]] = defaultdict(list)
        # One whole number a link instead of a row or a text: millions of them must fit in memory.
        self._seen: set[int] = set()
        self._binding: set[str] = set()

    def iter_accepted(self, rows: Iterable[tuple[int, Sequence[str]]]) -> Iterator[LinkRow]:
        """Yield the links of the rows that are right; those that may form no loop are held back for the end."""
        count = self._audit.open_file(FILE)
        present, known_sets, seen = self._transaction.present, self._references.known_sets, self._seen
        to_link_row = self._transaction.to_link_row
        used = 0
        for row, values in rows:
            tail, link_type, head, raw, confidence, source_text = values
            properties = self._properties.get((link_type, raw))
            # Most rows bring nothing new: both ends, the properties and the sources have been met and checked before.
            if properties is not None and properties.is_plain and confidence in _CONFIDENCES:
                tail_key, head_key, sources = present.get(tail), present.get(head), known_sets.get(source_text)
                if (
                    tail_key is not None
                    and head_key is not None
                    and tail_key != head_key
                    and sources is not None
                    and tail.startswith(properties.tails)
                    and head.startswith(properties.heads)
                ):
                    mark = properties.digest | tail_key << 40 | head_key << 8
                    if mark not in seen:
                        seen.add(mark)
                        used += 1
                        yield (
                            tail_key,
                            link_type,
                            head_key,
                            properties.text,
                            confidence,
                            sources.text,
                            sources.flag,
                            0,
                        )
                        continue
            try:
                link = self._read(row, values)
            except RowSkippedError:
                self._audit.skip(FILE)
                continue
            except DataError as error:
                self._audit.reject(error)
                continue
            used += 1
            if link_type in ACYCLIC_TYPES:
                self._held[link_type].append((row, link))
            else:
                yield to_link_row(link)
        count.used += used

    def _read(self, row: int, values: Sequence[str]) -> LinkRecord:
        tail, link_type, head, raw, confidence, source_text = values
        known = LINK_TYPES.get(link_type)
        if known is None or link_type in schemas.ELSEWHERE:
            raise _make_type_error(row, link_type)
        properties = self._properties.get((link_type, raw))
        if properties is None:
            properties = self._read_properties(row, link_type, raw)
        if confidence not in schemas.CONFIDENCES:
            raise RowError(
                f"unknown value {confidence!r}{suggest(confidence, schemas.CONFIDENCES)}",
                file=FILE,
                row=row,
                column="confidence",
                remedy=f"One of: {', '.join(schemas.CONFIDENCES)}.",
            )
        sources = self._references.demand_sources(source_text, FILE, row)
        tail_key = self._references.demand_node(tail, known.tails, FILE, row, "from")
        head_key = self._references.demand_node(head, known.heads, FILE, row, "to")
        if tail_key == head_key:
            raise RowError(
                f"{tail!r} has a link to itself", file=FILE, row=row, column="to", remedy="Leave the row out."
            )
        for name, node_id, kinds in properties.refers:
            self._references.demand_node(node_id, kinds, FILE, row, "properties", what=f"property {name!r}: ")
        mark = properties.digest | tail_key << 40 | head_key << 8
        if mark in self._seen:
            raise DuplicateIdError(
                f"the link {tail} {link_type} {head} stands twice with the same properties",
                file=FILE,
                row=row,
                column="from",
                remedy="Leave one of the rows out, with the sources of both in the other.",
            )
        self._seen.add(mark)
        link = LinkRecord(tail, link_type, head, properties.text, confidence, sources.text, sources.is_checked)
        if link_type == "SUPPLIES_TO" and properties.item is not None:
            self._derived.add(derive_delivery(link, properties.item, properties.valid_from, properties.valid_to))
        elif link_type == "RESTRICTS":
            self._binding.add(tail)
        return link

    def _read_properties(self, row: int, link_type: str, raw: str) -> _Properties:
        try:
            found = read_object(raw)
        except ValueError as error:
            remedy = 'A JSON object is, for instance, {"share": 0.25} or {}.'
            raise RowError(str(error), file=FILE, row=row, column="properties", remedy=remedy) from error
        schema = schemas.LINK_SCHEMAS[link_type]
        schema.check(found, file=FILE, row=row, column="properties")
        valid_from, valid_to = found.get("valid_from"), found.get("valid_to")
        if valid_from and valid_to and valid_from > valid_to:
            raise RowError(
                f"valid_from {valid_from} lies after valid_to {valid_to}",
                file=FILE,
                row=row,
                column="properties",
                remedy="Both days are inside; turn them round.",
            )
        self._unread.update((link_type, name) for name in found if name not in schemas.READ_PROPERTIES[link_type])
        text = to_canonical_json(found)
        refers, known = _find_referred(link_type, found), LINK_TYPES[link_type]
        made = _Properties(
            text,
            int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) << 72 | _TYPE_NUMBERS[link_type],
            found.get("item"),
            valid_from,
            valid_to,
            refers,
            tuple(f"{kind}:" for kind in known.tails),
            tuple(f"{kind}:" for kind in known.heads),
            not refers and link_type not in _SPECIAL,
        )
        if len(self._properties) < _CACHED:
            self._properties[link_type, raw] = made
        return made

    # -- loops --------------------------------------------------------------------------------------------
    def iter_without_loops(self) -> Iterator[LinkRecord]:
        """Yield the links held back, without those that close a loop, which are rejected."""
        count = self._audit.open_file(FILE)
        for link_type, held in self._held.items():
            stored: list[tuple[int, str, str]] = [
                (0, tail, head) for tail, head in self._transaction.iter_current_ends(link_type)
            ]
            edges = stored + [(row, link.tail, link.head) for row, link in held]
            closing: dict[int, list[str]] = {}
            while found := find_loops([edge for edge in edges if edge[0] not in closing or not edge[0]]):
                # A link already in the store can close several loops with new ones; each round leaves fewer.
                found.pop(0, None)
                if not found:
                    break
                closing |= found
            for row, loop in sorted(closing.items()):
                shown = " > ".join(loop[:_LOOP_SHOWN]) + (" > ..." if len(loop) > _LOOP_SHOWN else "")
                count.used -= 1
                self._audit.reject(
                    RowError(
                        f"the {link_type} links form a loop: {shown}",
                        file=FILE,
                        row=row,
                        column="to",
                        remedy="Leave one of them out.",
                    )
                )
            yield from (link for row, link in held if row not in closing)

    def notice_findings(self) -> None:
        """Say which properties nobody reads."""
        for (link_type, name), _ in sorted(self._unread.items()):
            self._audit.notice(f"property {name!r} of {link_type} is kept but not read")

    def find_idle(self, restrictions: Iterable[str]) -> list[str]:
        """Find the restrictions that restrict nothing here, sorted."""
        return sorted(set(restrictions) - self._binding)


def find_loops(edges: Sequence[tuple[int, str, str]]) -> dict[int, list[str]]:
    """Find edges without which no loop is left.

    Parameters
    ----------
    edges
        Number, tail, head; edges of number 0 are not to be blamed where another can be.

    Returns
    -------
    dict
        For the number of each edge that closes a loop: the nodes of the loop, the first one again at the end.

    Notes
    -----
    One depth-first search; linear in the number of edges.
    """
    out: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for number, tail, head in edges:
        out[tail].append((number, head))
    closing: dict[int, list[str]] = {}
    done: set[str] = set()
    for start in list(out):
        if start in done:
            continue
        path, places, trail = [start], {start: 0}, [iter(out[start])]
        numbers: list[int] = [0]
        while path:
            step = next(trail[-1], None)
            if step is None:
                done.add(path[-1])
                del places[path.pop()]
                trail.pop()
                numbers.pop()
                continue
            number, head = step
            if head in places:
                place = places[head]
                loop = [*path[place:], head]
                # What the store holds already is without loops: the newest row of the loop is the one to name.
                closing.setdefault(number or max(numbers[place + 1 :], default=0), loop)
            elif head not in done:
                places[head] = len(path)
                path.append(head)
                trail.append(iter(out.get(head, ())))
                numbers.append(number)
    return closing


def _find_referred(link_type: str, properties: Mapping[str, Any]) -> tuple[tuple[str, str, frozenset[str] | None], ...]:
    found: list[tuple[str, str, frozenset[str] | None]] = []
    for (owner, name), kinds in schemas.REFERRING.items():
        value = properties.get(name) if owner == link_type else None
        # Where words may stand too ("Plant 2"), only what reads like an id is looked up.
        if isinstance(value, str) and (kinds or value.startswith(("supplier:", "customer:", "country:"))):
            found.append((name, value, kinds))
    return tuple(found)


def _make_type_error(row: int, link_type: str) -> DataError:
    if link_type in schemas.ELSEWHERE:
        return RowError(
            f"{link_type} links are not written here",
            file=FILE,
            row=row,
            column="type",
            remedy=f"They are made from {schemas.ELSEWHERE[link_type]}.",
        )
    known = list(schemas.LINK_SCHEMAS)
    return UnknownKindError(
        f"unknown type {link_type!r}{suggest(link_type, known)}",
        file=FILE,
        row=row,
        column="type",
        remedy=f"One of: {list_names(known, len(known))}.",
    )
