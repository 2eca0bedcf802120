"""The parts of the page that need no script: heading, legend, rows, sources, and what is said about the answer."""

import re
from collections.abc import Sequence
from typing import Any

from matdeps._version import __version__
from matdeps.graph.schema import KINDS
from matdeps.views.columns import make_table
from matdeps.views.inert import escape_html
from matdeps.views.page.command import spell_command
from matdeps.views.page.content import cut, make_source
from matdeps.views.page.context import Context
from matdeps.views.page.labels import LABELS, QUESTIONS
from matdeps.views.page.picture import Picture
from matdeps.views.protocols import AnswerLike
from matdeps.views.sentences import get_ids
from matdeps.views.svg import draw_line_sample, draw_sample
from matdeps.views.text_end import list_notes, list_unknown, say_graph
from matdeps.views.words import Names, name_kind

ROWS_IN_MARKUP = 2000
"""So many rows stand in the page without scripts; the script knows them all."""
_LONG_WORD = 36
_WEB = re.compile(r"https?://[^\s<>\"'\\]+", re.IGNORECASE)


def say_question(answer: AnswerLike) -> str:
    """Say the question of an answer in words."""
    names = Names(answer)
    words = {name: names.join(get_ids(answer, name), most=4) or "the graph" for name in ("start", "node", "target")}
    words["text"] = str(answer.parameters.get("text", ""))
    pattern = QUESTIONS.get(answer.query)
    return cut(pattern.format_map(words) if pattern else answer.query)


def make_legend(picture: Picture, *, has_groups: bool) -> str:
    """Make the legend: shapes of the kinds on the picture, and how lines tell certainty and confidence."""
    kinds = [kind for kind in KINDS if any(spot.kind == kind for spot in picture.spots)]
    counts = {kind: sum(spot.kind == kind for spot in picture.spots) for kind in kinds}
    shapes = "".join(
        f'<li class="key" data-kind="{kind}">{draw_sample(kind)}<span>{escape_html(name_kind(kind, many=True))}'
        f" <small>{counts[kind]:,}</small></span></li>"
        for kind in kinds
    )
    lines = "".join(
        f"<li>{draw_line_sample(certainty, confidence)}<span>{escape_html(LABELS[word])}</span></li>"
        for certainty, confidence, word in (
            ("definite", "confirmed", "definite"),
            ("minor", "confirmed", "minor"),
            ("possible", "confirmed", "possible"),
            ("definite", "confirmed", "confirmed"),
            ("definite", "reported", "reported"),
            ("definite", "inferred", "inferred"),
        )
    )
    mark = f'<li><span class="mark" aria-hidden="true">!</span><span>{escape_html(LABELS["mark"])}</span></li>'
    if has_groups:
        mark += f"<li><strong aria-hidden='true'>▸</strong><span>{escape_html(LABELS['group_sign'])}</span></li>"
    return (
        f'<div class="legend" role="group" aria-label="{escape_html(LABELS["legend"])}">'
        f'<ul class="kinds">{shapes}</ul><ul class="lines">{lines}{mark}</ul></div>'
    )


def make_rows(answer: AnswerLike) -> str:
    """Make the table of the rows: the form of the answer for those who cannot see the picture."""
    titles, rows = make_table(answer)
    if not rows:
        return f'<p class="none">{escape_html(LABELS["no_rows"])}</p>'
    head = "".join(f'<th scope="col">{escape_html(title)}</th>' for title in titles)
    shown = rows[:ROWS_IN_MARKUP]
    body = "".join(
        f'<tr data-row="{number}">' + "".join(_make_cell(cut(cell)) for cell in cells) + "</tr>"
        for number, cells in enumerate(shown)
    )
    more = (
        f'<p class="cut">{escape_html(LABELS["rows_cut"].format(n=f"{len(shown):,}", all=f"{len(rows):,}"))}</p>'
        if len(rows) > len(shown)
        else ""
    )
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape_html(LABELS["table_caption"])}">'
        f'<table id="rows"><caption>{escape_html(LABELS["table_caption"])}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{more}"
    )


def _make_cell(text: str) -> str:
    # A word that no column can hold is broken anywhere; others never are.
    long = ' class="long"' if any(len(word) > _LONG_WORD for word in text.split()) else ""
    return f"<td{long}>{escape_html(text)}</td>"


def make_source_table(answer: AnswerLike, context: Context, ids: Sequence[str]) -> str:
    """Make the table of the sources, those that were read first."""
    known = {**context.sources, **answer.sources}
    sources = [make_source(one, known.get(one)) for one in ids]
    if not sources:
        return f'<p class="none">{escape_html(LABELS["no_sources"])}</p>'
    sources.sort(key=lambda source: (not source["read"], source["id"]))
    head = "".join(
        f'<th scope="col">{escape_html(LABELS[name])}</th>'
        for name in ("title", "publisher", "date", "checked", "address")
    )
    body = "".join(_make_source_row(source) for source in sources)
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape_html(LABELS["sources_caption"])}">'
        f'<table id="cited"><caption>{escape_html(LABELS["sources_caption"])} ({len(sources):,})</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _make_source_row(source: dict[str, Any]) -> str:
    read = LABELS["source_read"] if source["read"] else LABELS["source_unread"]
    cells = (source["title"], source.get("by", ""), source.get("date") or LABELS["no_date"], read)
    return (
        f'<tr id="source-{escape_html(source["id"])}">'
        + "".join(_make_cell(cell) for cell in cells)
        + f"<td>{make_address(source.get('url', ''))}</td></tr>"
    )


def make_address(url: str) -> str:
    """Make a link of a web address; anything else that stands for an address is only text."""
    if not url:
        return ""
    if not _WEB.fullmatch(url):
        return f"<span>{escape_html(url)}</span>"
    shown = url.split("://", 1)[1]
    shown = shown if len(shown) <= 60 else shown[:59] + "…"
    return f'<a href="{escape_html(url)}" rel="noopener noreferrer" target="_blank">{escape_html(shown)}</a>'


def make_about(answer: AnswerLike, context: Context) -> str:
    """Make what the answer says of itself."""
    names = Names(answer)
    parameters = "".join(
        f"<dt>{escape_html(name.replace('_', ' '))}</dt><dd>{escape_html(cut(_say_parameter(value, names)))}</dd>"
        for name, value in answer.parameters.items()
        if value not in (None, False, [], "")
    )
    graph = answer.graph
    made_by = LABELS["made_by"].format(program=f"matdeps {__version__}", engine=answer.engine)
    said = [
        f"<h3>{escape_html(LABELS['question'])}</h3><p>{escape_html(say_question(answer))}</p>",
        _make_list(LABELS["not_known"], list_unknown(answer)),
        _make_list(LABELS["notes"], list_notes(answer)),
        f"<h3>{escape_html(LABELS['parameters'])}</h3><dl>{parameters}</dl>",
        f"<h3>{escape_html(LABELS['graph'])}</h3><p>{escape_html(say_graph(answer))}. "
        f"{graph.nodes:,} nodes, {graph.relationships:,} links. {escape_html(LABELS['knowledge'])} "
        f"{escape_html(graph.knowledge_until or LABELS['not_recorded'])}.</p>",
        f"<h3>{escape_html(LABELS['command'])}</h3>"
        f"<pre><code>{escape_html(context.command or spell_command(answer))}</code></pre>",
        _make_list(LABELS["next"], [str(text) for text in answer.summary.get("next", ())], code=True),
        f'<p class="small">{escape_html(made_by)}</p>',
    ]
    return "".join(said)


def _make_list(title: str, texts: Sequence[str], *, code: bool = False) -> str:
    if not texts:
        return ""
    items = (f"<code>{escape_html(text)}</code>" if code else escape_html(text) for text in texts)
    return f"<h3>{escape_html(title)}</h3><ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"


def _say_parameter(value: Any, names: Names) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_say_parameter(one, names) for one in value)
    if isinstance(value, str) and value.partition(":")[0] in KINDS and ":" in value:
        return f"{names(value)} ({value})"
    return "yes" if value is True else str(value)
