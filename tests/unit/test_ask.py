"""Questions in words: every phrasing, dates, lists, refusals."""

from typing import Any

import pytest
from tests.fake_names import FakeReader, Row

from matdeps.graph.errors import AmbiguousNodeError, ConfigError, QueryError, UnknownNodeError
from matdeps.queries.ask import PHRASINGS, Understood, parse, split_names, understand

TODAY = "2026-07-05"
ROWS: list[Row] = [
    ("material:terbium", "Terbium", ["Tb", "铽", "テルビウム"], {"symbol": "Tb", "hs": ["280530"]}),
    ("material:dysprosium", "Dysprosium", ["Dy", "镝"], {"symbol": "Dy"}),
    ("material:cobalt", "Cobalt", ["Co"], {"symbol": "Co", "cas": "7440-48-4"}),
    ("material:iron", "Iron", ["iron ore"], {"symbol": "Fe"}),
    ("material:heavy-rare-earths", "Heavy rare earths (group)", ["HREE"], {}),
    ("intermediate:magnet", "Sintered NdFeB magnet", ["magnet"], {}),
    ("intermediate:iron-and-steel", "Iron and steel", [], {}),
    ("intermediate:steel", "Steel", [], {}),
    ("intermediate:nickel-cobalt-and-manganese", "Nickel, cobalt and manganese hydroxide", [], {}),
    ("product:path-to-zero", "Path to Zero engine", [], {}),
    ("product:motor", "Traction motor", [], {}),
    ("program:f-15j-upgrade", "F-15J upgrade (Japanese Super Interceptor, JSI)", ["F-15J"], {}),
    ("program:toyota-bev", "Toyota battery-electric vehicle lines (bZ series)", ["bZ4X"], {}),
    ("customer:toyota", "Toyota", [], {}),
    ("supplier:toyota", "Toyota", [], {}),
    ("supplier:shin-etsu", "Shin-Etsu Chemical", ["信越化学"], {}),
    ("control:cn-mofcom-2026-01", "Announcement 2026-1", [], {}),
    ("country:CN", "China", [], {"iso2": "CN"}),
    ("country:JP", "Japan", [], {"iso2": "JP"}),
]
F15 = "F-15J upgrade"


@pytest.fixture(scope="module")
def reader() -> Any:
    return FakeReader(ROWS)


def ask(reader: Any, text: str) -> Understood:
    return understand(reader, text, today=TODAY)


@pytest.mark.parametrize(
    ("text", "query", "arguments"),
    [
        # exposed
        ("what depends on terbium", "exposed", {"start": ["terbium"]}),
        ("What depends on Terbium?", "exposed", {"start": ["Terbium"]}),
        ("  WHAT   DEPENDS ON  terbium ?? ", "exposed", {"start": ["terbium"]}),
        ("what depends upon the terbium", "exposed", {"start": ["terbium"]}),
        ("what depend on Tb", "exposed", {"start": ["Tb"]}),
        ("what uses terbium", "exposed", {"start": ["terbium"]}),
        ("who uses terbium?", "exposed", {"start": ["terbium"]}),
        ("what needs terbium", "exposed", {"start": ["terbium"]}),
        ("who is exposed to terbium", "exposed", {"start": ["terbium"]}),
        ("what is exposed to 铽?", "exposed", {"start": ["铽"]}),
        ("what's exposed to テルビウム？", "exposed", {"start": ["テルビウム"]}),
        ("what relies on China", "exposed", {"start": ["China"]}),
        ("what depends on 中国", "exposed", {"start": ["中国"]}),
        ("what depends on CN", "exposed", {"start": ["CN"]}),
        ("what depends on heavy rare earths", "exposed", {"start": ["heavy rare earths"]}),
        ("what depends on HS 280530", "exposed", {"start": ["HS 280530"]}),
        ("what depends on 7440-48-4", "exposed", {"start": ["7440-48-4"]}),
        ("what depends on node:terbium", "exposed", {"start": ["terbium"]}),
        ("what depends on material:terbium", "exposed", {"start": ["material:terbium"]}),
        ("list everything that depends on terbium", "exposed", {"start": ["terbium"]}),
        ("please, what depends on terbium", "exposed", {"start": ["terbium"]}),
        ("which programmes need terbium", "exposed", {"start": ["terbium"], "kind": ["program"]}),
        ("Which programs use terbium?", "exposed", {"start": ["terbium"], "kind": ["program"]}),
        ("what products depend on terbium", "exposed", {"start": ["terbium"], "kind": ["product"]}),
        ("which customers are exposed to terbium", "exposed", {"start": ["terbium"], "kind": ["customer"]}),
        ("which suppliers rely on terbium", "exposed", {"start": ["terbium"], "kind": ["supplier"]}),
        (
            "which intermediates and products need terbium",
            "exposed",
            {"start": ["terbium"], "kind": ["intermediate", "product"]},
        ),
        (
            "list products, programmes and customers that depend on terbium",
            "exposed",
            {"start": ["terbium"], "kind": ["product", "program", "customer"]},
        ),
        ("how many products depend on terbium?", "exposed", {"start": ["terbium"], "kind": ["product"]}),
        ("which materials are exposed to China", "exposed", {"start": ["China"], "kind": ["material"]}),
        ("which product needs terbium", "exposed", {"start": ["terbium"], "kind": ["product"]}),
        ("what depends directly on terbium", "exposed", {"start": ["terbium"], "direct": True}),
        ("what directly depends on terbium", "exposed", {"start": ["terbium"], "direct": True}),
        (
            "what depends on terbium through contained",
            "exposed",
            {"start": ["terbium"], "through": "contained"},
        ),
        (
            "what depends on terbium on 2026-07-01 through all",
            "exposed",
            {"start": ["terbium"], "through": "all", "as_of": "2026-07-01"},
        ),
        (
            "what depends on terbium through all, on 2026-07-01",
            "exposed",
            {"start": ["terbium"], "through": "all", "as_of": "2026-07-01"},
        ),
        ("テルビウムに依存するもの", "exposed", {"start": ["テルビウム"]}),
        ("テルビウムに依存しているものは何ですか？", "exposed", {"start": ["テルビウム"]}),
        ("什么依赖铽？", "exposed", {"start": ["铽"]}),
        ("哪些产品依赖于镝", "exposed", {"start": ["镝"]}),
        ("what contains terbium", "exposed", {"start": ["terbium"], "through": "contained"}),
        (
            "which products contain terbium",
            "exposed",
            {"start": ["terbium"], "kind": ["product"], "through": "contained"},
        ),
        # several names
        ("what depends on terbium and dysprosium", "exposed", {"start": ["terbium", "dysprosium"]}),
        ("what depends on Tb, Dy and the cobalt", "exposed", {"start": ["Tb", "Dy", "cobalt"]}),
        ("what depends on Tb, Dy, and Co", "exposed", {"start": ["Tb", "Dy", "Co"]}),
        ("what depends on terbium or dysprosium", "exposed", {"start": ["terbium", "dysprosium"]}),
        ("what depends on 铽、镝", "exposed", {"start": ["铽", "镝"]}),
        ("what depends on 铽，镝", "exposed", {"start": ["铽", "镝"]}),
        ("what depends on Japon and terbium", "exposed", {"start": ["Japon", "terbium"]}),
        ("what depends on iron and steel", "exposed", {"start": ["iron and steel"]}),
        ("what depends on steel and iron", "exposed", {"start": ["steel", "iron"]}),
        ("what depends on iron and steel and terbium", "exposed", {"start": ["iron and steel", "terbium"]}),
        (
            "what uses terbium, nickel, cobalt and manganese hydroxide and Dy",
            "exposed",
            {"start": ["terbium", "nickel, cobalt and manganese hydroxide", "Dy"]},
        ),
        # depends
        ("what does the F-15J upgrade depend on", "depends", {"node": [F15]}),
        ("what do bZ4X and F-15J rely on?", "depends", {"node": ["bZ4X", "F-15J"]}),
        ("what does the F-15J upgrade directly depend on", "depends", {"node": [F15], "direct": True}),
        ("what does the traction motor need", "depends", {"node": ["traction motor"]}),
        ("what goes into a traction motor", "depends", {"node": ["traction motor"]}),
        ("what goes into making traction motors", "depends", {"node": ["traction motors"]}),
        ("what is a traction motor made of", "depends", {"node": ["traction motor"]}),
        ("what is the traction motor made from?", "depends", {"node": ["traction motor"]}),
        ("what is needed for the F-15J upgrade", "depends", {"node": [F15]}),
        ("what is required to make a magnet", "depends", {"node": ["magnet"]}),
        ("which materials does the F-15J upgrade need", "depends", {"node": [F15], "kind": ["material"]}),
        (
            "which suppliers does the F-15J upgrade depend on",
            "depends",
            {"node": [F15], "kind": ["supplier"]},
        ),
        ("what materials go into the F-15J upgrade", "depends", {"node": [F15], "kind": ["material"]}),
        (
            "what raw materials are needed for the F-15J upgrade",
            "depends",
            {"node": [F15], "kind": ["material"]},
        ),
        ("what is the F-15J upgrade exposed to", "depends", {"node": [F15]}),
        ("what does the F-15J upgrade contain", "depends", {"node": [F15], "through": "contained"}),
        # why
        (
            "does the F-15J upgrade contain terbium",
            "why",
            {"start": ["terbium"], "target": F15, "k": 1, "through": "contained"},
        ),
        ("why is the F-15J upgrade exposed to terbium", "why", {"start": ["terbium"], "target": F15}),
        ("why does the F-15J upgrade depend on terbium?", "why", {"start": ["terbium"], "target": F15}),
        (
            "why does the F-15J upgrade need terbium or dysprosium",
            "why",
            {"start": ["terbium", "dysprosium"], "target": F15},
        ),
        ("how does terbium reach the F-15J upgrade", "why", {"start": ["terbium"], "target": F15}),
        (
            "how is the F-15J upgrade exposed to terbium through all",
            "why",
            {"start": ["terbium"], "target": F15, "through": "all"},
        ),
        ("is the F-15J upgrade exposed to terbium?", "why", {"start": ["terbium"], "target": F15, "k": 1}),
        ("does the F-15J upgrade depend on terbium", "why", {"start": ["terbium"], "target": F15, "k": 1}),
        (
            "does the bZ4X use cobalt on 2026-07-01",
            "why",
            {"start": ["cobalt"], "target": "bZ4X", "k": 1, "as_of": "2026-07-01"},
        ),
        # sources
        ("who makes terbium", "sources", {"node": "terbium"}),
        ("who produces terbium?", "sources", {"node": "terbium"}),
        ("who supplies terbium", "sources", {"node": "terbium"}),
        ("who mines terbium", "sources", {"node": "terbium", "stage": "mine"}),
        ("where is terbium mined", "sources", {"node": "terbium", "stage": "mine"}),
        ("where is terbium refined?", "sources", {"node": "terbium", "stage": "refine"}),
        ("where is cobalt smelted", "sources", {"node": "cobalt", "stage": "smelt"}),
        ("where are heavy rare earths mined", "sources", {"node": "heavy rare earths", "stage": "mine"}),
        ("where is the magnet made", "sources", {"node": "magnet"}),
        ("where is terbium produced", "sources", {"node": "terbium"}),
        ("where is terbium mined, refined, made", "sources", {"node": "terbium"}),
        ("where is terbium mined and refined", "sources", {"node": "terbium"}),
        ("who makes terbium outside China", "sources", {"node": "terbium", "outside": "China"}),
        ("who makes terbium outside of 中国?", "sources", {"node": "terbium", "outside": "中国"}),
        ("who outside China makes terbium", "sources", {"node": "terbium", "outside": "China"}),
        (
            "where is terbium refined outside CN",
            "sources",
            {"node": "terbium", "outside": "CN", "stage": "refine"},
        ),
        ("which countries refine terbium", "sources", {"node": "terbium", "stage": "refine"}),
        ("where does terbium come from", "sources", {"node": "terbium"}),
        ("who are the makers of magnets", "sources", {"node": "magnets"}),
        # controls
        ("what controls bind terbium", "controls", {"node": ["terbium"]}),
        (
            "what controls bind terbium toward Japan on 2026-07-01",
            "controls",
            {"node": ["terbium"], "to": "Japan", "as_of": "2026-07-01"},
        ),
        (
            "what controls bind terbium on 2026-07-01 toward Japan",
            "controls",
            {"node": ["terbium"], "to": "Japan", "as_of": "2026-07-01"},
        ),
        (
            "which controls bind terbium and Dy towards 日本",
            "controls",
            {"node": ["terbium", "Dy"], "to": "日本"},
        ),
        ("which controls apply to terbium", "controls", {"node": ["terbium"]}),
        (
            "which controls apply to terbium on exports to Japan",
            "controls",
            {"node": ["terbium"], "to": "Japan"},
        ),
        (
            "what export controls bind exports of terbium to Japan",
            "controls",
            {"node": ["terbium"], "to": "Japan"},
        ),
        ("what controls bind the Path to Zero engine", "controls", {"node": ["Path to Zero engine"]}),
        (
            "what controls bind the Path to Zero engine to Japan",
            "controls",
            {"node": ["Path to Zero engine"], "to": "Japan"},
        ),
        ("what restricts terbium against Japan", "controls", {"node": ["terbium"], "to": "Japan"}),
        (
            "is terbium controlled toward Japan as of 1 July 2026",
            "controls",
            {"node": ["terbium"], "to": "Japan", "as_of": "2026-07-01"},
        ),
        ("is terbium export-controlled?", "controls", {"node": ["terbium"]}),
        ("controls on terbium", "controls", {"node": ["terbium"]}),
        ("what does control:cn-mofcom-2026-01 bind", "controls", {"node": ["control:cn-mofcom-2026-01"]}),
        ("what controls are in force on 2026-07-01", "controls", {"as_of": "2026-07-01"}),
        ("what controls are in force toward Japan", "controls", {"to": "Japan"}),
        # claims
        ("what is claimed about terbium", "claims", {"node": ["terbium"]}),
        ("what's said about Shin-Etsu Chemical?", "claims", {"node": ["Shin-Etsu Chemical"]}),
        ("which claims are about terbium", "claims", {"node": ["terbium"]}),
        ("what claims are there about terbium", "claims", {"node": ["terbium"]}),
        ("what claims are there", "claims", {}),
        # one node, the graph
        ("what is terbium", "show", {"node": "terbium"}),
        ("who is 信越化学?", "show", {"node": "信越化学"}),
        ("tell me about the F-15J upgrade", "show", {"node": F15}),
        ("show terbium", "show", {"node": "terbium"}),
        ("find terb", "find", {"text": "terb"}),
        ("find the anything at all", "find", {"text": "the anything at all"}),
        ("what does the graph not know?", "coverage", {}),
        ("what doesn't the graph know", "coverage", {}),
        ("what do we not know", "coverage", {}),
    ],
)
def test_a_question_becomes_a_canned_query(reader: Any, text: str, query: str, arguments: dict[str, Any]) -> None:
    understood = ask(reader, text)
    assert (understood.query, dict(understood.arguments)) == (query, arguments)
    assert understood.phrase


@pytest.mark.parametrize(
    ("words", "as_of"),
    [
        ("on 2026-07-01", "2026-07-01"),
        ("2026-07-01", "2026-07-01"),
        ("as of 1 July 2026", "2026-07-01"),
        ("as of July 1, 2026", "2026-07-01"),
        ("on the 1st of July 2026", "2026-07-01"),
        ("on 3 Sept. 2025", "2025-09-03"),
        ("on 1.7.2026", "2026-07-01"),
        ("on 31/7/2026", "2026-07-31"),
        ("on 7/31/2026", "2026-07-31"),
        ("on 7/7/2026", "2026-07-07"),
        ("on 2026/7/1", "2026-07-01"),
        ("2026年7月1日", "2026-07-01"),
        ("today", TODAY),
        ("as of today", TODAY),
    ],
)
def test_a_day_in_words(reader: Any, words: str, as_of: str) -> None:
    assert dict(ask(reader, f"what depends on terbium {words}?").arguments) == {
        "start": ["terbium"],
        "as_of": as_of,
    }


@pytest.mark.parametrize(
    ("words", "error", "says"),
    [
        ("in July 2026", QueryError, "'July 2026' is no day"),
        ("in 2026", QueryError, "'2026' is no day"),
        ("on 2026-02-30", ConfigError, "no day of the calendar"),
        ("on 7/1/2026", ConfigError, "2026-07-01 or 2026-01-07"),
        ("on 2026-07-01 and on 2026-08-01", QueryError, "one date"),
    ],
)
def test_a_date_that_is_no_day_is_refused(reader: Any, words: str, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        ask(reader, f"what depends on terbium {words}")


@pytest.mark.parametrize(
    ("text", "name", "suggestion"),
    [
        ("what depends on terbum", "terbum", "Terbium (material:terbium)"),
        ("what depends on terbium and disprosium", "disprosium", "Dysprosium (material:dysprosium)"),
        ("why is the F-15J upgrade exposed to terbum", "terbum", "Terbium (material:terbium)"),
        ("who makes terbium outside Chinna", "Chinna", "China (country:CN)"),
        ("what is terbum", "terbum", "Terbium (material:terbium)"),
        ("what depends on co", "co", "Cobalt (material:cobalt), written Co"),
    ],
)
def test_an_unknown_name_is_told_from_an_unknown_phrasing(reader: Any, text: str, name: str, suggestion: str) -> None:
    with pytest.raises(UnknownNodeError) as caught:
        ask(reader, text)
    assert caught.value.name == name
    assert suggestion in caught.value.suggestions


def test_an_ambiguous_name_is_shown(reader: Any) -> None:
    with pytest.raises(AmbiguousNodeError) as caught:
        ask(reader, "what depends on Toyota")
    assert [candidate.split(" ")[0] for candidate in caught.value.candidates] == [
        "customer:toyota",
        "supplier:toyota",
    ]
    with pytest.raises(AmbiguousNodeError):
        ask(reader, "what depends on terbium and Toyota")


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("terbium", "terbium"),
        ("what is the price of terbium", "what is terbium"),
        ("how much terbium is left in the world", "terbium"),
        ("will the F-15J upgrade survive without terbium", "F-15J"),
        ("", "what depends on X"),
        ("???", "what depends on X"),
        ("delete terbium", "terbium"),
        ("what would happen if Japan lost terbium", "what depends on terbium"),
    ],
)
def test_what_is_not_understood_is_refused_with_phrasings(reader: Any, text: str, near: str) -> None:
    with pytest.raises(QueryError) as caught:
        ask(reader, text)
    assert type(caught.value) is QueryError
    assert caught.value.exit_code == 4
    assert "not understood" in caught.value.message
    assert caught.value.remedy.startswith("Nearest phrasings: ")
    assert caught.value.remedy.endswith("All of them: matdeps ask --help")
    assert near in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("who makes terbium and dysprosium", "one node"),
        ("why is terbium and dysprosium exposed to cobalt", "one node"),
        ("what controls bind terbium toward cobalt", "no country"),
        ("who makes terbium outside cobalt", "no country"),
        ("who directly makes terbium", "directly"),
        ("what is claimed about terbium through all", "a view"),
        ("what is claimed about terbium on 2026-07-01", "a date"),
    ],
)
def test_what_cannot_be_asked_is_refused(reader: Any, text: str, says: str) -> None:
    with pytest.raises(QueryError, match=says):
        ask(reader, text)


@pytest.mark.parametrize(("phrase", "query"), PHRASINGS)
def test_every_phrasing_that_is_shown_works(reader: Any, phrase: str, query: str) -> None:
    assert ask(reader, phrase).query == query


@pytest.mark.parametrize(
    "text",
    [
        "what depends on the terbium and the traction motors",
        "what depends on heavy rare earths, iron and steel and CN",
        "who makes terbium outside China",
        "why is the F-15J upgrade exposed to 铽",
    ],
)
def test_names_of_the_graph_do_not_load_the_countries_of_the_world(
    reader: Any, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(folded: str) -> tuple[str, ...]:
        raise AssertionError(folded)

    monkeypatch.setattr("matdeps.queries.countries.find_country_codes", fail)
    ask(reader, text)


def test_parsing_needs_no_graph() -> None:
    readings = parse("what controls bind terbium toward Japan on 2026-07-01", today=TODAY)
    assert readings[0].phrasing.query == "controls"
    assert readings[0].slots == {"x": "terbium", "c": "Japan"}
    assert readings[0].options == {"as_of": "2026-07-01"}
    assert parse("hello", today=TODAY) == []


def test_a_long_list_is_not_cut(reader: Any) -> None:
    assert split_names(reader, ", ".join(["Tb", "Dy", "iron and steel"] * 100)) == ["Tb", "Dy", "iron and steel"] * 100


def test_splitting_keeps_names_whole(reader: Any) -> None:
    assert split_names(reader, "the iron and steel") == ["iron and steel"]
    assert split_names(reader, "terbium , dysprosium;Co") == ["terbium", "dysprosium", "Co"]
    with pytest.raises(UnknownNodeError, match="foo"):
        split_names(reader, "terbium and foo and bar")
