"""How a server is found: the environment variables that Neo4j's own documents use."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from matdeps.graph.errors import ConfigError

SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
DEFAULT_URI = "bolt://localhost:7687"
DEFAULT_USER = "neo4j"


@dataclass(frozen=True, slots=True)
class Neo4jSettings:
    """Where a server is, and who asks.

    Attributes
    ----------
    uri
        ``bolt://host:port``, ``neo4j+s://host`` and the like, without a user or a password.
    password
        None where the server asks for none; never shown.
    database
        None: the user's home database.
    """

    uri: str = DEFAULT_URI
    user: str = DEFAULT_USER
    password: str | None = field(default=None, repr=False)
    database: str | None = None

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.uri)
            host, _ = parts.hostname, parts.port
        except ValueError:
            raise ConfigError("NEO4J_URI is no address", remedy=_EXAMPLES) from None
        if parts.username or parts.password or "@" in parts.netloc:
            # Not repeated here: it may hold the password.
            raise ConfigError(
                "NEO4J_URI holds a user name or a password",
                remedy="Write the address alone, and set NEO4J_USERNAME and NEO4J_PASSWORD.",
            )
        if parts.scheme not in SCHEMES or not host:
            raise ConfigError(f"NEO4J_URI is no address of a Neo4j server: {self.uri!r}", remedy=_EXAMPLES)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Neo4jSettings":
        """Read NEO4J_URI, NEO4J_USERNAME, NEO4J_PASSWORD and NEO4J_DATABASE; empty ones count as not set.

        Raises
        ------
        ConfigError
            If the address cannot be meant.
        """
        values = os.environ if environ is None else environ
        return cls(
            values.get("NEO4J_URI") or DEFAULT_URI,
            values.get("NEO4J_USERNAME") or DEFAULT_USER,
            values.get("NEO4J_PASSWORD") or None,
            values.get("NEO4J_DATABASE") or None,
        )

    def describe(self) -> str:
        """Name the server and the database, as messages do."""
        return f"{self.uri} (database {self.database})" if self.database else self.uri


_EXAMPLES = f"Examples: {DEFAULT_URI}, neo4j+s://example.databases.neo4j.io"
