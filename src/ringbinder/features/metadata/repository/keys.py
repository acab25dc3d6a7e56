"""The metadata keys that an organisation knows, whichever binders have them."""

from collections.abc import Iterable

from sqlalchemy import func, select

from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.tables import metadata_keys, organisation_sequences
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.metadata.types import FIRST_CUSTOM_KEY, DataType


async def list_keys(
    session: ReadSession, *, only: Iterable[str] | None = None
) -> dict[str, tuple[int, DataType]]:
    """Give number and type of the organisation's own keys, or of those that are asked for."""
    statement = select(metadata_keys).where(of_tenant(metadata_keys))
    if only is not None:
        statement = statement.where(metadata_keys.c.metadata_element_id.in_(sorted(only)))
    rows = await session.all(statement)
    return {row.metadata_element_id: (row.element_key, DataType(row.data_type)) for row in rows}


async def lock_keys(session: WriteSession) -> None:
    """Let nobody else of the organisation number a key until this transaction ends."""
    await session.first(
        select(organisation_sequences.c.change_sequence)
        .where(of_tenant(organisation_sequences))
        .with_for_update()
    )


async def add_key(session: WriteSession, metadata_element_id: str, data_type: DataType) -> int:
    """Number a new key of the organisation; the keys must be locked."""
    highest = await session.scalar(
        select(func.max(metadata_keys.c.element_key)).where(of_tenant(metadata_keys))
    )
    key = FIRST_CUSTOM_KEY if highest is None else highest + 1
    row = {
        "element_key": key,
        "metadata_element_id": metadata_element_id,
        "data_type": str(data_type),
    }
    await session.insert(metadata_keys, row)
    return key
