"""Column types that mean the same on SQLite and on PostgreSQL."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer, String, Text, TypeDecorator, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

Key = BigInteger().with_variant(Integer(), "sqlite")
"""A small internal key; SQLite numbers rows by itself only in a column of type INTEGER."""

Guid = Uuid()

ByteOrderedText = Text(collation="C").with_variant(Text(), "sqlite")
"""Text whose order is that of its UTF-8 bytes on both engines."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time in UTC: ``timestamptz`` on PostgreSQL, sortable RFC 3339 text on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the engine's own type."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(27))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401 - the drivers want different types
        """Write UTC; a time without zone is a mistake of ours and refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a time without zone cannot be stored"
            raise ValueError(message)
        utc = value.astimezone(UTC)
        if dialect.name == "sqlite":
            return utc.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002 - the drivers give different types
        """Read an aware time back."""
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        return None if value is None else value.astimezone(UTC)
