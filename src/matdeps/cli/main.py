"""The entry of the command line: finds the command, and turns errors into messages and exit codes."""

import os
import sys
from typing import Any

import click

from matdeps import __version__
from matdeps.cli.command import CONTEXT_SETTINGS
from matdeps.cli.output import is_fault_of_stdout, tell
from matdeps.cli.registry import COMMANDS, LATER, load_command
from matdeps.graph.errors import MatdepsError

INTERRUPTED = 130
USAGE = 2


class _PipeClosedError(Exception):
    """The reader of standard output has gone; click would make it exit code 1."""


class LazyGroup(click.Group):
    """A group that imports a command only when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the names in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command; None where there is none of that name."""
        return load_command(cmd_name) if cmd_name in COMMANDS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which was probably meant."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            ctx.fail(_refuse(name))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands under their headings, from data alone."""
        for section in dict.fromkeys(entry.section for entry in COMMANDS.values()):
            with formatter.section(section):
                formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items() if entry.section == section])

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Parse; help is written here, so a closed pipe is met here too."""
        try:
            return super().make_context(*args, **extra)
        except BrokenPipeError as error:
            raise _PipeClosedError from error

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise _PipeClosedError from error


def _refuse(name: str) -> str:
    if name in LATER:
        return f"{name!r} is not in this version of matdeps."
    from difflib import get_close_matches

    near = get_close_matches(name, [*COMMANDS, *LATER], n=1)
    if not near:
        return f"no command is called {name!r}."
    more = " (not in this version of matdeps)" if near[0] in LATER else ""
    return f"no command is called {name!r}; did you mean {near[0]!r}{more}?"


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings=CONTEXT_SETTINGS,
)
@click.version_option(__version__, "-V", "--version", prog_name="matdeps", message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Ask what depends on a controlled material, through what, and how surely.

    \b
    matdeps ask "what depends on terbium"
    matdeps COMMAND --help
    """  # noqa: D301 - click reads the backspace, not the text
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def run(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal of another encoding gets escapes where it cannot show a name, instead of a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    code = _run(arguments)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_stdout()
    except OSError as error:
        code = _refuse_stdout(error)
    sys.exit(code)


def _run(arguments: list[str] | None) -> int:
    try:
        result = cli.main(arguments, prog_name="matdeps", standalone_mode=False)
    except _PipeClosedError:
        _drop_stdout()
        return 0
    except MatdepsError as error:
        from matdeps.views.inert import neutralise

        tell(f"Error: {neutralise(str(error), keep_lines=True)}")
        return error.exit_code
    except click.ClickException as error:
        _show_usage_error(error)
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        tell("Interrupted.")
        return INTERRUPTED
    except OSError as error:
        if not is_fault_of_stdout(error):
            raise
        return _refuse_stdout(error)
    return result if isinstance(result, int) else 0


def _show_usage_error(error: click.ClickException) -> None:
    tell(f"Error: {error.format_message()}")
    context = getattr(error, "ctx", None)
    if context is not None:
        tell(f"See: {context.command_path} --help")


def _refuse_stdout(error: OSError) -> int:
    _drop_stdout()
    tell(f"Error: cannot write to standard output: {error.strerror or error}")
    return USAGE


def _drop_stdout() -> None:
    """Let the interpreter flush what is left into nothing, silently."""
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
    except (OSError, ValueError):
        pass
