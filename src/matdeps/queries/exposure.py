"""What `exposed` and `depends` share: one walk, one set of rows, one account of what is not known."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from matdeps.graph.model import NodeFacts
from matdeps.graph.reader import Reader, Scope, Way
from matdeps.graph.schema import Confidence
from matdeps.queries.answer import Answer
from matdeps.queries.question import Named, check_count, check_share, describe_scope, finish, parse_limit, warn_of_date
from matdeps.queries.rows import ExposureRow, RowBuilder, find_hits
from matdeps.queries.starts import Starts, find_starts
from matdeps.queries.unknowns import describe_restrictions, find_open_claims, find_stops

By = Literal["plant", "hq"]
_CLAIM_ROWS = 5000
"""Up to so many rows an answer looks for open claims and stops along its paths; above, only at its starts."""


def answer_exposure(
    reader: Reader,
    query: str,
    named: Named,
    scope: Scope,
    *,
    way: Way,
    kinds: Sequence[str],
    direct: bool,
    max_tier: int | None,
    by: By,
    min_share: float | None = None,
    include_rollup: bool = False,
    limit: int | None = None,
    parameters: Mapping[str, Any],
) -> Answer:
    """Answer which nodes depend on some (down), or which they depend on (up)."""
    check_count("max_tier", max_tier)
    limit = parse_limit(limit)
    check_share("min_share", min_share)
    bound = 1 if direct else max_tier
    starts = find_starts(reader, named.nodes, scope, way=way, by=by, min_share=min_share, include_rollup=include_rollup)
    hits = find_hits(reader, starts, scope, way=way, kinds=kinds, max_hops=bound)
    builder = RowBuilder(reader, starts, way=way)
    rows = builder.make_rows(hits, limit=limit)
    targets = reader.find_nodes(kinds, scope.as_of)
    asked = reader.get_nodes(named.nodes)
    raw = np.isin(targets, reader.find_nodes(["material"], scope.as_of), assume_unique=True)
    summary = {
        "targets": len(targets),
        "hits": len(hits),
        "by_kind": hits.count_by_kind(),
        "certainty": hits.count_by_surety(),
        "deepest_tier": int(hits.tier.max()) if len(hits) else 0,
        "targets_without_upstream": reader.count_without_upstream(targets[~raw], scope),
        "starts": len(starts.by_node),
        "notes": _make_notes(reader, named, asked, starts, scope, bound),
        "not_known": _find_not_known(reader, rows, starts, builder, scope, complete=len(rows) == len(hits)),
        "next": _suggest(named, rows, scope, way),
    }
    full = {
        **parameters,
        **describe_scope(scope),
        "by": by,
        "direct": direct,
        "max_tier": max_tier,
        "kind": list(kinds),
        "limit": limit,
    }
    return finish(
        reader,
        query,
        full,
        rows,
        summary,
        cited=builder.cited,
        named=[*asked, *builder.nodes.values()],
        total=len(hits),
    )


def _make_notes(
    reader: Reader, named: Named, asked: Sequence[NodeFacts], starts: Starts, scope: Scope, bound: int | None
) -> list[str]:
    notes = [
        *warn_of_date(reader.get_info(), scope.as_of),
        *named.notes,
        *describe_restrictions(asked, scope.as_of),
        *starts.notes,
    ]
    gone = [
        node.name for node in asked if (node.valid_from or "") > scope.as_of or (node.valid_to or "9999") < scope.as_of
    ]
    notes += [f"{name} is not valid on {scope.as_of}." for name in gone]
    if not starts.by_node:
        notes.append("Nothing stands for what was asked about: there is no node to start from.")
    if bound is not None:
        notes.append(f"Only paths of at most {bound} hop{'s' if bound > 1 else ''} were followed.")
    return notes


def _find_not_known(
    reader: Reader,
    rows: Sequence[ExposureRow],
    starts: Starts,
    builder: RowBuilder,
    scope: Scope,
    *,
    complete: bool,
) -> list[str]:
    unread = sum(row.unchecked > 0 for row in rows)
    inferred = sum(row.confidence == "inferred" for row in rows)
    shown = f"of the {len(rows)} rows" + ("" if complete else " given")
    texts = []
    if unread:
        texts.append(f"{unread} {shown}: at least one hop rests on sources that nobody here has read.")
    if inferred:
        texts.append(f"{inferred} {shown}: at least one hop is inferred, reasoned out and stated by no source.")
    near = {node.handle: node.id for node in builder.nodes.values()} if len(rows) <= _CLAIM_ROWS else {}
    nodes = {**near, **{start.node: start.id for start in starts.by_node.values()}}
    if len(nodes) <= 4 * _CLAIM_ROWS:
        texts += find_stops(reader, nodes, scope.as_of)
        texts += find_open_claims(reader, set(nodes.values()))
    return texts


def _suggest(named: Named, rows: Sequence[ExposureRow], scope: Scope, way: Way) -> list[str]:
    if not named.ids:
        return []
    first = named.ids[0]
    date = f" --as-of {scope.as_of}"
    if way == "up":
        return [f"matdeps why {rows[0].id} {first}{date}"] if rows else [f"matdeps show {first}"]
    programs = [row for row in rows if row.kind == "program"] or list(rows)
    # The least sure one is the one most worth a look.
    target = max(programs, key=lambda row: (Confidence[row.confidence], -row.tier), default=None)
    found = [f"matdeps why {first} {target.id}{date}"] if target else []
    kind = first.partition(":")[0]
    if kind in {"material", "intermediate", "product"}:
        found += [f"matdeps sources {first}{date}", f"matdeps controls {first}{date}"]
    return found
