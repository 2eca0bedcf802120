"""How soon a page can be used, beside a plain pyvis page of the same graph in the same Chromium.

    python bench/page.py [--sizes 1000,5000] [--patience 120] [-o page.json]

First paint is the browser's first contentful paint. Ready is when the page takes input: for ours when its script has
run and the picture is drawn; for pyvis when its layout has settled. Both are counted from the start of navigation.
Sizes are of files; pyvis's with its scripts in line. Read ratios, not absolutes.
"""

import argparse
import json
import random
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import matdeps
from matdeps.views.page.assemble import render_page
from matdeps.views.page.picture import make_picture

AS_OF = "2026-07-01"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
_SETTLED = "network = new vis.Network(container, data, options);"
_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


def generate(size: int) -> Any:
    """Answer on a layered random graph in which everything depends on one material."""
    chance = random.Random(size)
    kinds = ["material", "intermediate", "intermediate", "product", "product", "product", "program"]
    nodes, links, layers = [{"id": "material:start", "name": "Start"}], [], [["material:start"]]
    weights = [0, 0.1, 0.15, 0.2, 0.2, 0.2, 0.15]
    for layer in range(1, len(kinds)):
        names = [f"{kinds[layer]}:n{layer}-{number}" for number in range(max(1, round(size * weights[layer])))]
        for name in names:
            nodes.append({"id": name, "name": f"A {kinds[layer]} with a name of usual length {name[-5:]}"})
            for tail in chance.sample(layers[-1], min(len(layers[-1]), chance.choice((1, 1, 2)))):
                links.append({"from": tail, "type": "USED_IN" if kinds[layer] == "program" else "INPUT_TO", "to": name})
        layers.append(names)
    with matdeps.Graph.from_frames(nodes, links) as graph:
        return graph.exposed("material:start", kind="all", as_of=AS_OF)


def render_plain(answer: Any) -> str:
    """What pyvis makes of the same nodes and links, left to itself."""
    from pyvis.network import Network

    picture = make_picture(answer, most=10**9)
    network = Network(directed=True, cdn_resources="in_line")
    for spot in picture.spots:
        network.add_node(spot.id, label=spot.name, group=spot.kind)
    for link in picture.links:
        network.add_edge(picture.spots[link.tail].id, picture.spots[link.head].id, title=link.hop.sentence)
    text: str = network.generate_html()
    assert _SETTLED in text
    hook = 'network.once("stabilizationIterationsDone", () => { window.settled = performance.now(); });'
    return text.replace(_SETTLED, _SETTLED + hook)


def measure(browser: Any, path: Path, ready: str, patience_s: float, repeats: int) -> dict[str, float | None]:
    """Open a file some times; milliseconds, None where patience ran out."""
    paints, readies = [], []
    for _ in range(repeats):
        context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
        context.route("http*://**", lambda route: route.abort())
        page = context.new_page()
        page.set_default_timeout(patience_s * 1000)
        try:
            page.goto(path.as_uri(), wait_until="commit")
            page.wait_for_function(f"() => ({ready})")
            readies.append(page.evaluate(ready))
            paints.append(page.evaluate(_PAINT))
        except Exception as error:
            if type(error).__name__ != "TimeoutError":
                raise
            return {"paint_ms": None, "ready_ms": None}
        finally:
            context.close()
    known = [paint for paint in paints if paint is not None]
    return {
        "paint_ms": round(statistics.median(known), 1) if known else None,
        "ready_ms": round(statistics.median(readies), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000,5000", help="nodes of the generated answers")
    parser.add_argument("--patience", type=float, default=120, help="seconds to wait for a page of pyvis")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("-o", "--output")
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    with matdeps.open("reference") as graph:
        answers = {name: graph.exposed(name, as_of=AS_OF) for name in ("terbium", "tungsten", "country:CN")}
    answers |= {f"{int(size):,} nodes": generate(int(size)) for size in options.sizes.split(",") if size}
    found: dict[str, Any] = {}
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for name, answer in answers.items():
            begin = time.perf_counter()
            ours = render_page(answer)
            made_s = time.perf_counter() - begin
            plain = render_plain(answer)
            paths = {}
            for kind, text in (("ours", ours), ("pyvis", plain)):
                paths[kind] = Path(folder) / f"{kind}.html"
                paths[kind].write_bytes(text.encode("utf-8"))
            mine = measure(
                browser, paths["ours"], "Number(document.documentElement.dataset.ready || 0)", 60, options.repeats
            )
            theirs = measure(browser, paths["pyvis"], "window.settled || 0", options.patience, 1)
            ratio = theirs["ready_ms"] / mine["ready_ms"] if mine["ready_ms"] and theirs["ready_ms"] else None
            found[name] = {
                "made_s": round(made_s, 2),
                "rows": len(answer.rows),
                "ours": {**mine, "kb": len(ours.encode()) // 1000},
                "pyvis": {**theirs, "kb": len(plain.encode()) // 1000},
                "times_sooner": None if ratio is None else round(ratio, 1),
            }
            said = f"{ratio:.0f} times sooner" if ratio else f"more than {options.patience:.0f} s for pyvis"
            print(
                f"{name:<14} ours {mine} {len(ours.encode()) // 1000} KB; pyvis {theirs} {len(plain.encode()) // 1000} KB: {said}",
                flush=True,
            )
        browser.close()
    if options.output:
        Path(options.output).write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
