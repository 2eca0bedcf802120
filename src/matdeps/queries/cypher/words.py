"""How a Cypher text for people is put together: parameters that are JSON, comments, and a statement of constants."""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from matdeps.graph.schema import FLOW_TYPES, KINDS, LINK_TYPES, ORGANISATIONS, Confidence, Surety, View

DAY: Final = "duration.inDays(date('0001-01-01'), date($as_of)).days + 1 AS day"
"""Links carry their first and last day as numbers of days, those of their ends included."""

COMPANY_TYPES: Final = tuple(sorted(name for name in FLOW_TYPES if LINK_TYPES[name].tails & ORGANISATIONS))
"""Flow types that leave organisations; a walk leaves one on the way by few of these links."""
ITEM_TYPES: Final = tuple(sorted(FLOW_TYPES - set(COMPANY_TYPES)))
ANY_FLOW: Final = "|".join(sorted(FLOW_TYPES))
ITEM_FLOW: Final = "|".join(ITEM_TYPES)
COMPANY_FLOW: Final = "|".join(COMPANY_TYPES)
_PARAMETER = re.compile(r":param (\w+) => (.*);")


_HOW_TO_PASTE = (
    "Neo4j Browser draws a statement that runs alone: paste and run the lines up to the first blank one, which set the",
    "parameters, then the rest.",
)


def make_text(title: str, comments: Iterable[str], parameters: Mapping[str, Any], statement: str) -> str:
    """Put a text together: what it answers, what to know, this question's parameters, the statement."""
    lines = [f"// {title}", *(f"// {line}" for line in (*comments, *_HOW_TO_PASTE))]
    lines += [f":param {name} => {_write(value)};" for name, value in parameters.items()]
    return "\n".join(lines) + f"\n\n{statement.strip()};\n"


def split_statement(text: str) -> tuple[dict[str, Any], str]:
    """Split a text into its parameters and its statement, as a driver takes them.

    Raises
    ------
    ValueError
        If a parameter is no JSON.
    """
    parameters: dict[str, Any] = {}
    lines = []
    for line in text.split("\n"):
        found = _PARAMETER.fullmatch(line)
        if found:
            parameters[found[1]] = json.loads(found[2])
        else:
            lines.append(line)
    return parameters, "\n".join(lines).strip().removesuffix(";")


def add_limit(text: str, limit: int) -> str:
    """Let a text give some rows only."""
    head, _, statement = text.partition("\n\n")
    return f"{head}\n:param limit => {limit};\n\n{statement.rstrip().removesuffix(';')}\nLIMIT $limit;\n"


def _write(value: Any) -> str:
    """Write a literal that JSON and Cypher read alike; what no terminal shows is escaped."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(
        char if char.isprintable() else f"\\u{ord(char):04x}" if char.isascii() else json.dumps(char)[1:-1]
        for char in text
    )


def make_comment(text: str) -> str:
    """Make a text fit to stand in a comment: one line, nothing that is not shown."""
    return "".join(char if char.isprintable() else "?" for char in text)


def on_day(link: str) -> str:
    """Write that a link is valid on the day."""
    return f"coalesce({link}._from, day) <= day <= coalesce({link}._to, day)"


def sure_enough(link: str) -> str:
    """Write that a link is sure enough, checked where asked, and valid on the day."""
    return f"{link}.confidence IN $confidence AND ({link}.checked OR NOT $checked) AND {on_day(link)}"


def make_labels(kinds: Collection[str]) -> str:
    """Write the labels of kinds as alternatives."""
    return "|".join(KINDS[kind].label for kind in KINDS if kind in kinds)


def list_confidences(least: Confidence) -> list[str]:
    """List the confidences that are sure enough."""
    return [one.name for one in Confidence if one <= least]


def list_classes(through: View) -> list[list[list[str]]]:
    """List the classes of paths, best first: the certainties and the views of the links of each."""
    return [
        [[one.name for one in Surety if one <= surety], [one.name for one in View if one <= view]]
        for surety in Surety
        for view in View
        if view <= through
    ]
