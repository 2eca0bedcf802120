"""The command that makes an answer again, spelled from the parameters that the answer states."""

import shlex
from collections.abc import Mapping
from typing import Any

from matdeps.graph.schema import KINDS
from matdeps.views.protocols import AnswerLike

_POSITIONS = ("start", "node", "text", "target")
_DEFAULTS: Mapping[str, Any] = {
    "through": "consumed",
    "confidence": "inferred",
    "by": "plant",
    "k": 3,
}
"""What need not be typed."""


def spell_command(answer: AnswerLike, *, graph: str | None = None, more: Mapping[str, str | None] | None = None) -> str:
    """Spell the command of an answer.

    Parameters
    ----------
    graph
        What `--graph` says; None: `reference` for the built-in graph, else nothing.
    more
        Further options that the answer does not state, by their flags; None is not typed.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> info = SimpleNamespace(name="reference")
    >>> asked = {"start": ["material:terbium"], "through": "all", "direct": True, "as_of": "2026-07-01"}
    >>> spell_command(SimpleNamespace(query="exposed", parameters=asked, graph=info))
    'matdeps exposed material:terbium --through all --direct --as-of 2026-07-01 --graph reference'
    """
    asked = answer.parameters
    words = ["matdeps", answer.query]
    for name in _POSITIONS:
        value = asked.get(name)
        words += [value] if isinstance(value, str) else [str(one) for one in value or ()]
    for name, value in asked.items():
        if name in _POSITIONS or value is None or value is False or value == [] or _DEFAULTS.get(name) == value:
            continue
        words.append("-k" if name == "k" else f"--{name.replace('_', '-')}")
        if value is not True:
            words.append(_spell(name, value))
    named = graph or ("reference" if answer.graph.name == "reference" else None)
    options = {"--graph": named, **(more or {})}
    return shlex.join([*words, *(word for flag, value in options.items() if value for word in (flag, value))])


def _spell(name: str, value: Any) -> str:
    if isinstance(value, list | tuple):
        kinds = [str(one) for one in value]
        return "all" if name == "kind" and set(kinds) >= KINDS.keys() else ",".join(kinds)
    return str(value)
