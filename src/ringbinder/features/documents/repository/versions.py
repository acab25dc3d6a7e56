"""Versions of documents."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, bindparam, func, select, update

from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.tables import documents, versions
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.documents.repository.rows import VERSIONS, as_version, seen
from ringbinder.features.documents.types import Version

_newest_versions = (
    VERSIONS.where(versions.c.document_key == bindparam("document_key"))
    .order_by(versions.c.number.desc())
    .offset(bindparam("offset", type_=Integer))
    .limit(bindparam("limit", type_=Integer))
)

_versions_before = _newest_versions.where(versions.c.number < bindparam("before"))


async def add_versions(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add versions; their bytes are there already."""
    await session.insert(versions, *rows)


async def change_versions(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Set what people say of versions, each by ``changed_id``; their bytes never change."""
    statement = update(versions).where(
        of_tenant(versions), versions.c.id == bindparam("changed_id")
    )
    await session.execute_each(statement, rows)


async def list_versions(
    session: ReadSession, document_key: int, *, before: int | None, offset: int, limit: int
) -> Sequence[Version]:
    """Give versions of a document, newest first."""
    slots: dict[str, Any] = {"document_key": document_key, "offset": offset, "limit": limit}
    if before is None:
        rows = await session.all(_newest_versions, **slots)
    else:
        rows = await session.all(_versions_before, before=before, **slots)
    return [as_version(row) for row in rows]


async def count_versions(session: ReadSession, document_key: int) -> int:
    """Count the versions of a document."""
    total: int = await session.scalar(
        select(func.count(versions.c.number)).where(
            of_tenant(versions), versions.c.document_key == document_key
        )
    )
    return total


async def find_version(session: ReadSession, document_key: int, version_id: UUID) -> Version | None:
    """Give one version of a document, or None."""
    row = await session.first(
        VERSIONS.where(versions.c.document_key == document_key, versions.c.id == version_id)
    )
    return None if row is None else as_version(row)


async def find_live_version(session: ReadSession, version_id: UUID) -> Version | None:
    """Give a version of whichever document that is not in the trash, or None."""
    live = VERSIONS.where(versions.c.id == version_id, documents.c.deleted_at.is_(None))
    row = await session.first(seen(session, live))
    return None if row is None else as_version(row)
