"""Exporting: a folder of facts that loads back to an equal graph."""

import csv
import json

import pytest

from matdeps.graph import export_csv as export_module
from matdeps.graph.errors import ConfigError, StoreUnavailableError
from matdeps.graph.export_csv import export_csv
from matdeps.graph.records import ClaimRecord, LinkRecord, NodeRecord, ProductionRecord, SourceRecord
from matdeps.graph.store import Store
from matdeps.loaders.graph_csv import load_graph
from matdeps.loaders.registry import make_store

FILES = {
    "claims.csv",
    "controls.csv",
    "dataset.json",
    "disruptions.csv",
    "nodes.csv",
    "production.csv",
    "relationships.csv",
    "sources.csv",
}


def describe(store):
    """Everything that a store holds now, free of numbers and datasets; what several datasets say of one thing is one."""
    ids = dict(store.iter_ids())
    keys = {row[0] for row in store.iter_nodes(columns=("key",))}
    nodes = {}
    for rows in store.find_node_rows(keys).values():
        attributes = {}
        for row in reversed(rows):
            attributes |= json.loads(row.attributes)
        first = rows[0]
        nodes[first.id] = (
            first.kind,
            first.name,
            next((row.description for row in rows if row.description), ""),
            sorted({alias for row in rows for alias in json.loads(row.aliases)}),
            attributes,
            first.valid_from,
            first.valid_to,
            sorted({source for row in rows for source in row.sources.split("|")}),
        )
    links = {}
    for row in store.find_link_rows(row[0] for row in store.iter_links(columns=("link",))).values():
        key = (ids[row.tail], row.type, ids[row.head], row.properties)
        confidence, sources, checked = links.get(key, ("zzz", set(), 0))
        order = ["confirmed", "reported", "inferred", "zzz"]
        links[key] = (
            min(confidence, row.confidence, key=order.index),
            sources | set(row.sources.split("|")),
            max(checked, row.checked),
        )
    return nodes, links, store.find_production(), store.find_claims(), store.find_sources()


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    with make_store(tmp_path_factory.mktemp("reference") / "store") as store:
        yield store


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "store", create=True) as made:
        yield made


def add(store, dataset, *, nodes=(), links=(), production=(), claims=(), how="read_in_search"):
    with store.write() as transaction:
        transaction.begin_load(dataset, loader="graph", title=dataset.title(), version="1")
        transaction.add_sources(
            [SourceRecord(name, "T", "P", "2026", "https://example.org", "official", how) for name in ("s", "t")]
        )
        transaction.add_nodes(nodes)
        transaction.add_links(links)
        transaction.add_production(production)
        transaction.add_claims(claims)
        transaction.end_load()


def test_the_reference_comes_back_equal(reference, tmp_path):
    report = export_csv(reference, tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES
    assert (report.rows["nodes.csv"], report.rows["relationships.csv"], report.notices) == (1184, 3965, ())
    about = json.loads((tmp_path / "out" / "dataset.json").read_text("utf-8"))
    assert (about["name"], about["version"], about["knowledge_until"]) == ("reference", "2026.07.1", "2026-06-29")
    with make_store(tmp_path / "again", reference=False) as again:
        load_graph(again, tmp_path / "out")
        assert describe(again) == describe(reference)
        assert again.datasets()[0].version == "2026.07.1"


def test_exporting_twice_gives_the_same_bytes(reference, tmp_path):
    for name in ("one", "two"):
        export_csv(reference, tmp_path / name)
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_files_are_rfc_4180(store, tmp_path):
    add(
        store,
        "a",
        nodes=[
            NodeRecord(
                "product:x", "product", 'A "big", new\nthing', ("s",), ("铽", "b;c"), {"ä": [1, "|"]}, "Line\r\nline"
            ),
            NodeRecord("product:y", "product", "=1+1", ("s",), valid_from="2026-01-01", valid_to="2026-12-31"),
        ],
    )
    export_csv(store, tmp_path / "out")
    raw = (tmp_path / "out" / "nodes.csv").read_bytes()
    assert raw.startswith(b"id,kind,name,aliases,attributes,sources,description,valid_from,valid_to\r\n")
    with (tmp_path / "out" / "nodes.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["name"] == 'A "big", new\nthing'
    with Store.open(tmp_path / "again", create=True) as again:
        load_graph(again, tmp_path / "out")
        assert describe(again) == describe(store)


def test_several_datasets_become_one(store, tmp_path):
    tb = NodeRecord("material:tb", "material", "Terbium", ("s",), ("Tb",), {"a": 1, "b": 1})
    own = NodeRecord("material:tb", "material", "Our terbium", ("t",), ("T2",), {"b": 2})
    motor = NodeRecord("product:m", "product", "Motor", ("s",))
    countries = [NodeRecord(f"country:{code}", "country", code, ("s",)) for code in ("CN", "JP", "US")]
    control = NodeRecord(
        "control:c",
        "control",
        "Control",
        ("s",),
        (),
        {
            "issuer": "country:CN",
            "destinations": ["country:US", "country:JP"],
            "requires": "ban",
            "end_use": "any",
            "acts_on": "items",
            "effective": "2026-01-01",
            "hs_codes": ["2805", "8505"],
        },
    )
    borders = [
        LinkRecord("control:c", "ISSUED_BY", "country:CN", "{}", "confirmed", "s", True),
        LinkRecord("control:c", "APPLIES_TO", "country:JP", "{}", "confirmed", "s", True),
        LinkRecord("control:c", "APPLIES_TO", "country:US", "{}", "confirmed", "s", True),
    ]
    made = ProductionRecord("material:tb", "mine", "country:CN", 2025, 12.5, "t", 0.25, False, "s")
    world = ProductionRecord("material:tb", "mine", None, 2025, 50.0, "t", 1.0, True, "s")
    produced = LinkRecord(
        "material:tb",
        "PRODUCED_IN",
        "country:CN",
        '{"amount": 12.5, "share": 0.25, "stage": "mine", "unit": "t", "year": 2025}',
        "confirmed",
        "s",
        True,
        True,
    )
    claim = ClaimRecord("x", "A claim", "disputed", ("material:tb", "control:c"), ("s",), "Note")
    add(
        store,
        "reference",
        nodes=[tb, motor, *countries, control],
        links=[LinkRecord("material:tb", "INPUT_TO", "product:m", "{}", "inferred", "s", True), *borders, produced],
        production=[made, world],
        claims=[claim],
    )
    add(
        store,
        "mine",
        nodes=[own, motor],
        links=[LinkRecord("material:tb", "INPUT_TO", "product:m", "{}", "reported", "t", True)],
        production=[made, made._replace(year=2024, share=None)],
    )
    report = export_csv(store, tmp_path / "out")
    assert report.rows == {
        "nodes.csv": 5,
        "relationships.csv": 1,
        "controls.csv": 1,
        "disruptions.csv": 0,
        "production.csv": 3,
        "claims.csv": 1,
        "sources.csv": 2,
    }
    with (tmp_path / "out" / "controls.csv").open(encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file))
    assert (row["destinations"], row["hs_codes"], row["ended"]) == ("country:US|country:JP", "2805|8505", "")
    with Store.open(tmp_path / "again", create=True) as again:
        load_graph(again, tmp_path / "out")
        nodes, links, production, claims, sources = describe(again)
        expected = describe(store)
        assert nodes == expected[0]
        assert nodes["material:tb"][1] == "Our terbium"
        assert nodes["material:tb"][4] == {"a": 1, "b": 2}
        key = ("material:tb", "PRODUCED_IN", "country:CN")
        assert {k: v for k, v in links.items() if k[:3] != key} == {
            k: v for k, v in expected[1].items() if k[:3] != key
        }
        assert len([k for k in links if k[:3] == key]) == 2
        assert (production, claims, sources) == expected[2:]


def test_one_dataset_may_be_chosen(store, tmp_path):
    add(store, "a", nodes=[NodeRecord("product:a", "product", "A", ("s",))])
    add(
        store,
        "b",
        nodes=[NodeRecord("product:b", "product", "B", ("s",))],
        links=[LinkRecord("product:a", "INPUT_TO", "product:b", "{}", "reported", "s")],
    )
    report = export_csv(store, tmp_path / "out", dataset="b")
    assert (report.rows["nodes.csv"], report.rows["relationships.csv"]) == (1, 1)
    with pytest.raises(ConfigError, match="no dataset is called 'c'"):
        export_csv(store, tmp_path / "other", dataset="c")
    assert not (tmp_path / "other").exists()


def test_what_the_format_cannot_hold_is_said(store, tmp_path):
    add(
        store,
        "a",
        nodes=[
            NodeRecord("product:a", "product", "A", ("s",)),
            NodeRecord("country:CN", "country", "China", ("s",)),
            NodeRecord("disruption:d", "disruption", "D", ("s",), (), {"effective": "2026-01-01", "depth": 3}),
        ],
        links=[LinkRecord("product:a", "PRODUCED_IN", "country:CN", "{}", "reported", "s")],
        production=[ProductionRecord("product:a", "make", None, 2025, 1.0, "t", None, False, "s")],
    )
    add(store, "b", production=[ProductionRecord("product:a", "make", None, 2025, 2.0, "t", None, False, "s")])
    notices = " ".join(export_csv(store, tmp_path / "out").notices)
    assert "1 PRODUCED_IN links were not written" in notices
    assert "disruption:d: disruptions.csv has no column for depth" in notices
    assert "1 production rows were not written" in notices


def test_an_empty_store_gives_an_empty_folder_that_loads(store, tmp_path):
    export_csv(store, tmp_path / "out")
    with Store.open(tmp_path / "again", create=True) as again:
        assert load_graph(again, tmp_path / "out").counts["nodes"] == 0


def test_a_folder_with_files_is_left_alone_unless_told(store, tmp_path):
    target = tmp_path / "out"
    target.mkdir()
    export_csv(store, target)
    (target / "notes.txt").write_text("mine")
    with pytest.raises(ConfigError, match="holds files already"):
        export_csv(store, target)
    add(store, "a", nodes=[NodeRecord("product:a", "product", "A", ("s",))])
    export_csv(store, target, overwrite=True)
    assert b"product:a" in (target / "nodes.csv").read_bytes()
    assert (target / "notes.txt").read_text() == "mine"
    with pytest.raises(ConfigError, match="is a file"):
        export_csv(store, target / "notes.txt")


def test_a_failed_export_leaves_nothing(store, tmp_path, monkeypatch):
    add(store, "a", nodes=[NodeRecord("product:a", "product", "A", ("s",))])

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export_module, "_describe", fail)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(StoreUnavailableError, match="No space left"):
        export_csv(store, tmp_path / "out")
    assert sorted(tmp_path.iterdir()) == before
