"""What the commands on stores share: their options, and plain JSON."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import click


def store_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `graph`, `quiet` and `format_` to a command on a store."""
    for option in (
        click.option("-q", "--quiet", is_flag=True, help="No notices on standard error."),
        click.option("--format", "format_", type=click.Choice(("text", "json")), default="text", help="Default: text."),
        click.option(
            "--graph",
            envvar="MATDEPS_GRAPH",
            metavar="PATH",
            help="The store; also MATDEPS_GRAPH. Default: your own store.",
        ),
    ):
        function = option(function)
    return function


def to_json(value: Mapping[str, Any]) -> str:
    """Write one JSON object for people and programs."""
    return json.dumps({"schema_version": 1, **value}, ensure_ascii=False, indent=2)
