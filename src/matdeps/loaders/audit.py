"""The audit that every loader shares: which rows were read, used, ignored by name, and rejected, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from matdeps.graph.errors import DataError, RejectedRowsError

KEPT_ERRORS = 20
"""How many errors are shown; the others are counted."""


class RowSkippedError(Exception):
    """Ends the reading of a row that names a rejected one; never leaves the loaders."""


@dataclass(slots=True)
class FileCount:
    """What became of the rows of one file; each row read is used, or rejected, or skipped.

    A row is skipped where it names something whose own row was rejected: mending that row mends it too.
    """

    read: int = 0
    used: int = 0
    rejected: int = 0
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did.

    Attributes
    ----------
    load
        Number of the load; None where nothing was written (unchanged input, or a dry run).
    counts
        Rows written, by ``nodes``, ``relationships``, ``sources``, ``production``, ``claims``.
    files
        What became of the rows of each file.
    notices
        What the user should know, one sentence each.
    rejected
        The first errors, where rejected rows were allowed.
    rejected_total
        How many rows were rejected in all.
    is_unchanged
        Whether the same input is already loaded, so that there was nothing to do.
    is_dry_run
        Whether the load was only tried.
    """

    dataset: str
    load: int | None
    counts: dict[str, int] = field(default_factory=dict)
    files: dict[str, FileCount] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    rejected: tuple[DataError, ...] = ()
    rejected_total: int = 0
    is_unchanged: bool = False
    is_dry_run: bool = False


class RowAudit:
    """Counts rows and keeps the first errors.

    Parameters
    ----------
    max_rejects
        How many rejected rows a load survives; 0: none.
    """

    def __init__(self, max_rejects: int = 0) -> None:
        self.max_rejects = max_rejects
        self.files: dict[str, FileCount] = {}
        self.errors: list[DataError] = []
        self.total = 0
        self.notices: list[str] = []
        self._lost: dict[str, set[str]] = {}

    def open_file(self, name: str) -> FileCount:
        """Begin counting the rows of a file."""
        return self.files.setdefault(name, FileCount())

    def reject(self, error: DataError, *, lost: str | None = None) -> None:
        """Count a row as rejected.

        Parameters
        ----------
        lost
            The id that the row was to bring; None where it brings none.
        """
        self.total += 1
        if lost and error.file:
            self._lost.setdefault(error.file, set()).add(lost)
        if error.file in self.files:
            self.files[error.file].rejected += 1
        if len(self.errors) < KEPT_ERRORS:
            self.errors.append(error)

    def skip(self, file: str, *, lost: str | None = None) -> None:
        """Count a row as skipped because it names a rejected one; `lost` as for `reject`."""
        self.open_file(file).skipped += 1
        if lost:
            self._lost.setdefault(file, set()).add(lost)

    def is_lost(self, name: str, files: Iterable[str]) -> bool:
        """Say whether one of some files had a row with this id that was rejected or skipped."""
        return any(name in self._lost.get(file, ()) for file in files)

    def notice(self, text: str) -> None:
        """Keep something that the user should know, once."""
        if text not in self.notices:
            self.notices.append(text)

    def settle(self) -> None:
        """End the audit.

        Raises
        ------
        RejectedRowsError
            More rows were rejected than allowed.
        """
        if self.total > self.max_rejects:
            raise RejectedRowsError(self.errors, self.total)
        if self.total:
            rows = "1 row was" if self.total == 1 else f"{self.total} rows were"
            self.notice(f"{rows} rejected and left out")
        if skipped := sum(file.skipped for file in self.files.values()):
            rows = "1 row was" if skipped == 1 else f"{skipped} rows were"
            self.notice(f"{rows} left out too, because of what {'it names' if skipped == 1 else 'they name'}")


def suggest(name: str, known: Iterable[str]) -> str:
    """Say which known word was probably meant, as the end of a sentence; empty where none is near."""
    from rapidfuzz import fuzz, process

    best = process.extractOne(name, sorted(known), scorer=fuzz.ratio, score_cutoff=60)
    return f"; did you mean {best[0]!r}?" if best else ""


def list_names(names: Sequence[str], most: int = 5) -> str:
    """Join names for a sentence, and say how many are left out."""
    shown = ", ".join(names[:most])
    return shown + (f" and {len(names) - most} more" if len(names) > most else "")
