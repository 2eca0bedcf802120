"""Where answers go: a terminal, a pipe or a file, each whole or not at all."""

import os
import shutil
import sys
from pathlib import Path

import click

from matdeps.graph.errors import ConfigError

PIPE_WIDTH = 100
"""Columns of text where no terminal says how wide it is."""


def tell(text: str, *, quiet: bool = False) -> None:
    """Say something about the work to a person: on standard error, never in the answer."""
    if not quiet:
        click.echo(text, err=True)


def find_width() -> int:
    """Find the columns of the terminal; `PIPE_WIDTH` in a pipe."""
    return shutil.get_terminal_size((PIPE_WIDTH, 24)).columns if sys.stdout.isatty() else PIPE_WIDTH


def wants_color(choice: str, output: str | None) -> bool:
    """Decide on colour: what was typed, then NO_COLOR, then FORCE_COLOR, then whether a terminal shows it."""
    if choice != "auto":
        return choice == "always"
    if output is not None or os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in {"", "0"}:
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def check_output(output: str | None) -> None:
    """Refuse a file that cannot be written before any work is done for it.

    Raises
    ------
    ConfigError
        It is a folder, or lies in none, or may not be written.
    """
    if output is None or output == "-":
        return
    path = Path(output)
    if path.is_dir():
        raise ConfigError(f"{output} is a folder", remedy="Name a file: -o answer.json")
    if not path.parent.is_dir():
        raise ConfigError(f"there is no folder {path.parent}", remedy="Make it first, or name another file.")


def write(text: str, output: str | None, *, quiet: bool = False) -> None:
    """Write text to standard output, or into a file that is replaced in one step.

    Raises
    ------
    ConfigError
        The file cannot be written.
    """
    if not text.endswith("\n"):
        text += "\n"
    if output is None or output == "-":
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    check_output(output)
    try:
        _replace(Path(output), text)
    except OSError as error:
        raise ConfigError(f"cannot write {output}: {error.strerror}", remedy="Name another file.") from error
    tell(f"Written: {output}", quiet=quiet)


def _replace(path: Path, text: str) -> None:
    if path.exists() and not path.is_file():
        # A device or a pipe is written to; it cannot be replaced.
        path.write_text(text, "utf-8", newline="")
        return
    path = path.resolve()
    half = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with half.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, half)
        half.replace(path)
    except BaseException:
        half.unlink(missing_ok=True)
        raise
