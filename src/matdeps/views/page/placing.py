"""Where things stand on the picture: columns by tier, crossings reduced, many of a kind bundled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from matdeps.graph.schema import KINDS
from matdeps.views.page.labels import LABELS
from matdeps.views.page.picture import Picture, find_neighbours, list_columns

BUNDLE_FROM_NODES = 40
"""A picture of more nodes than this shows nodes of one kind and column as one card."""
BUNDLE_FROM_MEMBERS = 4
KEY_NODES = 12
"""So many nodes that most paths cross keep a card of their own."""
CARD_HEIGHT, GAP = 46, 12
_WIDE, _LEAST_PITCH, _MOST_PITCH, _BETWEEN = 1240, 178, 290, 38
_SWEEPS = 12


@dataclass(slots=True)
class Unit:
    """One card of the picture as it opens: a node, or several of one kind in one column.

    Attributes
    ----------
    key
        Id of the node, or ``column/kind`` of a bundle.
    members
        Places in `Picture.spots`, from top to bottom.
    x, y
        Centre of the card in pixels.
    """

    key: str
    kind: str
    column: int
    members: list[int]
    is_bundle: bool
    x: float = 0.0
    y: float = 0.0


@dataclass(slots=True)
class Layout:
    """The cards, column by column from left to right.

    Attributes
    ----------
    tiers
        Tier of each column.
    pitch
        Pixels from column to column.
    zero
        Name of the column where counting begins.
    counts_hops
        Whether the number of a column is the number of hops on every path to it.
    """

    units: list[Unit] = field(default_factory=list)
    tiers: list[int] = field(default_factory=list)
    pitch: float = _MOST_PITCH
    zero: str = LABELS["start"]
    counts_hops: bool = True

    def name_column(self, tier: int) -> str:
        """Name a column above its cards; empty where the tier says nothing."""
        if tier > 0:
            return LABELS["tier"].format(n=tier) if self.counts_hops else ""
        return self.zero if tier == 0 else LABELS["before"]

    @property
    def card_width(self) -> float:
        """Width of a card in pixels."""
        return self.pitch - _BETWEEN


def place(picture: Picture, query: str) -> Layout:
    """Place every node; the same picture always gives the same places.

    References
    ----------
    K. Sugiyama, S. Tagawa, M. Toda, Methods for Visual Understanding of Hierarchical System Structures, 1981
    (barycentre sweeps).
    """
    if not picture.spots:
        return Layout()
    upstream = query == "depends"
    tiers = list_columns(picture, upstream=upstream)
    columns = _bundle(picture, tiers)
    unit_of = {member: unit for column in columns for unit in column for member in unit.members}
    near: dict[str, list[Unit]] = {unit.key: [] for column in columns for unit in column}
    neighbours = find_neighbours(picture)
    for member, unit in unit_of.items():
        near[unit.key] += [unit_of[other] for other in sorted(neighbours[member]) if unit_of[other] is not unit]
    _sweep(columns, near)
    layout = Layout(
        tiers=tiers,
        pitch=max(_LEAST_PITCH, min(_MOST_PITCH, _WIDE / len(tiers))),
        zero=LABELS["asked" if upstream else "start"],
        counts_hops=query != "why",
    )
    for number, column in enumerate(columns):
        for row, unit in enumerate(column):
            unit.x = number * layout.pitch
            unit.y = (row - (len(column) - 1) / 2) * (CARD_HEIGHT + GAP)
            layout.units.append(unit)
    _sort_members(layout, neighbours, unit_of)
    return layout


def _bundle(picture: Picture, tiers: Sequence[int]) -> list[list[Unit]]:
    at = {tier: number for number, tier in enumerate(tiers)}
    order = {kind: number for number, kind in enumerate(KINDS)}
    key_nodes = _find_key_nodes(picture)
    groups: dict[tuple[int, str], list[int]] = {}
    singles: list[list[int]] = [[] for _ in tiers]
    for number, spot in enumerate(picture.spots):
        if spot.is_asked or number in key_nodes or len(picture.spots) <= BUNDLE_FROM_NODES:
            singles[at[spot.tier]].append(number)
        else:
            groups.setdefault((at[spot.tier], spot.kind), []).append(number)
    columns: list[list[Unit]] = [[] for _ in tiers]
    for (column, kind), members in groups.items():
        if len(members) < BUNDLE_FROM_MEMBERS:
            singles[column] += members
        else:
            columns[column].append(Unit(f"{tiers[column]}/{kind}", kind, column, members, True))
    for column, members in enumerate(singles):
        columns[column] += [
            Unit(picture.spots[m].id, picture.spots[m].kind, column, [m], is_bundle=False) for m in members
        ]
        columns[column].sort(key=lambda unit: (order.get(unit.kind, len(order)), unit.is_bundle, unit.key))
    return columns


def _find_key_nodes(picture: Picture) -> set[int]:
    """Find what most paths cross: where a chain can be cut is worth a card of its own."""
    inner = {end for path in picture.paths for place in path[:-1] for end in _get_ends(picture, place)}
    ranked = sorted(inner, key=lambda place: (-picture.spots[place].passes, picture.spots[place].id))
    least = max(3, len(picture.paths) // 25)
    return {place for place in ranked[:KEY_NODES] if picture.spots[place].passes >= least}


def _get_ends(picture: Picture, link: int) -> tuple[int, int]:
    return picture.links[link].tail, picture.links[link].head


def _sweep(columns: list[list[Unit]], near: Mapping[str, Sequence[Unit]]) -> None:
    """Sort the columns by the middle of their neighbours, back and forth, and keep the best order met."""
    best, least = [list(column) for column in columns], _count_crossings(columns, near)
    for sweep in range(_SWEEPS):
        if least == 0:
            break
        forward = sweep % 2 == 0
        heights = _find_heights(columns)
        for number in range(len(columns)) if forward else range(len(columns) - 1, -1, -1):
            column = columns[number]
            middles = {}
            for row, unit in enumerate(column):
                side = [u for u in near[unit.key] if (u.column < number if forward else u.column > number)]
                # Where nothing lies on that side the card stays where it is.
                middles[unit.key] = (
                    sum(heights[u.key] for u in side) / len(side) if side else heights[unit.key],
                    row,
                )
            column.sort(key=lambda unit: middles[unit.key])
            heights.update(_find_heights([column]))
        crossings = _count_crossings(columns, near)
        if crossings < least:
            best, least = [list(column) for column in columns], crossings
    columns[:] = best


def _find_heights(columns: Sequence[Sequence[Unit]]) -> dict[str, float]:
    return {unit.key: row - (len(column) - 1) / 2 for column in columns for row, unit in enumerate(column)}


def _count_crossings(columns: Sequence[Sequence[Unit]], near: Mapping[str, Sequence[Unit]]) -> int:
    """Count the crossings between neighbouring columns (inversions, by a Fenwick tree)."""
    rows = {unit.key: row for column in columns for row, unit in enumerate(column)}
    crossings = 0
    for number, column in enumerate(columns[:-1]):
        heads = [
            row for unit in column for row in sorted(rows[u.key] for u in near[unit.key] if u.column == number + 1)
        ]
        size = len(columns[number + 1])
        tree = [0] * (size + 1)
        for seen, row in enumerate(heads):
            at, below = row + 1, 0
            while at:
                below += tree[at]
                at -= at & -at
            crossings += seen - below
            at = row + 1
            while at <= size:
                tree[at] += 1
                at += at & -at
    return crossings


def _sort_members(layout: Layout, neighbours: Sequence[set[int]], unit_of: Mapping[int, Unit]) -> None:
    """Sort what a bundle holds by the middle of its neighbours, columns from left to right."""
    heights: dict[int, float] = {}
    for unit in layout.units:
        if unit.is_bundle:
            middles = {}
            for member in unit.members:
                left = [heights.get(n, unit_of[n].y) for n in neighbours[member] if unit_of[n].column < unit.column]
                side = left or [unit_of[n].y for n in neighbours[member]]
                middles[member] = sum(side) / len(side) if side else 0.0
            unit.members.sort(key=lambda member: (middles[member], member))
        for row, member in enumerate(unit.members):
            heights[member] = unit.y + row / (len(unit.members) + 1)
