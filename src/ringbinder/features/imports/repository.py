"""What an import asks the database itself."""

from collections.abc import Sequence

from sqlalchemy import select

from ringbinder.db.sessions import ReadSession
from ringbinder.db.tables import documents, versions
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.imports.types import Present

_present = (
    select(
        documents.c.id,
        documents.c.file_name,
        documents.c.name_key,
        documents.c.metadata_json,
        versions.c.sha256,
        versions.c.size_bytes,
    )
    .join(versions, versions.c.id == documents.c.latest_version_id)
    .where(of_tenant(documents), of_tenant(versions), documents.c.deleted_at.is_(None))
    .order_by(documents.c.key)
)


async def list_present(session: ReadSession, folder_key: int) -> Sequence[Present]:
    """Give a folder's live documents, oldest first, with the bytes of their latest versions."""
    rows = await session.all(_present.where(documents.c.folder_key == folder_key))
    return [
        Present(
            id=row.id,
            file_name=row.file_name,
            name_key=row.name_key,
            sha256=row.sha256,
            size_bytes=row.size_bytes,
            metadata_json=row.metadata_json,
        )
        for row in rows
    ]
