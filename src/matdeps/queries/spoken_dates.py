"""The date of a question in words: one day, or a refusal that says why."""

import re
from datetime import date

from matdeps.graph.errors import ConfigError, QueryError

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH = "(?P<{0}>" + "|".join(f"{month[:3]}(?:t|{month[3:]})?" for month in _MONTHS if month != "may") + r"|may)\.?"
_BEFORE = r"(?:,?\s*\b(?:on|as of|as at|as on|per|at|in)\s+(?:the\s+)?)"
_YEAR = r"(?:19|20)\d\d"
# No CAS number (7440-27-9), HS code (2805.30) or id with a date in it (control:us-bis-2022-10-07) is a date.
_DAY = re.compile(
    rf"{_BEFORE}?(?P<day>"
    rf"(?<![\d.-])(?!\d+-\d\d-\d(?!\d))(?P<y1>{_YEAR})[-/](?P<m1>\d{{1,2}})[-/](?P<d1>\d{{1,2}})"
    r"|(?P<y2>\d{4})年(?P<m2>\d{1,2})月(?P<d2>\d{1,2})日"
    rf"|\b(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH.format('m3')},?\s+(?P<y3>\d{{4}})"
    rf"|\b{_MONTH.format('m4')}\s+(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y4>\d{{4}})"
    r"|\b(?P<d5>\d{1,2})\.\s?(?P<m5>\d{1,2})\.\s?(?P<y5>\d{4})"
    r"|\b(?P<a6>\d{1,2})/(?P<b6>\d{1,2})/(?P<y6>\d{4}))(?!\d)",
    re.IGNORECASE,
)
_TODAY = re.compile(r"(?:,?\s*\b(?:as of|on))?,?\s+(?:today|now|right now|currently)$", re.IGNORECASE)
_NO_DAY = re.compile(
    rf"\b(?:in|on|as of|during|for|at)\s+(?P<month>(?:{_MONTH.format('m7')}\s+)?(?P<year>(?:19|20)\d\d))$",
    re.IGNORECASE,
)


def take_date(text: str, *, today: str) -> tuple[str, str | None]:
    """Take the date out of a question.

    Parameters
    ----------
    today
        ISO date that "today" stands for.

    Returns
    -------
    tuple
        The question without it, and the ISO date; None where none is named.

    Raises
    ------
    QueryError
        Where a month or a year is named without a day, or two dates.
    ConfigError
        Where the date is none of the calendar, or can be read in two ways.
    """
    found = list(_DAY.finditer(text))
    if len(found) > 1:
        days = " and ".join(match["day"] for match in found)
        raise QueryError(f"a question has one date, this one names {days}", remedy="Ask once for each day.")
    if found:
        match = found[0]
        return " ".join((text[: match.start()] + " " + text[match.end() :]).split()).strip(" ,"), _read(match)
    if said := _TODAY.search(text):
        return text[: said.start()], today
    if vague := _NO_DAY.search(text):
        raise QueryError(
            f"{vague['month']!r} is no day; rules change within a month",
            remedy=f"Name the day, for instance: on {vague['year']}-07-01",
        )
    return text, None


def _read(match: re.Match[str]) -> str:
    text = match["day"]
    for form in "12345":
        if year := match[f"y{form}"]:
            return _make(text, int(year), _read_month(match[f"m{form}"]), int(match[f"d{form}"]))
    one, other, year = int(match["a6"]), int(match["b6"]), int(match["y6"])
    if one != other and one <= 12 and other <= 12:
        readings = f"{_make(text, year, one, other)} or {_make(text, year, other, one)}"
        raise ConfigError(f"the date {text!r} can be {readings}", remedy="Write it as year-month-day.")
    day, month = (one, other) if one > 12 else (other, one)
    return _make(text, year, month, day)


def _read_month(text: str) -> int:
    if text.isdecimal():
        return int(text)
    return next(number for number, month in enumerate(_MONTHS, 1) if month.startswith(text.casefold()[:3]))


def _make(text: str, year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise ConfigError(
            f"{text!r} is no day of the calendar",
            remedy="Write the date as year-month-day, for instance 2026-07-01.",
        ) from None
