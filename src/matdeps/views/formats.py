"""Formats that are files rather than lines: pages, workbooks, pictures, graphs; each loaded when it is asked for."""

from collections.abc import Mapping
from importlib import import_module

from matdeps.views.protocols import AnswerLike

FILE_FORMATS: Mapping[str, tuple[str, str]] = {
    "html": ("matdeps.views.page.assemble", "render_page"),
    "xlsx": ("matdeps.views.workbook", "render_xlsx"),
    "svg": ("matdeps.views.svg", "render_svg"),
    "mermaid": ("matdeps.views.exchange", "render_mermaid"),
    "dot": ("matdeps.views.exchange", "render_dot"),
    "graphml": ("matdeps.views.exchange", "render_graphml"),
    "node-link": ("matdeps.views.exchange", "render_node_link"),
}
"""Module and function of each format; the function takes the answer."""
SUFFIXES: Mapping[str, str] = {
    ".html": "html",
    ".htm": "html",
    ".xlsx": "xlsx",
    ".svg": "svg",
    ".mmd": "mermaid",
    ".dot": "dot",
    ".gv": "dot",
    ".graphml": "graphml",
}


def render_file(name: str, answer: AnswerLike) -> str | bytes:
    """Render an answer in one of `FILE_FORMATS`; only a workbook is bytes.

    Raises
    ------
    KeyError
        There is no such format.
    """
    module, function = FILE_FORMATS[name]
    found: str | bytes = getattr(import_module(module), function)(answer)
    return found
