"""Questions to ask of several engines, and graphs to ask them of."""

import json
import random
from pathlib import Path
from typing import Any

from tests import generate

from matdeps.graph.errors import MatdepsError
from matdeps.graph.neo4j.reader import Neo4jReader
from matdeps.graph.reader import Reader
from matdeps.graph.store import Store
from matdeps.queries.catalogue import run_query

Question = tuple[str, dict[str, Any]]
DAY = "2026-07-01"

REFERENCE: tuple[Question, ...] = (
    ("exposed", {"start": "terbium"}),
    ("exposed", {"start": "terbium", "kind": "all", "through": "all"}),
    ("exposed", {"start": ["terbium", "dysprosium"], "kind": "all"}),
    ("exposed", {"start": "heavy rare earth elements", "kind": "all", "through": "contained"}),
    ("exposed", {"start": "China", "kind": "all", "min_share": 0.5}),
    ("exposed", {"start": "Japan", "kind": "all", "by": "hq", "through": "all"}),
    ("exposed", {"start": "gallium", "kind": "all", "confidence": "reported", "checked": True}),
    ("exposed", {"start": "tungsten", "kind": ["supplier", "customer"], "max_tier": 2}),
    ("exposed", {"start": "neon", "direct": True, "kind": "all"}),
    ("depends", {"node": "tsmc", "kind": "all"}),
    ("depends", {"node": "intermediate:ndfeb-magnet", "kind": "all", "through": "all"}),
    ("why", {"start": "terbium", "target": "intermediate:ndfeb-magnet"}),
    ("sources", {"node": "gallium"}),
    ("sources", {"node": "terbium", "outside": "China"}),
    ("controls", {"node": "terbium"}),
    ("controls", {}),
    ("claims", {}),
    ("find", {"text": "magnet"}),
    ("find", {"text": "テルビウム"}),
    ("show", {"node": "terbium"}),
    ("show", {"node": "China"}),
    ("coverage", {}),
)
"""Questions of the reference graph, in the names of a person; those that it cannot answer are asked too."""


def ask_all(reader: Reader, questions: list[Question]) -> list[str]:
    """Ask, and give rows and what is said of them, or the error, as text."""
    return [_ask(reader, query, arguments) for query, arguments in questions]


def _ask(reader: Reader, query: str, arguments: dict[str, Any]) -> str:
    try:
        answer = run_query(
            query, reader, **{"as_of": DAY, **arguments} if query not in {"find", "claims"} else arguments
        )
    except MatdepsError as error:
        return f"{type(error).__name__}: {error}"
    told = answer.to_dict()
    return json.dumps({"rows": told["rows"], "summary": told["summary"]}, ensure_ascii=False, default=str)


def make_generated(seed: int, folder: Path) -> tuple[Store, list[Question]]:
    """Make a store of a random graph, and some questions about it."""
    from matdeps.loaders.graph_csv import load_graph

    rng = random.Random(seed)
    graph = generate.make_graph(rng)
    generate.write_folder(graph, folder / f"facts-{seed}")
    store = Store.open(folder / f"store-{seed}", create=True)
    load_graph(store, folder / f"facts-{seed}", dataset="generated")
    questions: list[Question] = []
    for _ in range(12):
        question = generate.make_question(rng, graph)
        arguments = dict(question.arguments)
        if question.query == "depends":
            arguments["node"] = arguments.pop("start")[0]
        questions.append((question.query, arguments))
    first = sorted(row["id"] for row in graph["nodes"])[0]
    return store, [*questions, ("show", {"node": first}), ("find", {"text": first[-1]}), ("coverage", {})]


def compare(embedded: Reader, served: Neo4jReader, questions: list[Question]) -> None:
    """Make sure that both answer alike, byte for byte."""
    for question, expected, got in zip(
        questions, ask_all(embedded, questions), ask_all(served, questions), strict=True
    ):
        assert got == expected, question
