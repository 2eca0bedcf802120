"""What matdeps is measured against: plain imports and recursive queries of DuckDB and SQLite, each a process.

usage: python bench/peers.py duckdb-load FOLDER FILE | sqlite-load FOLDER FILE | duckdb-index FOLDER FILE
       | duckdb-closure FILE ID | duckdb-hops FILE ID
"""

import csv
import sqlite3
import sys
from pathlib import Path

FILES = ("nodes", "relationships", "sources")
FLOWS = "('INPUT_TO', 'PRODUCES', 'SOLD_TO', 'USED_IN', 'RUN_BY')"


def load_duckdb(folder: str, file: str) -> None:
    """Import the files as they are, every column a text."""
    import duckdb

    with duckdb.connect(file) as connection:
        for name in FILES:
            path = str(Path(folder, f"{name}.csv"))
            connection.execute(
                f"CREATE TABLE {name} AS SELECT * FROM read_csv(?, all_varchar = true, header = true)", [path]
            )


def load_sqlite(folder: str, file: str) -> None:
    """Import the files as they are, in one transaction, without an index."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("BEGIN")
    for name in FILES:
        with Path(folder, f"{name}.csv").open(encoding="utf-8", newline="") as source:
            rows = csv.reader(source)
            columns = next(rows)
            connection.execute(f"CREATE TABLE {name} ({', '.join(f'{column!r} TEXT' for column in columns)})")
            marks = ", ".join("?" * len(columns))
            connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
    connection.execute("COMMIT")
    connection.close()


def index_duckdb(folder: str, file: str) -> None:
    """Make the file that questions are asked of: nodes by number, flow links as pairs of numbers."""
    import duckdb

    nodes, links = (str(Path(folder, f"{name}.csv")) for name in ("nodes", "relationships"))
    with duckdb.connect(file) as connection:
        connection.execute(
            "CREATE TABLE nodes AS SELECT (row_number() OVER (ORDER BY id))::INTEGER AS n, id, kind, name "
            "FROM read_csv(?, all_varchar = true, header = true)",
            [nodes],
        )
        connection.execute(
            "CREATE TABLE links AS SELECT t.n AS tail, h.n AS head, l.type, l.confidence "
            'FROM read_csv(?, all_varchar = true, header = true) AS l JOIN nodes AS t ON t.id = l."from" '
            f'JOIN nodes AS h ON h.id = l."to" WHERE l.type IN {FLOWS}',
            [links],
        )


_ROWS = (
    "SELECT nodes.id, nodes.name, nodes.kind, {hops} AS hops, count(*) OVER () AS total FROM reached "
    "JOIN nodes USING (n) WHERE kind IN ('product', 'program', 'customer') ORDER BY kind, hops, id LIMIT 20"
)


def ask_closure(file: str, start: str) -> None:
    """Find what is reached, without tiers."""
    import duckdb

    with duckdb.connect(file, read_only=True) as connection:
        sql = (
            "WITH RECURSIVE reached (n) AS (SELECT n FROM nodes WHERE id = ? UNION "
            "SELECT links.head FROM reached JOIN links ON links.tail = reached.n) "
        )
        print(connection.execute(sql + _ROWS.format(hops="0"), [start]).fetchall())


def ask_hops(file: str, start: str) -> None:
    """Find what is reached, each with its fewest hops."""
    import duckdb

    with duckdb.connect(file, read_only=True) as connection:
        sql = (
            "WITH RECURSIVE reached (n, hops) USING KEY (n) AS (SELECT n, 0 FROM nodes WHERE id = ? UNION "
            "SELECT links.head, min(reached.hops + 1) FROM reached JOIN links ON links.tail = reached.n "
            "WHERE NOT EXISTS (SELECT 1 FROM recurring.reached AS known WHERE known.n = links.head) GROUP BY links.head) "
        )
        print(connection.execute(sql + _ROWS.format(hops="hops"), [start]).fetchall())


COMMANDS = {
    "duckdb-load": load_duckdb,
    "sqlite-load": load_sqlite,
    "duckdb-index": index_duckdb,
    "duckdb-closure": ask_closure,
    "duckdb-hops": ask_hops,
}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](*sys.argv[2:])
