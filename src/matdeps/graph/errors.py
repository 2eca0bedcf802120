"""The whole error tree: every error names what, where and what to do, and knows its exit code."""

from collections.abc import Sequence
from typing import Any


class MatdepsError(Exception):
    """Base of every error that matdeps raises on purpose.

    Parameters
    ----------
    message
        What is wrong, with the value that is wrong.
    remedy
        What the reader can do about it; empty where nothing can be said.

    Attributes
    ----------
    exit_code
        Exit code of the command line: 2 configuration, 3 data, 4 question, 5 store.
    """

    exit_code = 1

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.where()}{self.message}" + (f"\n{self.remedy}" if self.remedy else "")

    def where(self) -> str:
        """Say where the error lies, as a prefix of the message; empty where there is no place to name."""
        return ""

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions with keyword-only arguments are not picklable by default; worker processes need them to be.
        return (_rebuild, (type(self), self.args, self.__dict__.copy()))


def _rebuild(kind: type[MatdepsError], args: tuple[Any, ...], state: dict[str, Any]) -> MatdepsError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class ConfigError(MatdepsError):
    """An option, a parameter or a path that cannot be meant."""

    exit_code = 2


class DataError(MatdepsError):
    """Input data that cannot be used.

    Parameters
    ----------
    file
        File name as given; None where the data came from memory.
    row
        Line number in the file, the header being 1; None where the whole file is meant.
    column
        Column name; None where the whole row is meant.
    """

    exit_code = 3

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        row: int | None = None,
        column: str | None = None,
        remedy: str = "",
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.file = file
        self.row = row
        self.column = column

    def where(self) -> str:
        """Name file, row and column, as far as they are known."""
        places = [self.file or ""]
        if self.row is not None:
            places.append(f"row {self.row}")
        if self.column is not None:
            places.append(f"column {self.column}")
        text = ", ".join(place for place in places if place)
        return f"{text}: " if text else ""


class SchemaError(DataError):
    """A file, a column or a property that the format does not know."""


class UnknownKindError(DataError):
    """A node kind or a relationship type that the schema does not know."""


class DuplicateIdError(DataError):
    """The same id, or the same link, twice in one dataset."""


class RowError(DataError):
    """A row with a value that cannot be used."""


class CountOutOfRangeError(DataError):
    """More rows, bytes or nesting than a loader takes."""


class RejectedRowsError(DataError):
    """Rows of a load were rejected, and the load as a whole with them.

    Parameters
    ----------
    errors
        The first errors found, in file order.
    total
        How many there are in all.
    """

    def __init__(self, errors: Sequence[DataError], total: int) -> None:
        more = f"\n... and {total - len(errors)} more" if total > len(errors) else ""
        super().__init__(
            "\n".join(str(error) for error in errors) + more,
            remedy=f"{total} row{'s' if total != 1 else ''} rejected; nothing was written.",
        )
        self.errors = list(errors)
        self.total = total


class QueryError(MatdepsError):
    """A question that cannot be answered as it stands."""

    exit_code = 4


class UnknownNodeError(QueryError):
    """A name that no node has.

    Parameters
    ----------
    name
        The name as given.
    suggestions
        Nearest names, best first, as shown to the reader.
    """

    def __init__(self, name: str, suggestions: Sequence[str] = ()) -> None:
        near = "Nearest names: " + "; ".join(suggestions) if suggestions else 'Try: matdeps find "part of the name"'
        super().__init__(f"no node is called {name!r}", remedy=near)
        self.name = name
        self.suggestions = list(suggestions)


class AmbiguousNodeError(QueryError):
    """A name that several nodes have.

    Parameters
    ----------
    name
        The name as given.
    candidates
        What tells the nodes apart, one text each, starting with the id.
    """

    def __init__(self, name: str, candidates: Sequence[str]) -> None:
        listed = "\n".join(f"  {candidate}" for candidate in candidates)
        super().__init__(f"{name!r} can mean {len(candidates)} nodes; name one by its id:\n{listed}")
        self.name = name
        self.candidates = list(candidates)


class LimitExceededError(QueryError):
    """An exact answer would take more work than allowed, and was refused rather than cut."""


class StoreError(MatdepsError):
    """The store cannot be used: missing, damaged, of another format."""

    exit_code = 5


class StoreUnavailableError(StoreError):
    """The store or server cannot be reached now; trying again may help."""


class StoreConflictError(StoreError):
    """Another process is writing to the store."""


class TooMuchMemoryError(StoreError):
    """A transaction took more memory than the server allows; a smaller one may fit."""
