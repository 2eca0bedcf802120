"""What availability is computed from: items with their sources and inputs, and who takes, runs and makes what.

Plain records of the part of the graph downstream of a scenario, read through the port.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from matdeps.graph.model import LinkFacts, NodeFacts
from matdeps.graph.reader import Reader, Scope
from matdeps.graph.schema import ITEMS, ORGANISATIONS, get_view, is_walked
from matdeps.queries.availability.places import Places, find_places
from matdeps.queries.availability.rules import MAKES_NOTHING, Limit, find_limit
from matdeps.queries.availability.stages import Stage, find_stages

DEPENDENCE = frozenset({"INPUT_TO", "USED_IN", "SOLD_TO", "RUN_BY", "SUPPLIES_TO", "STANDS_FOR", "PRODUCES"})


@dataclass(frozen=True, slots=True)
class Maker:
    """An organisation that makes an item, or is named as the supplier of one.

    Attributes
    ----------
    share
        Of all that there is, 0..1; None where unknown.
    places
        Ids of the countries where it makes it, sorted; empty where no place is recorded.
    stage
        Stage that the link names; None where it names none.
    is_running
        Whether its share is surely more than 0.
    """

    node: int
    share: float | None
    places: tuple[str, ...]
    stage: str | None = None
    is_running: bool = True


@dataclass(frozen=True, slots=True)
class Input:
    """An item that goes into an item or a programme.

    Attributes
    ----------
    group
        Name of its set of alternatives, local to the head; None where it stands alone.
    has_outside
        Whether one more alternative has no node.
    is_usual
        Whether it is the usual choice of its set.
    """

    item: int
    limit: Limit
    group: str | None
    has_outside: bool
    is_assumed: bool
    is_usual: bool


@dataclass(slots=True)
class Item:
    """An item with its sources.

    Attributes
    ----------
    series
        Stages in the order in which they follow each other; those of one entry are alternatives. Empty where no source
        is recorded.
    stands
        Reference items that stand for it, all accepted.
    is_complete
        Whether its list of makers is marked complete.
    """

    node: int
    series: tuple[tuple[Stage, ...], ...] = ()
    inputs: tuple[Input, ...] = ()
    stands: tuple[int, ...] = ()
    makers: tuple[Maker, ...] = ()
    is_complete: bool = False


@dataclass(slots=True)
class Taker:
    """A programme or an organisation with all that it needs.

    Attributes
    ----------
    takes
        Items delivered to it, each with its named suppliers (none: from the open market).
    suppliers
        Organisations that supply it with nobody knows what.
    makes
        Items that it makes itself.
    """

    node: int
    country: str | None = None
    inputs: tuple[Input, ...] = ()
    takes: tuple[tuple[int, tuple[Maker, ...]], ...] = ()
    runs: tuple[int, ...] = ()
    makes: tuple[tuple[int, Maker], ...] = ()
    suppliers: tuple[Maker, ...] = ()


@dataclass(slots=True)
class Model:
    """The part of a graph that a scenario can move.

    Attributes
    ----------
    moved
        Handles of nodes downstream of the scenario; all others keep all they have.
    traced
        Handles of nodes that are a raw source or stand downstream of one.
    dormant
        Handles of items whose makers are all planned, gone or traders, and that have no other source.
    seated
        Handles of makers that have no recorded plant and stand at their headquarters.
    cut
        Links (tail, head) left out because the loop that they close would feed itself.
    """

    nodes: dict[int, NodeFacts] = field(default_factory=dict)
    items: dict[int, Item] = field(default_factory=dict)
    takers: dict[int, Taker] = field(default_factory=dict)
    moved: set[int] = field(default_factory=set)
    traced: set[int] = field(default_factory=set)
    dormant: set[int] = field(default_factory=set)
    seated: set[int] = field(default_factory=set)
    cut: set[tuple[int, int]] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    def name(self, node: int) -> str:
        """Name a node."""
        return self.nodes[node].name


USES = frozenset({"civil", "military", "both"})


def load_model(reader: Reader, scope: Scope, seeds: Iterable[int]) -> Model:
    """Load what a scenario can move.

    Parameters
    ----------
    seeds
        Handles of all that the scenario touches itself.
    """
    return _Loader(reader, scope).run(seeds)


def find_delivered(reader: Reader, scope: Scope, receivers: Iterable[int]) -> set[int]:
    """Find the items whose way to some organisations matters: those that they take delivery of."""
    return {link.tail for link in _Loader(reader, scope).find(receivers, out=False, types={"SOLD_TO"})}


def find_ordered(reader: Reader, scope: Scope, suppliers: Iterable[int]) -> set[int]:
    """Find who takes delivery from some organisations by orders that name them; such an order is no link of theirs."""
    ids = {node.id for node in reader.get_nodes(sorted(suppliers)) if node.kind in ORGANISATIONS}
    if not ids:
        return set()
    takers = reader.find_nodes({*ORGANISATIONS, "program"}, scope.as_of).tolist()
    links = _Loader(reader, scope).find(takers, out=False, types={"SOLD_TO"})
    return {link.head for link in links if link.properties.get("supplier") in ids}


def find_sited(reader: Reader, scope: Scope, countries: Iterable[str]) -> set[int]:
    """Find the items that some link says are made at a site in one of the countries."""
    wanted = set(countries)
    if not wanted:
        return set()
    firms = reader.find_nodes(ORGANISATIONS, scope.as_of).tolist()
    links = _Loader(reader, scope).find(firms, out=True, types={"PRODUCES"})
    sited = [link for link in links if link.properties.get("site")]
    places = find_places(reader, {link.tail for link in sited}, scope.as_of)
    return {link.head for link in sited if wanted & set(places.find(link.tail, link.properties["site"]))}


class _Loader:
    def __init__(self, reader: Reader, scope: Scope) -> None:
        self.reader, self.scope, self.model = reader, scope, Model()

    def run(self, seeds: Iterable[int]) -> Model:
        model = self.model
        model.moved = self._find_moved(set(seeds))
        inward: dict[int, list[LinkFacts]] = {}
        for link in self.find(model.moved, out=False):
            inward.setdefault(link.head, []).append(link)
        made: dict[int, list[LinkFacts]] = {}
        for link in self.find(model.moved, out=True, types={"PRODUCES"}):
            made.setdefault(link.tail, []).append(link)
        links = [link for group in (*inward.values(), *made.values()) for link in group]
        self._read(model.moved | {end for link in links for end in (link.tail, link.head)})
        named = self.reader.find_handles(
            {str(link.properties["supplier"]) for link in links if link.properties.get("supplier")}
        )
        places = find_places(
            self.reader,
            {node for node in (*model.nodes, *named.values()) if node in named.values() or self._has_place(node)},
            self.scope.as_of,
        )
        for node in sorted(model.moved):
            if model.nodes[node].kind in ITEMS:
                model.items[node] = self._make_item(node, inward.get(node, []), places)
            elif model.nodes[node].kind in {*ORGANISATIONS, "program"}:
                model.takers[node] = self._make_taker(node, inward.get(node, []), made.get(node, []), places, named)
        model.seated = {m.node for item in model.items.values() for m in item.makers if places.is_inferred(m.node)}
        self._find_stages()
        self._find_dormant()
        self._trace()
        return model

    # -- reading ---------------------------------------------------------------------------------------------------
    def find(self, nodes: Iterable[int], *, out: bool, types: Iterable[str] = DEPENDENCE) -> list[LinkFacts]:
        """Find the dependence links that the scope lets see."""
        scope = self.scope
        return [
            link
            for link in self.reader.find_links(sorted(nodes), out=out, types=frozenset(types), as_of=scope.as_of)
            if is_walked(link.type, link.properties)
            and get_view(link.type, link.properties) <= scope.through
            and link.confidence <= scope.confidence
            and (link.is_checked or not scope.checked)
            and (link.type != "STANDS_FOR" or link.properties.get("decision") == "accepted")
        ]

    def _read(self, nodes: Iterable[int]) -> None:
        fresh = sorted(set(nodes) - self.model.nodes.keys())
        self.model.nodes.update(zip(fresh, self.reader.get_nodes(fresh), strict=True))

    def _has_place(self, node: int) -> bool:
        return self.model.nodes[node].kind in {*ORGANISATIONS, "program"}

    def _find_moved(self, seeds: set[int]) -> set[int]:
        """Find all that stands downstream of some nodes: what needs them, and who makes what needs them."""
        moved, front = set(seeds), set(seeds)
        onward = DEPENDENCE - {"PRODUCES"}
        links = self.find(front, out=True, types={"PRODUCES"})
        while front:
            links += self.find(front, out=True, types=onward)
            makers = self.find(front, out=False, types={"PRODUCES"})
            front = ({link.head for link in links} | {link.tail for link in makers}) - moved
            moved |= front
            links = []
        return moved

    # -- records ---------------------------------------------------------------------------------------------------
    def _make_item(self, node: int, links: list[LinkFacts], places: Places) -> Item:
        produced = [link for link in links if link.type == "PRODUCES"]
        makers = [link for link in produced if link.properties.get("status") not in MAKES_NOTHING]
        return Item(
            node,
            inputs=tuple(self._make_input(link) for link in links if link.type == "INPUT_TO"),
            stands=tuple(sorted({link.tail for link in links if link.type == "STANDS_FOR"})),
            makers=_join_makers(makers, places),
            is_complete=self.model.nodes[node].attributes.get("makers_complete") is True,
        )

    def _make_input(self, link: LinkFacts) -> Input:
        properties = link.properties
        row = find_limit(properties, into_programme=link.type == "USED_IN")
        group = properties.get("alt_group")
        return Input(
            link.tail,
            row.limit,
            str(group) if group and row.limit is not Limit.never else None,
            properties.get("outside_alternative") is True,
            row.is_assumed,
            properties.get("criticality") == "major",
        )

    def _make_taker(
        self,
        node: int,
        links: list[LinkFacts],
        made: list[LinkFacts],
        places: Places,
        named: dict[str, int],
    ) -> Taker:
        suppliers: dict[int, dict[int, float | None]] = {}
        for link in links:
            if link.type == "SOLD_TO":
                known = suppliers.setdefault(link.tail, {})
                supplier = named.get(str(link.properties.get("supplier")))
                if supplier is not None:
                    known.setdefault(supplier, None)
        items = {facts.id: handle for handle, facts in self.model.nodes.items() if handle in suppliers}
        for link in links:
            item = items.get(str(link.properties.get("item")))
            if link.type == "SUPPLIES_TO" and item is not None and link.properties.get("share") is not None:
                suppliers[item][link.tail] = float(link.properties["share"])
        nameless = [link for link in links if link.type == "SUPPLIES_TO" and not link.properties.get("item")]
        making = [link for link in made if link.properties.get("status") not in MAKES_NOTHING]
        own: dict[int, list[LinkFacts]] = {}
        for link in making:
            own.setdefault(link.head, []).append(link)
        return Taker(
            node,
            places.find_home(node),
            tuple(self._make_input(link) for link in links if link.type == "USED_IN"),
            tuple(
                (item, tuple(Maker(s, share, places.find(s)) for s, share in sorted(known.items())))
                for item, known in sorted(suppliers.items())
            ),
            tuple(sorted({link.tail for link in links if link.type == "RUN_BY"})),
            tuple((item, _join_makers(group, places)[0]) for item, group in sorted(own.items())),
            tuple(Maker(s, None, places.find(s)) for s in sorted({link.tail for link in nameless})),
        )

    def _find_stages(self) -> None:
        model = self.model
        makers = {node: (model.nodes[node], item.makers) for node, item in model.items.items()}
        for node, series in find_stages(self.reader, makers, self.scope.as_of).items():
            model.items[node].series = series

    def _list_needed(self) -> set[int]:
        """List the items that something loaded needs."""
        items, takers = self.model.items.values(), self.model.takers.values()
        needed = {one.item for item in items for one in item.inputs} | {ref for item in items for ref in item.stands}
        needed |= {one.item for taker in takers for one in taker.inputs}
        return needed | {item for taker in takers for item, _ in taker.takes}

    def _find_dormant(self) -> None:
        """Find the items whose makers are all planned, gone or traders, and that have no other source."""
        model = self.model
        everyone = sorted(self._list_needed() | model.items.keys())
        recorded = self.reader.find_links(everyone, out=False, types={"PRODUCES"})
        valid = self.reader.find_links(everyone, out=False, types={"PRODUCES"}, as_of=self.scope.as_of)
        running = {
            link.head
            for link in valid
            if is_walked(link.type, link.properties) and link.properties.get("status") not in MAKES_NOTHING
        }
        idle = {link.head for link in recorded} - running
        idle -= {link.head for link in self.find(idle, out=False, types={"STANDS_FOR"})}
        self._read(idle)
        found = find_stages(self.reader, {node: (model.nodes[node], ()) for node in idle}, self.scope.as_of)
        model.dormant = {node for node, series in found.items() if not series}
        model.notes += [
            f"{model.name(node)}: every maker recorded is planned, gone or a trader; it limits nothing."
            for node in sorted(model.dormant)
        ]

    def _trace(self) -> None:
        """Find which nodes are a raw source or stand downstream of one."""
        model = self.model
        front = model.moved | self._list_needed()
        seen, links = set(front), list[LinkFacts]()
        while front:
            found = self.find(front, out=False)
            self._read(link.tail for link in found)
            # What a firm makes is traced by what goes into it; a mine makes what it makes from nothing.
            found = [link for link in found if link.type != "PRODUCES" or _is_raw(model.nodes[link.tail])]
            links += found
            front = {link.tail for link in found} - seen
            seen |= front
        self._read(seen)
        traced = {node for node in seen if _is_raw(model.nodes[node])}
        onward: dict[int, list[int]] = {}
        for link in links:
            onward.setdefault(link.tail, []).append(link.head)
        stack = list(traced)
        while stack:
            for head in onward.get(stack.pop(), ()):
                if head not in traced:
                    traced.add(head)
                    stack.append(head)
        model.traced = traced


def _is_raw(node: NodeFacts) -> bool:
    """Say whether a node is a raw source: a material, or what is marked as mining or extraction."""
    marks = {str(node.attributes.get(name)) for name in ("activity", "kind", "function")}
    return node.kind == "material" or bool(marks & {"mining", "extraction"})


def _join_makers(links: Iterable[LinkFacts], places: Places) -> tuple[Maker, ...]:
    """Join the links of each maker at each stage: shares add up, places come together."""
    groups: dict[tuple[int, str | None], list[LinkFacts]] = {}
    for link in links:
        stage = link.properties.get("stage")
        groups.setdefault((link.tail, str(stage) if stage else None), []).append(link)
    makers = []
    for (node, stage), group in sorted(groups.items(), key=lambda pair: (pair[0][0], pair[0][1] or "")):
        shares = [link.properties.get("share") for link in group]
        known = [float(share) for share in shares if share is not None]
        found = {country for link in group for country in places.find(node, link.properties.get("site"))}
        makers.append(
            Maker(
                node,
                sum(known) if len(known) == len(shares) else None,
                tuple(sorted(found)),
                stage,
                any(link.properties.get("status") != "suspended" for link in group),
            )
        )
    return tuple(makers)
