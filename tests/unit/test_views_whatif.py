"""`whatif` as text: verdicts, bounds and reasons that cannot be misread."""

import pytest

import matdeps
from matdeps.views.sentences import summarise
from matdeps.views.tables import render_csv, render_md
from matdeps.views.text import render_text

DAY = "2026-07-01"


@pytest.fixture(scope="module")
def graph():
    with matdeps.open("reference") as opened:
        yield opened


def test_the_usual_way_is_lost_and_another_holds(graph):
    answer = graph.whatif(lose="terbium", to="JP", as_of=DAY)
    text = render_text(answer, width=100, color=False)
    assert text.startswith("Taken away: Terbium. Of 298 products, programmes and customers as of 2026-07-01:")
    assert "Lost (" in text and "Covered (" in text
    assert "Terbium fluoride is lost; Dysprosium fluoride holds." in text


def test_a_stress_test_is_headed_so_in_every_format(graph):
    answer = graph.whatif(control="control:cn-mofcom-2025-18", to="JP", as_of=DAY)
    heading = "STRESS TEST: ALL LICENCES REFUSED"
    assert summarise(answer).startswith(heading)
    assert heading in render_text(answer, width=100, color=False)
    assert heading in render_md(answer)
    assert answer.to_dict()["summary"]["heading"] == heading


def test_reduced_is_never_told_as_whole(graph):
    answer = graph.whatif(control="control:cn-mofcom-2026-01", use="military", to="JP", as_of=DAY)
    assert answer.summary["verdicts"]["reduced"] > 0
    reduced = render_text(answer, width=400, color=False, limit=0).split("Reduced (")[1].split("\n\n")[0]
    assert "to less than 100% is left" in reduced
    assert " to 100% is left;" not in reduced


def test_rows_stand_in_csv_with_bounds(graph):
    text = render_csv(graph.whatif(lose="terbium", to="JP", as_of=DAY))
    assert text.startswith("id,name,kind,kinds,verdict,as_recorded,leans,availability,limiting,explanation")
