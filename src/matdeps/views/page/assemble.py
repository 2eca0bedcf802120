"""Puts the page together: one file, no request to any host, the same bytes for the same answer."""

import base64
import hashlib
from importlib.resources import files
from string import Template

from matdeps.views.inert import escape_html
from matdeps.views.page.charts import draw_charts
from matdeps.views.page.content import make_content, write_json
from matdeps.views.page.context import Context
from matdeps.views.page.engine import read_library
from matdeps.views.page.labels import LABELS
from matdeps.views.page.picture import MOST_NODES, make_picture
from matdeps.views.page.placing import place
from matdeps.views.page.sections import make_about, make_legend, make_rows, make_source_table, say_question
from matdeps.views.protocols import AnswerLike
from matdeps.views.sentences import summarise
from matdeps.views.svg import draw, read_picture_style
from matdeps.views.text_end import say_graph

_SCRIPTS = ("model", "state", "cards", "drawing", "panel", "table", "search", "page")
"""In this order they make one script, inside one function."""
_EARLY = "document.documentElement.classList.add('js')"
"""Says before the first paint that scripts run, so that nothing jumps afterwards."""


def render_page(answer: AnswerLike, context: Context | None = None, *, library: str | None = None) -> str:
    """Render an answer as one HTML file.

    Parameters
    ----------
    context
        What the page may tell beyond the answer; None: nothing.
    library
        Address, relative to the page, of a file that holds `engine.read_library()`: pages of one site share it.
        None: the page holds it itself and is complete alone.

    Returns
    -------
    str
        A document that asks no host for anything and whose Content-Security-Policy forbids it. Without scripts it
        shows the sentence, the picture, the rows and the sources.

    Notes
    -----
    Nothing in it depends on the day, the machine or the run.
    """
    around = context or Context()
    picture = make_picture(answer)
    layout = place(picture, answer.query)
    content = make_content(answer, picture, layout, around)
    sentence = summarise(answer)
    marks = {node: 1 for restriction in content["restrictions"] for node in restriction["nodes"]}
    figure = draw(picture, layout, marks, sentence=sentence) if picture.spots else ""
    charts = draw_charts(answer)
    left_out = (
        LABELS["left_out"].format(n=f"{picture.rows_left_out:,}", most=f"{MOST_NODES:,}")
        if picture.rows_left_out
        else ""
    )
    cited = [source["id"] for source in content["sources"]]
    question = say_question(answer)
    return fill(
        "page.html",
        scripts=[read_library()] if picture.spots and library is None else [],
        shared=library if picture.spots else None,
        data=write_json(content),
        title=escape_html(question),
        sentence=escape_html(sentence),
        graph=escape_html(say_graph(answer)),
        home=_make_home(around.home),
        first="picture" if picture.spots or charts else "table",
        hide_picture="" if picture.spots or charts else "hidden",
        picture_tab=escape_html(LABELS["picture"] if picture.spots else LABELS["charts"]),
        figure=figure or "".join(charts) or f'<p class="none">{escape_html(LABELS["no_picture"])}</p>',
        left_out=f'<p class="notice">{escape_html(left_out)}</p>' if left_out else "",
        legend=make_legend(picture, has_groups=any(unit.is_bundle for unit in layout.units)) if picture.spots else "",
        rows=make_rows(answer),
        sources=make_source_table(answer, around, cited),
        about=make_about(answer, around),
    )


def _make_home(address: str | None) -> str:
    if not address:
        return ""
    return f'<p class="home"><a href="{escape_html(address)}">{escape_html(LABELS["home"])}</a></p>'


def fill(template: str, *, scripts: list[str], data: str = "", shared: str | None = None, **parts: str) -> str:
    """Fill a template of this package and seal it with a Content-Security-Policy.

    Parameters
    ----------
    scripts
        Code that runs before the page's own.
    shared
        Address of one more script beside the page; None: there is none.
    data
        JSON that the page's script reads, written by `write_json`.
    parts
        HTML for the other places of the template.
    """
    own = _read_script("index.js") if template == "index.html" else _read_scripts()
    style = _read("style.css") + read_picture_style()
    code = [_EARLY, *scripts, own]
    allowed = ["'self'"] if shared else []
    policy = (
        f"default-src 'none'; script-src {' '.join([*map(_hash, code), *allowed])}; style-src {_hash(style)}; "
        "base-uri 'none'; form-action 'none'"
    )
    labels = {f"label_{name}": escape_html(text) for name, text in LABELS.items()}
    return Template(_read(template)).substitute(
        labels,
        policy=policy,
        style=style,
        early=_EARLY,
        data=data,
        library="".join(f"<script>{text}</script>" for text in scripts)
        + (f'<script src="{escape_html(shared)}"></script>' if shared else ""),
        script=own,
        **parts,
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _read(name: str) -> str:
    return (files("matdeps.views.page") / name).read_text("utf-8")


def _read_script(name: str) -> str:
    return (files("matdeps.views.page") / "script" / name).read_text("utf-8")


def _read_scripts() -> str:
    parts = "".join(_read_script(f"{name}.js") for name in _SCRIPTS)
    return f'"use strict";(function(){{\n{parts}\n}})();'
