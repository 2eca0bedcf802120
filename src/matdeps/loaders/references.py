"""What the rows of a load refer to: nodes, sources, claims, and countries that need no row of their own."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from matdeps.graph.errors import RowError
from matdeps.graph.records import NodeRecord, SourceRecord
from matdeps.graph.transaction import Transaction
from matdeps.loaders.audit import RowAudit, RowSkippedError, list_names, suggest

_CACHED = 200_000
_NODE_FILES = ("nodes.csv", "controls.csv", "disruptions.csv")
_SOURCE_FILES = ("sources.csv",)
_COUNTRY = re.compile(r"country:([A-Z]{2})")
_ISO_SOURCE = SourceRecord(
    id="iso-3166",
    title="ISO 3166-1, codes for the representation of names of countries",
    publisher="ISO",
    date="",
    url="https://www.iso.org/iso-3166-country-codes.html",
    kind="reference",
    how_verified="own_knowledge",
)


@dataclass(frozen=True, slots=True)
class SourceSet:
    """The sources of a row.

    Attributes
    ----------
    text
        Their ids joined by ``|``, as the store keeps them.
    is_checked
        Whether somebody read one of them.
    is_official
        Whether one of them is official.
    flag
        `is_checked` as the store keeps it.
    """

    ids: tuple[str, ...]
    text: str
    is_checked: bool
    is_official: bool
    flag: int


class References:
    """Finds what rows refer to, in the load under way and in the store."""

    def __init__(self, transaction: Transaction, audit: RowAudit) -> None:
        self._transaction = transaction
        self._audit = audit
        self._sources: dict[str, tuple[bool, bool] | None] = {}
        self.known_sets: dict[str, SourceSet] = {}
        """Sources that a cell was found to name, by the text of the cell."""
        self._countries: list[str] = []
        self._dates: tuple[str, str] = ("", "")
        # The last day that it is anywhere on Earth: who loads in the morning there may cite the papers of the day.
        self._today = (datetime.now(UTC) + timedelta(hours=14)).date().isoformat()
        self._undated: list[str] = []
        self.own_ids: set[str] = set()
        self.own_claims: set[str] = set()

    # -- sources ------------------------------------------------------------------------------------------
    def add_source(self, source: SourceRecord, row: int | None = None) -> bool:
        """Learn a source of the load; False where its id is there already.

        Parameters
        ----------
        row
            Its line in sources.csv; None where the loader made it.

        Raises
        ------
        RowError
            Another dataset has the id for something else: who cites it would show the wrong source.
        """
        if source.id in self._sources:
            return False
        self._demand_equal_elsewhere(source, row)
        is_read = source.how_verified == "read_in_search"
        self._sources[source.id] = (source.kind == "official", is_read)
        if source.date > self._today:
            self._undated.append(source.id)
        elif len(source.date) == len("2026-07-01"):
            newest_read, newest = self._dates
            self._dates = (
                max(newest_read, source.date) if is_read else newest_read,
                max(newest, source.date),
            )
        return True

    def _demand_equal_elsewhere(self, source: SourceRecord, row: int | None) -> None:
        for dataset, other in self._transaction.find_sources_elsewhere(source.id):
            differing = [name for name in SourceRecord._fields if getattr(source, name) != getattr(other, name)]
            if differing:
                raise RowError(
                    f"the dataset {dataset!r} has {source.id!r} for another source: "
                    f"{list_names(differing)} differ{'s' if len(differing) == 1 else ''}",
                    file="sources.csv",
                    row=row,
                    column="id",
                    remedy="Rename the id, here and in the rows that name it; or write the same source as there.",
                )

    def notice_dates(self) -> None:
        """Say which sources are dated after the day of loading."""
        if self._undated:
            names = list_names(sorted(self._undated))
            self._audit.notice(f"dated after today, so not counted for how far the knowledge reaches: {names}")

    def find_newest_date(self) -> str | None:
        """Find the newest full date of a source that was read, else of any; None where none is dated to the day.

        Sources dated after today do not count.
        """
        return self._dates[0] or self._dates[1] or None

    def demand_sources(self, text: str, file: str, row: int, column: str = "sources") -> SourceSet:
        """Find the sources that a cell names.

        Raises
        ------
        RowError
            The cell is empty, or names a source that is not there.
        RowSkippedError
            It names a source whose own row was rejected.
        """
        known = self.known_sets.get(text)
        if known is not None:
            return known
        ids = tuple(dict.fromkeys(part for word in text.split("|") if (part := word.strip())))
        if not ids:
            raise RowError(
                "the row has no source",
                file=file,
                row=row,
                column=column,
                remedy="Name at least one of sources.csv.",
            )
        facts = []
        for source_id in ids:
            fact = self._find_source(source_id)
            if fact is None:
                near = suggest(source_id, (name for name, value in self._sources.items() if value is not None))
                raise RowError(
                    f"unknown source {source_id!r}{near}",
                    file=file,
                    row=row,
                    column=column,
                    remedy="Add it to sources.csv; several are separated by '|'.",
                )
            facts.append(fact)
        is_checked = any(fact[1] for fact in facts)
        made = SourceSet(ids, "|".join(ids), is_checked, any(fact[0] for fact in facts), int(is_checked))
        if len(self.known_sets) < _CACHED:
            self.known_sets[text] = made
        return made

    def _find_source(self, source_id: str) -> tuple[bool, bool] | None:
        if source_id not in self._sources:
            # What another dataset has under the id of a rejected row may be something else.
            if self._audit.is_lost(source_id, _SOURCE_FILES):
                raise RowSkippedError
            stored = self._transaction.find_source_checks(source_id)
            if stored is None:
                return None
            self._sources[source_id] = (stored[0] == "official", stored[1])
        return self._sources[source_id]

    # -- nodes --------------------------------------------------------------------------------------------
    def demand_node(
        self, node_id: str, kinds: Collection[str] | None, file: str, row: int, column: str, *, what: str = ""
    ) -> int:
        """Find the number of a node; a country of ISO 3166 that has no row is added.

        Parameters
        ----------
        kinds
            Kinds that it may have; None: any.
        what
            What the node stands for in the row, for the message: ``property 'item': ``.

        Raises
        ------
        RowError
            There is no such node, or it has another kind.
        RowSkippedError
            Its own row was rejected.
        """
        kind = node_id.partition(":")[0]
        if kinds is not None and kind not in kinds:
            raise RowError(
                f"{what}{node_id!r} is of kind {kind!r}",
                file=file,
                row=row,
                column=column,
                remedy=f"Here may stand: {', '.join(sorted(kinds))}.",
            )
        key = self._transaction.find_key(node_id)
        if key is None and self._audit.is_lost(node_id, _NODE_FILES):
            raise RowSkippedError
        if key is None and kind == "country":
            key = self._add_country(node_id)
        if key is None:
            remedy = "Add the node to nodes.csv, or load the dataset that has it first."
            if kind == "country":
                remedy = "Use the two letters of ISO 3166 (country:JP), or add the node to nodes.csv."
            near = suggest(node_id, self.own_ids) if len(self.own_ids) <= _CACHED else ""
            raise RowError(
                f"{what}there is no node {node_id!r}{near}", file=file, row=row, column=column, remedy=remedy
            )
        return key

    def _add_country(self, node_id: str) -> int | None:
        code = _COUNTRY.fullmatch(node_id)
        if code is None:
            return None
        import pycountry

        country = pycountry.countries.get(alpha_2=code[1])
        if country is None:
            return None
        if self._find_source(_ISO_SOURCE.id) is None:
            self._transaction.add_sources([_ISO_SOURCE])
            self.add_source(_ISO_SOURCE)
        name = getattr(country, "common_name", country.name)
        attributes = {"iso2": country.alpha_2, "iso3": country.alpha_3}
        self._transaction.add_nodes([NodeRecord(node_id, "country", name, (_ISO_SOURCE.id,), (), attributes)])
        self._countries.append(node_id)
        return self._transaction.find_key(node_id)

    def notice_countries(self) -> None:
        """Say which countries were added."""
        if self._countries:
            names = sorted(self._countries)
            self._audit.notice(f"countries without a row were taken from ISO 3166: {list_names(names, 20)}")
