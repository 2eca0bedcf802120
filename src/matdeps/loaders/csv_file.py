"""One CSV file, read strictly: UTF-8, commas, the columns of the format, every quote closed."""

import csv
import hashlib
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path

from matdeps.graph.errors import CountOutOfRangeError, RowError, SchemaError
from matdeps.loaders.audit import RowAudit, suggest

Progress = Callable[[str, int], None]
PROGRESS_ROWS = 20_000
_BLOCK = 1 << 20
_RESAVE = "Save it as CSV in UTF-8 (in a spreadsheet: 'CSV UTF-8')."


def read_rows(
    path: Path,
    columns: Sequence[str],
    audit: RowAudit,
    *,
    optional: Sequence[str] = (),
    progress: Progress | None = None,
) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the rows of a file: line number (the header is 1), and values in the order of `columns`, `optional`.

    Rows with too few or too many values are rejected by the audit; blank lines are passed over. Optional columns
    that the file lacks are empty.

    Raises
    ------
    SchemaError
        The header is not that of the format.
    RowError
        The file cannot be read on: bytes that are not UTF-8, NUL bytes, a quote that is never closed.
    CountOutOfRangeError
        A value is too long to be meant.
    """
    count = audit.open_file(path.name)
    row, read, told = 1, 0, PROGRESS_ROWS
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = next(reader, None) or []
            _demand_header(path.name, header, columns, optional)
            width = len(header)
            pick = _make_pick(header, [*columns, *optional])
            row = reader.line_num + 1
            for values in reader:
                if len(values) == width:
                    read += 1
                    yield row, values if pick is None else pick(values)
                    if read >= told and progress is not None:
                        progress(path.name, read)
                        told = read + PROGRESS_ROWS
                elif values:
                    read += 1
                    place = header.index("id") if "id" in header else len(values)
                    lost = values[place] if place < len(values) else None
                    audit.reject(_make_width_error(path.name, row, header, values), lost=lost)
                row = reader.line_num + 1
        if progress is not None:
            progress(path.name, read)
    except csv.Error as error:
        raise _explain(path.name, row, error) from error
    except UnicodeDecodeError as error:
        raise _find_bad_bytes(path, row) from error
    finally:
        count.read = read


def hash_text(path: Path, digest: "hashlib._Hash") -> None:
    """Add the bytes of a text file to a digest.

    Raises
    ------
    SchemaError
        The file cannot be opened.
    RowError
        The file holds NUL bytes, which no text does.
    """
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                if b"\0" in block:
                    raise _find_nul(path)
    except OSError as error:
        raise SchemaError(f"cannot read the file: {error.strerror}", file=path.name) from error


def _find_nul(path: Path) -> RowError:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if number == 1 and line.startswith((b"\xff\xfe", b"\xfe\xff")):
                return RowError("the file is UTF-16, not UTF-8", file=path.name, row=1, remedy=_RESAVE)
            if b"\0" in line:
                text = "the line holds NUL bytes, which no text does"
                return RowError(text, file=path.name, row=number, remedy=_RESAVE)
    return RowError("the file holds NUL bytes, which no text does", file=path.name, remedy=_RESAVE)


def _demand_header(file: str, header: list[str], columns: Sequence[str], optional: Sequence[str]) -> None:
    known = [*columns, *optional]
    listed = ", ".join(columns) + (f" (optional: {', '.join(optional)})" if optional else "")
    remedy = f"The columns are: {listed}"
    if not header:
        raise SchemaError("the file has no header row", file=file, row=1, remedy=remedy)
    for delimiter, word in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and delimiter in header[0]:
            raise SchemaError(
                f"the values are separated by {word}",
                file=file,
                row=1,
                remedy="Save it with commas between values.",
            )
    for index, name in enumerate(header):
        if name not in known:
            near = suggest(name, (column for column in known if column not in header))
            raise SchemaError(f"unknown column {name!r}{near}", file=file, row=1, column=name, remedy=remedy)
        if name in header[:index]:
            raise SchemaError(f"the column {name!r} stands twice", file=file, row=1, column=name, remedy=remedy)
    for name in columns:
        if name not in header:
            raise SchemaError(f"the column {name!r} is missing", file=file, row=1, column=name, remedy=remedy)


def _make_pick(header: Sequence[str], wanted: Sequence[str]) -> Callable[[list[str]], Sequence[str]] | None:
    """Make what puts the values of a row in the order wanted; None where they are in it already."""
    if list(header) == list(wanted):
        return None
    places = [header.index(name) if name in header else -1 for name in wanted]
    if -1 in places:
        # A column that the file lacks is read off an empty value behind the row.
        take = itemgetter(*places)
        return lambda values: take([*values, ""])
    return itemgetter(*places)


def _make_width_error(file: str, row: int, header: Sequence[str], values: Sequence[str]) -> RowError:
    if len(values) < len(header):
        text, column = f"the row has {len(values)} values, not {len(header)}", header[len(values)]
        remedy = "Fill in the missing commas; if the file ends here, it was cut off."
    else:
        text, column = f"the row has {len(values)} values, not {len(header)}", None
        remedy = "Put values that hold a comma in double quotes."
    return RowError(text, file=file, row=row, column=column, remedy=remedy)


def _explain(file: str, row: int, error: csv.Error) -> RowError | CountOutOfRangeError:
    text = str(error)
    if "unexpected end of data" in text:
        return RowError(
            "a double quote opens here and is never closed",
            file=file,
            row=row,
            remedy="Close the quote; if the file ends too early, it was cut off.",
        )
    if "field limit" in text:
        return CountOutOfRangeError(
            f"a value is longer than {csv.field_size_limit()} characters",
            file=file,
            row=row,
            remedy="Look for a double quote that is never closed.",
        )
    return RowError(f"not well-formed CSV: {text}", file=file, row=row, remedy="Double a quote inside a quoted value.")


def _find_bad_bytes(path: Path, row: int) -> RowError:
    """Find the line whose bytes are not UTF-8: the decoder reads ahead and does not know it."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                bad = line[error.start : error.start + 4].hex(" ")
                return RowError(f"bytes that are not UTF-8: {bad}", file=path.name, row=number, remedy=_RESAVE)
    return RowError("bytes that are not UTF-8", file=path.name, row=row, remedy=_RESAVE)
