"""Checks of single values: each takes a value, gives what the graph keeps, or says what is wrong.

They are run by pydantic-core, over the columns of a row (`RowSchema`) and the properties of a link.
"""

import json
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from pydantic_core import PydanticCustomError, SchemaValidator, ValidationError, core_schema

from matdeps.graph.errors import DataError, RowError, UnknownKindError
from matdeps.graph.schema import KINDS
from matdeps.loaders.audit import suggest

Check = Callable[[Any], Any]
_ID = re.compile(r"[a-z]+:[A-Za-z0-9][A-Za-z0-9._-]*")
_SOURCE_ID = re.compile(r"[^\s|,]+")
_SOURCE_DATE = re.compile(r"(?:\d{4}(?:-(?:0[1-9]|1[0-2]))?)?")
_RANGE = re.compile(r"(\d+(?:\.\d+)?)\s*-\s*(\d+(?:\.\d+)?)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DEEPEST = 50
"""Levels of nesting: far below what would exhaust the stack of whoever reads the value again."""
_EMPTY_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
_EMPTY = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
"""Characters that show nothing although their category says otherwise: fillers, blanks, variation selectors."""
_MOST_DIGITS = 300
"""What still fits into a floating-point number."""


def problem(text: str, remedy: str = "", *, kind: str = "value") -> PydanticCustomError:
    """Make the error that a check raises."""
    return PydanticCustomError(kind, "{text}", {"text": text, "remedy": remedy})


class RowSchema:
    """Checks of the named values of a row, run together.

    Parameters
    ----------
    checks
        The check of each name.
    """

    def __init__(self, checks: Mapping[str, Check], *, allow_others: bool = False) -> None:
        fields = {
            name: core_schema.typed_dict_field(core_schema.no_info_plain_validator_function(check), required=False)
            for name, check in checks.items()
        }
        self.names = tuple(checks)
        self._validator = SchemaValidator(
            core_schema.typed_dict_schema(fields, extra_behavior="allow" if allow_others else "forbid")
        )

    def check(self, values: Mapping[str, Any], *, file: str, row: int, column: str | None = None) -> dict[str, Any]:
        """Check values and give what the graph keeps.

        Parameters
        ----------
        column
            The column that all the values stand in; None where each has its own.

        Raises
        ------
        DataError
            For the first value that is wrong.
        """
        try:
            checked: dict[str, Any] = self._validator.validate_python(values)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            name = str(first["loc"][0]) if first["loc"] else ""
            remedy = str(first.get("ctx", {}).get("remedy", ""))
            text = first["msg"] if column is None else f"property {name!r}: {first['msg']}"
            kind: type[DataError] = UnknownKindError if first["type"] == "unknown_kind" else RowError
            raise kind(text, file=file, row=row, column=column or name, remedy=remedy) from error
        return checked


# -- text ------------------------------------------------------------------------------------------------
def check_text(value: Any) -> str:
    """Take any text."""
    if not isinstance(value, str):
        raise problem(f"{value!r} is no text")
    return value


def check_filled(value: Any) -> str:
    """Take text that is not blank, and shows something."""
    text = check_text(value)
    if not text.strip():
        raise problem("the value is empty", "Fill it in.")
    if not shows_something(text):
        raise problem(f"{text!a} shows nothing", "Write it with characters that can be seen.")
    return text


def shows_something(text: str) -> bool:
    """Say whether a text has a character that can be seen."""
    return any(unicodedata.category(char) not in _EMPTY_CATEGORIES and not _EMPTY.match(char) for char in text)


def check_words(value: str) -> tuple[str, ...]:
    """Take a list separated by ``|``; order stays, blanks and repetitions go; each word shows something."""
    words = tuple(dict.fromkeys(part for word in value.split("|") if (part := word.strip())))
    for word in words:
        if not shows_something(word):
            raise problem(f"{word!a} shows nothing", "Write it with characters that can be seen.")
    return words


def check_id(value: Any) -> str:
    """Take an id, ``kind:slug``."""
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise problem(
            f"{value!r} is no id",
            "An id is kind:slug, such as material:terbium; the slug has letters a-z, digits, '-', '_' and '.'.",
        )
    return value


def check_source_id(value: str) -> str:
    """Take the id of a source: no blanks, commas or bars."""
    if not _SOURCE_ID.fullmatch(value):
        raise problem(f"{value!r} is no id of a source", "It has no blanks, commas or bars.")
    return value


def make_choice(words: Iterable[str], *, or_empty: bool = False, kind: str = "value") -> Check:
    """Make the check of a value that is one of some words."""
    known = tuple(words)
    listed = ", ".join(known) + (" (or empty)" if or_empty else "")

    def check(value: Any) -> Any:
        if value in known if isinstance(value, str) else False:
            return value
        if or_empty and value == "":
            return value
        near = suggest(value, known) if isinstance(value, str) else ""
        raise problem(f"unknown value {value!r}{near}", f"One of: {listed}.", kind=kind)

    return check


check_kind = make_choice((name for name in KINDS if name not in {"control", "disruption"}), kind="unknown_kind")


def check_url(value: str) -> str:
    """Take a web address or nothing; other schemes could run in a page that links to them."""
    if value and not value.startswith(("http://", "https://")):
        raise problem(f"{value!r} is no web address", "It begins with http:// or https://, or is empty.")
    return value


# -- numbers and dates -----------------------------------------------------------------------------------
def check_number(value: Any) -> float | int:
    """Take a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise problem(f"{value!r} is no number", "A plain number, without quotes or unit.")
    return value


def check_share(value: Any) -> float | int:
    """Take a share, 0..1."""
    share = check_number(value)
    if not 0 <= share <= 1:
        raise problem(f"{value!r} is no share", "A share lies between 0 and 1 (0.25 for 25 %).")
    return share


def check_mass_fraction(value: Any) -> Any:
    """Take a fraction 0..1, or a range ``a-b`` of fractions."""
    if isinstance(value, str):
        ends = _RANGE.fullmatch(value.strip())
        if ends is not None and float(ends[1]) <= float(ends[2]) <= 1:
            return value
    elif not isinstance(value, bool) and isinstance(value, int | float) and 0 <= value <= 1:
        return value
    raise problem(f"{value!r} is no mass fraction", "A number between 0 and 1, or a range such as 0.01-0.03.")


def check_year(value: Any) -> int:
    """Take a calendar year of four digits."""
    text = str(value)
    if isinstance(value, bool) or not re.fullmatch(r"\d{4}", text):
        raise problem(f"{value!r} is no year", "Four digits.")
    return int(text)


def check_year_number(value: Any) -> int:
    """Take a calendar year as a JSON number."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise problem(f"{value!r} is no year", "Four digits, without quotes.")
    return check_year(value)


def check_bool(value: Any) -> bool:
    """Take true or false."""
    if not isinstance(value, bool):
        raise problem(f"{value!r} is neither true nor false", "Write true or false, without quotes.")
    return value


def read_number(value: str) -> float | None:
    """Read a number from a cell; empty is None."""
    if value == "":
        return None
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or "_" in value:
        raise problem(f"{value!r} is no number", "Digits with a decimal point, without blanks or thousands marks.")
    return number


def read_amount(value: str) -> float | None:
    """Read an amount, 0 or more, from a cell; empty is None."""
    number = read_number(value)
    if number is not None and number < 0:
        raise problem(f"{value!r} is below 0", "An amount is 0 or more; leave it empty where it is not known.")
    return number


def read_share(value: str) -> float | None:
    """Read a share, 0..1, from a cell; empty is None."""
    number = read_number(value)
    return None if number is None else float(check_share(number))


def read_flag(value: str) -> bool:
    """Read true, false or nothing (false) from a cell."""
    if value not in {"", "true", "false"}:
        raise problem(f"{value!r} is neither true nor false", "Write true, false, or nothing.")
    return value == "true"


def check_day(value: Any) -> str:
    """Take an ISO date."""
    try:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise ValueError
        date.fromisoformat(value)
    except ValueError:
        raise problem(f"{value!r} is no date", "ISO: year-month-day, such as 2026-07-01.") from None
    return value


def read_day(value: str) -> str | None:
    """Read an ISO date from a cell; empty is None."""
    return check_day(value) if value else None


def check_source_date(value: str) -> str:
    """Take an ISO date, a year and month, a year, or nothing."""
    if not _SOURCE_DATE.fullmatch(value):
        check_day(value)
    return value


# -- JSON ------------------------------------------------------------------------------------------------
def read_object(value: str) -> dict[str, Any]:
    """Read a JSON object: no key twice, no NaN or infinity, nothing that UTF-8 cannot hold; empty is ``{}``."""
    if value in {"", "{}"}:
        return {}
    try:
        found = json.loads(
            value,
            object_pairs_hook=_make_object,
            parse_constant=_refuse_constant,
            parse_float=_read_float,
            parse_int=_read_int,
        )
        if value.count("[") + value.count("{") > _DEEPEST and _is_too_deep(found):
            raise RecursionError
        if "\\u" in value:
            # Half of a surrogate pair is valid JSON, and no text.
            json.dumps(found, ensure_ascii=False).encode("utf-8")
    except RecursionError:
        raise problem("JSON nested too deep", "Make it flatter.") from None
    except ValueError as error:
        raise problem(
            f"not a JSON object: {_shorten(value)} ({error})",
            'A JSON object is, for instance, {"share": 0.25} or {}.',
        ) from None
    if not isinstance(found, dict):
        raise problem(f"not a JSON object: {_shorten(value)}", 'A JSON object is, for instance, {"share": 0.25} or {}.')
    return found


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        containers = [one for one in level if isinstance(one, dict | list)]
        level = [part for one in containers for part in (one.values() if isinstance(one, dict) else one)]
        if not level:
            return False
    return True


def _make_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} stands twice")
    return made


def _refuse_constant(text: str) -> Any:
    raise ValueError(f"{text} is no JSON number")


def _read_float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is too large")
    return number


def _read_int(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise ValueError("a number has too many digits")
    return int(text)


def _shorten(text: str, most: int = 60) -> str:
    return repr(text if len(text) <= most else text[:most] + "...")
