"""Names: the folded form, the names of a node, and what a name resolves to."""

import csv
import io
import json
import re
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fake_names import FakeReader, Row

from matdeps.graph.errors import AmbiguousNodeError, QueryError, UnknownNodeError
from matdeps.graph.names import fold, iter_record_names
from matdeps.queries.countries import find_country_codes
from matdeps.queries.names import find_nearest, look_up, resolve, resolve_many

ROWS: list[Row] = [
    (
        "material:terbium",
        "Terbium",
        ["Tb", "铽", "テルビウム"],
        {"symbol": "Tb", "cas": "7440-27-9", "hs": ["280530"]},
    ),
    ("material:cobalt", "Cobalt", ["Co", "钴"], {"symbol": "Co", "cas": "7440-48-4", "hs": ["2605", "8105"]}),
    ("material:hafnium", "Hafnium", ["Hf"], {"symbol": "Hf", "hs": ["811231"]}),
    ("material:aluminium", "Aluminium (incl. bauxite and alumina)", ["Al", "aluminum"], {"symbol": "Al"}),
    ("material:rare-earths", "Rare earths (group)", ["REE", "稀土"], {"kind": "group"}),
    ("material:coking-coal", "Coking (metallurgical) coal", [], {}),
    ("material:light", "Lanthanides", [], {"hs": ["2805"]}),
    ("intermediate:terbium-metal", "Terbium metal", [], {"cas": "7440-27-9", "hs": ["28053012"]}),
    ("intermediate:alumina", "Alumina (smelter grade)", ["bauxite product"], {}),
    ("intermediate:hydrogen-fluoride", "Hydrogen fluoride", ["HF"], {"formula": "HF", "cas": "7664-39-3"}),
    (
        "intermediate:tungsten-hexafluoride",
        "Tungsten hexafluoride",
        ["WF6", "六フッ化タングステン"],
        {"formula": "WF6"},
    ),
    ("intermediate:ti64", "Ti-6Al-4V alloy", ["Ti-6Al-4V"], {}),
    ("intermediate:fluorine-gas", "Fluorine gas", ["F2"], {}),
    ("program:f-2", "Mitsubishi fighter F2 successor", [], {"use": "military"}),
    (
        "program:f-15j-upgrade",
        "F-15J upgrade (Japanese Super Interceptor, JSI)",
        ["F-15J"],
        {"use": "military"},
    ),
    ("product:motor", "Induction motor", ["モーター", "ASM", "N5"], {"part_number": "HS-7712"}),
    ("product:wafer", "Logic wafer", ["N5"], {"eccn": "3B001.d"}),
    ("product:tool", "W tool", [], {"codes": ["3B001.d.4", "1C904"]}),
    ("supplier:asm", "ASM International", [], {}),
    ("supplier:toyota", "Toyota", ["トヨタ"], {}),
    ("customer:toyota", "Toyota", ["トヨタ"], {"sector": "cars"}),
    ("supplier:gtp", "Global Tungsten & Powders", [], {}),
    ("supplier:plansee", "Plansee Group", ["Global Tungsten and Powders"], {}),
    ("supplier:kropfmuehl", "Graphit Kropfmühl", [], {}),
    ("supplier:cobaltum", "Cobaltum", ["cobalt"], {}),
    ("country:CN", "China", [], {"iso2": "CN"}),
    ("country:JP", "Japan", [], {"iso2": "JP"}),
    ("country:CO", "Colombia", [], {"iso2": "CO"}),
    ("country:AL", "Albania", [], {"iso2": "AL"}),
    ("country:DE", "Germany", [], {"iso2": "DE"}),
    ("country:CD", "DR Congo", [], {"iso2": "CD"}),
    ("country:US", "United States", [], {"iso2": "US"}),
    ("country:KR", "South Korea", [], {"iso2": "KR"}),
    ("country:EU", "European Union", [], {"code": "EU", "kind": "bloc"}),
    (
        "control:cn-10",
        "Announcement on tungsten",
        [],
        {"instrument": "MOFCOM/GAC Announcement No. 10 of 2025"},
    ),
]


@pytest.fixture(scope="module")
def reader() -> Any:
    return FakeReader(ROWS)


@pytest.mark.parametrize(
    "variants",
    [
        ["F-15J", "f15j", "F 15 J", "Ｆ－１５Ｊ", "F‑15J", "f_15.j"],
        ["Ti-6Al-4V", "Ti6Al4V", "ti 6al 4v", "Ti–6Al–4V"],
        ["テルビウム", "ﾃﾙﾋﾞｳﾑ", "てるびうむ"],
        ["モーター", "モータ", "ﾓｰﾀｰ", "もーたー", "モ-タ-"],
        ["レア・アース", "レアアース", "ﾚｱ･ｱｰｽ"],
        ["WF₆", "WF6", "wf6"],
        ["Kropfmühl", "KROPFMUHL", "Kropfmu\u0308hl"],
        ["A & B", "A and B"],
        ["Inconel™ 718", "inconel-718"],
        ["Straße", "STRASSE"],
    ],
)
def test_variants_of_a_name_meet(variants: list[str]) -> None:
    assert len({fold(variant) for variant in variants}) == 1


@pytest.mark.parametrize(("one", "other"), [("F-35A", "F-35B"), ("は", "ば"), ("N5", "N5+"), ("5%", "5"), ("铽", "鋱")])
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_punctuation_folds_to_nothing() -> None:
    assert fold(" -・()") == ""
    assert list(iter_record_names("material:-", "material", "-", ["-"], {})) == [("material", "id", "material:-")]


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_names_of_a_node() -> None:
    names = list(
        iter_record_names(
            "material:aluminium",
            "material",
            "Aluminium (incl. bauxite)",
            ["Al", "aluminum", "Alu-minum", "铝"],
            {"symbol": "Al", "cas": "7429-90-5", "hs": ["2606", 7601], "eu": True, "codes": "1C9"},
        )
    )
    assert names == [
        ("aluminiuminclbauxite", "name", "Aluminium (incl. bauxite)"),
        ("aluminium", "name", "Aluminium"),
        ("al", "symbol", "Al"),
        ("7429905", "cas", "7429-90-5"),
        ("2606", "hs", "2606"),
        ("7601", "hs", "7601"),
        ("1c9", "code", "1C9"),
        ("aluminum", "alias", "aluminum"),
        ("铝", "alias", "铝"),
        ("materialaluminium", "id", "material:aluminium"),
    ]


@pytest.mark.parametrize(
    ("name", "shorter"),
    [
        ("Iron (ore and iron units)", ["Iron"]),
        ("Coking (metallurgical) coal", ["Coking coal"]),
        ("Kazchrome (ERG), Aksu", ["Kazchrome"]),
        ("Tin(IV) oxide", []),
        ("(unnamed)", []),
        ("Open (", []),
    ],
)
def test_a_parenthesis_can_be_left_out(name: str, shorter: list[str]) -> None:
    found = [text for _, how, text in iter_record_names("x:y", "x", name, [], {}) if how == "name"]
    assert found[1:] == shorter


@pytest.mark.parametrize(
    ("text", "node_id", "how"),
    [
        ("material:terbium", "material:terbium", "id"),
        (" Material: Terbium ", "material:terbium", "id"),
        ("Terbium (material:terbium)", "material:terbium", "id"),
        ("terbium", "material:terbium", "name"),
        ("TERBIUM", "material:terbium", "name"),
        ("“terbium”", "material:terbium", "name"),
        ("Tb", "material:terbium", "symbol"),
        ("铽", "material:terbium", "alias"),
        ("ﾃﾙﾋﾞｳﾑ", "material:terbium", "alias"),
        ("「てるびうむ」", "material:terbium", "alias"),
        ("Co", "material:cobalt", "symbol"),
        ("cobalt", "material:cobalt", "name"),
        ("Cobalt", "material:cobalt", "name"),
        ("CO", "country:CO", "code"),
        ("Al", "material:aluminium", "symbol"),
        ("AL", "country:AL", "code"),
        ("Hf", "material:hafnium", "symbol"),
        ("HF", "intermediate:hydrogen-fluoride", "formula"),
        ("WF6", "intermediate:tungsten-hexafluoride", "formula"),
        ("wf₆", "intermediate:tungsten-hexafluoride", "formula"),
        ("7664-39-3", "intermediate:hydrogen-fluoride", "cas"),
        ("7440‑48‑4", "material:cobalt", "cas"),
        ("aluminium", "material:aluminium", "name"),
        ("alumina", "intermediate:alumina", "name"),
        ("coking coal", "material:coking-coal", "name"),
        ("rare earths", "material:rare-earths", "name"),
        ("Rare-Earths", "material:rare-earths", "name"),
        ("rare earth", "material:rare-earths", "name"),
        ("induction motors", "product:motor", "name"),
        ("モータ", "product:motor", "alias"),
        ("HS-7712", "product:motor", "code"),
        ("1c904", "product:tool", "code"),
        ("3B001.d", "product:wafer", "code"),
        ("MOFCOM/GAC Announcement No. 10 of 2025", "control:cn-10", "code"),
        ("f15j", "program:f-15j-upgrade", "alias"),
        ("F2", "intermediate:fluorine-gas", "alias"),
        ("F-2", "program:f-2", "slug"),
        ("ti6al4v", "intermediate:ti64", "alias"),
        ("kropfmuhl graphit", "", ""),
        ("Graphit Kropfmuhl", "supplier:kropfmuehl", "name"),
        ("Global Tungsten & Powders", "supplier:gtp", "name"),
        ("China", "country:CN", "name"),
        ("CN", "country:CN", "code"),
        ("CHN", "country:CN", "country"),
        ("中国", "country:CN", "country"),
        ("中國", "country:CN", "country"),
        ("日本", "country:JP", "country"),
        ("Japon", "country:JP", "country"),
        ("Deutschland", "country:DE", "country"),
        ("Allemagne", "country:DE", "country"),
        ("Alemania", "country:DE", "country"),
        ("Германия", "country:DE", "country"),
        ("대한민국", "country:KR", "country"),
        ("Südkorea", "country:KR", "country"),
        ("Republic of Korea", "country:KR", "country"),
        ("米国", "country:US", "country"),
        ("U.S.", "country:US", "code"),
        ("USA", "country:US", "country"),
        ("DRC", "country:CD", "country"),
        ("Democratic Republic of the Congo", "country:CD", "country"),
        ("EU", "country:EU", "code"),
        ("欧盟", "country:EU", "country"),
    ],
)
def test_a_name_finds_its_node(reader: Any, text: str, node_id: str, how: str) -> None:
    found = look_up(reader, text)
    assert ((found.ids, found.how) if found else ((), "")) == ((node_id,) if node_id else (), how)
    if found:
        assert found.nodes == (reader.handles[node_id],)
        assert found.text == text


def test_a_name_read_in_another_number_is_noted(reader: Any) -> None:
    assert resolve(reader, "rare earth").notes == ("'rare earth' was read as 'Rare earths'.",)
    assert resolve(reader, "rare earths").notes == ()


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("co", "Colombia (country:CO), written CO"),
        ("TB", "Terbium (material:terbium), written Tb"),
        ("hf", "Hydrogen fluoride (intermediate:hydrogen-fluoride), written HF"),
        ("terbum", "Terbium (material:terbium)"),
        ("terbium magnet", "Terbium metal (intermediate:terbium-metal)"),
        ("テルビュウム", "Terbium (material:terbium)"),
        ("HS 28053099", "Lanthanides (material:light) HS 2805, which carries a shorter code"),
        ("Peru", None),
    ],
)
def test_an_unknown_name_lists_the_nearest(reader: Any, text: str, first: str | None) -> None:
    assert look_up(reader, text) is None
    with pytest.raises(UnknownNodeError) as caught:
        resolve(reader, text)
    assert len(caught.value.suggestions) <= 5
    assert caught.value.name == text
    assert caught.value.exit_code == 4
    if first:
        assert caught.value.suggestions[0] == first


def test_without_the_country_capital_letters_are_unknown() -> None:
    only: Any = FakeReader([row for row in ROWS if row[0] == "material:cobalt"])
    for text in ("CO", "co"):
        with pytest.raises(UnknownNodeError, match="Cobalt"):
            resolve(only, text)


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("Toyota", ["customer:toyota (Toyota, customer: sector cars)", "supplier:toyota (Toyota, supplier)"]),
        ("toyota", ["customer:toyota (Toyota, customer: sector cars)", "supplier:toyota (Toyota, supplier)"]),
        (
            "トヨタ",
            [
                "customer:toyota (Toyota, customer: alias 'トヨタ'; sector cars)",
                "supplier:toyota (Toyota, supplier: alias 'トヨタ')",
            ],
        ),
        (
            "N5",
            [
                "product:motor (Induction motor, product: alias 'N5')",
                "product:wafer (Logic wafer, product: alias 'N5')",
            ],
        ),
        (
            "asm",
            [
                "product:motor (Induction motor, product: alias 'ASM')",
                "supplier:asm (ASM International, supplier: slug 'asm')",
            ],
        ),
        (
            "7440-27-9",
            [
                "intermediate:terbium-metal (Terbium metal, intermediate: cas '7440-27-9')",
                "material:terbium (Terbium, material: cas '7440-27-9')",
            ],
        ),
    ],
)
def test_an_ambiguous_name_lists_its_candidates(reader: Any, text: str, candidates: list[str]) -> None:
    with pytest.raises(AmbiguousNodeError) as caught:
        resolve(reader, text)
    assert caught.value.candidates == candidates


@pytest.mark.parametrize(
    "text",
    ["HS 280530", "HS280530", "hs:2805.30", "hs code 2805 30", "280530", "2805.30", "ＨＳ　２８０５３０"],
)
def test_an_hs_code_is_a_prefix(reader: Any, text: str) -> None:
    found = resolve(reader, text)
    assert found.ids == ("intermediate:terbium-metal", "material:terbium")
    assert found.nodes == tuple(sorted(found.nodes))
    assert found.how == "hs"
    listed, longer, shorter = found.notes
    assert listed == (
        "HS 280530 is read as a prefix and starts from 2 nodes: Terbium metal (intermediate:terbium-metal) HS "
        "28053012; Terbium (material:terbium) HS 280530."
    )
    assert longer == "Warning: 1 of them carry only longer codes, each a part of HS 280530: 28053012."
    assert "shorter" in shorter and "material:light" in shorter


def test_an_hs_code_with_no_neighbours_warns_of_nothing(reader: Any) -> None:
    assert len(resolve(reader, "HS 8105").notes) == 1
    assert look_up(reader, "28") is None
    assert resolve(reader, "HS 28").ids == (
        "intermediate:terbium-metal",
        "material:light",
        "material:terbium",
    )


def test_an_empty_name_is_refused(reader: Any) -> None:
    with pytest.raises(QueryError, match="missing"):
        resolve(reader, ' "" ')
    with pytest.raises(UnknownNodeError):
        resolve(reader, "--")


def test_several_names_keep_their_order(reader: Any) -> None:
    assert [found.ids[0] for found in resolve_many(reader, ["terbium", "Co"])] == [
        "material:terbium",
        "material:cobalt",
    ]


def test_nearest_names_are_stable(reader: Any) -> None:
    assert find_nearest(reader, "terbium") == find_nearest(reader, "terbium")
    assert find_nearest(reader, "-") == []


def test_countries_that_share_a_name() -> None:
    assert find_country_codes(fold("nowhere")) == ()
    assert find_country_codes(fold("Russie")) == ("RU",)
    assert find_country_codes(fold("GB")) == find_country_codes(fold("UK")) == ("GB",)


AMBIGUOUS: dict[str, tuple[str, ...]] = {
    "3B001.d": ("product:ald-high-k-tool", "product:w-cvd-tool"),
    "ASM": ("product:induction-traction-motor", "supplier:asm"),
    "Acerinox group": ("supplier:haynes", "supplier:vdm"),
    "JM": ("country:JM", "supplier:johnson-matthey"),
    "NEOMAX": ("intermediate:ndfeb-magnet", "supplier:proterial"),
    "RW": ("country:RW", "product:reaction-wheel"),
    "SMIC": ("supplier:senju", "supplier:smic"),
    "Samalaju": ("supplier:om-sarawak", "supplier:pertama-ferroalloys", "supplier:sakura-ferroalloys"),
    "Silmet": ("supplier:neo-performance", "supplier:npm-silmet"),
}
"""Names that several nodes of the reference graph have: all but the aliases of `ELSEWHERE`, which a name beats."""
ELSEWHERE: dict[str, str] = {
    "Global Tungsten & Powders of supplier:plansee": "supplier:global-tungsten-powders",
    "IMC group of supplier:tungaloy": "supplier:imc-iscar",
}


def read_reference() -> list[Row]:
    file = resources.files("matdeps") / "loaders" / "reference" / "nodes.csv"
    if not file.is_file():
        pytest.skip("the reference data are not in the package")
    return [
        (
            row["id"],
            row["name"],
            [text for text in row["aliases"].split("|") if text],
            json.loads(row["attributes"] or "{}"),
        )
        for row in csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")))
    ]


def test_every_name_of_the_reference_graph() -> None:
    rows = read_reference()
    reference: Any = FakeReader(rows)
    ambiguous: dict[str, tuple[str, ...]] = {}
    elsewhere: dict[str, str] = {}
    for node_id, name, aliases, attributes in rows:
        kinds = {"id", "name", "symbol", "formula", "code"}
        recorded = iter_record_names(node_id, node_id.partition(":")[0], name, aliases, attributes)
        texts = [text for _, how, text in recorded if how in kinds]
        for text in dict.fromkeys([node_id, name, *texts, *aliases]):
            try:
                found = resolve(reference, text)
            except AmbiguousNodeError as error:
                ids = tuple(re.match(r"\S+", candidate).group() for candidate in error.candidates)  # type: ignore[union-attr]
                assert node_id in ids, (node_id, text, ids)
                ambiguous[text] = ids
            else:
                if found.ids != (node_id,):
                    elsewhere[f"{text} of {node_id}"] = found.ids[0]
    assert (ambiguous, elsewhere) == (AMBIGUOUS, ELSEWHERE)


@pytest.mark.parametrize("text", ["it", "us", "no", "c", "#c", "cn"])
def test_short_words_are_not_taken_for_codes(reader: Any, text: str) -> None:
    with pytest.raises(UnknownNodeError):
        resolve(reader, text)
