"""The pages of the documentation: their blocks, how these are run, and how an output is compared or made anew."""

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
ELLIPSIS = "..."
"""A line of an expected output that stands for any number of lines."""
LOAD_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
SHOWN_TIME = "2026-07-20T09:00:00Z"
"""Pages show this where an output holds the time of a load, which is another on each run."""
_SHELL = re.compile(r"[|<>;&$`*]")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page; `first` and `last` are the indexes of its lines without the fences."""

    page: Path
    language: str
    first: int
    last: int
    lines: tuple[str, ...]

    @property
    def name(self) -> str:
        """Say where it stands."""
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.first + 1}"


def list_pages() -> list[Path]:
    """List every page, the front page first."""
    return [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(DOCS.glob("*.md"))


def find_blocks(page: Path, language: str | None = None) -> list[Block]:
    """Find the fenced blocks of a page, of one language or of all."""
    blocks: list[Block] = []
    opened: tuple[str, int] | None = None
    lines = page.read_text("utf-8").splitlines()
    for index, line in enumerate(lines):
        if not line.startswith("```"):
            continue
        if opened is None:
            opened = (line[3:].strip(), index + 1)
        else:
            blocks.append(Block(page, opened[0], opened[1], index, tuple(lines[opened[1] : index])))
            opened = None
    assert opened is None, f"{page.name}: a block is not closed"
    return [block for block in blocks if language in {None, block.language}]


def split_commands(block: Block) -> list[tuple[str, list[str]]]:
    """Split a console block into commands with their outputs."""
    found: list[tuple[str, list[str]]] = []
    for line in block.lines:
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            assert found, f"{block.name}: output before any command"
            found[-1][1].append(line)
    return found


def find_file_name(block: Block) -> str | None:
    """Find the file that the line above a block names, as in `pump/nodes.csv`:; None where it names none."""
    above = block.page.read_text("utf-8").splitlines()[max(block.first - 3, 0)]
    name = re.fullmatch(r"`([\w/.-]+)`:", above)
    return name[1] if name else None


def write_files(page: Path, folder: Path) -> None:
    """Write the files that a page shows into a folder; changes of files that are there are made."""
    for block in find_blocks(page):
        name = find_file_name(block)
        if name is None:
            assert block.language not in {"csv", "diff"}, f"{block.name}: the line above does not name the file"
            continue
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if block.language == "diff":
            target.write_text(_change(target.read_text("utf-8"), block), "utf-8")
        else:
            target.write_text("\n".join(block.lines) + "\n", "utf-8")


def _change(text: str, block: Block) -> str:
    """Make a change as a page shows it: lines with a blank stay, those with - go, those with + come."""
    before = "\n".join(line[1:] for line in block.lines if line[:1] in {" ", "-"})
    after = "\n".join(line[1:] for line in block.lines if line[:1] in {" ", "+"})
    assert text.count(before) == 1, f"{block.name}: the lines to change stand {text.count(before)} times in the file"
    return text.replace(before, after)


def copy_source(page: Path, folder: Path) -> Path | None:
    """Copy the package where a page changes it; the folder to import from, else None."""
    if not any((find_file_name(block) or "").startswith("src/") for block in find_blocks(page)):
        return None
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    return folder / "src"


class Terminal:
    """A terminal in a folder of its own, with the files that a page shows; keeps what `export` set."""

    def __init__(self, page: Path, folder: Path) -> None:
        self.folder = folder
        self.source = copy_source(page, folder)
        self.set: dict[str, str] = {} if self.source is None else {"PYTHONPATH": str(self.source)}
        write_files(page, folder)

    def run(self, command: str) -> list[str]:
        """Run a command; the lines that it shows, those on standard error included."""
        words = shlex.split(command)
        if words[0] == "export":
            self.set |= dict([words[1].split("=", 1)])
            return []
        if self.source is None and words[0] in {"matdeps", "./run"} and not _SHELL.search(command):
            text = self._run_here(words[1:])
        else:
            text = self._run_shell(command)
        return LOAD_TIME.sub(SHOWN_TIME, text).splitlines()

    def _run_here(self, arguments: list[str]) -> str:
        """Run matdeps in this process: the same entry as the installed command, without its start-up time."""
        from matdeps.cli.main import run

        out = io.StringIO()
        before, environment = Path.cwd(), dict(os.environ)
        os.chdir(self.folder)
        os.environ |= self.set
        try:
            with redirect_stdout(out), redirect_stderr(out):
                run(arguments)
        except SystemExit:
            pass
        finally:
            os.chdir(before)
            os.environ.clear()
            os.environ |= environment
        return out.getvalue()

    def _run_shell(self, command: str) -> str:
        shims = self.folder / ".shims"
        shims.mkdir(exist_ok=True)
        for name, module in (("matdeps", " -m matdeps"), ("python", "")):
            shim = shims / name
            shim.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)}{module} "$@"\n')
            shim.chmod(0o755)
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env={**os.environ, **self.set, "PATH": f"{shims}{os.pathsep}{os.environ['PATH']}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
        )
        return done.stdout


def matches(expected: list[str], actual: list[str]) -> bool:
    """Compare an output with what a page shows; a line of three dots stands for any number of lines."""
    if ELLIPSIS not in expected:
        return expected == actual
    first, *others = _split_parts(expected)
    if actual[: len(first)] != first:
        return False
    position, last = len(first), others.pop()
    for part in others:
        starts = range(position, len(actual) - len(part) + 1)
        found = next((start for start in starts if actual[start : start + len(part)] == part), None)
        if found is None:
            return False
        position = found + len(part)
    return len(actual) - len(last) >= position and actual[len(actual) - len(last) :] == last


def _split_parts(lines: list[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for line in lines:
        if line == ELLIPSIS:
            parts.append([])
        else:
            parts[-1].append(line)
    return parts


def refresh(expected: list[str], actual: list[str]) -> list[str]:
    """Make an output anew, with the same parts left out as before as far as they can be found again."""
    if matches(expected, actual):
        return expected
    if ELLIPSIS not in expected:
        return actual
    parts = _split_parts(expected)
    made: list[str] = []
    position = 0
    for number, part in enumerate(parts):
        if part:
            begin = 0 if number == 0 else _find_like(part[0], actual, position)
            end = len(actual) if number == len(parts) - 1 else _find_like(part[-1], actual, begin) + 1
            made += actual[begin:end]
            position = end
        if number < len(parts) - 1:
            made.append(ELLIPSIS)
    return made


def _find_like(line: str, lines: list[str], start: int) -> int:
    scores = [
        (SequenceMatcher(None, line, other).ratio(), -index) for index, other in enumerate(lines) if index >= start
    ]
    return -max(scores)[1] if scores else len(lines) - 1


def iter_links(page: Path) -> Iterator[str]:
    """Yield the targets of the links of a page, those inside blocks left out."""
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"`[^`\n]*`", "", text)
    yield from re.findall(r"\]\(([^)\s]+)\)", text)


def list_anchors(page: Path) -> set[str]:
    """List the anchors that a page's headings make, as they are on code forges."""
    anchors: set[str] = set()
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for heading in re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE):
        plain = re.sub(r"[^\w\- ]", "", heading.strip().lower())
        anchors.add(plain.replace(" ", "-"))
    return anchors
