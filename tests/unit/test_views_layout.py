"""Lines that fit a terminal, in any script, and harmless whatever the data holds."""

import pytest

from matdeps.views.inert import escape_cell, escape_html, escape_json, escape_markdown, neutralise
from matdeps.views.layout import Column, Page, cut, measure, pad, wrap
from matdeps.views.palette import Palette


def _page(width: int, *, color: bool = False) -> Page:
    return Page(width, Palette(color=color))


@pytest.mark.parametrize(
    ("text", "columns"), [("terbium", 7), ("铽", 2), ("テルビウム", 10), ("ﾃﾙﾋﾞｳﾑ", 6), ("e\u0301", 1), ("Ｔｂ", 4)]
)
def test_width_counts_columns_not_characters(text: str, columns: int) -> None:
    assert measure(text) == columns
    assert measure(pad(text, 12)) == 12


@pytest.mark.parametrize("width", [12, 20, 33])
def test_wrapping_fits_and_loses_nothing(width: int) -> None:
    text = "Sintered NdFeB magnet 焼結ネオジム磁石 magnesium-yttrium-rare-earth alloy " + "x" * 50
    lines = wrap(text, width)
    assert all(measure(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_a_long_word_breaks_at_its_hyphens() -> None:
    assert wrap("magnesium-yttrium-rare-earth", 20) == ["magnesium-yttrium-", "rare-earth"]


def test_a_hanging_paragraph_keeps_its_first_blanks() -> None:
    page = _page(40)
    page.add(" 1. Terbium goes into sintered magnets of every kind", indent=2, hang=4)
    assert page.lines == ["   1. Terbium goes into sintered magnets", "      of every kind"]


def test_columns_of_mixed_scripts_stand_under_each_other() -> None:
    page = _page(60)
    page.add_table([Column("name", style="bold"), Column("id")], [("Terbium", "a"), ("テルビウム", "b"), ("铽", "c")])
    assert page.lines == [
        "  name        id",
        "  Terbium     a",
        "  テルビウム  b",
        "  铽          c",
    ]


def test_a_narrow_line_wraps_the_name_and_cuts_the_aside_visibly() -> None:
    page = _page(48)
    columns = [Column("name", flexible=True), Column("via", is_aside=True)]
    page.add_table(columns, [("Electromechanical flight-control actuator", "Sintered NdFeB magnet containing Dy")])
    assert page.lines == [
        "  name                    via",
        "  Electromechanical       Sintered NdFeB magnet…",
        "  flight-control",
        "  actuator",
    ]
    assert all(measure(line) <= 48 for line in page.lines)


def test_colour_adds_codes_and_changes_no_width() -> None:
    plain, painted = _page(60), _page(60, color=True)
    for page in (plain, painted):
        page.add_table([Column("name", style="bold"), Column("id")], [("铽", "a")])
    assert "\x1b[1m铽\x1b[0m" in painted.lines[1]
    assert plain.lines[1] == painted.lines[1].replace("\x1b[1m", "").replace("\x1b[0m", "")


@pytest.mark.parametrize(
    "bad", ["\x1b[2J", "\x00", "\x9b31m", "\u202e", "\u2066", "\u200b", "\r\n", "\ud800", "\U000e0041"]
)
def test_control_characters_are_shown_not_obeyed(bad: str) -> None:
    shown = neutralise(f"a{bad}b")
    assert bad[0] not in shown
    assert f"<U+{ord(bad[0]):04X}>" in shown


def test_letters_of_any_script_stay() -> None:
    for text in ("テルビウム", "铽", "γ-Al₂O₃", "می‌خواهم", "Ünal & Søn"):
        assert neutralise(text) == text


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝"])
def test_no_cell_is_a_formula(start: str) -> None:
    assert escape_cell(f"{start}cmd|' /C calc'!A0").startswith("'")


def test_markdown_is_inert() -> None:
    text = escape_markdown("[x](http://evil) <img src=x> a|b `c` *d* ![e](f) www.evil.com ~~g~~")
    for dangerous in ("<img", "](http://", "http://", " www.evil", "|b `", "*d*"):
        assert dangerous not in text
    assert escape_markdown("1. first") == "1\\. first"
    assert escape_markdown("- item") == "\\- item"
    assert "\n" not in escape_markdown("a\nb")


def test_html_is_inert() -> None:
    assert escape_html("<b onclick='x'>\x1b") == "&lt;b onclick=&#x27;x&#x27;&gt;&lt;U+001B&gt;"


def test_json_escapes_mean_the_same() -> None:
    import json

    text = "a\x9b\u202e\U000e0041\u2028テ"
    written = escape_json(json.dumps(text, ensure_ascii=False))
    assert json.loads(written) == text
    assert "\x9b" not in written
    assert "\u202e" not in written
    assert "テ" in written


def test_cut_counts_wide_characters() -> None:
    assert cut("テルビウム", 6) == "テル…"
    assert measure(cut("テルビウム", 6)) <= 6
