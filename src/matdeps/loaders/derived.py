"""Links that follow from other facts, so that every engine sees them: PRODUCED_IN and SOLD_TO."""

from collections.abc import Iterator
from dataclasses import dataclass

from matdeps.graph.records import LinkRecord, ProductionRecord
from matdeps.graph.schema import Confidence
from matdeps.graph.transaction import to_canonical_json


@dataclass(slots=True)
class _Merged:
    confidence: Confidence
    sources: dict[str, None]
    is_checked: bool


class DerivedLinks:
    """Collects derived links; those that differ in provenance only are one, as sure as the surest of them."""

    def __init__(self) -> None:
        self._links: dict[tuple[str, str, str, str], _Merged] = {}

    def add(self, link: LinkRecord) -> None:
        """Add a link, or what it says of the provenance of an equal one."""
        key = (link.tail, link.type, link.head, link.properties)
        known = self._links.get(key)
        if known is None:
            sources = dict.fromkeys(link.sources.split("|"))
            self._links[key] = _Merged(Confidence[link.confidence], sources, link.is_checked)
            return
        known.confidence = min(known.confidence, Confidence[link.confidence])
        known.sources.update(dict.fromkeys(link.sources.split("|")))
        known.is_checked = known.is_checked or link.is_checked

    def __iter__(self) -> Iterator[LinkRecord]:
        for (tail, link_type, head, properties), merged in self._links.items():
            yield LinkRecord(
                tail,
                link_type,
                head,
                properties,
                merged.confidence.name,
                "|".join(merged.sources),
                merged.is_checked,
                True,
            )


def derive_delivery(link: LinkRecord, item: str, valid_from: str | None, valid_to: str | None) -> LinkRecord:
    """Make the SOLD_TO that a SUPPLIES_TO with an item stands for.

    Parameters
    ----------
    link
        The SUPPLIES_TO link.
    item
        Id of its item.
    valid_from, valid_to
        ISO dates of the link; None where open.

    Returns
    -------
    LinkRecord
        With the confidence, the sources and the dates of the link.
    """
    properties = {"supplier": link.tail, "valid_from": valid_from, "valid_to": valid_to}
    text = to_canonical_json({name: value for name, value in properties.items() if value is not None})
    return LinkRecord(item, "SOLD_TO", link.head, text, link.confidence, link.sources, link.is_checked, True)


def derive_production(row: ProductionRecord, *, is_official: bool, is_checked: bool) -> LinkRecord | None:
    """Make the PRODUCED_IN that a production row stands for; None for a world total.

    Parameters
    ----------
    is_official
        Whether the row's source is an official one: then the row is confirmed, unless it is an estimate.
    is_checked
        Whether somebody read the source.
    """
    if row.country is None:
        return None
    properties: dict[str, object] = {"stage": row.stage, "year": row.year}
    if row.share is not None:
        properties["share"] = row.share
    if row.amount is not None:
        properties["amount"] = int(row.amount) if row.amount.is_integer() else row.amount
        if row.unit:
            properties["unit"] = row.unit
    if row.is_estimate:
        properties["estimate"] = True
    confidence = "confirmed" if is_official and not row.is_estimate else "reported"
    text = to_canonical_json(properties)
    return LinkRecord(row.item, "PRODUCED_IN", row.country, text, confidence, row.source, is_checked, True)
