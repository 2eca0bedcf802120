"""The commands on stores: data comes in and goes out, whole or not at all."""

import io
import json
import shutil
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.e2e.cli_place import FACTS, Place, write_facts

from matdeps.cli import loading
from matdeps.cli.progress import RowCounter
from matdeps.graph import store as store_module
from matdeps.graph.store import Store
from matdeps.loaders.registry import make_store

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


# -- what check finds ---------------------------------------------------------------------------------------------
def spoil(place: Place, *statements: str) -> None:
    shutil.rmtree(place.work / "store" / "image", ignore_errors=True)
    connection = sqlite3.connect(place.work / "store" / "graph.sqlite")
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    ("statement", "where", "text"),
    [
        ("DROP TABLE claims", "store", "table 'claims' is missing"),
        ("DROP TABLE ids", "store", "table 'ids' is missing"),
        ("DROP INDEX names_by_folded", "store", "index 'names_by_folded' is missing"),
        ("DELETE FROM meta WHERE key = 'store_id'", "store", "store_id"),
        ("UPDATE meta SET value = 'x' WHERE key = 'generation'", "store", "generation"),
        ("UPDATE links SET type = 'X' WHERE link = 1", "links, row 1", "type is not known"),
        ("UPDATE links SET confidence = 'X' WHERE link = 2", "links, row 2", "confidence is not known"),
        ("UPDATE nodes SET kind = 'X' WHERE node = 1", "nodes, row 1", "kind is not known"),
        ("UPDATE links SET properties = '{' WHERE link = 1", "links, row 1", "no JSON object"),
        ("UPDATE nodes SET attributes = '[]' WHERE node = 1", "nodes, row 1", "no JSON object"),
        ("UPDATE nodes SET aliases = 'a' WHERE node = 1", "nodes, row 1", "no JSON array"),
        ("UPDATE loads SET notices = ''", "loads, row 1", "no JSON array"),
        ("UPDATE nodes SET valid_from = '2026-02-30' WHERE node = 1", "nodes, row 1", "no date"),
        ("UPDATE loads SET knowledge_until = 'now'", "loads, row 1", "no date"),
        ("UPDATE sources SET date = '2026-13-01'", "sources, row 1", "no date"),
        ("""UPDATE links SET properties = '{"valid_to": "x"}' WHERE link = 1""", "links, row 1", "valid_to is no date"),
        ("UPDATE links SET tail = 99 WHERE link = 1", "links, row 1", "ids"),
        ("DELETE FROM nodes WHERE node = 3", "load 1", "3 nodes by its record, and 2"),
        ("DELETE FROM links WHERE link = 1", "load 1", "2 relationships by its record, and 1"),
        ("DELETE FROM sources", "load 1", "1 sources by its record, and 0"),
        ("UPDATE loads SET production = 4", "load 1", "4 production"),
        ("UPDATE loads SET claims = 1", "load 1", "1 claims"),
    ],
)
def test_check_finds_what_no_load_writes(own: Place, statement: str, where: str, text: str) -> None:
    assert "sound" in own.call("check", "--graph", "store").out
    spoil(own, "DROP VIEW current_nodes", "DROP VIEW current_links", statement)
    done = own.call("check", "--graph", "store", "--format", "json", "--fail-on", "damage")
    assert done.code == 1, done.err
    found = json.loads(done.out)["findings"]
    assert any(
        finding["kind"] == "damage" and where in finding["where"] and text in finding["text"] for finding in found
    ), found


def load_beside(place: Place, name: str, **files: str) -> list[dict[str, str]]:
    write_facts(place.work / name, **files)
    done = place.call("load", "graph", name, "--graph", "store")
    assert done.code == 0, done.err
    found: list[dict[str, str]] = json.loads(place.call("check", "--graph", "store", "--format", "json").out)[
        "findings"
    ]
    return found


def test_check_finds_attributes_that_differ(own: Place) -> None:
    nodes = FACTS["nodes.csv"].replace("PN-4711,{}", 'PN-4711,"{""mass"": 1, ""hue"": ""red""}"')
    assert load_beside(own, "theirs", nodes=nodes) == []
    # Equal numbers are equal however they are written.
    more = nodes.replace('""mass"": 1', '""mass"": 1.0').replace("red", "blue")
    [finding] = load_beside(own, "others", nodes=more)
    assert (finding["kind"], finding["where"]) == ("conflict", "product:own-magnet")
    assert finding["text"] == "others and theirs differ in the attribute 'hue'"


def test_check_finds_links_whose_properties_differ(own: Place) -> None:
    links = FACTS["relationships.csv"].replace("own-magnet,{},", 'own-magnet,"{""criticality"": ""major""}",')
    [finding] = load_beside(own, "theirs", relationships=links)
    assert (finding["kind"], finding["where"]) == ("conflict", "material:unobtainium INPUT_TO product:own-magnet")
    assert "ours and theirs differ in properties" in finding["text"]


def test_check_takes_links_about_different_things_for_no_conflict(own: Place) -> None:
    extra = (
        'product:own-magnet,SOLD_TO,customer:own-customer,"{""supplier"": ""customer:own-customer""}",reported,memo\r\n'
    )
    assert load_beside(own, "theirs", relationships=FACTS["relationships.csv"] + extra) == []


def test_check_finds_sources_that_differ(own: Place) -> None:
    load_beside(own, "theirs")
    spoil(own, "UPDATE sources SET title = 'Another' WHERE row = 2")
    [finding] = json.loads(own.call("check", "--graph", "store", "--format", "json").out)["findings"]
    assert (finding["kind"], finding["where"]) == ("conflict", "source memo")


def test_a_source_id_of_another_dataset_is_refused(own: Place) -> None:
    write_facts(own.work / "theirs", sources=FACTS["sources.csv"].replace("Our own memo", "Their memo"))
    done = own.call("load", "graph", "theirs", "--graph", "store")
    assert done.code == 3
    assert "sources.csv, row 2, column id: " in done.err
    assert "'ours'" in done.err
    assert "Rename the id" in done.err
    assert "1 row rejected" in done.err


@pytest.mark.parametrize(
    "damage", ["UPDATE links SET properties = '{'", "UPDATE meta SET value = '' WHERE key <> 'format'"]
)
def test_a_question_to_a_damaged_store_is_an_error_of_the_store(own: Place, damage: str) -> None:
    spoil(own, damage)
    own.call("exposed", "Uo", "--graph", "store").check_error(5, "is damaged: ", "load again")


# -- two loads at once ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("is_folder", [False, True])
def test_a_store_made_meanwhile_takes_the_load(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_folder: bool
) -> None:
    write_facts(tmp_path / "facts")
    write_facts(tmp_path / "theirs")
    target = tmp_path / "store"
    if is_folder:
        target.mkdir()
    put = loading._put
    calls: list[Path] = []

    def put_second(half: Path, where: Path) -> None:
        if not calls:
            calls.append(half)
            quick = place.call("load", "graph", str(tmp_path / "theirs"), "--graph", str(target), "--no-reference")
            assert quick.code == 0, quick.err
        put(half, where)

    monkeypatch.setattr(loading, "_put", put_second)
    done = place.call("load", "graph", str(tmp_path / "facts"), "--graph", str(target), "--no-reference")
    assert done.code == 0, done.err
    assert "meanwhile" in done.err
    history = json.loads(place.call("loads", "--graph", str(target), "--format", "json").out)["loads"]
    assert [entry["dataset"] for entry in history] == ["theirs", "facts"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["facts", "store", "theirs"]
    assert not [path for path in target.iterdir() if path.name.startswith(".")]


def test_a_place_that_cannot_be_written_is_no_other_process(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_facts(tmp_path / "facts")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", fail)
    done = place.call("load", "graph", str(tmp_path / "facts"), "--graph", str(tmp_path / "store"), "--no-reference")
    done.check_error(5, "cannot make a store", "No space left on device")


def test_making_a_store_waits_for_who_makes_it_already(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "BUSY_MS", 10)
    with Store.open(tmp_path / "store", create=True) as first, ThreadPoolExecutor(1) as pool:
        with first.write():
            second = pool.submit(make_store, tmp_path / "store")
            with pytest.raises(TimeoutError):
                second.result(timeout=0.5)
        with second.result(timeout=60) as made:
            assert [dataset.name for dataset in made.datasets()] == ["reference"]
