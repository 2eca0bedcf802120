"""Measure matdeps against its peers, side by side on one machine, and print Markdown tables of medians and ratios.

usage: python bench/run.py [cold | closure | answer | load | all] [--quick] [--work FOLDER] [--rounds N]

See bench/README.md. Data are made on the first run and kept in the work folder; delete it when done.
"""

import argparse
import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from measure import BENCH, Run, compare, get_size, judge, matdeps, python, run, show

AS_OF = ("--as-of", "2026-07-01")
QUESTION = "what depends on terbium"


@dataclass(frozen=True)
class Options:
    """What was asked for; `nodes` of the generated graph, rounds of each comparison, and where files go."""

    nodes: int
    rounds: int
    work: Path

    @property
    def csv(self) -> Path:
        return self.work / f"csv-{self.nodes}"

    @property
    def store(self) -> Path:
        return self.work / f"store-{self.nodes}"

    @property
    def duckdb(self) -> Path:
        return self.work / f"indexed-{self.nodes}.duckdb"


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms"


def ratio(one: Run, other: Run) -> str:
    return f"{one.wall / other.wall:.2f}x (CPU {one.cpu / other.cpu:.2f}x)"


# -- what is needed first --------------------------------------------------------------------------------------------
def need_csv(options: Options) -> None:
    if not (options.csv / "relationships.csv").exists():
        run(python(str(BENCH / "generate.py"), str(options.csv), "--nodes", str(options.nodes)))


def need_store(options: Options) -> None:
    need_csv(options)
    if not options.store.exists():
        run(matdeps("load", "graph", str(options.csv), "--no-reference", "--graph", str(options.store), "--quiet"))
    # The first question makes the image.
    run(matdeps("info", "--graph", str(options.store)))


def find_starts(options: Options, rounds: int, *, networkx: bool = False) -> dict[str, dict[str, float]]:
    more = ["--networkx"] if networkx else []
    command = python(str(BENCH / "closure.py"), str(options.store), "--rounds", str(rounds), *more)
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, dict[str, float]] = json.loads(done.stdout)
    return found


# -- the measurements ------------------------------------------------------------------------------------------------
def measure_cold(options: Options) -> None:
    """Compare cold processes with what their imports alone cost."""
    run(matdeps("ask", QUESTION, *AS_OF))  # makes the built-in store
    found = compare(
        {
            "python: import click, numpy": python("-c", "import click, numpy"),
            f'matdeps ask "{QUESTION}"': matdeps("ask", QUESTION, *AS_OF),
            "python: import click": python("-c", "import click"),
            "matdeps --help": matdeps("--help"),
        },
        3 * options.rounds,
    )
    names = list(found)
    rows = []
    for base, name, goal in ((names[0], names[1], 2.0), (names[2], names[3], 3.0)):
        one, other = found[name], found[base]
        rows.append([base, milliseconds(other.wall), milliseconds(other.cpu), f"{other.peak:.0f} MB", "1", ""])
        rows.append(
            [
                name,
                milliseconds(one.wall),
                milliseconds(one.cpu),
                f"{one.peak:.0f} MB",
                ratio(one, other),
                judge(one.wall / other.wall, goal),
            ]
        )
    show("Cold processes", ["process", "wall", "CPU", "peak", "ratio", "goal"], rows)


def measure_closure(options: Options) -> None:
    """Compare `reach` with a plain NumPy search over the same arrays, and with NetworkX."""
    need_store(options)
    found = find_starts(options, options.rounds, networkx=True)
    rows = []
    for name, one in found.items():
        plain, parents = one["numpy"], one["numpy with parents"]
        rows.append(
            [
                f"{name}: {one['reached']:,} nodes",
                f"{one['matdeps'] * 1000:.1f} ms",
                f"{plain * 1000:.1f} ms: {one['matdeps'] / plain:.2f}x",
                f"{parents * 1000:.1f} ms: {one['matdeps'] / parents:.2f}x",
                judge(one["matdeps"] / plain, 1.5),
                f"{one['networkx descendants'] * 1000:,.0f} ms: {one['networkx descendants'] / one['matdeps']:.0f}x",
                f"{one['networkx hops'] * 1000:,.0f} ms: {one['networkx hops'] / one['matdeps']:.0f}x",
                judge(one["networkx descendants"] / one["matdeps"], 50, least=True) if name == "hub" else "",
            ]
        )
    header = ["start", "matdeps", "NumPy hops", "NumPy hops and parents", "goal"]
    header += ["networkx.descendants", "networkx shortest path lengths", "goal (descendants)"]
    show("Closure with tiers and one path a hit, in one process", header, rows)


def measure_answer(options: Options) -> None:
    """Compare a cold answer with cold DuckDB processes on a file of their own."""
    need_store(options)
    if not options.duckdb.exists():
        run(python(str(BENCH / "peers.py"), "duckdb-index", str(options.csv), str(options.duckdb)))
    rows = []
    for name, start in find_starts(options, 1).items():
        node = str(start["id"])
        ask = ["exposed", node, "--limit", "20", "--format", "json", *AS_OF, "--graph", str(options.store)]
        peers = str(BENCH / "peers.py")
        found = compare(
            {
                "matdeps exposed": matdeps(*ask),
                "DuckDB closure": python(peers, "duckdb-closure", str(options.duckdb), node),
                "DuckDB closure with hops": python(peers, "duckdb-hops", str(options.duckdb), node),
            },
            options.rounds,
        )
        own = found["matdeps exposed"]
        for process, one in found.items():
            is_peer = process != "matdeps exposed"
            rows.append(
                [
                    name,
                    process,
                    milliseconds(one.wall),
                    milliseconds(one.cpu),
                    f"{one.peak:.0f} MB",
                    ratio(own, one) if is_peer else "",
                    judge(own.wall / one.wall, 0.6) if is_peer else judge(one.peak / 1024, 1, unit="GB"),
                ]
            )
    show("Cold answer: 20 rows of all", ["start", "process", "wall", "CPU", "peak", "matdeps / it", "goal"], rows)


def measure_load(options: Options) -> None:
    """Compare a load, every row checked, with plain imports of the same files."""
    need_csv(options)
    sqlite, duckdb = options.work / "plain.sqlite", options.work / "plain.duckdb"
    for path in (options.store, sqlite, duckdb):
        shutil.rmtree(path, ignore_errors=True)
        path.unlink(missing_ok=True)
    peers, csv, store = str(BENCH / "peers.py"), str(options.csv), str(options.store)
    steps = {
        "matdeps load graph": matdeps("load", "graph", csv, "--no-reference", "--graph", store),
        "matdeps: the image": matdeps("info", "--graph", store),
        "SQLite, plain import": python(peers, "sqlite-load", csv, str(sqlite)),
        "DuckDB, plain import": python(peers, "duckdb-load", csv, str(duckdb)),
    }
    found = {name: run(command) for name, command in steps.items()}
    sizes = {
        "matdeps load graph": get_size(options.store / "graph.sqlite"),
        "matdeps: the image": get_size(options.store / "image"),
        "SQLite, plain import": get_size(sqlite),
        "DuckDB, plain import": get_size(duckdb),
    }
    own = found["matdeps load graph"]
    rows = [
        [
            name,
            f"{one.wall:.1f} s",
            f"{one.cpu:.1f} s",
            f"{one.peak:,.0f} MB",
            f"{sizes[name]:,.0f} MB",
            ratio(own, one) if "plain" in name else "",
            judge(one.peak / 1024, 4, unit="GB") if "plain" not in name else "",
        ]
        for name, one in found.items()
    ]
    rows.append(["the files", "", "", "", f"{get_size(options.csv):,.0f} MB", "", ""])
    sqlite.unlink()
    duckdb.unlink()
    show("Loading, once each", ["process", "wall", "CPU", "peak", "on disk", "load / it", "goal"], rows)


MEASUREMENTS: dict[str, Callable[[Options], None]] = {
    "cold": measure_cold,
    "load": measure_load,
    "closure": measure_closure,
    "answer": measure_answer,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", choices=[*MEASUREMENTS, "all"])
    parser.add_argument(
        "--quick", action="store_true", help="100,000 nodes and 800,000 links instead of ten times more"
    )
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "matdeps-bench")
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    chosen.work.mkdir(parents=True, exist_ok=True)
    options = Options(100_000 if chosen.quick else 1_000_000, chosen.rounds, chosen.work)
    for name, measurement in MEASUREMENTS.items():
        if chosen.what in (name, "all"):
            measurement(options)


if __name__ == "__main__":
    main()
