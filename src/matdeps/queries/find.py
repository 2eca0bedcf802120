"""find: which nodes are called something like this?"""

from dataclasses import dataclass

from matdeps.graph.names import fold
from matdeps.graph.reader import Reader
from matdeps.queries.answer import Answer
from matdeps.queries.question import finish, parse_limit


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A node found by a name (`find`); `score` 100 is exact."""

    id: str
    name: str
    kind: str
    kinds: tuple[str, ...]
    how: str
    text: str
    score: float
    about: str


DEFAULT_LIMIT = 20
_LEAST_SCORE = 60.0


def run(reader: Reader, text: str, *, limit: int | None = None) -> Answer:
    """Find nodes by a name, a part of a name, a code, or something near one.

    Parameters
    ----------
    text
        What to look for, in any script.
    limit
        Most rows given; 0 gives all, None the best 20 (the summary counts all).

    Returns
    -------
    Answer
        Rows are `FoundRow`: exact names first, then names that begin with or hold the text, then near ones.
    """
    from rapidfuzz import fuzz

    most = DEFAULT_LIMIT if limit is None else parse_limit(limit)
    wanted = fold(text)
    best: dict[int, tuple[float, str, str]] = {}
    for folded, named in reader.iter_names() if wanted else ():
        if folded == wanted:
            score = 100.0
        elif len(wanted) > 1 and folded.startswith(wanted):
            score = 95.0
        elif len(wanted) > 2 and wanted in folded:
            score = 90.0
        elif len(wanted) > 3 and len(folded) > 3:
            score = min(89.0, fuzz.WRatio(wanted, folded, score_cutoff=_LEAST_SCORE + 15))
        else:
            continue
        if score >= _LEAST_SCORE and (named.node not in best or score > best[named.node][0]):
            best[named.node] = (score, named.how, named.text)
    nodes = reader.get_nodes(sorted(best))
    rows = [
        FoundRow(
            node.id,
            node.name,
            node.kind,
            node.labels,
            best[node.handle][1],
            best[node.handle][2],
            best[node.handle][0],
            node.description or ", ".join(node.aliases[:6]),
        )
        for node in nodes
    ]
    rows.sort(key=lambda row: (-row.score, len(row.text), row.id))
    summary = {
        "hits": len(rows),
        "notes": [],
        "not_known": [],
        "next": [f"matdeps show {rows[0].id}"] if rows else [],
    }
    return finish(reader, "find", {"text": text, "limit": most}, rows, summary, limit=most)
