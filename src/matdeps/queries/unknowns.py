"""What an answer does not know: claims that nobody has settled, stops that are only reported, hops nobody has read."""

from collections.abc import Collection, Iterable, Sequence

from matdeps.graph.model import NodeFacts
from matdeps.graph.reader import Reader
from matdeps.queries.status import find_status

WEAK = frozenset(
    {"single_source", "disputed", "contradicted", "inferred", "plausible", "reported", "partly_corroborated"}
)
"""Standings of claims that leave something open."""
_WORDS = {"single_source": "one source only", "partly_corroborated": "partly corroborated"}


def find_open_claims(reader: Reader, ids: Collection[str]) -> list[str]:
    """List the claims about some nodes that are not settled, each with its standing."""
    wanted = set(ids)
    return [
        f"Only a claim ({_WORDS.get(claim.status, claim.status)}): {claim.text} [{claim.id}]"
        for claim in reader.find_claims()
        if claim.status in WEAK and wanted & set(claim.nodes)
    ]


def find_stops(reader: Reader, nodes: Iterable[int], as_of: str) -> list[str]:
    """List the disruptions that name some nodes, with status and confidence: an exposure answer does not apply them."""
    links = reader.find_links(nodes, out=False, types={"RESTRICTS"}, as_of=as_of)
    found: dict[int, tuple[NodeFacts, str]] = {}
    for link, source in zip(links, reader.get_nodes([link.tail for link in links]), strict=True):
        if source.kind == "disruption":
            found.setdefault(source.handle, (source, link.confidence.name))
    texts = []
    for handle in sorted(found):
        node, confidence = found[handle]
        status = find_status(node.attributes, as_of)
        if status.word != "ended":
            texts.append(f"A stop that is {confidence}: {node.name} ({status.word}, {status.because}) [{node.id}]")
    return texts


def describe_restrictions(nodes: Sequence[NodeFacts], as_of: str) -> list[str]:
    """State the status of the restrictions that a question starts from."""
    texts = []
    for node in nodes:
        if node.kind in {"control", "disruption"}:
            status = find_status(node.attributes, as_of)
            texts.append(
                f"{node.name} is {'of unknown status' if status.word == 'unknown' else status.word} on {as_of} "
                f"({status.because}); what depends on what it names is given whatever its status."
            )
    return texts
