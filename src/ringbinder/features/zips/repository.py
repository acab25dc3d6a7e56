"""What can go into a zip file."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import bindparam, select, update

from ringbinder.db.among import among
from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.sight import kept_to
from ringbinder.db.tables import blobs, documents, versions
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.zips.types import Item

Keys = Collection[int]


async def list_items(
    session: ReadSession,
    binder_key: int,
    *,
    folder_keys: Keys,
    document_ids: Collection[UUID] | None,
    with_superseded: bool,
    limit: int,
) -> Sequence[Item]:
    """Give versions of live documents in these folders, by folder, name and number.

    Where documents are named, only theirs; where superseded ones are not wanted, only the latest.
    """
    is_current = versions.c.id == documents.c.latest_version_id
    statement = (
        select(
            documents.c.key.label("document_key"),
            versions.c.id.label("version_id"),
            documents.c.folder_key,
            documents.c.file_name,
            versions.c.file_name.label("version_file_name"),
            versions.c.number,
            versions.c.label,
            documents.c.latest_version_id,
            versions.c.size_bytes,
            versions.c.sha256,
            versions.c.created_at,
            blobs.c.storage_key,
            blobs.c.crc32,
        )
        .join(versions, versions.c.document_key == documents.c.key)
        .join(blobs, blobs.c.sha256 == versions.c.sha256)
        .where(
            of_tenant(documents),
            of_tenant(versions),
            of_tenant(blobs),
            documents.c.binder_key == binder_key,
            documents.c.deleted_at.is_(None),
        )
    )
    if document_ids is not None:
        statement = statement.where(documents.c.id.in_(list(document_ids)))
    else:
        statement = statement.where(among(documents.c.folder_key, folder_keys))
    if not with_superseded:
        statement = statement.where(is_current)
    statement = kept_to(
        session.sight,
        statement,
        binder=documents.c.binder_key,
        folder=documents.c.folder_key,
    )
    rows = await session.all(
        statement.order_by(
            documents.c.folder_key, documents.c.sort_name, documents.c.key, versions.c.number.desc()
        ).limit(limit)
    )
    return [
        Item(
            document_key=row.document_key,
            version_id=row.version_id,
            folder_key=row.folder_key,
            file_name=row.file_name
            if row.version_id == row.latest_version_id
            else row.version_file_name,
            number=row.number,
            label=row.label,
            is_current=row.version_id == row.latest_version_id,
            size_bytes=row.size_bytes,
            sha256=row.sha256,
            created_at=row.created_at,
            storage_key=row.storage_key,
            crc32=row.crc32,
        )
        for row in rows
    ]


async def keep_checksums(session: WriteSession, found: Mapping[str, int]) -> None:
    """Remember the CRC-32 of contents, by their SHA-256."""
    statement = (
        update(blobs)
        .where(of_tenant(blobs), blobs.c.sha256 == bindparam("of_sha256"))
        .values(crc32=bindparam("found_crc32"))
    )
    rows = [{"of_sha256": sha256, "found_crc32": crc32} for sha256, crc32 in found.items()]
    await session.execute_each(statement, rows)
