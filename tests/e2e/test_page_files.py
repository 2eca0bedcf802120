"""`view`, and the formats that are files: from the command line."""

import io
import json
import xml.etree.ElementTree as ET
import zipfile

import pytest
from tests.e2e.cli_place import Place

AS_OF = ("--as-of", "2026-07-01", "--graph", "reference")


def test_view_is_the_html_of_the_query(place: Place) -> None:
    assert place.call("view", "terbium", "-o", "one.html", *AS_OF).err == "Written: one.html\n"
    place.call("exposed", "terbium", "-o", "two.html", *AS_OF)
    piped = place.call("exposed", "terbium", "--format", "html", *AS_OF).out
    texts = {(place.work / name).read_bytes() for name in ("one.html", "two.html")} | {piped.encode()}
    assert len(texts) == 1
    assert len(texts.pop()) < 2_000_000


def test_the_command_on_the_page_makes_it_again(place: Place) -> None:
    place.call("view", "--query", "why", "terbium", "program:f-15j-upgrade", "-k", "2", "-o", "why.html", *AS_OF)
    text = (place.work / "why.html").read_text("utf-8")
    start = text.index('id="data">') + len('id="data">')
    command = json.loads(text[start : text.index("</script>", start)])["command"]
    place.call(*command.split()[1:], "-o", "again.html")
    assert (place.work / "again.html").read_text("utf-8") == text


def test_a_page_is_named_after_its_question(place: Place) -> None:
    assert place.call("view", "テルビウム", *AS_OF).code == 0
    assert (place.work / "exposed-テルビウム.html").exists()
    done = place.call("view", "--query", "ask", "who makes tungsten outside China", *AS_OF)
    assert "= matdeps sources" in done.err
    assert (place.work / "ask-who-makes-tungsten-outside-china.html").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("view", "--query", "nothing", "terbium"), 2, ("there is no query",)),
        (("view", "unobtanium-x"), 4, ()),
        (("view", "--all", "--query", "why"), 2, ("Leave --query out",)),
        (("view", "terbium", "-o", "-"), 2, ("a page goes into a file",)),
        (("view", "terbium", "-o", "no/such/folder.html"), 2, ("no folder",)),
    ],
)
def test_errors(place: Place, arguments: tuple[str, ...], code: int, words: tuple[str, ...]) -> None:
    place.call(*arguments, *AS_OF).check_error(code, *words)


def test_the_suffix_chooses_the_format(place: Place) -> None:
    for name in ("a.xlsx", "a.svg", "a.mmd", "a.dot", "a.graphml"):
        assert place.call("why", "terbium", "program:f-15j-upgrade", "-o", name, *AS_OF).code == 0
    with zipfile.ZipFile(io.BytesIO((place.work / "a.xlsx").read_bytes())) as book:
        assert "xl/workbook.xml" in book.namelist()
    assert ET.parse(place.work / "a.svg").getroot().tag.endswith("svg")
    assert ET.parse(place.work / "a.graphml").getroot().tag.endswith("graphml")
    assert (place.work / "a.mmd").read_text("utf-8").startswith("flowchart LR\n")
    assert (place.work / "a.dot").read_text("utf-8").startswith("digraph ")


def test_a_workbook_through_a_pipe(place: Place) -> None:
    done = place.call("sources", "tungsten", "-o", "b.xlsx", *AS_OF)
    assert done.code == 0
    import subprocess
    import sys

    piped = subprocess.run(
        [sys.executable, "-m", "matdeps", "sources", "tungsten", "--format", "xlsx", *AS_OF],
        capture_output=True,
        cwd=place.work,
        env=place.make_environment(),
        check=True,
    )
    assert piped.stdout == (place.work / "b.xlsx").read_bytes()
