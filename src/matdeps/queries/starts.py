"""Where a question begins: the node asked about, and all that stands for it, with the anchors that lead there."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from matdeps.graph.model import LinkFacts, NodeFacts, is_valid_on
from matdeps.graph.reader import Origin, Reader, Scope, Walk, Way
from matdeps.graph.schema import ITEMS, ORGANISATIONS, RESTRICTIONS, Confidence
from matdeps.queries.frames import find_frames

CONTROLLING_SHARE = 0.5
"""A recorded share below it makes an owner a shareholder: it does not stand for the company."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link that leads to a start; `confidence` can be less than the link's own (a seat taken for a plant)."""

    link: LinkFacts
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Chain:
    """The anchors from the node asked about to a start, in this order."""

    anchors: tuple[Anchor, ...]

    @property
    def confidence(self) -> Confidence:
        """The least sure anchor."""
        return max((anchor.confidence for anchor in self.anchors), default=Confidence.confirmed)

    def rank(self) -> tuple[int, int, tuple[tuple[int, int], ...], tuple[str, ...]]:
        """Fewest anchors first, then the surest, then the smallest ids and keys."""
        links = [anchor.link for anchor in self.anchors]
        # The order of handles is the order of ids.
        ends = tuple((link.tail, link.head) for link in links)
        return (len(links), self.confidence, ends, tuple(link.key for link in links))


_Way = tuple[bool, int | None]
"""How a chain leads to a start: whether what comes from it is sure, and the only item of its first hop, if any."""


@dataclass(slots=True)
class Start:
    """A node that a question starts from.

    Attributes
    ----------
    chains
        The best chain of each way in which the node is a start.
    share
        Share of the countries asked about in what is made of it, 0..1; None where unknown or not asked.
    is_made
        Whether it is only a start as something that an organisation asked about makes.
    """

    node: int
    id: str
    kind: str
    chains: dict[_Way, Chain] = field(default_factory=dict)
    share: float | None = None
    is_made: bool = True
    is_asked: bool = False

    @property
    def is_sure(self) -> bool:
        """Whether some chain makes it a sure start."""
        return any(is_sure for is_sure, _ in self.chains)

    @property
    def only_items(self) -> frozenset[int] | None:
        """The only items of its first hop; None where every first hop is free."""
        return _join_items(item for _, item in self.chains)

    @property
    def sure_items(self) -> frozenset[int] | None:
        """The only items of its first hop on a sure path; None where every first hop is free."""
        return _join_items(item for is_sure, item in self.chains if is_sure)

    def note(self, chain: Chain, *, is_sure: bool, only_items: frozenset[int] | None) -> None:
        """Take note of a chain that leads here."""
        for item in (None,) if only_items is None else only_items:
            known = self.chains.get((is_sure, item))
            if known is None or chain.rank() < known.rank():
                self.chains[is_sure, item] = chain

    def get_chain(self, first_item: int | None, *, possible: bool) -> Chain:
        """Get the anchors that a path shows: a sure path needs a sure chain, a restricted item one that names it."""
        fitting = [
            chain
            for (is_sure, item), chain in self.chains.items()
            if (is_sure or possible) and item in (None, first_item)
        ]
        return min(fitting, key=Chain.rank)


def _join_items(items: Iterable[int | None]) -> frozenset[int] | None:
    """Join first hops; None is free, and makes all of them free."""
    found = set(items)
    return None if None in found else frozenset(item for item in found if item is not None)


@dataclass(slots=True)
class Starts:
    """All starts of a question, by node."""

    by_node: dict[int, Start] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def make_walk(self, scope: Scope, way: Way, max_hops: int | None, *, alone: int | None = None) -> Walk:
        """Make the walk of the question: from all starts, or from one alone."""
        starts = [self.by_node[node] for node in sorted(self.by_node)] if alone is None else [self.by_node[alone]]
        return Walk(
            way,
            tuple(Origin(start.node, start.is_sure, start.only_items, start.sure_items) for start in starts),
            scope,
            max_hops,
            frozenset(start.node for start in self.by_node.values() if start.is_made),
            frozenset(start.node for start in self.by_node.values() if start.kind in ORGANISATIONS),
        )


def find_starts(
    reader: Reader,
    nodes: Iterable[int],
    scope: Scope,
    *,
    way: Way,
    by: Literal["plant", "hq"] = "plant",
    min_share: float | None = None,
    include_rollup: bool = False,
) -> Starts:
    """Find what a question about some nodes starts from.

    Parameters
    ----------
    nodes
        Handles of the nodes asked about.
    way
        Down: a class of items also stands for its kinds. Up: an organisation also stands for what it makes.
    by
        Where the suppliers of a country stand: at their plants, or at their seats.
    min_share
        Starts of which the countries asked about are known to make less are left out, 0..1; None keeps all.
    include_rollup
        Whether a restriction also stands for the elements that it is only said to be about.
    """
    finder = _Finder(reader, scope, way, by, include_rollup)
    found = finder.run(list(dict.fromkeys(nodes)))
    if min_share is not None:
        for node, start in list(found.by_node.items()):
            if start.share is not None and start.share < min_share - 1e-12 and not start.is_asked:
                del found.by_node[node]
                found.left_out.append(start.id)
        if found.left_out:
            count = len(found.left_out)
            found.notes.append(
                f"{count} start{'s' if count > 1 else ''} with a known share below {min_share:g} left out."
            )
    return found


@dataclass(frozen=True, slots=True)
class _Task:
    node: NodeFacts
    chain: Chain
    is_sure: bool
    from_country: bool = False
    only_items: frozenset[int] | None = None
    is_made: bool = False


class _Finder:
    """Follows anchors outward from the nodes asked about, fewest first."""

    def __init__(self, reader: Reader, scope: Scope, way: Way, by: str, include_rollup: bool) -> None:
        self.reader, self.scope, self.way, self.by, self.include_rollup = (
            reader,
            scope,
            way,
            by,
            include_rollup,
        )
        self.starts = Starts()
        self.countries: set[str] = set()

    def run(self, nodes: list[int]) -> Starts:
        facts = self.reader.get_nodes(nodes)
        asked = [_Task(node, Chain(()), True) for node in facts]
        asked = [task for task in asked if is_valid_on(self.scope.as_of, task.node.valid_from, task.node.valid_to)]
        self.countries = {node.id for node in facts if node.kind == "country"} | {
            member for node in facts for member in list_members(node)
        }
        front, done = asked, set[tuple[int, bool, bool, frozenset[int] | None]]()
        while front:
            fresh = []
            for task in sorted(front, key=lambda task: task.chain.rank()):
                self._note(task)
                state = (task.node.handle, task.is_sure, task.from_country, task.only_items)
                if state not in done:
                    done.add(state)
                    fresh.append(task)
            front = self._expand(fresh)
        for task in asked:
            if task.node.handle in self.starts.by_node:
                self.starts.by_node[task.node.handle].is_asked = True
        self._add_shares()
        return self.starts

    def _note(self, task: _Task) -> None:
        node = task.node
        if node.kind in RESTRICTIONS or node.kind == "country":
            return  # exposure never travels through one: only what it stands for is a start
        start = self.starts.by_node.setdefault(node.handle, Start(node.handle, node.id, node.kind))
        start.is_made = start.is_made and task.is_made
        start.note(task.chain, is_sure=task.is_sure, only_items=task.only_items)

    def _expand(self, tasks: Sequence[_Task]) -> list[_Task]:
        """Follow one more anchor from each task."""
        found: list[_Task] = []
        # What a firm makes is asked about as it is: a group that it makes says nothing sure about one member.
        materials = [task for task in tasks if task.node.kind == "material" and not task.is_made]
        found += self._follow(materials, "MEMBER_OF", out=False)
        if self.way == "down":
            items = [task for task in tasks if task.node.kind in ITEMS]
            found += self._follow(items, "IS_A", out=False)
        companies = [task for task in tasks if task.node.kind in ORGANISATIONS]
        owners = [task for task in companies if not task.from_country and task.only_items is None]
        found += self._follow(owners, "OWNED_BY", out=False, keep=_is_controlling)
        if self.way == "up":
            found += self._follow(companies, "PRODUCES", out=True, keep=_is_making)
        for task in tasks:
            if task.node.kind in RESTRICTIONS:
                found += self._find_restricted(task)
            elif task.node.kind == "country":
                found += self._find_in_country(task)
        return found

    def _follow(
        self,
        tasks: Sequence[_Task],
        link_type: str,
        *,
        out: bool,
        keep: Callable[[LinkFacts], bool] | None = None,
    ) -> list[_Task]:
        by_node: dict[int, list[_Task]] = {}
        for task in tasks:
            by_node.setdefault(task.node.handle, []).append(task)
        links = [link for link in self._find(by_node, link_type, out=out) if keep is None or keep(link)]
        far = self._get([link.head if out else link.tail for link in links])
        found = []
        for link in links:
            for task in by_node[link.tail if out else link.head]:
                node = far[link.head if out else link.tail]
                # What is made of a group, or of a class, in a country says nothing sure about one member or kind.
                is_sure = task.is_sure and not (task.from_country and link_type in {"MEMBER_OF", "IS_A"})
                if task.only_items is not None and link_type == "PRODUCES" and node.handle not in task.only_items:
                    continue
                found.append(
                    self._step(
                        task, Anchor(link, link.confidence), node, is_sure=is_sure, is_made=link_type == "PRODUCES"
                    )
                )
        return found

    def _step(
        self,
        task: _Task,
        anchor: Anchor,
        node: NodeFacts,
        *,
        is_sure: bool,
        from_country: bool | None = None,
        only_items: frozenset[int] | None = None,
        is_made: bool = False,
    ) -> _Task:
        chain = Chain((*task.chain.anchors, anchor))
        stays = task.from_country if from_country is None else from_country
        return _Task(node, chain, is_sure, stays, only_items, is_made)

    def _find_restricted(self, task: _Task) -> list[_Task]:
        links = [
            link
            for link in self._find([task.node.handle], "RESTRICTS", out=True)
            if self.include_rollup or link.properties.get("scope") != "element_rollup"
        ]
        far = self._get([link.head for link in links])
        items = self.reader.find_handles(str(link.properties["item"]) for link in links if link.properties.get("item"))
        listed = str(task.node.attributes.get("acts_on", "")).startswith("deliveries")
        found = []
        for link in links:
            node = far[link.head]
            named = link.properties.get("item")
            only = frozenset({items[named]} if named in items else ()) if named and node.kind in ORGANISATIONS else None
            is_sure = not (link.properties.get("scope") == "entity listing" or (listed and node.kind in ORGANISATIONS))
            if node.kind == "country":
                self.countries |= {node.id, *list_members(node)}
            found.append(
                self._step(
                    task,
                    Anchor(link, link.confidence),
                    node,
                    is_sure=task.is_sure and is_sure,
                    only_items=only,
                )
            )
        return found

    def _find_in_country(self, task: _Task) -> list[_Task]:
        """Find the suppliers that stand in a country and the items made there; a bloc stands for its members."""
        members = self.reader.find_handles([task.node.id, *list_members(task.node)])
        countries = {handle: country for country, handle in members.items()}
        found = []
        for anchor, node in [*self._find_suppliers(countries), *self._find_made(countries)]:
            found.append(self._step(task, anchor, node, is_sure=task.is_sure, from_country=True))
        return found

    def _find_suppliers(self, countries: dict[int, str]) -> list[tuple[Anchor, NodeFacts]]:
        seats = self._find(countries, "HEADQUARTERED_IN", out=False, loosened=True)
        if self.by == "hq":
            pairs = [(link, link.confidence) for link in seats]
        else:
            plants = [link for link in self._find(countries, "LOCATED_IN", out=False, loosened=True) if is_plant(link)]
            tails = {link.tail for link in seats}
            placed = {
                link.tail
                for link in self.reader.find_links(tails, out=True, types={"LOCATED_IN"}, as_of=self.scope.as_of)
                if is_plant(link)
            }
            pairs = [(link, link.confidence) for link in plants]
            pairs += [(link, Confidence.inferred) for link in seats if link.tail not in placed]
        far = self._get([link.tail for link, _ in pairs])
        return [
            (Anchor(link, confidence), far[link.tail])
            for link, confidence in pairs
            if confidence <= self.scope.confidence and "supplier" in far[link.tail].labels
        ]

    def _find_made(self, countries: dict[int, str]) -> list[tuple[Anchor, NodeFacts]]:
        rows = self.reader.find_production(countries=set(countries.values()))
        frames = find_frames(rows, year=int(self.scope.as_of[:4]))
        made = {item for (item, _), frame in frames.items() if frame.countries & set(countries.values())}
        handles = self.reader.find_handles(made)
        links = [link for link in self._find(handles.values(), "PRODUCED_IN", out=True) if link.head in countries]
        far = self._get([link.tail for link in links])
        found = []
        for link in links:
            frame = frames.get((far[link.tail].id, str(link.properties.get("stage"))))
            if (
                frame is not None
                and countries[link.head] in frame.countries
                and link.properties.get("year") == frame.year
                and frame.source in link.sources
            ):
                found.append((Anchor(link, link.confidence), far[link.tail]))
        return found

    def _add_shares(self) -> None:
        if not self.countries:
            return
        items = [start for start in self.starts.by_node.values() if start.kind in ITEMS]
        rows = self.reader.find_production(items={start.id for start in items})
        shares: dict[str, float] = {}
        for (item, _), frame in find_frames(rows, year=int(self.scope.as_of[:4])).items():
            known = [
                share for country, share in frame.shares.items() if country in self.countries and share is not None
            ]
            if known:
                shares[item] = max(shares.get(item, 0.0), sum(known))
        for start in items:
            start.share = shares.get(start.id)

    def _find(self, nodes: Iterable[int], link_type: str, *, out: bool, loosened: bool = False) -> list[LinkFacts]:
        """Find anchors that are valid on the day and sure enough (`loosened`: the caller looks at that)."""
        links = self.reader.find_links(nodes, out=out, types={link_type}, as_of=self.scope.as_of)
        return [link for link in links if loosened or link.confidence <= self.scope.confidence]

    def _get(self, nodes: Sequence[int]) -> dict[int, NodeFacts]:
        unique = sorted(set(nodes))
        return dict(zip(unique, self.reader.get_nodes(unique), strict=True))


def _unite(one: frozenset[int] | None, other: frozenset[int] | None) -> frozenset[int] | None:
    """Join two restrictions; None restricts nothing."""
    return None if one is None or other is None else one | other


def list_members(country: NodeFacts) -> list[str]:
    """List the ids of the countries that a bloc stands for; empty for a country."""
    members = country.attributes.get("members") if country.kind == "country" else None
    return [f"country:{code}" for code in members] if isinstance(members, list) else []


def is_plant(link: LinkFacts) -> bool:
    """Say whether a LOCATED_IN link names a plant, not the lead country of a programme."""
    return link.properties.get("role") != "lead country"


def _is_controlling(link: LinkFacts) -> bool:
    share = link.properties.get("share")
    return share is None or float(share) >= CONTROLLING_SHARE


def _is_making(link: LinkFacts) -> bool:
    status = link.properties.get("status")
    return status not in {"planned", "trader"} and not (status == "exit" and not link.properties.get("valid_to"))
