"""A load that is killed at any moment leaves the store as it was before, or as it is after."""

import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from matdeps.graph.errors import StoreUnavailableError
from matdeps.graph.store import Store

KILLS = 15
NODES, LINKS = 4_000, 20_000
CHILD = """
import sys
from pathlib import Path
from matdeps.graph.store import Store
from matdeps.loaders.graph_csv import load_graph
print("ready", flush=True)
place, folder, run = sys.argv[1:]
with Store.open(place, create=True) as store:
    for number in range(1000):
        load_graph(store, Path(folder), dataset=f"{run}-{number}")
        print(f"{run}-{number}", flush=True)
"""


def write_folder(folder: Path) -> None:
    folder.mkdir()
    (folder / "sources.csv").write_text(
        "id,title,publisher,date,url,kind,how_verified\ns,T,P,2026-01-01,https://example.org,news,read_in_search\n"
    )
    nodes = "".join(f"product:{i},product,Part {i},,{{}},s\n" for i in range(NODES))
    (folder / "nodes.csv").write_text("id,kind,name,aliases,attributes,sources\n" + nodes)
    chance = random.Random(4)
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < LINKS:
        tail, head = chance.randrange(NODES), chance.randrange(NODES)
        if tail != head:
            pairs.add((tail, head))
    links = "".join(f"product:{tail},INPUT_TO,product:{head},{{}},reported,s\n" for tail, head in sorted(pairs))
    (folder / "relationships.csv").write_text("from,type,to,properties,confidence,sources\n" + links)


def run_and_kill(place: Path, folder: Path, run: int, delay: float) -> list[str]:
    """Load again and again until killed; return the datasets that the child knew to be committed."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(place), str(folder), str(run)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    time.sleep(delay)
    child.kill()
    out, err = child.communicate()
    assert child.returncode == -signal.SIGKILL, err
    return out.split()


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a signal of POSIX")
def test_a_killed_load_is_whole_or_absent(tmp_path):
    seed = random.randrange(2**32)
    sys.stdout.write(f"seed {seed}\n")
    chance = random.Random(seed)
    place, folder = tmp_path / "store", tmp_path / "facts"
    write_folder(folder)
    told: list[str] = []
    for run in range(KILLS):
        told += run_and_kill(place, folder, run, chance.uniform(0.0, 0.06 if run < 3 else 1.2))
        try:
            store = Store.open(place)
        except StoreUnavailableError:
            # Killed before the store was made: then nothing was said to be written either.
            assert told == []
            continue
        with store:
            loads = {record.load: record for record in store.loads()}
            names = [record.dataset for record in loads.values()]
            assert len(set(names)) == len(names)
            # Whatever was said to be written is there; at most the last one of each run was written and not said.
            assert set(told) <= set(names)
            assert len(names) <= len(told) + run + 1
            assert store.generation == len(loads)
            assert [d.name for d in store.datasets()] == sorted(names)
            assert all((r.nodes, r.relationships) == (NODES, LINKS) for r in loads.values())
        connection = sqlite3.connect(place / "graph.sqlite")
        try:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            for table, count in (("nodes", NODES), ("links", LINKS)):
                rows = connection.execute(f"SELECT since, count(*) FROM {table} GROUP BY since").fetchall()
                assert rows == [(load, count) for load in sorted(loads)]
        finally:
            connection.close()
    assert told, "no load was ever finished: the delays are too short for this machine"
