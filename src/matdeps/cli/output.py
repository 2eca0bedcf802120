"""Where answers go: a terminal, a pipe or a file, each whole or not at all."""

import errno
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

import click

from matdeps.graph.errors import ConfigError

_FULL = frozenset({errno.ENOSPC, errno.EFBIG, errno.EIO, errno.EBADF, getattr(errno, "EDQUOT", errno.ENOSPC)})
PIPE_WIDTH = 100
"""Columns of text where no terminal says how wide it is."""


def tell(text: str, *, quiet: bool = False) -> None:
    """Say something about the work to a person: on standard error, never in the answer."""
    if not quiet:
        # Where standard error takes nothing there is nobody to be told; the answer is what counts.
        with suppress(OSError):
            click.echo(text, err=True)


def is_fault_of_stdout(error: OSError) -> bool:
    """Say whether an error means that standard output takes nothing more, as on a full device.

    Every other thing that is written has a name, or an error of its own; a closed pipe is no fault.
    """
    return error.filename is None and error.errno in _FULL


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


def write(text: str | bytes, output: str | None, *, quiet: bool = False) -> None:
    """Write text, or the bytes of a workbook, to standard output, or into a file that is replaced in one step.

    Raises
    ------
    ConfigError
        The file cannot be written.
    """
    if isinstance(text, str) and not text.endswith("\n"):
        text += "\n"
    if output is None or output == "-":
        if isinstance(text, bytes):
            sys.stdout.buffer.write(text)
        else:
            sys.stdout.write(text)
        sys.stdout.flush()
        return
    check_output(output)
    try:
        _replace(Path(output), text)
    except OSError as error:
        raise ConfigError(f"cannot write {output}: {error.strerror}", remedy="Name another file.") from error
    tell(f"Written: {output}", quiet=quiet)


def _encode(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8")


def _replace(path: Path, text: str | bytes) -> None:
    if path.exists() and not path.is_file():
        # A device or a pipe is written to; it cannot be replaced.
        path.write_bytes(_encode(text))
        return
    path = path.resolve()
    half = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with half.open("wb") as file:
            file.write(_encode(text))
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, half)
        half.replace(path)
    except BaseException:
        half.unlink(missing_ok=True)
        raise
