"""`view`: a page that opens in any browser; and the formats that are files rather than lines."""

import hashlib
import re
import sys
import time
import webbrowser
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import click

from matdeps.cli.command import CONTEXT_SETTINGS, Command
from matdeps.cli.options import Common, question_options
from matdeps.cli.output import tell, write
from matdeps.cli.session import BY_LINKS, open_graph, run
from matdeps.graph.errors import ConfigError
from matdeps.views.formats import SUFFIXES, render_file

if TYPE_CHECKING:
    from matdeps.api import Graph
    from matdeps.graph.model import NodeFacts
    from matdeps.queries.answer import Answer
    from matdeps.views.page.site import Page

_SITE_KINDS = "material,intermediate,product"


@click.command(
    cls=Command,
    context_settings={"ignore_unknown_options": True},
    examples=[
        (
            "matdeps view terbium -o terbium.html --as-of 2026-07-01",
            "a page of what depends on terbium",
        ),
        (
            "matdeps view --query why terbium program:f-15j-upgrade -o why.html --as-of 2026-07-01",
            "a page of any canned query, with the arguments and options of its command",
        ),
        (
            "matdeps view --query sources tungsten -o tungsten.html --as-of 2026-07-01",
            "who makes it and where, with charts",
        ),
    ],
)
@click.option("--query", metavar="NAME", help="The canned query, or ask; default exposed.")
@click.option(
    "-o", "--output", metavar="FILE", help="The page; with --all a folder. Default: named after the question."
)
@click.option("--open", "is_opened", is_flag=True, help="Open it in the browser.")
@click.option("--all", "is_site", is_flag=True, help="A page for each controlled material and programme, and an index.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[NODE]... [OPTIONS OF THE QUERY]")
def view(query: str | None, output: str | None, is_opened: bool, is_site: bool, arguments: tuple[str, ...]) -> None:
    """Make a page of an answer that opens in any browser.

    One file that can be mailed and opened offline: a picture to search and follow, the rows, the sources, and what is
    not known. It asks no host for anything, and shows the answer where scripts are blocked.
    """
    if is_site:
        if query is not None:
            raise ConfigError("--all says which questions it asks", remedy="Leave --query out.")
        common: Common = _common.main(list(arguments), prog_name="matdeps view --all", standalone_mode=False)
        entry = make_site(common, Path(output or "site"))
    else:
        entry = _make_view(query or "exposed", list(arguments), output)
    if is_opened:
        webbrowser.open(entry.resolve().as_uri())


@click.command(add_help_option=False)
@question_options
def _common(common: Common) -> Common:
    """Read the options of every question alone."""
    return common


def _make_view(query: str, arguments: list[str], output: str | None) -> Path:
    from matdeps.cli.registry import load_command
    from matdeps.queries.catalogue import get_query

    if query != "ask":
        get_query(query)
    if output == "-":
        raise ConfigError("a page goes into a file", remedy="Name one: -o page.html; --format html writes to a pipe.")
    path = Path(output or f"{_name_file(query, arguments)}.html")
    form = SUFFIXES.get(path.suffix.lower(), "html")
    words = [*arguments, "--format", form, "-o", str(path)]
    load_command(query).main(words, prog_name=f"matdeps {query}", standalone_mode=False, **CONTEXT_SETTINGS)
    return path


def _name_file(query: str, arguments: Sequence[str]) -> str:
    first = next((word for word in arguments if not word.startswith("-")), "")
    slug = re.sub(r"[\W_]+", "-", first.lower()).strip("-")[:60]
    return f"{query}-{slug}" if slug else query


def write_file(common: Common, graph: "Graph", found: "Answer", *, asked: tuple[str, str] | None = None) -> None:
    """Write an answer in a format that is a file.

    Parameters
    ----------
    asked
        The question in words and the command that it became; None where a command was typed.

    Raises
    ------
    ConfigError
        A workbook would go to a terminal.
    """
    if common.format == "xlsx" and common.output in {None, "-"} and sys.stdout.isatty():
        raise ConfigError("a workbook is no text", remedy="Name a file: -o answer.xlsx")
    if common.format == "html":
        from matdeps.views.page.assemble import render_page
        from matdeps.views.page.command import spell_command
        from matdeps.views.page.gather import gather

        more = {"--loaded-as-of": common.loaded_as_of}
        named = common.graph if common.graph != "reference" else None
        command = spell_command(found, graph=named, more=more)
        made: str | bytes = render_page(
            found, gather(graph.reader, found, _find_restrictions(graph, found), command=command)
        )
    else:
        made = render_file(common.format, found)
    if graph.notice and common.graph is None:
        tell(graph.notice, quiet=common.quiet)
    if asked is not None:
        from matdeps.views.inert import neutralise

        tell(f"= {neutralise(asked[1])}", quiet=common.quiet)
    write(made, common.output, quiet=common.quiet)


def _find_restrictions(graph: "Graph", found: "Answer") -> "Answer | None":
    as_of = found.parameters.get("as_of")
    has_paths = any(getattr(row, "path", None) for row in found.rows)
    return graph.run("controls", as_of=as_of) if as_of and has_paths else None


def make_site(common: Common, folder: Path) -> Path:
    """Write a small static site: what depends on each controlled material, what each programme depends on.

    Returns
    -------
    Path
        The entry page.

    Raises
    ------
    ConfigError
        The folder holds something else, or cannot be made.
    """
    from matdeps.views.page.engine import read_library
    from matdeps.views.page.site import INDEX, LIBRARY, render_index
    from matdeps.views.text_end import say_graph

    _check_folder(folder, INDEX, LIBRARY)
    with open_graph(common) as graph:
        restrictions = graph.run("controls", as_of=common.as_of)
        nodes = _find_subjects(graph, restrictions)
        pages = {node.id: _name_page(node.id) for node in nodes}
        listed: list[Page] = []
        about = say_graph(restrictions)
        with _Progress(len(nodes), quiet=common.quiet) as progress:
            for node in nodes:
                listed.append(_write_page(common, graph, node, restrictions, pages, folder))
                progress.step(node.name)
        write(read_library(), str(folder / LIBRARY), quiet=True)
        write(render_index(listed, about), str(folder / INDEX), quiet=True)
        if graph.notice and common.graph is None:
            tell(graph.notice, quiet=common.quiet)
    tell(f"Written: {folder / INDEX} and {len(nodes):,} pages", quiet=common.quiet)
    return folder / INDEX


def _check_folder(folder: Path, index: str, library: str) -> None:
    if folder.is_dir() and any(folder.iterdir()) and not ((folder / index).exists() and (folder / library).exists()):
        raise ConfigError(f"{folder} holds other files", remedy="Name a new folder: -o site")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"cannot make {folder}: {error.strerror}", remedy="Name another folder.") from error


def _find_subjects(graph: "Graph", restrictions: "Answer") -> "list[NodeFacts]":
    """Find the materials that a restriction names which has not ended, and every programme, by name."""
    reader, as_of = graph.reader, str(restrictions.parameters["as_of"])
    bound = {binding.node for row in restrictions.rows if row.status != "ended" for binding in row.binds}
    handles = set(reader.find_handles(sorted(one for one in bound if one.startswith("material:"))).values())
    handles |= set(reader.find_nodes(["program"], as_of).tolist())
    return sorted(reader.get_nodes(sorted(handles)), key=lambda node: (node.name.casefold(), node.id))


def _name_page(node_id: str) -> str:
    """Name the file of a node; what a file system might refuse or fold together is told apart by a digest."""
    plain = re.sub(r"[^a-z0-9-]+", "-", node_id.lower())[:80]
    if plain.replace("-", ":", 1) != node_id:
        plain += "-" + hashlib.sha256(node_id.encode()).hexdigest()[:8]
    return f"{plain}.html"


def _write_page(
    common: Common,
    graph: "Graph",
    node: "NodeFacts",
    restrictions: "Answer",
    pages: Mapping[str, str],
    folder: Path,
) -> "Page":
    from matdeps.views.page.assemble import render_page
    from matdeps.views.page.gather import gather
    from matdeps.views.page.site import INDEX, LIBRARY, Page
    from matdeps.views.sentences import summarise

    if node.kind == "program":
        found = run(common, graph, "depends", takes=BY_LINKS, node=node.id, kind=_SITE_KINDS)
    else:
        found = run(common, graph, "exposed", takes=BY_LINKS, start=node.id)
    others = {other: address for other, address in pages.items() if other != node.id}
    context = gather(graph.reader, found, restrictions, pages=others, home=INDEX)
    write(render_page(found, context, library=LIBRARY), str(folder / pages[node.id]), quiet=True)
    return Page(pages[node.id], node.kind, [node.name, *node.aliases, node.id], summarise(found))


class _Progress:
    """A bar on standard error, only on a terminal."""

    def __init__(self, total: int, *, quiet: bool) -> None:
        self._is_shown = not quiet and sys.stderr.isatty()
        self._total, self._done, self._begin = total, 0, time.monotonic()

    def __enter__(self) -> "_Progress":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_shown and self._done:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()

    def step(self, name: str) -> None:
        """Count one page."""
        self._done += 1
        if not self._is_shown:
            return
        from matdeps.views.inert import neutralise

        filled = round(24 * self._done / max(1, self._total))
        bar = "#" * filled + "." * (24 - filled)
        sys.stderr.write(f"\r\x1b[2K[{bar}] {self._done}/{self._total} {neutralise(name)[:40]}")
        sys.stderr.flush()
