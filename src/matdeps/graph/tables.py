"""The tables of the store: names and columns that a person can read, with datasette or the sqlite3 shell."""

from typing import Final

FORMAT: Final = "1"
"""Number of the table layout; a store of another one is refused, never converted in place."""
APPLICATION_ID: Final = 0x6D617464
"""``matd``, in the header of the file, so that `file` and a person can tell whose it is."""
FILE_NAME: Final = "graph.sqlite"
NAMES_INDEX: Final = "CREATE INDEX names_by_folded ON names (folded)"

TABLES: Final = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
    """CREATE TABLE loads (
        load INTEGER PRIMARY KEY, action TEXT NOT NULL CHECK (action IN ('load', 'unload')), dataset TEXT NOT NULL,
        loader TEXT NOT NULL, title TEXT NOT NULL, version TEXT NOT NULL, knowledge_until TEXT, fingerprint TEXT,
        loaded_at TEXT NOT NULL, nodes INTEGER NOT NULL DEFAULT 0, relationships INTEGER NOT NULL DEFAULT 0,
        sources INTEGER NOT NULL DEFAULT 0, production INTEGER NOT NULL DEFAULT 0, claims INTEGER NOT NULL DEFAULT 0,
        notices TEXT NOT NULL DEFAULT '[]')""",
    "CREATE TABLE ids (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE)",
    """CREATE TABLE nodes (
        node INTEGER PRIMARY KEY, key INTEGER NOT NULL REFERENCES ids, kind TEXT NOT NULL, name TEXT NOT NULL,
        description TEXT NOT NULL, aliases TEXT NOT NULL, attributes TEXT NOT NULL, valid_from TEXT, valid_to TEXT,
        sources TEXT NOT NULL, since INTEGER NOT NULL REFERENCES loads, until INTEGER)""",
    """CREATE TABLE links (
        link INTEGER PRIMARY KEY, tail INTEGER NOT NULL REFERENCES ids, type TEXT NOT NULL,
        head INTEGER NOT NULL REFERENCES ids, properties TEXT NOT NULL, confidence TEXT NOT NULL,
        sources TEXT NOT NULL, checked INTEGER NOT NULL, derived INTEGER NOT NULL,
        since INTEGER NOT NULL REFERENCES loads, until INTEGER)""",
    """CREATE TABLE names (
        folded TEXT NOT NULL, key INTEGER NOT NULL REFERENCES ids, how TEXT NOT NULL, text TEXT NOT NULL,
        since INTEGER NOT NULL REFERENCES loads, until INTEGER)""",
    """CREATE TABLE sources (
        row INTEGER PRIMARY KEY, id TEXT NOT NULL, title TEXT NOT NULL, publisher TEXT NOT NULL, date TEXT NOT NULL,
        url TEXT NOT NULL, kind TEXT NOT NULL, how_verified TEXT NOT NULL,
        since INTEGER NOT NULL REFERENCES loads, until INTEGER)""",
    """CREATE TABLE production (
        row INTEGER PRIMARY KEY, item TEXT NOT NULL, stage TEXT NOT NULL, country TEXT, year INTEGER NOT NULL,
        amount REAL, unit TEXT NOT NULL, share REAL, estimate INTEGER NOT NULL, source TEXT NOT NULL,
        since INTEGER NOT NULL REFERENCES loads, until INTEGER)""",
    """CREATE TABLE claims (
        row INTEGER PRIMARY KEY, id TEXT NOT NULL, text TEXT NOT NULL, status TEXT NOT NULL, nodes TEXT NOT NULL,
        sources TEXT NOT NULL, notes TEXT NOT NULL, since INTEGER NOT NULL REFERENCES loads, until INTEGER)""",
    "CREATE INDEX nodes_by_key ON nodes (key)",
    NAMES_INDEX,
    "CREATE INDEX sources_by_id ON sources (id)",
    "CREATE INDEX production_by_item ON production (item)",
    "CREATE INDEX production_by_country ON production (country)",
    # Millions of links are read in bulk and never looked up here; only types that may form no loop are, on each load.
    """CREATE INDEX links_without_loops ON links (type)
        WHERE type IN ('MEMBER_OF', 'IS_A', 'OWNED_BY')""",
    """CREATE VIEW current_nodes AS
        SELECT ids.id, kind, name, description, aliases, attributes, valid_from, valid_to, nodes.sources,
            loads.dataset
        FROM nodes JOIN ids USING (key) JOIN loads ON loads.load = nodes.since WHERE until IS NULL""",
    """CREATE VIEW current_links AS
        SELECT t.id AS tail, type, h.id AS head, properties, confidence, links.sources, checked, derived, loads.dataset
        FROM links JOIN ids AS t ON t.key = links.tail JOIN ids AS h ON h.key = links.head
            JOIN loads ON loads.load = links.since
        WHERE until IS NULL""",
)
FACT_TABLES: Final = ("nodes", "links", "names", "sources", "production", "claims")
"""Tables whose rows come with a load (`since`) and go with one (`until`)."""

NODE_COLUMNS: Final = (
    "node", "key", "id", "kind", "name", "description", "aliases", "attributes", "valid_from", "valid_to", "sources",
    "since",
)  # fmt: skip
LINK_COLUMNS: Final = (
    "link", "tail", "type", "head", "properties", "confidence", "sources", "checked", "derived", "since",
)  # fmt: skip

CURRENT_LOADS: Final = """
    SELECT load, dataset, loader, title, version, knowledge_until, loaded_at, fingerprint FROM loads
    WHERE action = 'load' AND load IN (SELECT max(load) FROM loads WHERE load <= :load GROUP BY dataset)
    ORDER BY dataset <> 'reference', dataset"""
