"""A binder's metadata schema: its elements and the values that enumerated ones allow.

The same ``metadata_element_id`` in several binders of an organisation is one key, with one data
type and one small number (``element_key``), so that a search may ask for it across binders.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from ringbinder.db.tables.base import metadata, organisation_column
from ringbinder.db.types import UtcDateTime

metadata_keys = Table(
    "metadata_keys",
    metadata,
    organisation_column(primary_key=True),
    Column("element_key", Integer, primary_key=True, autoincrement=False),
    Column("metadata_element_id", Text, nullable=False),
    Column("data_type", String(20), nullable=False),
    UniqueConstraint("organisation_key", "metadata_element_id"),
)

metadata_elements = Table(
    "metadata_elements",
    metadata,
    organisation_column(primary_key=True),
    Column(
        "binder_key",
        BigInteger,
        ForeignKey("binders.key", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("element_key", Integer, primary_key=True, autoincrement=False),
    Column("metadata_element_id", Text, nullable=False),
    Column("data_type", String(20), nullable=False),
    Column("label", Text, nullable=False),
    Column("labels", Text, nullable=False),
    Column("is_required", Boolean, nullable=False),
    Column("is_multi_value", Boolean, nullable=False),
    Column("position", Integer, nullable=False),
    Column("retired_at", UtcDateTime),
    UniqueConstraint("binder_key", "metadata_element_id"),
)

metadata_values = Table(
    "metadata_values",
    metadata,
    organisation_column(primary_key=True),
    Column(
        "binder_key",
        BigInteger,
        ForeignKey("binders.key", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("element_key", Integer, primary_key=True, autoincrement=False),
    Column("value_id", Text, primary_key=True),
    Column("label", Text, nullable=False),
    Column("labels", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("retired_at", UtcDateTime),
)
