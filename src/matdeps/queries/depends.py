"""depends: what does X depend on, back to raw materials?"""

from datetime import date

from matdeps.graph.reader import Reader
from matdeps.queries.answer import Answer
from matdeps.queries.exposure import By, answer_exposure
from matdeps.queries.question import Names, find_named, make_scope, parse_kinds

DEFAULT_KINDS = ("material", "intermediate", "product", "supplier")


def run(
    reader: Reader,
    node: Names,
    *,
    kind: str | list[str] | None = None,
    direct: bool = False,
    max_tier: int | None = None,
    by: By = "plant",
    limit: int | None = None,
    as_of: str | date | None = None,
    through: str = "consumed",
    confidence: str = "inferred",
    checked: bool = False,
) -> Answer:
    """Find what some nodes depend on, traced against the arrows; paths are printed in arrow order.

    Parameters
    ----------
    node
        Names of the nodes asked about. An organisation depends on what it takes, and on what goes into what it makes.
    kind
        Kinds of the rows; None: items and suppliers; "all": every kind.
    direct
        Whether only what is one hop away counts.
    max_tier
        Most hops; None walks to the end.
    by
        Where the suppliers of a country stand: "plant" or "hq".
    limit
        Most rows given; None and 0 give all.
    as_of, through, confidence, checked
        The scope: see `question.make_scope`.

    Returns
    -------
    Answer
        Rows are `ExposureRow`, sorted by kind, tier and id; `start` is where a path ends.

    Raises
    ------
    UnknownNodeError, AmbiguousNodeError
        If a name has no node, or several.
    ConfigError
        If an option has a value that cannot be meant.
    """
    scope = make_scope(as_of=as_of, through=through, confidence=confidence, checked=checked)
    kinds = parse_kinds(kind, DEFAULT_KINDS)
    named = find_named(reader, node)
    return answer_exposure(
        reader,
        "depends",
        named,
        scope,
        way="up",
        kinds=kinds,
        direct=direct,
        max_tier=max_tier,
        by=by,
        limit=limit,
        parameters={"node": list(named.ids)},
    )
