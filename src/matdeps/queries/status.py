"""The status of a control or disruption on a day, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Status:
    """What a restriction is on a day.

    Attributes
    ----------
    word
        in force, suspended, unknown, ended or announced.
    because
        The dates that decide it, in words.
    """

    word: str
    because: str


def find_status(attributes: Mapping[str, Any], as_of: str) -> Status:
    """Say what the status of a restriction is on a day.

    First and last days count as inside. A suspension that starts before the effective day counts. Where its end has
    passed and no later fact is loaded, nobody here knows what came after it.

    Parameters
    ----------
    attributes
        Of the Control or Disruption: `effective`, `ended`, `suspended_from`, `suspended_until`, ISO dates or missing.
    as_of
        ISO date.

    Examples
    --------
    >>> paused = {"effective": "2025-01-01", "suspended_from": "2025-06-01", "suspended_until": "2025-12-31"}
    >>> find_status(paused, "2025-12-31").word, find_status(paused, "2026-01-01").word
    ('suspended', 'unknown')
    """
    effective, ended = attributes.get("effective"), attributes.get("ended")
    since, until = attributes.get("suspended_from"), attributes.get("suspended_until")
    if ended and as_of > ended:
        return Status("ended", f"its last day was {ended}")
    if since and since <= as_of:
        if not until or as_of <= until:
            return Status("suspended", f"suspended from {since}" + (f" to {until}" if until else ", no end recorded"))
        return Status("unknown", f"its suspension ended on {until}, and nothing recorded says what came after")
    if effective and as_of < effective:
        return Status("announced", f"effective from {effective}")
    first = f"effective since {effective}" if effective else "no effective day recorded"
    return Status("in force", first + (f", until {ended}" if ended else ""))


def find_changes(attributes: Mapping[str, Any], as_of: str) -> list[tuple[str, Status]]:
    """List the days after a date on which the status changes as recorded, with the status from then on."""
    from datetime import date, timedelta

    days = {str(attributes[name]) for name in ("effective", "suspended_from") if attributes.get(name)}
    for name in ("ended", "suspended_until"):
        if attributes.get(name):
            days.add((date.fromisoformat(str(attributes[name])) + timedelta(days=1)).isoformat())
    changes = []
    word = find_status(attributes, as_of).word
    for day in sorted(day for day in days if day > as_of):
        status = find_status(attributes, day)
        if status.word != word:
            changes.append((day, status))
            word = status.word
    return changes
