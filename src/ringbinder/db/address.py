"""Database addresses: ``sqlite:///path`` or ``postgresql://user@host/name``."""

from pathlib import Path

SQLITE = "sqlite:///"
POSTGRESQL = "postgresql://"


def sqlite_path(url: str) -> Path | None:
    """Give the file of a SQLite address, or None for PostgreSQL.

    Raises:
        ValueError: when the address is of neither kind.

    """
    if url.startswith(SQLITE):
        return Path(url.removeprefix(SQLITE))
    if url.startswith(POSTGRESQL):
        return None
    message = f"a database address begins with {SQLITE} or {POSTGRESQL}"
    raise ValueError(message)
