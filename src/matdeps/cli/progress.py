"""A counter of rows for long loads: on standard error, only on a terminal, only after a second."""

import sys
import time
from types import TracebackType

_DELAY_S = 1.0
_PAUSE_S = 0.1


class RowCounter:
    """Shows how many rows of a file were read; call it with the file and the number.

    Parameters
    ----------
    quiet
        Whether to show nothing at all.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._is_shown = not quiet and sys.stderr.isatty()
        self._next = time.monotonic() + _DELAY_S
        self._width = 0

    def __enter__(self) -> "RowCounter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()

    def __call__(self, file: str, rows: int) -> None:
        """Show the number, where it is time to."""
        now = time.monotonic()
        if not self._is_shown or now < self._next:
            return
        self._next = now + _PAUSE_S
        text = f"{file}: {rows:,} rows"
        sys.stderr.write("\r" + text.ljust(self._width))
        sys.stderr.flush()
        self._width = max(self._width, len(text))
