"""The kit for Neo4j Browser, as far as it can be looked at without a browser."""

import html
import re
from pathlib import Path

from matdeps.graph.neo4j import cypher
from matdeps.graph.neo4j.browser_kit import make_guide, make_style, write_browser_kit
from matdeps.graph.neo4j.explorations import EXPLORATIONS
from matdeps.graph.schema import KINDS, LINK_TYPES


def read_rules(style: str) -> dict[str, dict[str, str]]:
    rules = {}
    for selector, body in re.findall(r"([\w.]+) \{\n(.*?)\}\n", style, re.DOTALL):
        rules[selector] = dict(re.findall(r"  ([\w-]+): (.*);\n", body))
    return rules


def test_every_label_and_type_has_a_rule() -> None:
    rules = read_rules(make_style())
    labels = [kind.label for kind in KINDS.values()] + list(cypher.SHOWN.values())
    for label in labels:
        assert rules[f"node.{label}"]["caption"] == "'{name}'"
    colours = [rules[f"node.{label}"]["color"] for label in labels]
    assert len(set(colours)) == len(colours)
    for name in (*LINK_TYPES, cypher.STATED_IN, cypher.ABOUT, cypher.PRODUCTION_OF):
        assert f"relationship.{name}" in rules
    assert rules["node"]["caption"] == "'{name}'"


def test_captions_can_be_read() -> None:
    for selector, rule in read_rules(make_style()).items():
        if selector.startswith("node"):
            assert compute_contrast(rule["color"], rule["text-color-internal"]) >= 4.5, selector


def compute_contrast(one: str, other: str) -> float:
    def shine(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((shine(one), shine(other)))
    return (light + 0.05) / (dark + 0.05)


def test_restrictions_stand_out() -> None:
    rules = read_rules(make_style())
    sizes = {kind.name: int(rules[f"node.{kind.label}"]["diameter"].removesuffix("px")) for kind in KINDS.values()}
    others = [size for name, size in sizes.items() if name not in {"control", "disruption"}]
    assert min(sizes["control"], sizes["disruption"]) > max(others)


def test_files(tmp_path: Path) -> None:
    files = write_browser_kit(tmp_path / "new" / "kit")
    assert files == write_browser_kit(tmp_path / "new" / "kit")
    names = {path.name for path in files}
    assert {"README.md", "matdeps.grass", "guide.html"} <= names
    favourites = [path for path in files if path.suffix == ".cypher"]
    assert len(favourites) == len(EXPLORATIONS) >= 20
    for path in favourites:
        text = path.read_text("utf-8")
        assert text.startswith("// "), path.name
        assert "RETURN" in text
        # One statement: Browser draws what runs alone.
        assert ";" not in re.sub(r"//.*", "", text), path.name
    readme = files[0].read_text("utf-8")
    assert all(path.name in readme for path in favourites)


def test_guide_can_be_clicked() -> None:
    guide = make_guide()
    shown = [html.unescape(text) for text in re.findall(r"runnable\">(.*?)</pre>", guide, re.DOTALL)]
    statements = {one.statement.strip() for one in EXPLORATIONS}
    assert len(shown) >= 8
    assert set(shown) <= statements
    assert "http" not in guide, "nothing is fetched"
