"""Frames: which countries make how much of an item at one stage, by one source for one year."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from matdeps.graph.model import ProductionRow


@dataclass(frozen=True, slots=True)
class Frame:
    """Who makes an item at one stage, as one source has it for one year.

    Attributes
    ----------
    rows
        One for each country, by id of the country.
    shares
        Share of the world by country, 0..1, together at most 1; None where unknown.
    is_scaled
        Whether the recorded shares added up to more than 1 and were scaled to 1.
    later_year
        A later year, not after the date, that has amounts only; None where there is none.
    """

    item: str
    stage: str
    year: int
    source: str
    rows: tuple[ProductionRow, ...]
    shares: Mapping[str, float | None]
    is_scaled: bool
    later_year: int | None

    @property
    def known_share(self) -> float:
        """The sum of the known shares, 0..1."""
        return min(1.0, sum(share for share in self.shares.values() if share is not None))

    @property
    def countries(self) -> frozenset[str]:
        """Ids of the countries where the item is made: those in the frame, but for recorded zeros."""
        return frozenset(
            country
            for row in self.rows
            if (country := row.country) is not None and row.share != 0 and not (row.share is None and row.amount == 0)
        )


def find_frames(rows: Iterable[ProductionRow], *, year: int, exact: bool = False) -> dict[tuple[str, str], Frame]:
    """Choose one frame for each item and stage.

    Parameters
    ----------
    rows
        Complete production rows of the items.
    year
        The last year that counts.
    exact
        Whether only that year counts.

    Returns
    -------
    dict
        By item and stage. The latest year that has a share decides, in it the source that covers most of the world,
        then the smallest source id; where no row has a share, the latest year's amounts, of the source with the
        largest total (with most countries, where units differ).
    """
    groups: dict[tuple[str, str], list[ProductionRow]] = defaultdict(list)
    for row in rows:
        if row.country is not None and (row.year == year if exact else row.year <= year):
            groups[row.item, row.stage].append(row)
    return {key: _choose(group) for key, group in groups.items()}


def _choose(rows: list[ProductionRow]) -> Frame:
    shared = [row for row in rows if row.share is not None]
    latest = max(row.year for row in shared or rows)
    by_source: dict[str, list[ProductionRow]] = defaultdict(list)
    for row in rows:
        if row.year == latest:
            by_source[row.source].append(row)

    def cover(source: str) -> tuple[float, str]:
        found = by_source[source]
        if shared:
            return (-min(1.0, round(sum(row.share or 0.0 for row in found), 12)), source)
        comparable = len({row.unit for rows in by_source.values() for row in rows}) == 1
        return (-sum(row.amount or 0.0 for row in found) if comparable else -len(found), source)

    source = min(by_source, key=cover)
    # One row a country: a second one (another unit) adds nothing to who makes it.
    chosen: dict[str, ProductionRow] = {}
    for row in sorted(by_source[source], key=lambda row: (row.country or "", row.share is None, row.unit)):
        chosen.setdefault(row.country or "", row)
    total = sum(row.share or 0.0 for row in chosen.values())
    scale = 1 / total if total > 1 + 1e-12 else 1.0
    later = max((row.year for row in rows if row.year > latest), default=None)
    return Frame(
        rows[0].item,
        rows[0].stage,
        latest,
        source,
        tuple(chosen[country] for country in sorted(chosen)),
        {country: None if row.share is None else row.share * scale for country, row in sorted(chosen.items())},
        scale != 1.0,
        later,
    )
