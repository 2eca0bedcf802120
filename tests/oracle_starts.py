"""Where a question starts: the nodes that stand for what was asked, each with its chain of anchors."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.oracle_facts import CONFIDENCES, ITEMS, ORGANISATIONS, Frame, Link, Sight, kind_of


@dataclass(frozen=True)
class Anchor:
    """A hop that only leads to a start."""

    triple: tuple[str, str, str]
    confidence: int


Chain = tuple[Anchor, ...]


@dataclass
class Start:
    """A node that paths may leave.

    `only`: None, or the items that the first hop must lead to by PRODUCES, each with its own chain. `items`: chains
    of restrictions to one item, also where the node may be left freely by another chain.
    """

    node: str
    chain: Chain
    sure: bool = True
    only: dict[str, Chain] | None = None
    items: dict[str, Chain] = field(default_factory=dict)
    share: float | None = None

    def chain_toward(self, first: Link) -> Chain:
        if self.only is not None:
            return self.only[first.head]
        named = self.items.get(first.head) if first.type == "PRODUCES" and first.tail == self.node else None
        return self.chain if named is None else min(self.chain, named, key=rank_chain)


@dataclass
class _Way:
    node: str
    chain: Chain
    sure: bool
    only: str | None = None
    via_country: bool = False
    asked: frozenset[str] = field(default_factory=frozenset)

    @property
    def rank(self) -> tuple[bool, int, int, list[str], list[str]]:
        """Sure ones first; of them the fewest anchors, then the surest, then the smallest ids as printed."""
        return (not self.sure, *rank_chain(self.chain))


def rank_chain(chain: Chain) -> tuple[int, int, list[str], list[str]]:
    """Fewest anchors, then the surest (by the least sure of them), then the smallest ids as printed, then types."""
    worst = max((a.confidence for a in chain), default=0)
    ids = [x for a in chain for x in (a.triple[0], a.triple[2])]
    return (len(chain), worst, ids, [a.triple[1] for a in chain])


def _anchor(link: Link, confidence: int | None = None) -> Anchor:
    return Anchor((link.tail, link.type, link.head), link.confidence if confidence is None else confidence)


class Starts:
    """Works out the starts of one question.

    Every way to every node is listed in full first (a chain never visits a node twice), and the best is chosen last.
    """

    def __init__(self, sight: Sight, *, by: str, include_rollup: bool, kinds_too: bool) -> None:
        self.sight, self.by = sight, by
        self.include_rollup, self.kinds_too = include_rollup, kinds_too
        self.fired = sight.fired

    def list_all(self, asked: Iterable[str], min_share: float | None) -> dict[str, Start]:
        asked = list(asked)
        ways: list[_Way] = []
        countries: set[str] = set()
        for node in asked:
            if self.sight.world.is_valid_node(node, self.sight.day):
                ways += self._of_node(node)
                for place in (node, *self._named_countries(node)):
                    if kind_of(place) == "country":
                        countries |= self.sight.world.countries_of(place)
        grouped: dict[str, list[_Way]] = defaultdict(list)
        for way in ways:
            if self.sight.world.is_valid_node(way.node, self.sight.day):
                grouped[way.node].append(way)
        starts = {}
        for node, every in sorted(grouped.items()):
            options = every
            share = self.share_of(node, countries) if kind_of(node) in ITEMS else None
            if share is not None and min_share is not None and share < min_share - 1e-9:
                if all(w.via_country for w in options):
                    self.fired.add("min-share: a start is left out")
                    continue
                options = [w for w in options if not w.via_country]
            free = [w for w in options if w.only is None]
            best = min(free or options, key=lambda w: w.rank)
            if len(free) > 1:
                self.fired.add("anchors: the best of several chains")
            start = Start(node, best.chain, best.sure)
            start.items = {
                item: min((w.chain for w in options if w.only == item), key=rank_chain)
                for item in {w.only for w in options if w.only}
            }
            if not free:
                start.only = start.items
                self.fired.add("restriction: only one item of a supplier")
            start.share = share
            if not best.sure:
                self.fired.add("a start that is not sure")
            for anchor in best.chain:
                self.fired.add(f"anchor: {anchor.triple[1]}")
            starts[node] = start
        return starts

    def share_of(self, item: str, countries: set[str]) -> float | None:
        """The countries' share of an item: added up in a stage, the largest over the stages."""
        found = []
        for frame in self.sight.world.frames(item, self.sight.day).values():
            known = [s for c, s in frame.shares.items() if c in countries and s is not None]
            if known:
                found.append(min(1.0, sum(known)))
                if frame.scaled:
                    self.fired.add("frame: shares above 1 are scaled")
                if len(known) > 1:
                    self.fired.add("share: several countries add up")
        if len(found) > 1:
            self.fired.add("share: the largest of several stages")
        return max(found, default=None)

    def _of_node(self, node: str) -> list[_Way]:
        kind = kind_of(node)
        if kind == "country":
            return self._of_country(node, ())
        if kind in {"control", "disruption"}:
            return self._of_restriction(node)
        return self._closure(_Way(node, (), True))

    def _closure(self, way: _Way) -> list[_Way]:
        """A way and those that follow from it: members of a group, kinds of an item, what an owner owns."""
        found = [way]
        visited = {way.node} | {x for a in way.chain for x in (a.triple[0], a.triple[2])}
        for link in self.sight.anchors["MEMBER_OF"]:
            if link.head == way.node and link.tail not in visited:
                found += self._closure(self._longer(way, link, link.tail))
        for link in self.sight.anchors["IS_A"] if self.kinds_too else ():
            if link.head == way.node and link.tail not in visited:
                found += self._closure(self._longer(way, link, link.tail))
        for link in self.sight.anchors["OWNED_BY"]:
            if link.head == way.node and link.tail not in visited:
                share = link.props.get("share")
                if share is not None and float(share) < 0.5:
                    self.fired.add("owner: stopped by a share below one half")
                    continue
                found += self._closure(self._longer(way, link, link.tail))
        return found

    @staticmethod
    def _longer(way: _Way, link: Link, node: str) -> _Way:
        return _Way(node, (*way.chain, _anchor(link)), way.sure, None, way.via_country)

    def _of_country(self, node: str, before: Chain) -> list[_Way]:
        countries = self.sight.world.countries_of(node)
        if len(countries) > 1:
            self.fired.add("place: a bloc stands for its members")
        found: list[_Way] = []
        plants = {link.tail for link in self.sight.dated if _is_plant(link)}
        for link in self.sight.anchors["LOCATED_IN"] if self.by == "plant" else ():
            if _is_plant(link) and link.head in countries and self._is_supplier(link.tail):
                found.append(_Way(link.tail, (*before, _anchor(link)), True, via_country=True))
        for link in self.sight.anchors["HEADQUARTERED_IN"]:
            if link.head not in countries or not self._is_supplier(link.tail):
                continue
            if self.by == "hq":
                found.append(_Way(link.tail, (*before, _anchor(link)), True, via_country=True))
                self.fired.add("place: by headquarters")
            elif link.tail not in plants:
                self.fired.add("place: headquarters for want of a plant, inferred")
                if self.sight.limit == len(CONFIDENCES) - 1:
                    found.append(_Way(link.tail, (*before, _anchor(link, 2)), True, via_country=True))
        for item in sorted({r["item"] for r in self.sight.world.graph.get("production", [])}):
            for frame in self.sight.world.frames(item, self.sight.day).values():
                for country in sorted(countries & set(frame.shares)):
                    if frame.confidences[country] <= self.sight.limit:
                        self._note(frame)
                        anchor = Anchor((item, "PRODUCED_IN", country), frame.confidences[country])
                        made = _Way(item, (*before, anchor), True, via_country=True)
                        found.append(made)
                        for way in self._closure(made)[1:]:
                            way.sure = False
                            found.append(way)
        return found

    def _note(self, frame: Frame) -> None:
        if frame.year_with_amounts_only:
            self.fired.add("frame: a later year has amounts only")
        if all(s is None for s in frame.shares.values()):
            self.fired.add("frame: amounts only")

    def _of_restriction(self, node: str) -> list[_Way]:
        found: list[_Way] = []
        for link in self.sight.anchors["RESTRICTS"]:
            if link.tail != node:
                continue
            if link.props.get("scope") == "element_rollup":
                self.fired.add(f"roll-up: {'included' if self.include_rollup else 'left out'}")
                if not self.include_rollup:
                    continue
            chain = (_anchor(link),)
            kind = kind_of(link.head)
            if kind == "country":
                found += self._of_country(link.head, chain)
            elif kind in ORGANISATIONS and link.props.get("item"):
                found.append(_Way(link.head, chain, True, link.props["item"]))
            else:
                listed = link.props.get("scope") == "entity listing"
                if listed:
                    self.fired.add("restriction: an entity listing is possible only")
                found += self._closure(_Way(link.head, chain, not listed))
        return found

    def _named_countries(self, node: str) -> list[str]:
        """Countries that a restriction names: they are asked about with it."""
        return [
            link.head
            for link in self.sight.anchors["RESTRICTS"]
            if link.tail == node and kind_of(link.head) == "country"
        ]

    def _is_supplier(self, node: str) -> bool:
        return "supplier" in self.sight.world.labels[node]


def _is_plant(link: Link) -> bool:
    return link.type == "LOCATED_IN" and link.props.get("role") != "lead country"
