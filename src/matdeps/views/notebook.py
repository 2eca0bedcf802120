"""An answer as a piece of HTML for notebooks: sentence, a small table, notes; no script, nothing fetched."""

from matdeps.views.columns import make_table
from matdeps.views.inert import escape_html
from matdeps.views.protocols import AnswerLike
from matdeps.views.sentences import get_hits, summarise
from matdeps.views.text_end import list_notes, list_unknown, say_graph
from matdeps.views.words import count

ROWS_SHOWN = 20


def render_html_fragment(answer: AnswerLike) -> str:
    """Render an answer for `_repr_html_`; every text of the data is escaped, and what is not shown is counted."""
    titles, rows = make_table(answer)
    parts = [f"<div><p><strong>{escape_html(summarise(answer))}</strong></p>"]
    if rows:
        head = "".join(f'<th style="text-align:left">{escape_html(title)}</th>' for title in titles)
        body = "".join(
            "<tr>" + "".join(f'<td style="text-align:left">{escape_html(cell)}</td>' for cell in row) + "</tr>"
            for row in rows[:ROWS_SHOWN]
        )
        parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")
    hidden = get_hits(answer) - min(len(rows), ROWS_SHOWN)
    if hidden > 0:
        parts.append(f"<p>... and {count(hidden, 'more row')}: see <code>.rows</code></p>")
    for heading, texts in (("What this answer does not know", list_unknown(answer)), ("Notes", list_notes(answer))):
        if texts:
            listed = "".join(f"<li>{escape_html(text)}</li>" for text in texts)
            parts.append(f"<details><summary>{heading} ({len(texts)})</summary><ul>{listed}</ul></details>")
    parts.append(f"<p><small>{escape_html(say_graph(answer))}</small></p></div>")
    return "".join(parts)
