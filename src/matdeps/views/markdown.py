"""An answer as a Markdown document: the sentence, one table, what is not known, notes, sources."""

from urllib.parse import quote, urlsplit

from matdeps.graph.model import Source
from matdeps.views.columns import make_table
from matdeps.views.inert import escape_markdown, neutralise
from matdeps.views.protocols import AnswerLike
from matdeps.views.sentences import summarise
from matdeps.views.text_end import list_notes, list_unknown, say_graph
from matdeps.views.words import say_source


def render_md(answer: AnswerLike) -> str:
    """Render an answer as Markdown that is inert: nothing from the data becomes markup, HTML or a link.

    The addresses of sources are links, if they are http or https.
    """
    titles, rows = make_table(answer)
    blocks = [escape_markdown(summarise(answer))]
    if rows:
        lines = [titles, tuple("---" for _ in titles), *rows]
        blocks.append("\n".join(_make_line(line, raw=at == 1) for at, line in enumerate(lines)))
    for heading, texts in (("What this answer does not know", list_unknown(answer)), ("Notes", list_notes(answer))):
        if texts:
            blocks.append(f"## {heading}\n\n" + "\n".join(f"- {escape_markdown(text)}" for text in texts))
    if answer.sources:
        cited = [f"- {_cite(answer.sources[key])}" for key in sorted(answer.sources)]
        blocks.append("## Sources\n\n" + "\n".join(cited))
    blocks.append(escape_markdown(say_graph(answer)))
    return "\n\n".join(blocks) + "\n"


def _make_line(cells: tuple[str, ...], *, raw: bool) -> str:
    return "| " + " | ".join(cell if raw else escape_markdown(cell) for cell in cells) + " |"


def _cite(source: Source) -> str:
    text = f"{escape_markdown(source.id)}: {escape_markdown(say_source(source))}"
    address = make_address(source.url)
    if address:
        return f"{text} <{address}>"
    return f"{text} {escape_markdown(source.url)}".rstrip()


def make_address(url: str) -> str | None:
    """Make an address that can only be an address; None where it is not http or https."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return None
    return quote(neutralise(url.strip()), safe=":/?#@!$&'()*+,;=%~[]")
