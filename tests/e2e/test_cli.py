"""The command line as people and scripts meet it: a process, its output, its exit code."""

import csv
import io
import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from tests.e2e.cli_place import Place

from matdeps.cli.main import cli
from matdeps.cli.registry import COMMANDS, LATER, iter_commands

DAY = ("--as-of", "2026-07-01")
REFERENCE = ("--graph", "reference", *DAY)


# -- help --------------------------------------------------------------------------------------------------------------
def test_top_help_needs_nothing_heavy(place: Place) -> None:
    code = (
        "import sys; from matdeps.cli.main import run\n"
        "try: run(['--help'])\n"
        "except SystemExit as end: assert not end.code\n"
        "heavy = {'numpy', 'sqlite3', 'pydantic', 'networkx', 'rich', 'rapidfuzz', 'matdeps.queries', 'matdeps.api'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "assert not [name for name in sys.modules if name.startswith('matdeps.cli.') and name.split('.')[2] in "
        "{'chains', 'facts', 'lookups', 'loading', 'keeping', 'asking', 'checking'}]"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=place.make_environment(), check=False
    )
    assert done.returncode == 0, done.stderr
    for name, entry in COMMANDS.items():
        assert f"{name} " in done.stdout
        assert entry.help in done.stdout


@pytest.mark.parametrize("name", dict(iter_commands()))
def test_help_of_each_command(name: str) -> None:
    command = dict(iter_commands())[name]
    result = CliRunner().invoke(cli, [*name.split(), "--help"], prog_name="matdeps")
    assert result.exit_code == 0
    assert "Examples:" in result.output
    assert f"matdeps {name}" in result.output
    if name in COMMANDS:
        assert command.get_short_help_str(200) == COMMANDS[name].help
    assert 1 <= len(command.examples) <= 3


# Those of `neo4j` need a server: tests/neo4j asks one.
EXAMPLES = [line for name, command in iter_commands() for line, _ in command.examples if not name.startswith("neo4j")]
CHANGES = {"load", "unload", "export", "check"}


@pytest.mark.parametrize("line", EXAMPLES)
def test_examples_run(line: str, request: pytest.FixtureRequest) -> None:
    words = shlex.split(line)
    assert words[0] == "matdeps"
    there: Place = request.getfixturevalue("own" if words[1] in CHANGES else "made")
    done = there.call(*words[1:])
    assert done.code == 0, done.err
    assert done.out or "-o" in words


def test_version_and_bare_call(place: Place) -> None:
    assert place.run("--version").out.startswith("matdeps ")
    bare = place.run()
    assert (bare.code, bare.err) == (0, "")
    assert "Usage: matdeps" in bare.out


# -- names that are not there ------------------------------------------------------------------------------------------
def test_unknown_command_suggests_the_nearest(place: Place) -> None:
    place.run("exposd", "terbium").check_error(2, "'exposd'", "did you mean 'exposed'?")
    place.call("zzzzzz").check_error(2, "no command is called 'zzzzzz'")


def test_commands_of_later_versions(place: Place) -> None:
    place.call("chokepoints").check_error(2, "'chokepoints' is not in this version")
    assert not LATER & set(COMMANDS)


def test_a_server_that_is_not_there_is_named(place: Place) -> None:
    for arguments in (["exposed", "terbium", "--engine", "neo4j"], ["neo4j", "status"], ["neo4j", "push"]):
        done = place.run(*arguments, NEO4J_URI="bolt://127.0.0.1:9", NEO4J_PASSWORD="a secret word")
        assert done.code == 5, done.err
        assert "bolt://127.0.0.1:9" in done.err
        assert "secret" not in done.err + done.out
        assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["exposed", "terbum"], 4, ["'terbum'", "material:terbium"]),
        (["exposed", "terbium", "--limit", "-1"], 2, ["--limit -1", "0 gives all"]),
        (["exposed", "terbium", "--max-tier", "-1"], 2, ["-1", "1 or more"]),
        (["exposed", "terbium", "--min-share", "1.5"], 2, ["1.5", "between 0 and 1"]),
        (["exposed", "terbium", "--kind", "gadget"], 2, ["'gadget'", "material"]),
        (["exposed", "terbium", "--as-of", "2026-02-30"], 2, ["2026-02-30", "2026-07-01"]),
        (["exposed", "terbium", "--loaded-as-of", "yesterday"], 2, ["'yesterday'"]),
        (["exposed", "terbium", "--loaded-as-of", "2001-01-01"], 2, ["2001-01-01"]),
        (["exposed", "terbium", "--engine", "neo4j", "--loaded-as-of", "2026-07-01"], 2, ["not its history"]),
        (["exposed", "terbium", "--format", "yaml"], 2, ["yaml", "json"]),
        (["exposed", "terbium", "--as_of", "2026-07-01"], 2, ["--as-of"]),
        (["exposed"], 2, ["NODE"]),
        (["exposed", " "], 2, ["empty name"]),
        (["exposed", "-"], 2, ["standard input"]),
        (["exposed", "terbium", "-o", "."], 2, ["is a folder"]),
        (["exposed", "terbium", "-o", "nowhere/answer.txt"], 2, ["no folder nowhere"]),
        (["exposed", "terbium", "--graph", "nowhere"], 5, ["no store at nowhere", "matdeps load"]),
        (["queries", "nope"], 2, ["'nope'", "exposed"]),
        (["unload", "ours"], 5, ["no store yet", "matdeps load"]),
        (["unload", "ours", "--graph", "reference"], 2, ["built in"]),
        (["load", "graph", "x", "--graph", "reference"], 2, ["built in"]),
        (["load", "graph"], 2, ["DIR"]),
        (["load", "grahp", "x"], 2, ["'grahp'", "'graph'"]),
        (["load", "graph", "nowhere"], 2, ["nowhere"]),
        (["load", "graph", "a", "b", "--as", "one"], 2, ["one at a time"]),
        (["load", "reference", "x"], 2, ["takes no path"]),
        (["check", "--fail-on", "rust"], 2, ["'rust'", "damage"]),
    ],
)
def test_errors_say_what_and_what_to_do(
    place: Place, arguments: Sequence[str], code: int, words: Sequence[str]
) -> None:
    done = place.call(*arguments)
    done.check_error(code, *words)
    assert not done.out
    assert not (place.home / "data").exists()


# -- answers -----------------------------------------------------------------------------------------------------------
TOP = {"schema_version", "generated_by", "engine", "query", "parameters", "graph", "summary", "rows"}
NODE = {"id", "name", "kind"}
CHAIN = {*NODE, "tier", "through", "certainty", "minor", "confidence", "unchecked", "start", "start_share", "path"}
KEYS = {
    "exposed": (["terbium"], CHAIN),
    "depends": (["program:f-15j-upgrade"], CHAIN),
    "why": (
        ["terbium", "program:f-15j-upgrade"],
        {"rank", "by", "length", "certainty", "confidence", "oldest", "path"},
    ),
    "sources": (["terbium"], {"country", "share", "year", "stage", "status", "confidence", "sources"}),
    "controls": (
        ["terbium", "--to", "Japan"],
        {*NODE, "status", "binds", "to", "use", "since", "until", "sources"},
    ),
    "claims": ([], {*NODE, "status", "nodes", "sources"}),
    "find": (["terbium"], NODE),
    "show": (["terbium"], {"id", "name"}),
    "coverage": ([], NODE),
}


@pytest.mark.parametrize("query", KEYS)
def test_json_has_the_keys_of_the_contract(place: Place, query: str) -> None:
    arguments, keys = KEYS[query]
    answer = place.ask(query, *arguments, *REFERENCE)
    assert set(answer) >= TOP
    assert answer["schema_version"] == 1
    assert answer["query"] == query
    assert answer["engine"] == "embedded"
    assert set(answer["graph"]) >= {"name", "version", "nodes", "relationships"}
    assert set(answer["summary"]) >= {"truncated", "notes"}
    assert answer["rows"]
    assert all(set(row) >= keys for row in answer["rows"])
    if "path" in keys:
        hop = answer["rows"][0]["path"][0]
        assert set(hop) >= {
            "from", "type", "to", "key", "sentence", "confidence", "checked", "sources", "anchor",
        }  # fmt: skip
    if query == "sources":
        assert set(answer["summary"]) >= {"hhi", "known_share", "outside"}


def test_both_engines_give_the_same_rows(place: Place) -> None:
    one = place.ask("exposed", "terbium", *REFERENCE)
    other = place.ask("exposed", "terbium", *REFERENCE, "--engine", "networkx")
    assert other["engine"] == "networkx"
    assert (one["rows"], one["summary"]) == (other["rows"], other["summary"])


def test_formats(place: Place, tmp_path: Path) -> None:
    rows = place.ask("exposed", "terbium", *REFERENCE)["rows"]
    lines = place.call("exposed", "terbium", *REFERENCE, "--format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == rows
    table = place.call("exposed", "terbium", *REFERENCE, "--format", "csv").out
    assert [row["id"] for row in csv.DictReader(io.StringIO(table, newline=""))] == [row["id"] for row in rows]
    assert "|" in place.call("exposed", "terbium", *REFERENCE, "--format", "md").out
    # The suffix of the file says the format, unless --format does.
    file = tmp_path / "answer.json"
    assert place.call("exposed", "terbium", *REFERENCE, "-o", str(file)).code == 0
    assert json.loads(file.read_text("utf-8"))["rows"] == rows


def test_limits(place: Place) -> None:
    cut = place.ask("exposed", "terbium", *REFERENCE, "--limit", "3")
    assert len(cut["rows"]) == 3
    assert cut["summary"]["truncated"] is True
    whole = place.ask("exposed", "terbium", *REFERENCE, "--limit", "0")
    assert len(whole["rows"]) == cut["summary"]["hits"]
    short = place.call("exposed", "terbium", *REFERENCE, "--limit", "1").out
    long = place.call("exposed", "terbium", *REFERENCE, "--limit", "0").out
    assert len(short.splitlines()) < len(long.splitlines())
    assert "more" in short
    found = place.call("find", "oxide", *REFERENCE, "--limit", "0", "--format", "jsonl").out
    assert len(found.splitlines()) > 20


def test_names_from_standard_input(place: Place) -> None:
    done = place.run("exposed", "-", *REFERENCE, "--format", "json", stdin="\ufeffterbium\n\n 镓 \n".encode())
    assert json.loads(done.out)["parameters"]["start"] == ["material:terbium", "material:gallium"]
    place.run("exposed", "-", *REFERENCE, stdin=b"terbium\n\xff\n").check_error(3, "row 2", "UTF-8")
    piped = place.run("show", "-", *REFERENCE, stdin=b"terbium\nDy\n")
    assert "Dysprosium" in piped.out


def test_options_may_follow_or_precede(place: Place) -> None:
    before = place.call("exposed", *REFERENCE, "--kind", "program", "--direct", "Tb", "--format", "json")
    after = place.call(
        "exposed",
        "Tb",
        "--format",
        "json",
        "--direct",
        "--kind",
        "program",
        "--on",
        "2026-07-01",
        "--graph",
        "reference",
    )
    assert before.out == after.out


def test_options_that_say_nothing_are_named(place: Place) -> None:
    done = place.call("sources", "terbium", *REFERENCE, "--through", "all", "--checked")
    assert done.code == 0
    assert "--through and --checked say nothing to 'sources'" in done.err
    assert place.call("claims", "--graph", "reference", *DAY, "-q").err == ""


def test_notices_go_to_standard_error(place: Place, made: Place) -> None:
    done = place.run("exposed", "terbium", *DAY)
    assert "built-in reference graph" in done.err
    assert "Answering from" not in done.out
    assert place.call("exposed", "terbium", *DAY, "-q").err == ""
    assert "own store" in made.call("exposed", "terbium", *DAY).err
    assert " ms" in place.call("exposed", "terbium", *REFERENCE, "-v").err
    assert made.run("exposed", "PN-4711", *DAY, MATDEPS_GRAPH="store").err == ""


def test_colour(place: Place) -> None:
    question = ("exposed", "terbium", *REFERENCE)
    assert "\x1b[" not in place.call(*question).out
    assert "\x1b[" in place.run(*question, "--color", "always", NO_COLOR="1").out
    assert "\x1b[" in place.run(*question, FORCE_COLOR="1").out
    assert "\x1b[" not in place.run(*question, FORCE_COLOR="1", NO_COLOR="1").out
    assert "\x1b[" not in place.run(*question, "--color", "never", FORCE_COLOR="1").out


def test_output_file_is_replaced_whole(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "answer.txt"
    file.write_text("old", "utf-8")
    done = place.run("exposed", "terbium", *REFERENCE, "-o", str(file), FORCE_COLOR="1")
    assert (done.code, done.out) == (0, "")
    assert f"Written: {file}" in done.err
    assert file.read_text("utf-8") == place.call("exposed", "terbium", *REFERENCE).out
    assert list(tmp_path.iterdir()) == [file]
    place.call("exposed", "terbum", *REFERENCE, "-o", str(file)).check_error(4)
    assert file.stat().st_size > 3


@pytest.mark.skipif(os.name == "nt", reason="pipes close otherwise on Windows")
def test_closed_pipe_is_quiet(place: Place) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "matdeps", "exposed", "China", *REFERENCE, "--kind", "all", "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=place.make_environment(),
    )
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(1) == b"{"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="no terminal to open on Windows")
def test_interrupt_exits_130(place: Place) -> None:
    keyboard, terminal = os.openpty()
    # A suite that runs in the background ignores the signal, and its children inherit that unless it is handled here.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "matdeps", "exposed", "-", *REFERENCE],
            stdin=terminal,
            stderr=subprocess.PIPE,
            env=place.make_environment(),
        )
    finally:
        signal.signal(signal.SIGINT, before)
    with process:
        assert process.stderr is not None
        # It says so before it begins to read, so that the signal does not come too early.
        assert b"Reading names from the terminal" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        assert b"Traceback" not in process.stderr.read()
    os.close(keyboard)
    os.close(terminal)
    assert process.returncode == 130


# -- ask ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("question", "command"),
    [
        ("what depends on terbium", "matdeps exposed terbium --as-of 2026-07-01"),
        ("which programmes need terbium", "matdeps exposed terbium --kind program --as-of 2026-07-01"),
        ("what does the F-35 depend on", "matdeps depends F-35 --as-of 2026-07-01"),
        (
            "why is program:f-15j-upgrade exposed to terbium",
            "matdeps why terbium program:f-15j-upgrade --as-of 2026-07-01",
        ),
        ("who makes tungsten outside China", "matdeps sources tungsten --outside China --as-of 2026-07-01"),
        ("what controls bind terbium toward Japan", "matdeps controls terbium --to Japan --as-of 2026-07-01"),
        ("what is claimed about tungsten", "matdeps claims tungsten"),
    ],
)
def test_ask_prints_the_command_it_became(place: Place, question: str, command: str) -> None:
    answer = place.ask("ask", question, *DAY)
    assert answer["asked"] == {"text": question, "command": command}
    again = place.ask(*shlex.split(command)[1:])
    assert (answer["rows"], answer["parameters"]) == (again["rows"], again["parameters"])


def test_ask_in_text_and_tables(place: Place) -> None:
    text = place.call("ask", "what", "depends", "on", "terbium", "on 2026-07-01", "--graph", "reference").out
    assert text.startswith("= matdeps exposed terbium --as-of 2026-07-01 --graph reference\n\n")
    table = place.call("ask", "what depends on terbium", *REFERENCE, "--format", "csv")
    assert table.out.startswith("id,")
    assert "= matdeps exposed terbium" in table.err


def test_ask_refuses_what_it_does_not_understand(place: Place) -> None:
    done = place.call("ask", "shall I compare thee to a summer's day", *REFERENCE)
    assert done.code == 4
    assert "Nearest phrasings" in done.err
    place.call("ask", "what depends on terbum", *REFERENCE).check_error(4, "material:terbium")


def test_ask_with_two_dates(place: Place) -> None:
    done = place.call("ask", "what depends on terbium on 2026-01-05", "--as-of", "2026-07-01")
    done.check_error(2, "2026-01-05", "2026-07-01")
    same = place.ask("ask", "what depends on terbium on 2026-01-05", "--as-of", "2026-01-05")
    assert same["parameters"]["as_of"] == "2026-01-05"


def test_usage_errors_are_click_errors_with_exit_code_2() -> None:
    result = CliRunner().invoke(cli, ["exposed", "--nope"])
    assert result.exit_code == 2
    assert isinstance(dict(iter_commands())["exposed"], click.Command)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only where there is a device that is always full")
@pytest.mark.parametrize(
    "arguments",
    [
        ("exposed", "China", *REFERENCE, "--kind", "all", "--format", "json"),
        ("exposed", "Tb", *REFERENCE, "-o", "-"),
        ("loads", "--graph", "reference"),
        ("check", "--graph", "reference"),
        ("--help",),
        ("--version",),
    ],
)
def test_a_full_device_is_one_line(place: Place, arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "matdeps", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            env=place.make_environment(),
            timeout=120,
            check=False,
        )
    assert done.returncode == 2
    lines = [line for line in done.stderr.decode().splitlines() if not line.startswith("Answering ")]
    assert lines == ["Error: cannot write to standard output: No space left on device"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only where there is a device that is always full")
def test_notices_that_cannot_be_written_do_not_keep_the_answer(place: Place) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "matdeps", "show", "terbium"],
            stdout=subprocess.PIPE,
            stderr=full,
            env=place.make_environment(),
            timeout=120,
            check=False,
        )
    assert done.returncode == 0
    assert b"Terbium" in done.stdout
