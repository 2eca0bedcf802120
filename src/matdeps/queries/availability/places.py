"""Where organisations make things, and where programmes and customers are at home."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from matdeps.graph.reader import Reader
from matdeps.queries.starts import is_plant


@dataclass(slots=True)
class Places:
    """Countries of organisations and programmes, by handle of the node; countries as ids.

    Attributes
    ----------
    plants
        Where there are plants, sorted, each with what the link says of the site.
    seats, leads
        Headquarters, and lead countries of programmes.
    """

    plants: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    seats: dict[int, list[str]] = field(default_factory=dict)
    leads: dict[int, list[str]] = field(default_factory=dict)

    def find(self, node: int, site: Any = None) -> tuple[str, ...]:
        """Find where an organisation makes something: the site of the link, else its plants, else its headquarters."""
        plants = self.plants.get(node, [])
        if site:
            text = str(site)
            if text.startswith("country:"):
                return (text,)
            named = sorted({country for country, note in plants if text.casefold() in note.casefold()})
            if named:
                return tuple(named)
            if len(text) == 2 and text.isupper():
                return (f"country:{text}",)
        return tuple(sorted({country for country, _ in plants})) or tuple(sorted(set(self.seats.get(node, ()))))

    def is_inferred(self, node: int) -> bool:
        """Say whether the place of an organisation is only that of its headquarters."""
        return node not in self.plants and node in self.seats

    def find_home(self, node: int) -> str | None:
        """Find the country of a programme or a customer: lead country, else headquarters, else first plant."""
        plants = [country for country, _ in self.plants.get(node, ())]
        for countries in (self.leads.get(node), self.seats.get(node), plants):
            if countries:
                return min(countries)
        return None


def find_places(reader: Reader, nodes: Iterable[int], as_of: str) -> Places:
    """Find the countries of organisations and programmes on a day."""
    places = Places()
    links = reader.find_links(sorted(nodes), out=True, types={"LOCATED_IN", "HEADQUARTERED_IN"}, as_of=as_of)
    handles = sorted({link.head for link in links})
    ids = {node.handle: node.id for node in reader.get_nodes(handles)}
    for link in links:
        country = ids[link.head]
        if link.type == "HEADQUARTERED_IN":
            places.seats.setdefault(link.tail, []).append(country)
        elif is_plant(link):
            note = str(link.properties.get("note") or link.properties.get("site") or "")
            places.plants.setdefault(link.tail, []).append((country, note))
        else:
            places.leads.setdefault(link.tail, []).append(country)
    return places
