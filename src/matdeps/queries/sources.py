"""sources: who makes X and where, with shares, concentration, and what remains outside a country."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from matdeps.graph.errors import QueryError
from matdeps.graph.model import LinkFacts, NodeFacts, ProductionRow
from matdeps.graph.reader import Reader
from matdeps.graph.schema import ITEMS
from matdeps.queries.answer import Answer
from matdeps.queries.frames import Frame, find_frames
from matdeps.queries.question import Names, find_named, finish, parse_date, parse_limit, warn_of_date
from matdeps.queries.starts import is_plant, list_members
from matdeps.queries.unknowns import find_open_claims, find_stops


@dataclass(frozen=True, slots=True)
class ProductionShareRow:
    """Who makes an item and where (`sources`).

    Attributes
    ----------
    item
        Id of what is made.
    role
        country (a row of a stage's frame), maker, or recycled.
    country
        Id of the country; None where there are several, or none is recorded.
    countries
        Ids of all: one in a frame; the recorded plants, else the seat, of a maker.
    status
        Of a maker: active, planned, suspended, exit, trader; None for others.
    """

    id: str
    name: str
    kind: str
    item: str
    role: str
    country: str | None
    countries: tuple[str, ...]
    share: float | None
    year: int | None
    stage: str | None
    status: str | None
    confidence: str
    checked: bool
    sources: tuple[str, ...]
    amount: float | None = None
    unit: str | None = None
    note: str | None = None


def run(
    reader: Reader,
    node: Names,
    *,
    outside: str | None = None,
    stage: str | None = None,
    year: int | None = None,
    as_of: str | date | None = None,
    limit: int | None = None,
) -> Answer:
    """Find who makes an item and where.

    Parameters
    ----------
    node
        Names of the items.
    outside
        Name of a country or bloc: the summary says what share lies outside it, and makers known to stand only inside
        it are left out.
    stage
        Only this stage (mine, refine, ...); "mine" also stands for "mine-..."; None: all.
    year
        Only shares of this year; None: the latest not after the date.
    as_of
        The one date of the question; None is today.
    limit
        Most rows given; None and 0 give all.

    Returns
    -------
    Answer
        Rows are `ProductionShareRow`: the countries of each stage's frame, then the named makers, then recycled supply.
        The summary gives for each stage, and at the top for a single one, `known_share`, `hhi` (0..1; low: squares of
        the known shares, high: plus the square of the rest) and `outside`.

    Raises
    ------
    UnknownNodeError, AmbiguousNodeError
        If a name has no node, or several.
    QueryError
        If the node is no item, or `outside` no country.

    References
    ----------
    HHI: O. C. Herfindahl, Concentration in the Steel Industry, 1950; A. O. Hirschman, National Power and the Structure
    of Foreign Trade, 1945.
    """
    day = parse_date(as_of)
    limit = parse_limit(limit)
    named = find_named(reader, node)
    items = reader.get_nodes(named.nodes)
    for item in items:
        if item.kind not in ITEMS:
            raise QueryError(
                f"{item.id} is a {item.kind}, not something that is made",
                remedy=f"Try: matdeps show {item.id}",
            )
    inside = _find_inside(reader, outside)
    rows = reader.find_production(items={item.id for item in items})
    frames = find_frames(rows, year=int(day[:4]) if year is None else year, exact=year is not None)
    stages = {key: frame for key, frame in sorted(frames.items()) if _is_stage(frame.stage, stage)}
    builder = _Builder(reader, day)
    country_rows = [row for frame in stages.values() for row in builder.make_country_rows(frame)]
    maker_rows = [
        row
        for row in builder.make_maker_rows(items, stage, _find_first_stages(items, frames.values()))
        if not (inside and row.countries and set(row.countries) <= inside)
    ]
    recycled = builder.make_recycled_rows(items)
    all_rows = [*country_rows, *maker_rows, *recycled]
    figures = {_name_stage(key, items): _measure(frame, inside) for key, frame in stages.items()}
    others = [] if stages else _list_stages(rows)
    only: dict[str, Any] = next(iter(figures.values())) if len(figures) == 1 else {}
    notes = [*warn_of_date(reader.get_info(), day), *named.notes, *builder.notes(stages.values())]
    if len(figures) > 1:
        notes.append("Several stages: concentration is given for each; name one with --stage.")
    notes += _describe_groups(reader, items, stages, stage, day)
    asked_ids = {item.id for item in items}
    summary = {
        "hits": len(all_rows),
        "stages": figures,
        "known_share": only.get("known_share"),
        "hhi": only.get("hhi"),
        "outside": only.get("outside"),
        "makers": len(maker_rows),
        "other_stages": others,
        "notes": notes,
        "not_known": [
            *([_describe_absence(stage, year, others)] if not stages else []),
            *(
                ["No maker is recorded by name" + (f" at the stage {stage}." if stage else ".")]
                if not maker_rows
                else []
            ),
            *find_stops(reader, [*named.nodes, *builder.makers], day),
            *find_open_claims(reader, asked_ids),
        ],
        "next": [
            f"matdeps exposed {named.ids[0]} --as-of {day}",
            f"matdeps controls {named.ids[0]} --as-of {day}",
        ],
    }
    parameters = {
        "node": list(named.ids),
        "outside": None if outside is None else sorted(inside)[0] if len(inside) == 1 else outside,
        "stage": stage,
        "year": year,
        "as_of": day,
        "limit": limit,
    }
    return finish(
        reader,
        "sources",
        parameters,
        all_rows,
        summary,
        cited=builder.cited,
        named=builder.named(items),
        limit=limit,
    )


def _find_inside(reader: Reader, outside: str | None) -> set[str]:
    if outside is None:
        return set()
    found = find_named(reader, outside)
    countries = reader.get_nodes(found.nodes)
    for country in countries:
        if country.kind != "country":
            raise QueryError(f"{country.id} is a {country.kind}, not a country", remedy="Example: --outside China")
    return {code for country in countries for code in (list_members(country) or [country.id])}


def _list_stages(rows: Sequence[ProductionRow]) -> list[str]:
    """List the stages and years that production is recorded for."""
    years: dict[str, set[int]] = {}
    for row in rows:
        if row.country is not None:
            years.setdefault(row.stage, set()).add(row.year)
    spans = {stage: sorted({min(found), max(found)}) for stage, found in sorted(years.items())}
    return [f"{stage} {'-'.join(map(str, span))}" for stage, span in spans.items()]


def _describe_absence(stage: str | None, year: int | None, others: Sequence[str]) -> str:
    if not others:
        return "No country's production is recorded."
    asked = " ".join([*([f"stage {stage}"] if stage else []), *([f"year {year}"] if year else [])]) or "the date"
    return f"Nothing is recorded for {asked}; recorded are: {', '.join(others)}."


def _is_stage(name: str, asked: str | None) -> bool:
    return asked is None or name == asked or name.startswith(f"{asked}-")


def _name_stage(key: tuple[str, str], items: Sequence[NodeFacts]) -> str:
    return key[1] if len(items) == 1 else f"{key[0]} {key[1]}"


def _measure(frame: Frame, inside: set[str]) -> dict[str, Any]:
    """Compute concentration, and what lies outside some countries, with bounds for what is not known."""
    known = {country: share for country, share in frame.shares.items() if share is not None}
    rest = max(0.0, 1 - frame.known_share)
    squares = sum(share**2 for share in known.values())
    figures: dict[str, Any] = {
        "year": frame.year,
        "source": frame.source,
        "known_share": frame.known_share,
        "hhi": {"low": squares, "high": squares + rest**2},
    }
    if inside:
        others = sum(share for country, share in known.items() if country not in inside)
        mine = sum(share for country, share in known.items() if country in inside)
        is_known = all(country in known for country in inside)
        figures["outside"] = {"low": 1 - mine if is_known else others, "high": 1 - mine}
    return figures


class _Builder:
    """Makes the rows, and remembers what they cite."""

    def __init__(self, reader: Reader, day: str) -> None:
        self.reader, self.day = reader, day
        self.cited: set[str] = set()
        self.makers: list[int] = []
        self.countries: dict[str, NodeFacts] = {}
        self.extra: list[NodeFacts] = []

    def named(self, items: Sequence[NodeFacts]) -> list[NodeFacts]:
        return [*items, *self.countries.values(), *self.extra]

    def notes(self, frames: Iterable[Frame]) -> list[str]:
        texts = []
        for frame in frames:
            if frame.is_scaled:
                texts.append(f"Stage {frame.stage}: the recorded shares add up to more than 1 and are scaled to 1.")
            if frame.later_year is not None:
                texts.append(
                    f"Stage {frame.stage}: {frame.later_year} has amounts only; the shares are of {frame.year}."
                )
        return texts

    def make_country_rows(self, frame: Frame) -> list[ProductionShareRow]:
        handles = self.reader.find_handles(row.country for row in frame.rows if row.country)
        self.countries.update((node.id, node) for node in self.reader.get_nodes(handles.values()))
        source = self.reader.get_sources([frame.source]).get(frame.source)
        self.cited.add(frame.source)
        rows = []
        for row in frame.rows:
            country = row.country or ""
            node = self.countries.get(country)
            is_official = source is not None and source.kind == "official" and not row.is_estimate
            rows.append(
                ProductionShareRow(
                    country,
                    node.name if node else country,
                    "country",
                    frame.item,
                    "country",
                    country,
                    (country,),
                    frame.shares[country],
                    frame.year,
                    frame.stage,
                    None,
                    "confirmed" if is_official else "reported",
                    source is not None and source.is_read,
                    (frame.source,),
                    row.amount,
                    row.unit,
                    "estimate" if row.is_estimate else None,
                )
            )
        return rows

    def make_maker_rows(
        self, items: Sequence[NodeFacts], stage: str | None, first: Mapping[int, str]
    ) -> list[ProductionShareRow]:
        links = [
            link
            for link in self.reader.find_links(
                [item.handle for item in items], out=False, types={"PRODUCES"}, as_of=self.day
            )
            if stage is None or _stands_at(link, stage, first)
        ]
        nodes = dict(
            zip(
                [link.tail for link in links],
                self.reader.get_nodes([link.tail for link in links]),
                strict=True,
            )
        )
        self.makers = sorted(nodes)
        item_ids = {item.handle: item.id for item in items}
        places = self._find_places(self.makers)
        rows = []
        for link in sorted(links, key=lambda link: (nodes[link.tail].id, link.head, link.key)):
            maker, properties = nodes[link.tail], link.properties
            self.cited.update(link.sources)
            rows.append(
                ProductionShareRow(
                    maker.id,
                    maker.name,
                    maker.kind,
                    item_ids[link.head],
                    "maker",
                    places[link.tail][0] if len(places[link.tail]) == 1 else None,
                    places[link.tail],
                    None if properties.get("share") is None else float(properties["share"]),
                    properties.get("year"),
                    properties.get("stage"),
                    str(properties.get("status") or "active"),
                    link.confidence.name,
                    link.is_checked,
                    link.sources,
                    note=str(properties.get("status_note") or properties.get("note") or "") or None,
                )
            )
        return rows

    def _find_places(self, makers: Sequence[int]) -> dict[int, tuple[str, ...]]:
        links = self.reader.find_links(makers, out=True, types={"LOCATED_IN", "HEADQUARTERED_IN"}, as_of=self.day)
        heads = sorted({link.head for link in links})
        nodes = dict(zip(heads, self.reader.get_nodes(heads), strict=True))
        self.countries.update((node.id, node) for node in nodes.values())
        plants: dict[int, set[str]] = {}
        seats: dict[int, set[str]] = {}
        for link in links:
            if link.type == "HEADQUARTERED_IN":
                seats.setdefault(link.tail, set()).add(nodes[link.head].id)
            elif is_plant(link):
                plants.setdefault(link.tail, set()).add(nodes[link.head].id)
        return {maker: tuple(sorted(plants.get(maker) or seats.get(maker, set()))) for maker in makers}

    def make_recycled_rows(self, items: Sequence[NodeFacts]) -> list[ProductionShareRow]:
        links = self.reader.find_links(
            [item.handle for item in items], out=False, types={"RECYCLES_TO"}, as_of=self.day
        )
        ids = {item.handle: item.id for item in items}
        rows = []
        for link, scrap in zip(links, self.reader.get_nodes([link.tail for link in links]), strict=True):
            self.cited.update(link.sources)
            self.extra.append(scrap)
            rows.append(_make_recycled(link, scrap, ids[link.head]))
        return sorted(rows, key=lambda row: (row.id, row.item))


def _find_first_stages(items: Sequence[NodeFacts], frames: Iterable[Frame]) -> dict[int, str]:
    """Find at which stage a maker of a material stands who has none: at its mine, else at its first."""
    recorded: dict[str, list[str]] = {}
    for frame in frames:
        recorded.setdefault(frame.item, []).append(frame.stage)
    first = {}
    for item in items:
        if item.kind == "material":
            stages = sorted(recorded.get(item.id, ["mine"]), key=lambda stage: (not _is_stage(stage, "mine"), stage))
            first[item.handle] = "mine" if _is_stage(stages[0], "mine") else stages[0]
    return first


def _stands_at(link: LinkFacts, stage: str, first: Mapping[int, str]) -> bool:
    """Say whether a maker may stand at a stage; what is no material is mined nowhere."""
    own = link.properties.get("stage") or first.get(link.head)
    return _is_stage(str(own), stage) if own else not _is_stage(stage, "mine")


def _make_recycled(link: LinkFacts, scrap: NodeFacts, item: str) -> ProductionShareRow:
    note = str(link.properties.get("note") or "") or None
    return ProductionShareRow(
        scrap.id,
        scrap.name,
        scrap.kind,
        item,
        "recycled",
        None,
        (),
        None,
        None,
        None,
        None,
        link.confidence.name,
        link.is_checked,
        link.sources,
        note=note,
    )


def _describe_groups(
    reader: Reader,
    items: Sequence[NodeFacts],
    stages: dict[tuple[str, str], Frame],
    stage: str | None,
    day: str,
) -> list[str]:
    """Say what is recorded for the groups of an item that has no shares of its own: it is not the item's."""
    texts = []
    for item in items:
        if any(key[0] == item.id for key in stages):
            continue
        links = reader.find_links([item.handle], out=True, types={"MEMBER_OF"}, as_of=day)
        groups = reader.get_nodes([link.head for link in links])
        frames = find_frames(reader.find_production(items={group.id for group in groups}), year=int(day[:4]))
        names = {group.id: group.name for group in groups}
        for (group, name), frame in sorted(frames.items()):
            if _is_stage(name, stage):
                shares = sorted(
                    ((share, country) for country, share in frame.shares.items() if share is not None),
                    reverse=True,
                )
                top = ", ".join(f"{country.partition(':')[2]} {share:.0%}" for share, country in shares[:3])
                texts.append(
                    f"{item.name} has no country shares of its own; of its group {names[group]} ({name}, {frame.year}) "
                    f"it is {top or 'amounts only'}. That says nothing sure about {item.name}."
                )
    return texts
