"""`controls` as text: the status first, then why, what it binds, toward whom, from when to when."""

from collections.abc import Sequence

from matdeps.views.columns import say_binding
from matdeps.views.layout import Page
from matdeps.views.palette import STYLE_OF_STATUS
from matdeps.views.protocols import AnswerLike, ControlRowLike
from matdeps.views.text_more import add_more
from matdeps.views.words import Names, say_sources, say_validity

_ORDER = ("in force", "suspended", "announced", "unknown", "ended")
_HEADINGS = {"unknown": "Status unknown", "announced": "Announced, not yet in force"}
_BINDINGS_SHOWN = 6


def add_controls(page: Page, answer: AnswerLike, most: int | None, paths: bool) -> None:
    """Add the restrictions, those in force first."""
    rows: Sequence[ControlRowLike] = answer.rows
    names = Names(answer)
    statuses = {row.status for row in rows}
    for status in [*(s for s in _ORDER if s in statuses), *sorted(statuses - set(_ORDER))]:
        group = [row for row in rows if row.status == status]
        shown = group if most is None else group[:most]
        page.add_heading(f"{_HEADINGS.get(status, status.capitalize())} ({len(group):,})")
        for row in shown:
            _add_control(page, answer, row, names, most)
        add_more(page, answer, len(group) - len(shown), len(group) - len(shown), "restriction")


def _add_control(page: Page, answer: AnswerLike, row: ControlRowLike, names: Names, most: int | None) -> None:
    page.add(f"{row.status.upper()}  {row.name}", indent=2, hang=2, style=STYLE_OF_STATUS.get(row.status) or "bold")
    page.add(f"because: {row.because} [{row.id}]", indent=4, hang=2)
    law = (row.requires or row.kind).replace("_", " ")
    what = [law, *([f"acts on {row.acts_on.replace('_', ' ')}"] if row.acts_on else [])]
    what.append(f"for {row.use} use" if row.use != "any" else "for any use")
    what.append(f"toward {names.join(row.to)}" if row.to else "toward every destination")
    if row.issuer:
        what.append(f"issued by {names(row.issuer)}")
    page.add("; ".join(what), indent=4, hang=2)
    dates = [text for text in (say_validity(row.since, row.until),) if text]
    pause = say_validity(row.suspended_from, row.suspended_until)
    if pause:
        dates.append(f"suspended {pause}")
    if row.instrument:
        dates.append(row.instrument)
    if dates:
        page.add("; ".join(dates), indent=4, hang=2)
    if row.binds:
        page.add(f"binds: {say_binding(row, most=None if most is None else _BINDINGS_SHOWN)}", indent=4, hang=2)
    else:
        page.add("binds: nothing that is recorded as a node", indent=4, hang=2)
    if row.notes:
        page.add(f"note: {row.notes}", indent=4, hang=2)
    cited = say_sources(row.sources, answer.sources)
    if cited:
        page.add(cited, indent=4, hang=2, style="dim")
