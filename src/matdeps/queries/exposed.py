"""exposed: what depends on X?"""

from datetime import date

from matdeps.graph.reader import Reader
from matdeps.queries.answer import Answer
from matdeps.queries.exposure import By, answer_exposure
from matdeps.queries.question import Names, find_named, make_scope, parse_kinds

DEFAULT_KINDS = ("product", "program", "customer")


def run(
    reader: Reader,
    start: Names,
    *,
    kind: str | list[str] | None = None,
    direct: bool = False,
    max_tier: int | None = None,
    min_share: float | None = None,
    include_rollup: bool = False,
    by: By = "plant",
    limit: int | None = None,
    as_of: str | date | None = None,
    through: str = "consumed",
    confidence: str = "inferred",
    checked: bool = False,
) -> Answer:
    """Find what depends on some nodes, transitively, each with one chosen path, its certainty and its sources.

    Parameters
    ----------
    start
        Names of the nodes: materials, groups, items, companies, countries, controls, disruptions.
    kind
        Kinds of the targets; None: products, programmes and customers; "all": every kind.
    direct
        Whether only what is one hop away counts.
    max_tier
        Most hops; None walks to the end.
    min_share
        Leaves out starts of which the country asked about is known to make less, 0..1.
    include_rollup
        Whether a control also stands for the elements that it is only said to be about.
    by
        Where the suppliers of a country stand: "plant" or "hq".
    limit
        Most rows given; None and 0 give all. The summary counts all in any case.
    as_of, through, confidence, checked
        The scope: see `question.make_scope`.

    Returns
    -------
    Answer
        Rows are `ExposureRow`, sorted by kind, tier and id.

    Raises
    ------
    UnknownNodeError, AmbiguousNodeError
        If a name has no node, or several.
    ConfigError
        If an option has a value that cannot be meant.

    Notes
    -----
    Time O(links reached) for each of at most nine classes of paths.
    """
    scope = make_scope(as_of=as_of, through=through, confidence=confidence, checked=checked)
    kinds = parse_kinds(kind, DEFAULT_KINDS)
    named = find_named(reader, start)
    return answer_exposure(
        reader,
        "exposed",
        named,
        scope,
        way="down",
        kinds=kinds,
        direct=direct,
        max_tier=max_tier,
        by=by,
        min_share=min_share,
        include_rollup=include_rollup,
        limit=limit,
        parameters={"start": list(named.ids), "min_share": min_share, "include_rollup": include_rollup},
    )
