"""The store: atomic, readable while written, and honest about what is wrong with it."""

import os
import shutil
import sqlite3
import threading
from pathlib import Path

import pytest

from matdeps.graph import store as store_module
from matdeps.graph.engines import open_reader
from matdeps.graph.errors import ConfigError, StoreConflictError, StoreError, StoreUnavailableError
from matdeps.graph.export_csv import export_csv
from matdeps.graph.merge import read_object
from matdeps.graph.records import ClaimRecord, LinkRecord, NodeRecord, ProductionRecord, SourceRecord
from matdeps.graph.store import Store

SOURCE = SourceRecord("s", "Title", "Publisher", "2026-01-01", "https://example.org", "news", "read_in_search")


def node(node_id, name=None, **facts):
    return NodeRecord(node_id, node_id.partition(":")[0], name or node_id.partition(":")[2], ("s",), **facts)


def link(tail, head, link_type="INPUT_TO", properties="{}", confidence="confirmed"):
    return LinkRecord(tail, link_type, head, properties, confidence, "s", True)


def fill(store, dataset="a", nodes=("material:tb", "product:m"), links=(("material:tb", "product:m"),), **about):
    with store.write() as transaction:
        load = transaction.begin_load(dataset, loader="graph", **about)
        transaction.add_sources([SOURCE])
        transaction.add_nodes(node(node_id) for node_id in nodes)
        transaction.add_links(link(tail, head) for tail, head in links)
        transaction.end_load()
    return load


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "store", create=True) as made:
        yield made


def list_ids(store, load=None):
    return sorted(row[0] for row in store.iter_nodes(load, columns=("id",)))


# -- opening -------------------------------------------------------------------------------------------------------
def test_a_missing_store_is_unavailable_and_the_remedy_is_said(tmp_path):
    with pytest.raises(StoreUnavailableError, match="there is no store") as caught:
        Store.open(tmp_path / "none")
    assert str(tmp_path / "none") in str(caught.value)
    assert "matdeps load graph DIR --graph" in caught.value.remedy
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("name", ["plain", "with a space", "per%20cent", "a?b#c", "日本"])
def test_any_folder_name_will_do(tmp_path, name):
    with Store.open(tmp_path / name, create=True) as store:
        fill(store)
    with Store.open(tmp_path / name / "graph.sqlite") as store:
        assert store.path == tmp_path / name
        assert list_ids(store) == ["material:tb", "product:m"]


def test_creating_twice_keeps_what_is_there(tmp_path):
    with Store.open(tmp_path / "s", create=True) as store:
        fill(store)
        name = store.store_id
    with Store.open(tmp_path / "s", create=True) as store:
        assert (store.store_id, store.generation) == (name, 1)


def test_a_file_in_place_of_the_folder(tmp_path):
    (tmp_path / "file").write_text("x")
    for create in (False, True):
        with pytest.raises(StoreError):
            Store.open(tmp_path / "file", create=create)


def test_junk_is_named_as_damaged(tmp_path):
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "graph.sqlite").write_bytes(b"junk" * 5000)
    for create in (False, True):
        with pytest.raises(StoreError, match="is damaged") as caught:
            Store.open(tmp_path / "s", create=create)
        assert "load again" in caught.value.remedy


def test_another_database_is_no_store(tmp_path):
    (tmp_path / "s").mkdir()
    connection = sqlite3.connect(tmp_path / "s" / "graph.sqlite")
    connection.execute("CREATE TABLE t (a)")
    connection.close()
    with pytest.raises(StoreError, match="holds no matdeps store"):
        Store.open(tmp_path / "s")


def test_another_format_is_refused_with_both_numbers(tmp_path):
    Store.open(tmp_path / "s", create=True).close()
    connection = sqlite3.connect(tmp_path / "s" / "graph.sqlite", isolation_level=None)
    connection.execute("UPDATE meta SET value = '0' WHERE key = 'format'")
    connection.close()
    with pytest.raises(StoreError, match="has format 0, and this matdeps reads format 1") as caught:
        Store.open(tmp_path / "s")
    assert "Load again from the inputs" in caught.value.remedy


@pytest.mark.parametrize("cut", [100, 5000])
def test_a_store_cut_short_is_damaged(tmp_path, cut):
    with Store.open(tmp_path / "s", create=True) as store:
        fill(store)
    path = tmp_path / "s" / "graph.sqlite"
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(StoreError, match="is damaged"), Store.open(tmp_path / "s") as store:
        list_ids(store)


def test_a_page_of_rubbish_is_damaged_where_it_is_read(tmp_path):
    with Store.open(tmp_path / "s", create=True) as store:
        fill(store, nodes=[f"product:{i}" for i in range(2000)], links=())
    path = tmp_path / "s" / "graph.sqlite"
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 4 : -4096] = b"\xff" * (len(raw) - 4096 - len(raw) // 4)
    path.write_bytes(raw)
    with pytest.raises(StoreError, match="is damaged"), Store.open(tmp_path / "s") as store:
        list_ids(store)
        list(store.iter_names())


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_an_unfinished_store_is_unavailable_and_may_be_made_again(tmp_path, mode):
    # Whoever is killed while making a store leaves an empty file, or one that holds its header only.
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "graph.sqlite").touch()
    connection = sqlite3.connect(tmp_path / "s" / "graph.sqlite")
    connection.execute(f"PRAGMA journal_mode = {mode}")
    connection.close()
    with pytest.raises(StoreUnavailableError, match="never finished"):
        Store.open(tmp_path / "s")
    with Store.open(tmp_path / "s", create=True) as store:
        assert store.generation == 0


@pytest.mark.parametrize("hides", [True, False])
def test_a_read_only_folder_can_be_read_and_not_written(tmp_path, monkeypatch, hides):
    with Store.open(tmp_path / "s", create=True) as store:
        fill(store)
    before = sorted((tmp_path / "s").iterdir())
    if hides:
        # Permissions do not bind an administrator, so what the system says is what is replaced.
        monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    with Store.open(tmp_path / "s", read_only=not hides) as store:
        assert store.is_read_only
        assert list_ids(store) == ["material:tb", "product:m"]
        with pytest.raises(StoreError, match="read-only"), store.write():
            pass
    if hides:
        assert sorted((tmp_path / "s").iterdir()) == before


def test_the_reading_connection_cannot_write(store):
    with pytest.raises(sqlite3.OperationalError):
        store.connect().execute("DELETE FROM meta")


# -- writing -------------------------------------------------------------------------------------------------------
def test_a_load_is_one_commit(store):
    assert store.generation == 0
    fill(store, title="T", version="1", knowledge_until="2026-01-01", fingerprint="f")
    assert store.generation == 1
    (record,) = store.loads()
    assert (record.action, record.dataset, record.nodes, record.relationships, record.sources) == ("load", "a", 2, 1, 1)
    assert record.loaded_at.endswith("Z")
    (dataset,) = store.datasets()
    assert (dataset.title, dataset.version, dataset.knowledge_until, dataset.load) == ("T", "1", "2026-01-01", 1)
    assert store.find_current_fingerprint("a") == "f"
    assert store.find_current_fingerprint("b") is None


def test_what_raises_leaves_nothing(store):
    class Stop(BaseException):
        pass

    with pytest.raises(Stop), store.write() as transaction:
        transaction.begin_load("a", loader="graph")
        transaction.add_nodes([node("material:tb")])
        raise Stop
    assert (store.generation, store.loads(), list(store.iter_ids())) == (0, [], [])
    fill(store)
    assert store.loads()[0].load == 1


def test_nothing_written_is_no_generation(store):
    with store.write() as transaction:
        assert not transaction.has_id("material:tb")
    assert store.generation == 0


def test_a_second_writer_is_told(store, monkeypatch):
    monkeypatch.setattr(store_module, "BUSY_MS", 20)
    with store.write(), pytest.raises(StoreConflictError, match="another process is writing") as caught, store.write():
        pass
    assert "Wait" in caught.value.remedy


def test_readers_see_the_state_before_until_the_commit(store):
    fill(store)
    with store.write() as transaction:
        transaction.begin_load("b", loader="graph")
        transaction.add_nodes([node("product:new")])
        assert transaction.has_id("product:new")
        assert transaction.has_id("material:tb")
        assert list_ids(store) == ["material:tb", "product:m"]
        transaction.end_load()
    assert "product:new" in list_ids(store)


def test_links_to_ids_that_never_were_are_a_fault_of_the_loader(store):
    with pytest.raises(KeyError), store.write() as transaction:
        transaction.begin_load("a", loader="graph")
        transaction.add_links([link("material:tb", "product:m")])
    assert store.generation == 0


def test_loading_again_replaces_and_keeps_history(store):
    fill(store)
    fill(store, nodes=("material:tb", "product:n"), links=(("material:tb", "product:n"),))
    assert list_ids(store) == ["material:tb", "product:n"]
    assert list_ids(store, 1) == ["material:tb", "product:m"]
    assert list_ids(store, 2) == list_ids(store)
    assert len(list(store.iter_links())) == len(list(store.iter_links(1))) == 1
    assert [d.load for d in store.datasets()] == [2]
    assert [d.load for d in store.datasets(1)] == [1]
    # An id keeps its key for ever.
    assert store.find_keys(["material:tb"]) == {"material:tb": 1}


def test_unloading_takes_out_and_keeps_history(store):
    fill(store)
    fill(store, "b", nodes=("material:tb", "product:c"), links=())
    with store.write() as transaction:
        transaction.unload("a")
    assert list_ids(store) == ["material:tb", "product:c"]
    assert list_ids(store, 2) == ["material:tb", "material:tb", "product:c", "product:m"]
    assert [d.name for d in store.datasets()] == ["b"]
    assert store.loads()[-1].action == "unload"
    assert store.find_sources(load=1).keys() == {"s"}
    with pytest.raises(ConfigError, match="no dataset is called 'a'") as caught, store.write() as transaction:
        transaction.unload("a")
    assert "Loaded: b" in caught.value.remedy
    assert store.generation == 3


def test_the_reference_comes_first_and_has_the_last_word_of_nobody(store):
    for dataset in ("zeta", "reference", "alpha"):
        with store.write() as transaction:
            transaction.begin_load(dataset, loader="graph")
            transaction.add_nodes([node("material:tb", f"by {dataset}")])
            transaction.end_load()
    assert [d.name for d in store.datasets()] == ["reference", "alpha", "zeta"]
    rows = store.find_node_rows([1])[1]
    assert [row.dataset for row in rows] == ["alpha", "zeta", "reference"]


# -- reading -------------------------------------------------------------------------------------------------------
def test_names_are_found_folded_and_by_prefix(store):
    with store.write() as transaction:
        transaction.begin_load("a", loader="graph")
        transaction.add_nodes(
            [node("material:tb", "Terbium", aliases=("铽", "テルビウム")), node("product:t-2", "Terbium lamp")]
        )
        transaction.end_load()
    assert (1, "name", "Terbium") in store.find_names("terbium")
    assert store.find_names("铽") == [(1, "alias", "铽")]
    found = list(store.iter_names("terb"))
    assert {row[1] for row in found} == {1, 2}
    assert found == sorted(found)
    assert len(list(store.iter_names())) >= 4
    assert list(store.iter_names("\U0010ffff")) == []


def test_rows_are_found_in_any_number(store):
    count = 1700
    fill(
        store,
        nodes=[f"product:{i}" for i in range(count)],
        links=[(f"product:{i}", f"product:{i + 1}") for i in range(count - 1)],
    )
    assert len(store.find_keys(f"product:{i}" for i in range(count))) == count
    assert len(store.find_node_rows(range(1, count + 1))) == count
    assert len(store.find_link_rows(range(1, count + 1))) == count - 1
    assert store.find_properties([1, 2]) == {1: "{}", 2: "{}"}
    assert store.find_link_rows([]) == {}


def test_columns_that_are_not_there_are_refused(store):
    with pytest.raises(ValueError, match="no such columns: x"):
        list(store.iter_nodes(columns=("x",)))
    with pytest.raises(ValueError, match="no such columns: x"):
        list(store.iter_links(columns=("x",)))


def test_production_and_claims(store):
    rows = [
        ProductionRecord("material:tb", "mine", None, 2025, 10.0, "t", 1.0, False, "s"),
        ProductionRecord("material:tb", "mine", "country:CN", 2025, None, "", 0.5, True, "s"),
        ProductionRecord("material:dy", "mine", "country:AU", 2024, 1.0, "t", None, False, "s"),
    ]
    with store.write() as transaction:
        transaction.begin_load("a", loader="graph")
        transaction.add_production(rows)
        transaction.add_claims([ClaimRecord("c", "Text", "disputed", ("material:tb",), ("s",), "Note")])
        transaction.end_load()
    assert [row.item for row in store.find_production()] == ["material:dy", "material:tb", "material:tb"]
    # A frame needs all rows of the item, not those of the country only.
    found = store.find_production(countries=["country:CN"])
    assert [(row.country, row.share, row.is_estimate) for row in found] == [
        (None, 1.0, False),
        ("country:CN", 0.5, True),
    ]
    assert store.find_production(items=["material:dy"])[0].amount == 1.0
    assert store.find_items_made_in(["country:AU", "country:CN"]) == ["material:dy", "material:tb"]
    assert store.find_production(items=[]) == []
    (claim,) = store.find_claims()
    assert (claim.id, claim.nodes, claim.sources, claim.notes) == ("c", ("material:tb",), ("s",), "Note")


def test_a_snapshot_stays_as_it_was(store):
    fill(store)
    with store.snapshot() as generation:
        assert generation == 1
        fill(store, "b", nodes=("product:x",), links=())
        with store.snapshot() as inner:
            assert inner == 1
        assert list_ids(store) == ["material:tb", "product:m"]
    assert list_ids(store) == ["material:tb", "product:m", "product:x"]


def test_threads_read_while_one_writes(store):
    fill(store)
    problems: list[object] = []

    def read():
        try:
            for _ in range(30):
                with store.snapshot() as generation:
                    if len(list(store.iter_nodes())) != generation + 1:
                        problems.append(generation)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must see it
            problems.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(8):
        fill(store, f"d{number}", nodes=(f"product:{number}",), links=())
    for thread in threads:
        thread.join()
    assert problems == []


def test_a_closed_store_opens_again_where_it_is_used(store):
    fill(store)
    store.close()
    assert store.generation == 1


def test_people_can_read_the_tables(store):
    fill(store)
    connection = sqlite3.connect(Path(store.path) / "graph.sqlite")
    try:
        assert connection.execute("SELECT tail, type, head, dataset FROM current_links").fetchall() == [
            ("material:tb", "INPUT_TO", "product:m", "a")
        ]
        assert connection.execute("SELECT id, name FROM current_nodes ORDER BY id").fetchall() == [
            ("material:tb", "tb"),
            ("product:m", "m"),
        ]
    finally:
        connection.close()


# -- damage that SQLite does not see -----------------------------------------------------------------------------------
def spoil(path, *statements):
    """Change a store behind its back; its image goes, so that the next question reads the tables."""
    shutil.rmtree(path / "image", ignore_errors=True)
    connection = sqlite3.connect(path / "graph.sqlite")
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def expect_damage(path, *words, ask):
    with pytest.raises(StoreError) as caught:
        ask()
    assert type(caught.value) is StoreError
    assert f"the store {path} is damaged: " in caught.value.message
    for word in words:
        assert word in caught.value.message
    assert "copy" in caught.value.remedy
    assert "load again" in caught.value.remedy
    assert caught.value.exit_code == 5


DAMAGES = {
    "store_id": "DELETE FROM meta WHERE key = 'store_id'",
    "no generation": "DELETE FROM meta WHERE key = 'generation'",
    "generation": "UPDATE meta SET value = 'many' WHERE key = 'generation'",
    "notices": "UPDATE loads SET notices = '['",
    "type": "UPDATE links SET type = 'LEADS_TO'",
    "confidence": "UPDATE links SET confidence = 'sure'",
    "properties": "UPDATE links SET properties = '{'",
    "no properties": "UPDATE links SET properties = '[1]'",
    "valid_from of a link": """UPDATE links SET properties = '{"valid_from": "soon"}'""",
    "kind": "UPDATE nodes SET kind = 'thing'",
    "valid_from": "UPDATE nodes SET valid_from = '2026-02-30'",
    "no nodes": "DROP TABLE nodes",
    "no links": "DROP TABLE links",
    "no loads": "DROP TABLE loads",
}


@pytest.mark.parametrize("engine", ["embedded", "networkx"])
@pytest.mark.parametrize("name", DAMAGES)
def test_what_no_load_writes_is_named_as_damage(tmp_path, name, engine):
    with Store.open(tmp_path / "s", create=True) as store:
        fill(store)
    spoil(tmp_path / "s", "DROP VIEW current_nodes", "DROP VIEW current_links", DAMAGES[name])

    def ask():
        with Store.open(tmp_path / "s") as store:
            reader = open_reader(store, engine=engine)
            reader.get_links(link.handle for link in reader.find_links([0, 1], out=True))

    expect_damage(tmp_path / "s", ask=ask)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE nodes SET attributes = 'x'",
        "UPDATE nodes SET attributes = '3'",
        "UPDATE nodes SET aliases = '{}'",
        "UPDATE nodes SET valid_to = 'later'",
        "UPDATE links SET properties = '\"x\"'",
        "UPDATE links SET confidence = ''",
        "UPDATE nodes SET name = CAST(x'ff' AS TEXT)",
        "DROP TABLE ids",
        "DROP TABLE sources",
    ],
)
def test_damage_is_named_where_an_image_is_there_already(tmp_path, statement):
    with Store.open(tmp_path / "s", create=True) as store:
        fill(store)
        open_reader(store)
    connection = sqlite3.connect(tmp_path / "s" / "graph.sqlite")
    with connection:
        for view in ("current_nodes", "current_links"):
            connection.execute(f"DROP VIEW {view}")
        connection.execute(statement)
    connection.close()

    def ask():
        with Store.open(tmp_path / "s") as store:
            reader = open_reader(store)
            reader.find_handles(["material:tb"])
            reader.get_nodes([0, 1])
            reader.find_links([0, 1], out=True)
            reader.get_sources(["s"])

    expect_damage(tmp_path / "s", ask=ask)


def test_an_export_of_a_damaged_store_says_so(tmp_path):
    with Store.open(tmp_path / "s", create=True) as store:
        fill(store)
        store.close()
        spoil(tmp_path / "s", "UPDATE nodes SET attributes = 'x'")
        expect_damage(tmp_path / "s", ask=lambda: export_csv(store, tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_json_that_is_no_object_is_damage_wherever_it_was_kept():
    for text in ("x", "[]", "3", None):
        with pytest.raises(StoreError, match="damaged"):
            read_object(text)


def test_a_store_that_lacks_an_index_still_takes_loads(tmp_path):
    with Store.open(tmp_path / "s", create=True) as store:
        spoil(tmp_path / "s", "DROP INDEX links_without_loops", "DROP INDEX names_by_folded")
        fill(store)
        assert list_ids(store) == ["material:tb", "product:m"]
