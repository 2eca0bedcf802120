"""Makes what the documentation takes from the code: `python -m tests.docs.generate`.

It writes docs/commands.md, the tables between markers in the other pages, and the outputs of the console blocks.
Read the difference before you keep it: it is what a reader will see.
"""

import argparse
import inspect
import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import click
from tests.docs.pages import DOCS, ROOT, Terminal, find_blocks, list_pages, refresh, split_commands

from matdeps.cli.main import cli
from matdeps.cli.registry import COMMANDS, iter_commands
from matdeps.graph import errors
from matdeps.graph.schema import COMMON_PROPERTIES, KINDS, LINK_TYPES
from matdeps.queries.catalogue import QUERIES

WIDTH = 80
PACKAGES = ("graph", "loaders", "queries", "views", "cli")

TWINS: Mapping[str, str] = {
    "ask": """g.ask("what depends on terbium", as_of="2026-07-01")""",
    "exposed": """g.exposed("terbium", kind="program", as_of="2026-07-01")
g.exposed(["Tb", "Dy"], max_tier=4, as_of="2026-07-01")""",
    "depends": """g.depends("program:f-15j-upgrade", kind="material", as_of="2026-07-01")""",
    "why": """g.why("terbium", "program:f-15j-upgrade", k=1, as_of="2026-07-01")""",
    "whatif": """g.whatif(lose="terbium", to="JP", as_of="2026-07-01")""",
    "sources": """g.sources("tungsten", outside="China", as_of="2026-07-01")""",
    "controls": """g.controls("terbium", to="Japan", use="civil", as_of="2026-07-01")""",
    "claims": """g.claims("5 nm")""",
    "find": """g.find("WF6")""",
    "show": """g.show("Kanto Denka", as_of="2026-07-01")""",
    "coverage": """g.coverage(as_of="2026-07-01")""",
    "view": """answer = g.exposed("terbium", as_of="2026-07-01")
with open("terbium.html", "w", encoding="utf-8") as page:
    page.write(g.to_html(answer))""",
    "queries": """from matdeps.queries.catalogue import QUERIES

for name, query in QUERIES.items():
    name, query.question, query.list_parameters()""",
    "load": """from matdeps.loaders.graph_csv import load_graph
from matdeps.loaders.reference import get_reference_folder
from matdeps.loaders.registry import make_store

folder = get_reference_folder()  # any folder of the format will do
with make_store("store", reference=False) as store:
    report = load_graph(store, folder, dataset="ours")""",
    "loaders": """from matdeps.loaders.registry import LOADERS

list(LOADERS)""",
    "loads": """from matdeps.graph.store import Store

with Store.open("store") as store:
    history = store.loads()""",
    "unload": """with Store.open("store") as store, store.write() as transaction:
    transaction.unload("ours")""",
    "export": """from matdeps.graph.export_csv import export_csv

export_csv(g.store, "facts")""",
    "neo4j push": """from matdeps.graph.neo4j.push import push
from matdeps.graph.neo4j.settings import Neo4jSettings

settings = Neo4jSettings.from_environment()
push(g.store, settings)""",
    "neo4j check": """from matdeps.graph.neo4j.status import check

check(g.store, settings)""",
    "neo4j status": """from matdeps.graph.neo4j.status import status

status(settings)""",
    "neo4j browser-kit": """from pathlib import Path

from matdeps.graph.neo4j.browser_kit import write_browser_kit

write_browser_kit(Path("kit"))""",
    "info": """g.info""",
    "check": """from matdeps.graph.integrity import iter_findings

with Store.open("store") as store:
    findings = list(iter_findings(store))""",
}
"""The Python twin of each command; a test runs them in the order of the page, but for those that need a server."""
SERVED = frozenset({"neo4j push", "neo4j check", "neo4j status"})


def get_help(name: str, command: click.Command) -> str:
    """Get the help of a command as a terminal of 80 columns shows it."""
    parent = click.Context(cli, info_name="matdeps", help_option_names=["-h", "--help"])
    for part in name.split()[:-1]:
        parent = click.Context(click.Group(part), info_name=part, parent=parent)
    context = click.Context(
        command, info_name=name.rsplit(maxsplit=1)[-1], parent=parent, terminal_width=WIDTH, max_content_width=WIDTH
    )
    return command.get_help(context).strip()


def make_commands_page() -> str:
    """Write docs/commands.md: every command with its help and its Python twin."""
    parts = [
        "# Commands\n\n"
        "Made from the help of each command by `python -m tests.docs.generate`; a test fails where this page is stale. "
        "What a term means stands in [terms](terms.md), what `NODE` may be in [asking](#what-node-may-be), the exit "
        "codes [below](#exit-codes).\n\n"
        "The Python twins continue one another, and all of them begin with:\n\n"
        '```python\nimport matdeps\n\ng = matdeps.open("reference")\n```\n\n'
        "`matdeps.open()` without a path opens what the command line would: the store that `MATDEPS_GRAPH` names, else "
        "your own store, else the reference.\n"
    ]
    section = ""
    for name, command in iter_commands():
        entry = COMMANDS[name.split()[0]]
        if entry.section != section:
            section = entry.section
            parts.append(f"## {section}\n")
        parts.append(
            f"### matdeps {name}\n\n```text\n{get_help(name, command)}\n```\n\nIn Python:\n\n"
            f"```{'text' if name in SERVED else 'python'}\n{TWINS[name]}\n```\n"
        )
    parts.append(
        "## What NODE may be\n\n"
        "An id (`material:terbium`), a name or an alias in any language (`terbium`, `铽`, `テルビウム`), an element "
        "symbol with its exact case (`Tb`; `Co` is cobalt, `CO` is not), a formula (`WF6`), a CAS number, a part "
        "number, a control-list code, an HS prefix (`HS 280530`: all that begins with it), or a country (`China`, "
        "`中国`, `CN`). A name that several nodes have is refused with the candidates; an unknown one with the nearest "
        "names. `-` reads one name a line from standard input.\n"
    )
    parts.append(
        "## Exit codes\n\n"
        "| code | means |\n| --- | --- |\n"
        "| 0 | answered, also with no rows; a cut-off answer says so |\n"
        "| 1 | `check --fail-on` found something |\n"
        "| 2 | the command line or the configuration cannot be meant |\n"
        "| 3 | input data was refused; nothing was written |\n"
        "| 4 | the question: an unknown or ambiguous name, or words that are not understood |\n"
        "| 5 | the store is missing, damaged, busy or of another format |\n"
        "| 130 | interrupted |\n\n"
        "Errors are a line or two on standard error: what is wrong, where, and what to do. The same errors in Python: "
        "[python](python.md#errors).\n"
    )
    return "\n".join(parts)


def make_kinds() -> str:
    """Write the table of the kinds of nodes."""
    rows = [f"| `{kind.name}` | {kind.label} | {kind.plural} |" for kind in KINDS.values()]
    return "\n".join(["| kind (before the colon of an id) | label | in sentences |", "| --- | --- | --- |", *rows])


def make_relationships() -> str:
    """Write the table of the relationship types, by role."""
    lines: list[str] = []
    titles = {"flow": "Flow: exposure travels from tail to head", "anchor": "Anchors: a question can start there",
              "look-up": "Look-ups: shown, never travelled"}  # fmt: skip
    for role, title in titles.items():
        lines += [f"**{title}**", "", "| type | tail → head | read aloud | properties |", "| --- | --- | --- | --- |"]
        for link in LINK_TYPES.values():
            if link.role == role:
                ends = f"{_name_ends(link.tails)} → {_name_ends(link.heads)}"
                properties = ", ".join(sorted(link.properties)) or "–"
                lines.append(
                    f"| `{link.name}` | {ends} | {link.sentence.format(tail='*tail*', head='*head*')} | {properties} |"
                )
        lines.append("")
    lines.append(f"Every link may also carry {', '.join(sorted(COMMON_PROPERTIES))}.")
    return "\n".join(lines)


def _name_ends(kinds: frozenset[str]) -> str:
    left = set(kinds)
    named = [word for word, group in (("item", {"material", "intermediate", "product"}),
                                      ("organisation", {"supplier", "customer"})) if group <= left]  # fmt: skip
    for word, group in (("item", {"material", "intermediate", "product"}), ("organisation", {"supplier", "customer"})):
        if word in named:
            left -= group
    return ", ".join(named + sorted(left))


def make_errors() -> str:
    """Write the table of the errors, as a tree."""
    lines = ["| error | exit code | raised for |", "| --- | --- | --- |"]

    def add(kind: type[errors.MatdepsError], depth: int) -> None:
        meaning = (inspect.getdoc(kind) or "").splitlines()[0]
        lines.append(f"| {'&emsp;' * depth}`{kind.__name__}` | {kind.exit_code if depth else ''} | {meaning} |")
        for child in kind.__subclasses__():
            add(child, depth + 1)

    add(errors.MatdepsError, 0)
    return "\n".join(lines)


def make_queries() -> str:
    """Write the table of the canned queries."""
    lines = ["| query | answers | parameters |", "| --- | --- | --- |"]
    for query in QUERIES.values():
        parameters = ", ".join(f"`{name}`" for name in query.list_parameters())
        lines.append(f"| `{query.name}` | {query.question} | {parameters} |")
    return "\n".join(lines)


def make_modules() -> str:
    """Write the table of the modules: what each is for, in its own words."""
    lines: list[str] = []
    source = ROOT / "src" / "matdeps"
    for package in ("", *PACKAGES):
        folder = source / package
        lines += [f"**`matdeps{'.' + package if package else ''}`**", "", "| module | is for |", "| --- | --- |"]
        for file in sorted(folder.glob("*.py" if not package else "**/*.py")):
            name = file.relative_to(folder).with_suffix("").as_posix().replace("/", ".")
            if file.stem != "__init__" and "neo4j" not in name.split("."):
                lines.append(f"| `{name}` | {_read_purpose(file)} |")
        lines.append("")
    return "\n".join(lines).strip()


def _read_purpose(file: Path) -> str:
    import ast

    return (ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "").splitlines()[0].replace("|", "\\|")


PARTS: Mapping[str, Callable[[], str]] = {
    "kinds": make_kinds,
    "relationships": make_relationships,
    "errors": make_errors,
    "queries": make_queries,
    "modules": make_modules,
}
"""What stands between `<!-- made: NAME -->` and `<!-- end -->` in a page."""
_PART = re.compile(r"(<!-- made: (\w+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def fill_parts(text: str) -> str:
    """Put what is made from the code between its markers."""
    return _PART.sub(lambda found: f"{found[1]}\n{PARTS[found[2]]()}\n\n{found[4]}", text)


def refresh_blocks(page: Path, folder: Path) -> str:
    """Run the console blocks of a page, and put the outputs of today into it."""
    lines = page.read_text("utf-8").splitlines()
    made: list[tuple[int, int, list[str]]] = []
    terminal = Terminal(page, folder)
    for block in find_blocks(page, "console"):
        shown: list[str] = []
        for command, expected in split_commands(block):
            shown += [f"$ {command}", *refresh(expected, terminal.run(command))]
        made.append((block.first, block.last, shown))
    for first, last, shown in reversed(made):
        lines[first:last] = shown
    return "\n".join(lines) + "\n"


def main() -> None:
    """Make everything, or what is named."""
    import os

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", help="file names; default: all")
    wanted = parser.parse_args().pages
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"HOME": home, "XDG_DATA_HOME": f"{home}/data", "XDG_CACHE_HOME": f"{home}/cache"}
        os.environ.pop("MATDEPS_GRAPH", None)
        (DOCS / "commands.md").write_text(make_commands_page(), "utf-8")
        for page in list_pages():
            if wanted and page.name not in wanted:
                continue
            text = page.read_text("utf-8")
            page.write_text(fill_parts(text), "utf-8")
            with tempfile.TemporaryDirectory() as folder:
                page.write_text(refresh_blocks(page, Path(folder)), "utf-8")


if __name__ == "__main__":
    main()
