"""Every hand-written case on every engine: exactly the rows that were worked out."""

from pathlib import Path

import pytest
from tests.contract.cases import CASES, Case
from tests.product import ENGINES, ask, make_store, simplify


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_engine_gives_the_rows_worked_out_by_hand(case: Case, tmp_path: Path):
    with make_store(case.graph, tmp_path) as store:
        answers = [ask(store, engine, case.query, case.arguments) for engine in ENGINES]
    assert answers[0]["rows"] == answers[1]["rows"]
    assert answers[0]["summary"] == answers[1]["summary"]

    def get_place(row):
        return (row.get("rank"), row.get("by")) if case.query == "why" else row["id"]

    found = {get_place(row): row for row in answers[0]["rows"]}
    want = {get_place(row): row for row in case.rows}
    assert sorted(found, key=str) == sorted(want, key=str), case.about
    for place, row in want.items():
        assert simplify(found[place], row) == simplify(row, row), case.about
    for name, value in (getattr(case, "summary", None) or {}).items():
        assert answers[0]["summary"][name] == pytest.approx(value), name
