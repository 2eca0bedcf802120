"""The loader of a folder of facts: what it makes of good rows, and what it says of bad ones."""

import csv
import io
import json
from pathlib import Path

import pytest

from matdeps.graph.errors import (
    ConfigError,
    CountOutOfRangeError,
    DataError,
    DuplicateIdError,
    RejectedRowsError,
    RowError,
    SchemaError,
    UnknownKindError,
)
from matdeps.graph.store import Store
from matdeps.loaders.fact_links import find_loops
from matdeps.loaders.graph_csv import load_graph
from matdeps.loaders.registry import get_loader, load_reference, make_store

GOOD = {
    "sources.csv": [
        "id,title,publisher,date,url,kind,how_verified",
        "law,A law,State,2026-02-03,https://example.org/law,official,own_knowledge",
        "press,An article,Paper,2026-01-05,https://example.org/a,news,read_in_search",
        "old,A book,House,2001,,paper,own_knowledge",
    ],
    "nodes.csv": [
        "id,kind,name,aliases,attributes,sources",
        'material:tb,material,Terbium,Tb|铽|テルビウム,"{""symbol"": ""Tb""}",press',
        "material:hre,material,Heavy rare earths,,{},press",
        "intermediate:magnet,intermediate,Magnet,,{},press",
        "product:motor,product,Motor,,{},press|law",
        "supplier:maker,supplier,Maker,,{},press",
        "customer:buyer,customer,Buyer,,{},press",
        "country:NA,country,Namibia,NA,{},press",
    ],
    "relationships.csv": [
        "from,type,to,properties,confidence,sources",
        'material:tb,INPUT_TO,intermediate:magnet,"{""criticality"": ""essential"", ""mass_fraction"": ""0.01-0.03""}",confirmed,old',
        'intermediate:magnet,INPUT_TO,product:motor,"{""criticality"": ""major"", ""quantity"": 2}",reported,press|old',
        "material:tb,MEMBER_OF,material:hre,{},confirmed,old",
        'supplier:maker,SUPPLIES_TO,customer:buyer,"{""item"": ""intermediate:magnet"", ""valid_from"": ""2026-01-01""}",reported,press',
        "supplier:maker,HEADQUARTERED_IN,country:NA,{},confirmed,press",
        "control:one,RESTRICTS,intermediate:magnet,{},confirmed,law",
    ],
}
MORE = {
    "production.csv": [
        "item,stage,country,year,value,unit,share,estimate,source",
        "material:tb,mine,WORLD,2025,100,t,1,,law",
        "material:tb,mine,country:NA,2025,25,t,0.25,,law",
        "material:tb,mine,country:JP,2025,,,0.5,true,law",
    ],
    "controls.csv": [
        "id,title,instrument,issuer,destinations,requires,end_use,acts_on,effective,ended,suspended_from,suspended_until,hs_codes,notes,sources",
        "control:one,Licence,No. 1,country:CN,country:JP|country:US,licence,any,items,2026-01-01,,,,280530|8505,In force.,law",
    ],
    "disruptions.csv": [
        "id,title,event,destinations,effective,ended,claims,notes,sources",
        "disruption:stop,Stop,plant closed,,2026-03-01,,c1,,press",
    ],
    "claims.csv": [
        "id,claim,status,nodes,sources,notes",
        "c1,It stopped,single_source,material:tb|disruption:stop,press,",
    ],
}


def write_folder(folder: Path, *changes: tuple[str, int, str], drop: tuple[str, ...] = ()) -> Path:
    """Write the good folder with lines put in: (file, number of the line, 0 appends, text)."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {name: list(lines) for name, lines in {**GOOD, **MORE}.items() if name not in drop}
    for name, number, text in changes:
        if number:
            files[name][number - 1] = text
        else:
            files.setdefault(name, []).append(text)
    for name, lines in files.items():
        (folder / name).write_bytes(("\r\n".join(lines) + "\r\n").encode())
    return folder


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "store", create=True) as made:
        yield made


def list_links(store):
    ids = dict(store.iter_ids())
    return {
        (ids[row.tail], row.type, ids[row.head]): row
        for row in store.find_link_rows(link[0] for link in store.iter_links()).values()
    }


def expect(store, folder, *, rejected=True, **options):
    """Load a folder that must fail; return the first error, after checking that nothing was written."""
    with pytest.raises(DataError) as caught:
        load_graph(store, folder, **options)
    assert store.generation == 0
    assert list(store.iter_ids()) == []
    assert store.loads() == []
    assert caught.value.exit_code == 3
    if rejected:
        assert isinstance(caught.value, RejectedRowsError)
        assert "nothing was written" in str(caught.value)
        return caught.value.errors[0]
    return caught.value


# -- good rows -----------------------------------------------------------------------------------------------------
def test_a_folder_becomes_nodes_links_and_facts(store, tmp_path):
    report = load_graph(store, write_folder(tmp_path / "facts"))

    assert report.dataset == "facts"
    assert report.load == 1
    assert report.counts == {"nodes": 12, "relationships": 12, "sources": 4, "production": 3, "claims": 1}
    assert report.notices == (
        "restricts nothing that has a node: disruption:stop",
        "countries without a row were taken from ISO 3166: country:CN, country:JP, country:US",
    )
    assert report.rejected == ()
    assert report.files["nodes.csv"].used == 7
    assert store.generation == 1
    row = store.find_node_rows([store.find_keys(["material:tb"])["material:tb"]]).popitem()[1][0]
    assert json.loads(row.aliases) == ["Tb", "铽", "テルビウム"]
    assert row.sources == "press"


def test_na_is_namibia(store, tmp_path):
    load_graph(store, write_folder(tmp_path / "facts"))

    keys = store.find_keys(["country:NA"])
    rows = store.find_node_rows(keys.values())[keys["country:NA"]]
    assert (rows[0].name, json.loads(rows[0].aliases)) == ("Namibia", ["NA"])
    assert ("supplier:maker", "HEADQUARTERED_IN", "country:NA") in list_links(store)


def test_countries_without_a_row_come_from_iso_3166(store, tmp_path):
    load_graph(store, write_folder(tmp_path / "facts"))

    key = store.find_keys(["country:JP"])["country:JP"]
    row = store.find_node_rows([key])[key][0]
    assert row.name == "Japan"
    assert json.loads(row.attributes) == {"iso2": "JP", "iso3": "JPN"}
    assert row.sources == "iso-3166"
    assert store.find_sources(["iso-3166"])["iso-3166"].publisher == "ISO"


def test_controls_and_disruptions_become_nodes_with_their_columns(store, tmp_path):
    load_graph(store, write_folder(tmp_path / "facts"))

    keys = store.find_keys(["control:one", "disruption:stop"])
    rows = store.find_node_rows(keys.values())
    control, stop = rows[keys["control:one"]][0], rows[keys["disruption:stop"]][0]
    assert (control.kind, control.name) == ("control", "Licence")
    assert json.loads(control.attributes) == {
        "instrument": "No. 1",
        "issuer": "country:CN",
        "destinations": ["country:JP", "country:US"],
        "requires": "licence",
        "end_use": "any",
        "acts_on": "items",
        "effective": "2026-01-01",
        "hs_codes": ["280530", "8505"],
        "notes": "In force.",
    }
    assert json.loads(stop.attributes) == {"event": "plant closed", "effective": "2026-03-01", "claims": ["c1"]}
    links = list_links(store)
    assert links["control:one", "ISSUED_BY", "country:CN"].confidence == "confirmed"
    assert links["control:one", "APPLIES_TO", "country:JP"].derived == 0


def test_production_rows_give_links_and_world_rows_do_not(store, tmp_path):
    load_graph(store, write_folder(tmp_path / "facts"))

    links = list_links(store)
    namibia = links["material:tb", "PRODUCED_IN", "country:NA"]
    japan = links["material:tb", "PRODUCED_IN", "country:JP"]
    assert json.loads(namibia.properties) == {"stage": "mine", "year": 2025, "share": 0.25, "amount": 25, "unit": "t"}
    assert (namibia.confidence, namibia.derived, namibia.checked) == ("confirmed", 1, 0)
    assert json.loads(japan.properties) == {"stage": "mine", "year": 2025, "share": 0.5, "estimate": True}
    assert japan.confidence == "reported"
    assert sum(1 for _, link_type, _ in links if link_type == "PRODUCED_IN") == 2
    assert [row.country for row in store.find_production()] == [None, "country:JP", "country:NA"]


def test_equal_production_rows_of_two_sources_are_one_link(store, tmp_path):
    row = "material:tb,mine,country:NA,2025,25,t,0.25,,press"
    load_graph(store, write_folder(tmp_path / "facts", ("production.csv", 0, row)))

    link = list_links(store)["material:tb", "PRODUCED_IN", "country:NA"]
    assert (link.confidence, link.sources, link.checked) == ("confirmed", "law|press", 1)
    assert len(store.find_production()) == 4


def test_a_delivery_that_names_its_item_gives_a_sale(store, tmp_path):
    load_graph(store, write_folder(tmp_path / "facts"))

    sale = list_links(store)["intermediate:magnet", "SOLD_TO", "customer:buyer"]
    assert json.loads(sale.properties) == {"supplier": "supplier:maker", "valid_from": "2026-01-01"}
    assert (sale.confidence, sale.sources, sale.derived, sale.checked) == ("reported", "press", 1, 1)


def test_properties_are_canonical_and_unread_ones_are_kept_and_said(store, tmp_path):
    row = 'supplier:maker,PRODUCES,intermediate:magnet,"{""status"": ""active"", ""foo"": 1, ""Ab"": ""铽""}",reported,press'
    report = load_graph(store, write_folder(tmp_path / "facts", ("relationships.csv", 0, row)))

    link = list_links(store)["supplier:maker", "PRODUCES", "intermediate:magnet"]
    assert link.properties == '{"Ab": "铽", "foo": 1, "status": "active"}'
    assert "property 'foo' of PRODUCES is kept but not read" in report.notices


def test_columns_may_stand_in_any_order_and_optional_ones_may_be_there(store, tmp_path):
    folder = write_folder(tmp_path / "facts")
    rows = list(csv.reader(io.StringIO("\n".join(GOOD["nodes.csv"]))))
    with (folder / "nodes.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["valid_to", *reversed(rows[0]), "description"])
        writer.writerows([["2026-12-31", *reversed(row), "Words"] for row in rows[1:]])
    load_graph(store, folder)

    key = store.find_keys(["material:tb"])["material:tb"]
    row = store.find_node_rows([key])[key][0]
    assert (row.name, row.description, row.valid_from, row.valid_to) == ("Terbium", "Words", None, "2026-12-31")


def test_a_byte_order_mark_is_no_part_of_the_header(store, tmp_path):
    folder = write_folder(tmp_path / "facts")
    for path in folder.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_graph(store, folder).counts["nodes"] == 12


def test_the_three_required_files_are_enough(store, tmp_path):
    folder = write_folder(
        tmp_path / "facts",
        ("relationships.csv", 7, "supplier:maker,PRODUCES,intermediate:magnet,,reported,press"),
        drop=tuple(MORE),
    )
    assert load_graph(store, folder).counts == {
        "nodes": 7,
        "relationships": 7,
        "sources": 3,
        "production": 0,
        "claims": 0,
    }


def test_other_csv_files_are_named_as_not_read(store, tmp_path):
    folder = write_folder(tmp_path / "facts")
    (folder / "prices.csv").write_text("a,b\n")
    assert "not read, because the format has no such file: prices.csv" in load_graph(store, folder).notices


def test_links_may_lead_to_what_another_dataset_has(store, tmp_path):
    load_graph(store, write_folder(tmp_path / "one"))
    folder = tmp_path / "two"
    folder.mkdir()
    (folder / "sources.csv").write_text(GOOD["sources.csv"][0] + "\n")
    (folder / "nodes.csv").write_text(GOOD["nodes.csv"][0] + "\nproduct:car,product,Car,,{},press\n")
    (folder / "relationships.csv").write_text(
        GOOD["relationships.csv"][0] + "\nproduct:motor,INPUT_TO,product:car,{},inferred,press\n"
    )
    load_graph(store, folder)

    assert ("product:motor", "INPUT_TO", "product:car") in list_links(store)
    with store.write() as transaction:
        transaction.unload("one")
    # The motor is gone, and the link to it is not seen until the motor is back.
    assert list_links(store) == {}
    assert "lead to nodes that are gone" in store.loads()[-1].notices[0]
    load_graph(store, write_folder(tmp_path / "one"))
    assert ("product:motor", "INPUT_TO", "product:car") in list_links(store)


def test_what_the_dataset_says_of_itself(store, tmp_path):
    folder = write_folder(tmp_path / "facts")
    about = {"name": "mine", "title": "My graph", "version": "7", "knowledge_until": "2026-05-01"}
    (folder / "dataset.json").write_text(json.dumps(about))
    load_graph(store, folder)
    assert [(d.name, d.title, d.version, d.knowledge_until) for d in store.datasets()] == [
        ("mine", "My graph", "7", "2026-05-01")
    ]
    load_graph(store, folder, dataset="other")
    assert [d.name for d in store.datasets()] == ["mine", "other"]


def test_knowledge_reaches_to_the_newest_source_that_was_read(store, tmp_path):
    load_graph(store, write_folder(tmp_path / "facts"))
    dataset = store.datasets()[0]
    # The law is newer, but nobody read it.
    assert dataset.knowledge_until == "2026-01-05"
    assert dataset.version == store.loads()[0].fingerprint[:12]


def test_knowledge_reaches_to_the_newest_source_where_none_was_read(store, tmp_path):
    row = "press,An article,Paper,2026-01-05,https://example.org/a,news,own_knowledge"
    load_graph(store, write_folder(tmp_path / "facts", ("sources.csv", 3, row)))
    assert store.datasets()[0].knowledge_until == "2026-02-03"


def test_the_same_input_twice_changes_nothing_and_says_so(store, tmp_path):
    folder = write_folder(tmp_path / "facts")
    load_graph(store, folder)
    report = load_graph(store, folder)
    assert report.is_unchanged
    assert report.load is None
    assert report.notices == ("'facts' is loaded already from the same input; nothing was changed",)
    assert store.generation == 1
    assert len(store.loads()) == 1


def test_a_changed_input_replaces_the_dataset_and_leaves_history(store, tmp_path):
    load_graph(store, write_folder(tmp_path / "facts"))
    changed = "product:motor,product,Better motor,,{},press"
    load_graph(store, write_folder(tmp_path / "facts", ("nodes.csv", 5, changed)))
    key = store.find_keys(["product:motor"])["product:motor"]
    assert [row.name for row in store.find_node_rows([key])[key]] == ["Better motor"]
    assert [row.name for row in store.find_node_rows([key], load=1)[key]] == ["Motor"]
    assert store.find_names("bettermotor") == [(key, "name", "Better motor")]
    assert store.find_names("bettermotor", load=1) == []
    assert [record.load for record in store.loads()] == [1, 2]


def test_a_dry_run_checks_and_writes_nothing(store, tmp_path):
    report = load_graph(store, write_folder(tmp_path / "facts"), dry_run=True)
    assert report.is_dry_run
    assert report.load is None
    assert report.counts["nodes"] == 12
    assert (store.generation, store.loads()) == (0, [])
    expect(store, write_folder(tmp_path / "facts", ("nodes.csv", 5, "product:motor,product,,,{},press")), dry_run=True)


def test_rejected_rows_may_be_allowed(store, tmp_path):
    folder = write_folder(
        tmp_path / "facts", ("relationships.csv", 0, "material:tb,INPUT_TO,product:no,{},reported,press")
    )
    report = load_graph(store, folder, max_rejects=1)
    assert report.rejected_total == 1
    assert report.rejected[0].row == 8
    assert "1 row was rejected and left out" in report.notices
    assert report.files["relationships.csv"].rejected == 1
    assert load_graph(store, folder, max_rejects=1).is_unchanged
    # Who allows none must hear of it again.
    with pytest.raises(RejectedRowsError):
        load_graph(store, folder)
    assert store.generation == 1


def test_the_first_errors_are_shown_and_all_are_counted(store, tmp_path):
    bad = [("relationships.csv", 0, f"material:tb,INPUT_TO,product:no-{i},{{}},reported,press") for i in range(30)]
    with pytest.raises(RejectedRowsError) as caught:
        load_graph(store, write_folder(tmp_path / "facts", *bad))
    assert (len(caught.value.errors), caught.value.total) == (20, 30)
    assert "and 10 more" in str(caught.value)


def test_progress_is_told(store, tmp_path):
    told = []
    load_graph(store, write_folder(tmp_path / "facts"), progress=lambda name, rows: told.append((name, rows)))
    assert ("nodes.csv", 7) in told


# -- bad rows ------------------------------------------------------------------------------------------------------
NODE = "product:x,product,X,,{},press"
LINK = "material:tb,INPUT_TO,product:motor,{},reported,press"
CONTROL = MORE["controls.csv"][1]


def link(properties, link_type="INPUT_TO", tail="material:tb", head="product:motor"):
    cells = io.StringIO()
    csv.writer(cells).writerow([tail, link_type, head, json.dumps(properties), "reported", "press"])
    return cells.getvalue().strip()


@pytest.mark.parametrize(
    ("file", "text", "kind", "column", "says"),
    [
        # ids, kinds, names
        ("nodes.csv", "product x,product,X,,{},press", RowError, "id", "'product x' is no id"),
        ("nodes.csv", "product:ü,product,X,,{},press", RowError, "id", "is no id"),
        ("nodes.csv", "product:x,produkt,X,,{},press", UnknownKindError, "kind", "did you mean 'product'?"),
        ("nodes.csv", "material:x,product,X,,{},press", RowError, "id", "does not begin with its kind"),
        ("nodes.csv", "control:x,control,X,,{},press", UnknownKindError, "kind", "controls.csv"),
        ("nodes.csv", "product:x,product, ,,{},press", RowError, "name", "empty"),
        ("nodes.csv", "product:motor,product,X,,{},press", DuplicateIdError, "id", "'product:motor' stands twice"),
        # attributes
        ("nodes.csv", "product:x,product,X,,[],press", RowError, "attributes", "not a JSON object"),
        ("nodes.csv", "product:x,product,X,,{a},press", RowError, "attributes", "not a JSON object"),
        ("nodes.csv", 'product:x,product,X,,"{""a"": NaN}",press', RowError, "attributes", "NaN"),
        ("nodes.csv", 'product:x,product,X,,"{""a"": -Infinity}",press', RowError, "attributes", "Infinity"),
        ("nodes.csv", 'product:x,product,X,,"{""a"": 1e999}",press', RowError, "attributes", "1e999"),
        ("nodes.csv", 'product:x,product,X,,"{""a"": 1, ""a"": 2}",press', RowError, "attributes", "'a' stands twice"),
        ("nodes.csv", 'product:x,product,X,,"{""a"": ""\\ud800""}",press', RowError, "attributes", "JSON"),
        ("nodes.csv", 'product:x,product,X,,"{""a"": ' + "[" * 5000 + "]" * 5000 + '}",press', RowError, "attributes", "deep"),
        ("nodes.csv", 'product:x,product,X,,"{""a"": ' + "[" * 60 + "]" * 60 + '}",press', RowError, "attributes", "deep"),
        # sources of a row
        ("nodes.csv", "product:x,product,X,,{},", RowError, "sources", "no source"),
        ("nodes.csv", "product:x,product,X,,{},pres", RowError, "sources", "did you mean 'press'?"),
        # width
        ("nodes.csv", "product:x,product,X,,{}", RowError, "sources", "5 values, not 6"),
        ("nodes.csv", "product:x,product,X,,{},press,", RowError, None, "7 values, not 6"),
        # sources.csv
        ("sources.csv", "press,T,P,2026,https://a.org,news,read_in_search", DuplicateIdError, "id", "twice"),
        ("sources.csv", "a b,T,P,2026,https://a.org,news,read_in_search", RowError, "id", "'a b'"),
        ("sources.csv", "x,T,P,2026-13,https://a.org,news,read_in_search", RowError, "date", "'2026-13'"),
        ("sources.csv", "x,T,P,2026-02-30,https://a.org,news,read_in_search", RowError, "date", "'2026-02-30'"),
        ("sources.csv", "x,T,P,2026,javascript:x,news,read_in_search", RowError, "url", "web address"),
        ("sources.csv", "x,T,P,2026,https://a.org,newz,read_in_search", RowError, "kind", "did you mean 'news'?"),
        ("sources.csv", "x,T,P,2026,https://a.org,news,read", RowError, "how_verified", "'read'"),
        # links
        ("relationships.csv", "material:tb,INPUT_2,product:motor,{},reported,press", UnknownKindError, "type", "did you mean 'INPUT_TO'?"),
        ("relationships.csv", "material:tb,PRODUCED_IN,country:NA,{},reported,press", RowError, "type", "production.csv"),
        ("relationships.csv", "material:no,INPUT_TO,product:motor,{},reported,press", RowError, "from", "no node 'material:no'"),
        ("relationships.csv", "material:tb,INPUT_TO,product:moter,{},reported,press", RowError, "to", "did you mean 'product:motor'?"),
        ("relationships.csv", "supplier:maker,INPUT_TO,product:motor,{},reported,press", RowError, "from", "'supplier'"),
        ("relationships.csv", "material:tb,USED_IN,product:motor,{},reported,press", RowError, "to", "'product'"),
        ("relationships.csv", "material:tb,INPUT_TO,material:tb,{},reported,press", RowError, "to", "itself"),
        ("relationships.csv", GOOD["relationships.csv"][1], DuplicateIdError, "from", "twice"),
        ("relationships.csv", "material:tb,INPUT_TO,product:motor,{},sure,press", RowError, "confidence", "'sure'"),
        ("relationships.csv", "material:tb,INPUT_TO,product:motor,{},reported,", RowError, "sources", "no source"),
        ("relationships.csv", "material:tb,INPUT_TO,product:motor,3,reported,press", RowError, "properties", "JSON object"),
        ("relationships.csv", link({"criticality": "vital"}), RowError, "properties", "property 'criticality'"),
        ("relationships.csv", link({"criticality": ["major"]}), RowError, "properties", "property 'criticality'"),
        ("relationships.csv", link({"role": "tool"}), RowError, "properties", "did you mean 'tooling'?"),
        ("relationships.csv", link({"quantity": "2"}), RowError, "properties", "property 'quantity'"),
        ("relationships.csv", link({"quantity": True}), RowError, "properties", "property 'quantity'"),
        ("relationships.csv", link({"mass_fraction": 1.5}), RowError, "properties", "mass fraction"),
        ("relationships.csv", link({"mass_fraction": "0.3-0.1"}), RowError, "properties", "mass fraction"),
        ("relationships.csv", link({"mass_fraction": "some"}), RowError, "properties", "mass fraction"),
        ("relationships.csv", link({"valid_from": "2026-1-1"}), RowError, "properties", "property 'valid_from'"),
        ("relationships.csv", link({"valid_from": "2026-02-01", "valid_to": "2026-01-01"}), RowError, "properties", "lies after"),
        ("relationships.csv", link({"share": 1.2}, "PRODUCES", "supplier:maker"), RowError, "properties", "property 'share'"),
        ("relationships.csv", link({"share": -0.1}, "PRODUCES", "supplier:maker"), RowError, "properties", "property 'share'"),
        ("relationships.csv", link({"year": "2025"}, "PRODUCES", "supplier:maker"), RowError, "properties", "property 'year'"),
        ("relationships.csv", link({"outside_alternative": "yes"}), RowError, "properties", "neither true nor false"),
        ("relationships.csv", link({"quantity": 10**310}), RowError, "properties", "too many digits"),
        ("relationships.csv", link({"status": "gone"}, "PRODUCES", "supplier:maker"), RowError, "properties", "property 'status'"),
        ("relationships.csv", link({"share": 2}, "OWNED_BY", "supplier:maker", "customer:buyer"), RowError, "properties", "between 0 and 1"),
        ("relationships.csv", link({"decision": "yes"}, "STANDS_FOR"), RowError, "properties", "accepted, proposed"),
        ("relationships.csv", link({"role": "office"}, "LOCATED_IN", "supplier:maker", "country:NA"), RowError, "properties", "plant"),
        ("relationships.csv", link({"item": "material:no"}, "SUPPLIES_TO", "supplier:maker", "customer:buyer"), RowError, "properties", "property 'item': there is no node"),
        ("relationships.csv", link({"item": "country:NA"}, "SUPPLIES_TO", "supplier:maker", "customer:buyer"), RowError, "properties", "of kind 'country'"),
        ("relationships.csv", link({"country": "country:QQ"}, "RESTRICTS", "control:one", "material:tb"), RowError, "properties", "'country:QQ'"),
        ("relationships.csv", "supplier:maker,LOCATED_IN,country:QQ,{},reported,press", RowError, "to", "ISO 3166"),
        ("relationships.csv", "supplier:maker,LOCATED_IN,country:jp,{},reported,press", RowError, "to", "ISO 3166"),
        # production
        ("production.csv", "material:no,mine,WORLD,2025,1,t,,,law", RowError, "item", "no node"),
        ("production.csv", "supplier:maker,mine,WORLD,2025,1,t,,,law", RowError, "item", "'supplier'"),
        ("production.csv", "material:tb,mine,country:QQ,2025,1,t,,,law", RowError, "country", "ISO 3166"),
        ("production.csv", "material:tb,mine,NA,2025,1,t,,,law", RowError, "country", "is no id"),
        ("production.csv", "material:tb,mine,WORLD,25,1,t,,,law", RowError, "year", "'25'"),
        ("production.csv", "material:tb,mine,WORLD,2024,1 000,t,,,law", RowError, "value", "'1 000'"),
        ("production.csv", "material:tb,mine,WORLD,2024,inf,t,,,law", RowError, "value", "'inf'"),
        ("production.csv", "material:tb,mine,WORLD,2024,-1,t,,,law", RowError, "value", "below 0"),
        ("production.csv", "material:tb,mine,WORLD,2024,1,t,1.01,,law", RowError, "share", "is no share"),
        ("production.csv", "material:tb,mine,WORLD,2024,1,t,nan,,law", RowError, "share", "'nan'"),
        ("production.csv", "material:tb,mine,WORLD,2024,1,t,,yes,law", RowError, "estimate", "'yes'"),
        ("production.csv", "material:tb,mine,WORLD,2024,1,t,,,no", RowError, "source", "unknown source"),
        ("production.csv", MORE["production.csv"][2], DuplicateIdError, "item", "twice"),
        # controls
        ("controls.csv", CONTROL.replace("control:one", "control:two").replace(",licence,", ",permit,"), RowError, "requires", "licence, ban, quota"),
        ("controls.csv", CONTROL.replace("control:one", "control:two").replace(",any,", ",all,"), RowError, "end_use", "any, military"),
        ("controls.csv", CONTROL.replace("control:one", "control:two").replace(",items,", ",goods,"), RowError, "acts_on", "items"),
        ("controls.csv", CONTROL.replace("control:one", "control:two").replace("country:CN", "supplier:maker"), RowError, "issuer", "country"),
        ("controls.csv", CONTROL.replace("control:one", "control:two").replace("country:US", "country:QQ"), RowError, "destinations", "ISO 3166"),
        ("controls.csv", CONTROL.replace("control:one", "control:two").replace("2026-01-01", ""), RowError, "effective", "empty"),
        ("controls.csv", CONTROL.replace("control:one", "control:two").replace("2026-01-01,", "2026-01-01,2025-01-01"), RowError, "ended", "lies after"),
        ("controls.csv", CONTROL.replace("control:one", "control:two").replace("2026-01-01,,,", "2026-01-01,,,2026-05-01"), RowError, "suspended_from", "without suspended_from"),
        ("controls.csv", CONTROL, DuplicateIdError, "id", "twice"),
        # disruptions and claims
        ("disruptions.csv", "disruption:b,B,e,,2026-03-01,,c9,,press", RowError, "claims", "'c9'"),
        ("disruptions.csv", "disruption:b,B,e,,soon,,,,press", RowError, "effective", "'soon'"),
        ("claims.csv", "c1,Again,reported,,press,", DuplicateIdError, "id", "twice"),
        ("claims.csv", "c2,Text,rumour,,press,", RowError, "status", "'rumour'"),
        ("claims.csv", "c2,Text,reported,material:no,press,", RowError, "nodes", "no node"),
        ("claims.csv", "c2,Text,reported,,no,", RowError, "sources", "unknown source"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_by_file_row_column_and_value(store, tmp_path, file, text, kind, column, says):
    row = len({**GOOD, **MORE}[file]) + 1
    error = expect(store, write_folder(tmp_path / "facts", (file, 0, text)))
    assert type(error) is kind
    assert (error.file, error.row, error.column) == (file, row, column)
    assert says in str(error)
    assert error.remedy or says == "is no id"


def test_rows_are_counted_by_lines(store, tmp_path):
    several = 'product:x,product,"X\r\nand more",,{},press'
    error = expect(store, write_folder(tmp_path / "facts", ("nodes.csv", 0, several), ("nodes.csv", 0, NODE)))
    assert (error.row, type(error)) == (11, DuplicateIdError)


@pytest.mark.parametrize("types", [["MEMBER_OF", "MEMBER_OF"], ["IS_A", "IS_A", "IS_A"]])
def test_a_loop_where_none_may_be_is_named(store, tmp_path, types):
    ids = ["material:a", "material:b", "material:c"][: len(types)]
    nodes = [("nodes.csv", 0, f"{i},material,X,,{{}},press") for i in ids]
    links = [
        ("relationships.csv", 0, f"{tail},{t},{head},{{}},reported,press")
        for tail, t, head in zip(ids, types, ids[1:] + ids[:1], strict=True)
    ]
    error = expect(store, write_folder(tmp_path / "facts", *nodes, *links))
    assert (type(error), error.file, error.column) == (RowError, "relationships.csv", "to")
    assert error.row == 7 + len(types)
    assert "loop: " + " > ".join([*ids, ids[0]]) in str(error)


def test_a_loop_over_two_datasets_is_found(store, tmp_path):
    load_graph(store, write_folder(tmp_path / "one"))
    folder = tmp_path / "two"
    folder.mkdir()
    (folder / "sources.csv").write_text(GOOD["sources.csv"][0] + "\n")
    (folder / "nodes.csv").write_text(GOOD["nodes.csv"][0] + "\n")
    (folder / "relationships.csv").write_text(
        GOOD["relationships.csv"][0] + "\nmaterial:hre,MEMBER_OF,material:tb,{},reported,press\n"
    )
    with pytest.raises(RejectedRowsError, match="loop") as caught:
        load_graph(store, folder)
    assert caught.value.errors[0].row == 2
    assert store.generation == 1


def test_no_loop_is_left_where_the_store_closes_several(store, tmp_path):
    load_graph(store, write_folder(tmp_path / "one"))
    folder = tmp_path / "two"
    folder.mkdir()
    (folder / "sources.csv").write_text(GOOD["sources.csv"][0] + "\n")
    (folder / "nodes.csv").write_text(
        GOOD["nodes.csv"][0] + "\nmaterial:x,material,X,,{},press\nmaterial:y,material,Y,,{},press\n"
    )
    pairs = ["hre,x", "x,tb", "hre,y", "y,tb"]
    rows = [f"material:{a},MEMBER_OF,material:{b},{{}},reported,press" for a, b in (p.split(",") for p in pairs)]
    (folder / "relationships.csv").write_text("\n".join([GOOD["relationships.csv"][0], *rows]) + "\n")
    report = load_graph(store, folder, max_rejects=2)
    assert [error.row for error in report.rejected] == [3, 5]
    edges = [(1, tail, head) for tail, link_type, head in list_links(store) if link_type == "MEMBER_OF"]
    assert len(edges) == 3
    assert find_loops(edges) == {}


def test_loops_are_found_and_named():
    assert find_loops([(1, "a", "b"), (2, "b", "c"), (3, "a", "c")]) == {}
    assert find_loops([(1, "a", "b"), (2, "b", "a")]) == {2: ["a", "b", "a"]}
    assert find_loops([(0, "b", "a"), (5, "a", "b")]) == {5: ["b", "a", "b"]}
    chain = [(i, str(i), str(i + 1)) for i in range(1, 5000)]
    assert find_loops(chain) == {}
    assert list(find_loops([*chain, (5000, "5000", "1")])) == [5000]


def test_every_key_that_was_written_is_there(store, tmp_path):
    load_graph(store, write_folder(tmp_path / "facts"))
    load_graph(store, write_folder(tmp_path / "facts", ("nodes.csv", 0, NODE)))
    assert store.connect().execute("PRAGMA foreign_key_check").fetchall() == []


def test_loops_of_inputs_are_allowed(store, tmp_path):
    rows = [("relationships.csv", 0, "product:motor,INPUT_TO,intermediate:magnet,{},reported,press")]
    load_graph(store, write_folder(tmp_path / "facts", *rows))
    assert ("product:motor", "INPUT_TO", "intermediate:magnet") in list_links(store)


# -- files that cannot be read --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "kind", "row", "column", "says"),
    [
        (lambda raw: raw.replace(b"Motor", b"Mot\xf6r"), RowError, 5, None, "not UTF-8: f6"),
        (lambda raw: raw.decode().encode("utf-16"), RowError, 1, None, "UTF-16"),
        (lambda raw: raw.replace(b"Motor", b"Mo\0tor"), RowError, 5, None, "NUL"),
        (lambda raw: raw.replace(b"Motor", b'"Motor'), RowError, 5, None, "never closed"),
        (lambda raw: raw.replace(b"Motor", b'"Mo"tor'), RowError, 5, None, "well-formed"),
        (lambda raw: raw.replace(b",", b";"), SchemaError, 1, None, "semicolons"),
        (lambda raw: raw.replace(b",", b"\t"), SchemaError, 1, None, "tabs"),
        (lambda raw: b"", SchemaError, 1, None, "no header"),
        (lambda raw: raw.replace(b"aliases", b"alias", 1), SchemaError, 1, "alias", "did you mean 'aliases'?"),
        (lambda raw: raw.replace(b",sources", b"", 1), SchemaError, 1, "sources", "is missing"),
        (lambda raw: raw.replace(b",sources", b",kind", 1), SchemaError, 1, "kind", "stands twice"),
        (lambda raw: raw.replace(b"Motor", b"M" * 200_000), CountOutOfRangeError, 5, None, "longer than"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_named(store, tmp_path, change, kind, row, column, says):
    folder = write_folder(tmp_path / "facts")
    path = folder / "nodes.csv"
    path.write_bytes(change(path.read_bytes()))
    error = expect(store, folder, rejected=False)
    assert type(error) is kind
    assert (error.file, error.row, error.column) == ("nodes.csv", row, column)
    assert says in str(error)
    assert error.remedy


def test_half_a_file_is_refused(store, tmp_path):
    folder = write_folder(tmp_path / "facts")
    path = folder / "relationships.csv"
    raw = path.read_bytes()
    path.write_bytes(raw[: raw.rindex(b"RESTRICTS") + 12])
    error = expect(store, folder)
    assert (error.row, error.column) == (7, "properties")


def test_a_missing_folder_is_a_matter_of_the_path(store, tmp_path):
    with pytest.raises(ConfigError, match="does not exist"):
        load_graph(store, tmp_path / "none")
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConfigError, match="is a file"):
        load_graph(store, tmp_path / "file")


def test_a_missing_file_is_named_with_what_it_may_be_called(store, tmp_path):
    folder = write_folder(tmp_path / "facts", drop=("nodes.csv",))
    (folder / "node.csv").write_text("x")
    error = expect(store, folder, rejected=False)
    assert (type(error), error.file) == (SchemaError, "nodes.csv")
    assert "did you mean 'node.csv'?" in str(error)


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("[1]", None, "not a JSON object"),
        ('{"nam": "x"}', "nam", "did you mean 'name'?"),
        ('{"version": 7}', "version", "7 is no text"),
        ('{"knowledge_until": "July"}', "knowledge_until", "'July' is no date"),
    ],
)
def test_a_bad_dataset_file_is_named(store, tmp_path, text, column, says):
    folder = write_folder(tmp_path / "facts")
    (folder / "dataset.json").write_text(text)
    error = expect(store, folder, rejected=False)
    assert (type(error), error.file, error.column) == (SchemaError, "dataset.json", column)
    assert says in str(error)


# -- the registry --------------------------------------------------------------------------------------------------
def test_a_new_store_holds_the_reference_unless_made_without(tmp_path):
    with make_store(tmp_path / "with") as store:
        assert [d.name for d in store.datasets()] == ["reference"]
        dataset = store.datasets()[0]
        assert (dataset.version, dataset.knowledge_until) == ("2026.07.1", "2026-06-29")
        assert store.loads()[0].nodes == 1230
        assert load_reference(store).is_unchanged
    with make_store(tmp_path / "with") as store:
        assert store.generation == 1
    with make_store(tmp_path / "without", reference=False) as store:
        assert store.datasets() == []


def test_an_unknown_loader_is_named_with_the_nearest():
    with pytest.raises(ConfigError, match="did you mean 'graph'"):
        get_loader("graf")
    assert get_loader("reference").takes is None


# -- sources of several datasets ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("press,Another article,Paper,2026-01-05,https://example.org/a,news,read_in_search", "title"),
        ("press,An article,Others,2026-01-05,https://example.org/a,news,read_in_search", "publisher"),
        ("press,An article,Paper,2026-01-06,https://example.org/a,news,read_in_search", "date"),
        ("press,An article,Paper,2026-01-05,https://example.org/b,news,read_in_search", "url"),
        ("press,An article,Paper,2026-01-05,https://example.org/a,paper,read_in_search", "kind"),
        ("press,An article,Paper,2026-01-05,https://example.org/a,news,own_knowledge", "how_verified"),
    ],
)
def test_a_source_id_that_another_dataset_has_for_something_else_is_refused(store, tmp_path, row, column):
    load_graph(store, write_folder(tmp_path / "one"))
    with pytest.raises(RejectedRowsError) as caught:
        load_graph(store, write_folder(tmp_path / "two", ("sources.csv", 3, row)))
    [error] = caught.value.errors
    assert (caught.value.total, error.file, error.row, error.column) == (1, "sources.csv", 3, "id")
    assert "'one'" in error.message
    assert "'press'" in error.message
    assert column in error.message
    assert "Rename the id" in error.remedy
    assert [d.name for d in store.datasets()] == ["one"]


def test_a_clashing_source_is_never_cited_in_place_of_the_other(store, tmp_path):
    load_graph(store, write_folder(tmp_path / "one"))
    other = "press,Another article,Paper,2026-01-05,https://example.org/a,news,read_in_search"
    nodes = [*GOOD["nodes.csv"][:1], "product:new,product,New,,{},press", "product:old,product,Old,,{},old"]
    facts = tmp_path / "two"
    facts.mkdir()
    for name, lines in {
        "sources.csv": [GOOD["sources.csv"][0], other, GOOD["sources.csv"][3]],
        "nodes.csv": nodes,
        "relationships.csv": GOOD["relationships.csv"][:1],
    }.items():
        (facts / name).write_text("\n".join(lines) + "\n")
    report = load_graph(store, facts, max_rejects=1)
    assert report.files["nodes.csv"].skipped == 1
    assert store.find_keys(["product:new", "product:old"]).keys() == {"product:old"}


def test_equal_sources_of_two_datasets_and_changed_ones_of_one_are_fine(store, tmp_path):
    load_graph(store, write_folder(tmp_path / "one"))
    load_graph(store, write_folder(tmp_path / "two"))
    with store.write() as transaction:
        transaction.unload("one")
    changed = "press,Another article,Paper,2026-01-05,https://example.org/a,news,read_in_search"
    report = load_graph(store, write_folder(tmp_path / "two", ("sources.csv", 3, changed)))
    assert report.load is not None
    assert store.find_sources(["press"])["press"].title == "Another article"


# -- errors that follow from others -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("file", "row", "text", "skips"),
    [
        ("sources.csv", 3, "press,An article,Paper,2026-13,,news,read_in_search", {"nodes.csv": 7, "relationships.csv": 6}),
        ("sources.csv", 4, "old,A book,House,2001,,paper", {"relationships.csv": 3}),
        ("nodes.csv", 2, "material:tb,material,,,{},press", {"relationships.csv": 2, "production.csv": 3}),
        ("nodes.csv", 4, "intermediate:magnet,intermediate,Magnet", {"relationships.csv": 4}),
        ("controls.csv", 2, MORE["controls.csv"][1].replace(",any,", ",all,"), {"relationships.csv": 1}),
        ("nodes.csv", 8, "country:NA,country,,,{},press", {"relationships.csv": 1, "production.csv": 1}),
    ],
)  # fmt: skip
def test_what_names_a_rejected_row_is_skipped_and_no_error_of_its_own(store, tmp_path, file, row, text, skips):
    folder = write_folder(tmp_path / "facts", (file, row, text))
    with pytest.raises(RejectedRowsError) as caught:
        load_graph(store, folder)
    assert caught.value.total == 1
    [error] = caught.value.errors
    assert (error.file, error.row) == (file, row)
    report = load_graph(store, folder, max_rejects=1)
    for name, count in skips.items():
        assert report.files[name].skipped == count
    for counts in report.files.values():
        assert counts.read == counts.used + counts.rejected + counts.skipped
    assert any("left out too" in notice for notice in report.notices)


def test_a_duplicate_is_no_lost_row(store, tmp_path):
    report = load_graph(store, write_folder(tmp_path / "facts", ("nodes.csv", 0, GOOD["nodes.csv"][1])), max_rejects=1)
    assert sum(counts.skipped for counts in report.files.values()) == 0
    assert store.find_keys(["material:tb"])


# -- names and dates that deceive -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "name", ["\u200b", "\u2060\ufeff", "\u00ad\u200d", "\u3164", "\u2800 \u2800", "\u202e", "\ufe0f"]
)
def test_a_name_that_shows_nothing_is_refused(store, tmp_path, name):
    error = expect(store, write_folder(tmp_path / "facts", ("nodes.csv", 0, f"product:x,product,{name},,{{}},press")))
    assert (error.row, error.column) == (9, "name")
    assert "shows nothing" in error.message
    assert name.strip() not in error.message
    error = expect(store, write_folder(tmp_path / "more", ("nodes.csv", 0, f"product:x,product,X,a|{name},{{}},press")))
    assert error.column == "aliases"


def test_names_in_any_script_show_something(store, tmp_path):
    rows = [
        f"product:x{i},product,{name},,{{}},press"
        for i, name in enumerate(["\u0e01\u0e34", "🧲\ufe0f", "a\u200bb", "日本"])
    ]
    load_graph(store, write_folder(tmp_path / "facts", *(("nodes.csv", 0, row) for row in rows)))


@pytest.mark.parametrize("date", ["2099-01-01", "2099-01", "2099"])
def test_a_source_of_the_future_is_no_knowledge_and_said(store, tmp_path, date):
    row = f"next,Next,Paper,{date},https://example.org/n,news,read_in_search"
    report = load_graph(store, write_folder(tmp_path / "facts", ("sources.csv", 0, row)))
    assert store.datasets()[0].knowledge_until == "2026-01-05"
    assert [notice for notice in report.notices if "after today" in notice and "next" in notice]


@pytest.mark.parametrize("name", ["a/b", "..", "a\\b", "-rf", "a,b", "a\nb", "a|b", ".", "x\u200by", "a:b"])
def test_a_dataset_has_a_plain_name(store, tmp_path, name):
    folder = write_folder(tmp_path / "facts")
    (folder / "dataset.json").write_text(json.dumps({"name": name}))
    error = expect(store, folder, rejected=False)
    assert (type(error), error.file, error.column) == (SchemaError, "dataset.json", "name")
    assert "plain name" in error.message
    with pytest.raises(ConfigError, match="plain name"):
        load_graph(store, write_folder(tmp_path / "more"), dataset=name)


@pytest.mark.parametrize("name", ["Our data 2.0_x-y", "日本", "v"])
def test_plain_names_of_datasets_are_taken(store, tmp_path, name):
    folder = write_folder(tmp_path / "facts")
    (folder / "dataset.json").write_text(json.dumps({"name": name}))
    assert load_graph(store, folder).dataset == name


def test_a_folder_may_be_called_anything(store, tmp_path):
    assert load_graph(store, write_folder(tmp_path / "my,facts (2)")).dataset == "my-facts -2"
