"""The commands on stores: data comes in and goes out, whole or not at all."""

import io
import json
import shutil
import sys
from pathlib import Path

import pytest
from tests.e2e.cli_place import FACTS, Place, write_facts

from matdeps.cli.progress import RowCounter

DAY = ("--as-of", "2026-07-01")


def test_load_makes_a_store_with_the_reference(made: Place) -> None:
    history = json.loads(made.call("loads", "--format", "json").out)["loads"]
    assert [(entry["dataset"], entry["current"]) for entry in history] == [("reference", True), ("ours", True)]
    rows = made.ask("exposed", "Uo", *DAY, "--kind", "all")["rows"]
    assert {row["id"] for row in rows} == {"product:own-magnet", "customer:own-customer"}
    assert made.call("exposed", "terbium", *DAY, "--graph", "store").code == 4


def test_loading_twice_changes_nothing(own: Place) -> None:
    done = own.call("load", "graph", "my-facts", "--as", "ours")
    assert done.code == 0
    assert "Nothing changed" in done.out
    assert len(json.loads(own.call("loads", "--format", "json").out)["loads"]) == 2


def test_unload_and_history(own: Place) -> None:
    assert own.call("unload", "ours").code == 0
    own.call("exposed", "Uo", *DAY).check_error(4)
    own.call("unload", "ours").check_error(2, "'ours'", "Loaded: reference")
    assert "unload" in own.call("loads").out


def test_rejected_rows_fail_a_load(place: Place, tmp_path: Path) -> None:
    bad = FACTS["relationships.csv"] + "material:unobtainium,INPUT_TO,product:nowhere,{},confirmed,memo\r\n"
    write_facts(tmp_path / "bad", relationships=bad)
    store = str(tmp_path / "some" / "store")
    done = place.call("load", "graph", str(tmp_path / "bad"), "--graph", store)
    assert done.code == 3
    assert "relationships.csv, row 4" in done.err
    assert "product:nowhere" in done.err
    # Nothing is left of a store that was made for it.
    assert [path.name for path in tmp_path.iterdir()] == ["bad"]
    done = place.call("load", "graph", str(tmp_path / "bad"), "--graph", store, "--max-rejects", "1", "--no-reference")
    assert done.code == 0
    assert "1 rejected" in done.out


def test_dry_run_writes_nothing(place: Place, tmp_path: Path) -> None:
    write_facts(tmp_path / "facts")
    done = place.call("load", "graph", str(tmp_path / "facts"), "--graph", str(tmp_path / "store"), "--dry-run")
    assert done.code == 0
    assert "nothing written" in done.out
    assert [path.name for path in tmp_path.iterdir()] == ["facts"]


def test_load_into_a_folder_that_is_there(place: Place, tmp_path: Path) -> None:
    write_facts(tmp_path / "facts")
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "notes.txt").write_text("mine", "utf-8")
    done = place.call("load", "graph", str(tmp_path / "facts"), "--graph", str(tmp_path / "store"), "--no-reference")
    assert done.code == 0, done.err
    assert sorted(path.name for path in (tmp_path / "store").iterdir()) == ["graph.sqlite", "notes.txt"]


def test_export_loads_back_to_an_equal_graph(own: Place) -> None:
    assert own.call("export", "csv", "-o", "out", "--graph", "store").code == 0
    assert own.call("load", "graph", "out", "--no-reference", "--graph", "copy").code == 0
    one, other = (own.ask("exposed", "Uo", *DAY, "--kind", "all", "--graph", graph) for graph in ("store", "copy"))
    assert one["rows"] == other["rows"]
    own.call("export", "csv", "-o", "out", "--graph", "store").check_error(2, "holds files")


def test_info(made: Place, place: Place) -> None:
    about = json.loads(made.call("info", "--format", "json").out)
    assert {dataset["name"] for dataset in about["datasets"]} == {"reference", "ours"}
    assert about["store"]["size_bytes"] > 0
    built_in = json.loads(place.call("info", "--graph", "reference", "--format", "json").out)
    assert built_in["store"] is None
    assert built_in["graph"]["knowledge_until"]
    assert json.loads(place.call("info", "--format", "json").out)["store"] is None
    assert place.call("check", "--fail-on", "any").code == 0
    assert "reference" in place.call("loads", "--graph", "reference").out


def test_read_only_store_answers_with_a_notice(own: Place) -> None:
    store = own.work / "store"
    shutil.rmtree(store / "image", ignore_errors=True)
    (store / "image").write_text("no folder", "utf-8")  # what root meets in place of a read-only folder
    answer = own.ask("exposed", "Uo", *DAY, "--graph", "store")
    assert answer["rows"]
    assert any("image" in note for note in answer["summary"]["notes"])


def test_damaged_and_foreign_stores(own: Place) -> None:
    (own.work / "junk").mkdir()
    (own.work / "junk" / "graph.sqlite").write_bytes(b"no database at all" * 100)
    own.call("exposed", "Uo", "--graph", "junk").check_error(5, "junk", "damaged")
    own.call("load", "graph", "my-facts", "--graph", "junk").check_error(5, "junk")


def test_check_finds_conflicts_and_links_to_nowhere(own: Place) -> None:
    assert own.call("check", "--fail-on", "any").code == 0
    renamed = FACTS["nodes.csv"].replace("Own magnet", "Another magnet")
    write_facts(own.work / "theirs", nodes=renamed)
    assert own.call("load", "graph", "theirs").code == 0
    found = json.loads(own.call("check", "--format", "json").out)
    assert found["counts"]["conflict"] == 1
    assert found["findings"][0]["where"] == "product:own-magnet"
    assert own.call("check", "--fail-on", "damage").code == 0
    own.ask("exposed", "Uo", *DAY)
    [array] = (own.home / "data" / "matdeps" / "graph" / "image").glob("*/tail.npy")
    array.write_bytes(array.read_bytes()[:-1] + b"\x7f")
    assert "image: " in own.call("check").out
    assert own.ask("exposed", "Uo", *DAY)["rows"]
    assert "image: " not in own.call("check").out
    failed = own.call("check", "--fail-on", "conflict,damage")
    assert failed.code == 1
    assert "conflict: product:own-magnet" in failed.out


def test_rows_are_counted_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("matdeps.cli.progress._DELAY_S", 0.0)
    monkeypatch.setattr("matdeps.cli.progress._PAUSE_S", 0.0)
    for stream, quiet, shown in ((Terminal(), False, True), (Terminal(), True, False), (io.StringIO(), False, False)):
        monkeypatch.setattr(sys, "stderr", stream)
        with RowCounter(quiet=quiet) as progress:
            progress("nodes.csv", 20_000)
            progress("nodes.csv", 40_000)
        assert ("nodes.csv: 40,000 rows" in stream.getvalue()) is shown
        # The line is wiped when the work is done.
        assert stream.getvalue().endswith("\r") is shown
