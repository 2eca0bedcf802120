"""The files of a folder of facts, read into a load in an order in which each refers only to what is known."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from matdeps.graph.errors import DataError, DuplicateIdError, RowError, UnknownKindError
from matdeps.graph.records import ClaimRecord, LinkRecord, NodeRecord, ProductionRecord, SourceRecord
from matdeps.graph.schema import ITEMS
from matdeps.graph.transaction import Transaction
from matdeps.loaders import fact_schemas as schemas
from matdeps.loaders.audit import RowAudit, RowSkippedError, list_names
from matdeps.loaders.csv_file import Progress, read_rows
from matdeps.loaders.derived import DerivedLinks, derive_production
from matdeps.loaders.fact_links import LinkRows
from matdeps.loaders.references import References, SourceSet
from matdeps.loaders.values import RowSchema, check_day

T = TypeVar("T")
_Row = tuple[int, Sequence[str]]
_COUNTRIES = frozenset({"country"})
_WITH_IDS = frozenset({"sources.csv", "nodes.csv", "controls.csv", "disruptions.csv"})


class FactReader:
    """Reads a folder of facts into the load under way of a transaction."""

    def __init__(
        self, folder: Path, transaction: Transaction, audit: RowAudit, progress: Progress | None = None
    ) -> None:
        self._folder = folder
        self._transaction = transaction
        self._audit = audit
        self._progress = progress
        self._derived = DerivedLinks()
        self._borders: list[LinkRecord] = []
        self._restrictions: list[str] = []
        self._production: set[tuple[Any, ...]] = set()
        self._claims: set[str] = set()
        self.references = References(transaction, audit)

    def read(self) -> None:
        """Read all that is there; rejected rows are left to the audit."""
        to = self._transaction
        claims = list(self._rows("claims.csv"))
        self.references.own_claims = {values[0] for _, values in claims}
        to.add_sources(self._accept("sources.csv", self._rows("sources.csv"), self._read_source))
        to.add_nodes(self._accept("nodes.csv", self._rows("nodes.csv"), self._read_node))
        to.add_nodes(self._accept("controls.csv", self._rows("controls.csv"), self._read_control))
        to.add_nodes(self._accept("disruptions.csv", self._rows("disruptions.csv"), self._read_disruption))
        to.add_links(self._borders)
        links = LinkRows(to, self.references, self._audit, self._derived)
        to.add_link_rows(links.iter_accepted(self._rows("relationships.csv")))
        to.add_links(links.iter_without_loops())
        to.add_production(self._accept("production.csv", self._rows("production.csv"), self._read_production))
        to.add_claims(self._accept("claims.csv", claims, self._read_claim))
        to.add_links(self._derived)
        links.notice_findings()
        if idle := links.find_idle(self._restrictions):
            self._audit.notice(f"restricts nothing that has a node: {list_names(idle)}")
        self.references.notice_countries()
        self.references.notice_dates()

    def _rows(self, name: str) -> Iterator[_Row]:
        path = self._folder / name
        if not path.is_file():
            return iter(())
        optional = schemas.OPTIONAL_NODE_COLUMNS if name == "nodes.csv" else ()
        return read_rows(path, schemas.FILES[name], self._audit, optional=optional, progress=self._progress)

    def _accept(self, name: str, rows: Iterable[_Row], read: Callable[[int, Sequence[str]], T]) -> Iterator[T]:
        brings_id = name in _WITH_IDS
        for row, values in rows:
            try:
                record = read(row, values)
            except RowSkippedError:
                self._audit.skip(name, lost=values[0] if brings_id else None)
            except DuplicateIdError as error:
                # The first row of that id stands.
                self._audit.reject(error)
            except DataError as error:
                self._audit.reject(error, lost=values[0] if brings_id else None)
            else:
                self._audit.files[name].used += 1
                yield record

    # -- one row each -------------------------------------------------------------------------------------
    def _read_source(self, row: int, values: Sequence[str]) -> SourceRecord:
        source = SourceRecord(**_check(schemas.SOURCES, values, "sources.csv", row))
        if not self.references.add_source(source, row):
            raise _make_duplicate(source.id, "sources.csv", row)
        return source

    def _read_node(self, row: int, values: Sequence[str]) -> NodeRecord:
        file = "nodes.csv"
        kind = values[1]
        if kind in {"control", "disruption"}:
            raise UnknownKindError(
                f"{kind}s are not written here",
                file=file,
                row=row,
                column="kind",
                remedy=f"They stand in {kind}s.csv.",
            )
        found = _check(schemas.NODES, values, file, row)
        sources = self._claim_id(found, kind, file, row)
        # Columns of their own are optional: without them the days stand among the attributes.
        days = {name: found[name] or _read_attribute_day(found["attributes"], name, file, row) for name in _DAYS}
        valid_from, valid_to = days["valid_from"], days["valid_to"]
        _demand_order(valid_from, valid_to, ("valid_from", "valid_to"), file, row)
        return NodeRecord(
            found["id"],
            kind,
            found["name"].strip(),
            sources.ids,
            found["aliases"],
            found["attributes"],
            found["description"],
            valid_from,
            valid_to,
        )

    def _read_control(self, row: int, values: Sequence[str]) -> NodeRecord:
        file = "controls.csv"
        found = _check(schemas.CONTROLS, values, file, row)
        sources = self._claim_id(found, "control", file, row)
        _demand_order(found["effective"], found["ended"], ("effective", "ended"), file, row)
        since, until = found["suspended_from"], found["suspended_until"]
        _demand_order(since, until, ("suspended_from", "suspended_until"), file, row)
        if until and not since:
            raise RowError(
                "suspended_until without suspended_from",
                file=file,
                row=row,
                column="suspended_from",
                remedy="Say from which day on it is suspended.",
            )
        issuer = self._make_border(found["id"], "ISSUED_BY", found["issuer"], sources, file, row, "issuer")
        return self._make_restriction(found, sources, [issuer], file, row)

    def _read_disruption(self, row: int, values: Sequence[str]) -> NodeRecord:
        file = "disruptions.csv"
        found = _check(schemas.DISRUPTIONS, values, file, row)
        sources = self._claim_id(found, "disruption", file, row)
        _demand_order(found["effective"], found["ended"], ("effective", "ended"), file, row)
        for claim in found["claims"]:
            if claim not in self.references.own_claims:
                raise RowError(
                    f"there is no claim {claim!r}",
                    file=file,
                    row=row,
                    column="claims",
                    remedy="Add it to claims.csv; several are separated by '|'.",
                )
        return self._make_restriction(found, sources, [], file, row)

    def _make_restriction(
        self, found: Mapping[str, Any], sources: SourceSet, borders: list[LinkRecord], file: str, row: int
    ) -> NodeRecord:
        for country in found["destinations"]:
            borders.append(self._make_border(found["id"], "APPLIES_TO", country, sources, file, row, "destinations"))
        # Only now is the row sure to be right, and its links sure to have a tail.
        self._borders.extend(borders)
        self._restrictions.append(found["id"])
        # The columns become attributes as they are; an empty one says nothing and is left out.
        attributes = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in found.items()
            if name not in {"id", "title", "sources"} and value
        }
        kind = found["id"].partition(":")[0]
        return NodeRecord(found["id"], kind, found["title"].strip(), sources.ids, (), attributes)

    def _make_border(
        self, tail: str, link_type: str, country: str, sources: SourceSet, file: str, row: int, column: str
    ) -> LinkRecord:
        self.references.demand_node(country, _COUNTRIES, file, row, column)
        confidence = "confirmed" if sources.is_official else "reported"
        return LinkRecord(tail, link_type, country, "{}", confidence, sources.text, sources.is_checked)

    def _read_production(self, row: int, values: Sequence[str]) -> ProductionRecord:
        file = "production.csv"
        found = _check(schemas.PRODUCTION, values, file, row)
        self.references.demand_node(found["item"], ITEMS, file, row, "item")
        country = None if found["country"] == schemas.WORLD else found["country"]
        if country is not None:
            self.references.demand_node(country, _COUNTRIES, file, row, "country")
        sources = self.references.demand_sources(found["source"], file, row, "source")
        mark = tuple(found[name] for name in ("item", "stage", "country", "year", "source", "unit"))
        if mark in self._production:
            raise DuplicateIdError(
                f"{mark[0]}, {mark[1]}, {mark[2]}, {mark[3]} stands twice by the same source and unit",
                file=file,
                row=row,
                column="item",
                remedy="Leave one of the rows out.",
            )
        self._production.add(mark)
        record = ProductionRecord(
            found["item"],
            found["stage"],
            country,
            found["year"],
            found["value"],
            found["unit"],
            found["share"],
            found["estimate"],
            found["source"],
        )
        link = derive_production(record, is_official=sources.is_official, is_checked=sources.is_checked)
        if link is not None:
            self._derived.add(link)
        return record

    def _read_claim(self, row: int, values: Sequence[str]) -> ClaimRecord:
        file = "claims.csv"
        found = _check(schemas.CLAIMS, values, file, row)
        if found["id"] in self._claims:
            raise _make_duplicate(found["id"], file, row)
        self._claims.add(found["id"])
        sources = self.references.demand_sources(found["sources"], file, row)
        for node_id in found["nodes"]:
            self.references.demand_node(node_id, None, file, row, "nodes")
        return ClaimRecord(
            found["id"], found["claim"].strip(), found["status"], found["nodes"], sources.ids, found["notes"]
        )

    def _claim_id(self, found: Mapping[str, Any], kind: str, file: str, row: int) -> SourceSet:
        """Take the id of a node for this load, and find the node's sources."""
        node_id = found["id"]
        if node_id.partition(":")[0] != kind:
            raise RowError(
                f"the id {node_id!r} does not begin with its kind",
                file=file,
                row=row,
                column="id",
                remedy=f"Write {kind}:{node_id.partition(':')[2]}, or the other kind.",
            )
        if node_id in self.references.own_ids:
            raise _make_duplicate(node_id, file, row)
        sources = self.references.demand_sources(found["sources"], file, row)
        self.references.own_ids.add(node_id)
        return sources


def _check(schema: RowSchema, values: Sequence[str], file: str, row: int) -> dict[str, Any]:
    return schema.check(dict(zip(schema.names, values, strict=True)), file=file, row=row)


def _make_duplicate(what: str, file: str, row: int) -> DuplicateIdError:
    return DuplicateIdError(
        f"the id {what!r} stands twice", file=file, row=row, column="id", remedy="Leave one of the rows out."
    )


def _demand_order(first: str | None, last: str | None, columns: tuple[str, str], file: str, row: int) -> None:
    if first and last and first > last:
        raise RowError(
            f"{columns[0]} {first} lies after {columns[1]} {last}",
            file=file,
            row=row,
            column=columns[1],
            remedy="Both days are inside; turn them round.",
        )


_DAYS = ("valid_from", "valid_to")


def _read_attribute_day(attributes: Mapping[str, Any], name: str, file: str, row: int) -> str | None:
    value = attributes.get(name)
    if value is None:
        return None
    try:
        return check_day(value)
    except ValueError as error:
        raise RowError(f"{name} {error}", file=file, row=row, column="attributes") from None
