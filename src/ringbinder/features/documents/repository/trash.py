"""Documents that are in the trash, until nothing is left of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, select

from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.sight import kept_to
from ringbinder.db.tables import binders, documents, versions
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.documents.repository.rows import (
    ALL_DOCUMENTS,
    as_document,
    named,
    seen,
    select_documents,
)
from ringbinder.features.documents.types import Document


async def list_trash(
    session: ReadSession,
    *,
    binder_key: int | None,
    containing: str | None,
    after: tuple[datetime, int] | None,
    offset: int,
    limit: int,
) -> Sequence[Document]:
    """Give documents in the trash that may be restored, those that went there last first."""
    statement = _trashed(session, select_documents(session), binder_key, containing)
    if after is not None:
        moment, key = after
        earlier = documents.c.deleted_at < moment
        same = (documents.c.deleted_at == moment) & (documents.c.key < key)
        statement = statement.where(earlier | same)
    order = (documents.c.deleted_at.desc(), documents.c.key.desc())
    rows = await session.all(statement.order_by(*order).offset(offset).limit(limit))
    return [as_document(row) for row in rows]


async def count_trash(
    session: ReadSession, *, binder_key: int | None, containing: str | None
) -> int:
    """Count documents in the trash."""
    counted = (
        select(func.count(documents.c.key))
        .join(binders, binders.c.key == documents.c.binder_key)
        .where(of_tenant(documents), of_tenant(binders), binders.c.deleted_at.is_(None))
    )
    trashed = _trashed(session, seen(session, counted), binder_key, containing)
    total: int = await session.scalar(trashed)
    return total


def _trashed(
    session: ReadSession, statement: Select[Any], binder_key: int | None, containing: str | None
) -> Select[Any]:
    # The trash of a binder is for those who may restore from it.
    allowed = session.sight.where_allowed
    statement = kept_to(allowed, statement, binder=documents.c.binder_key)
    statement = statement.where(documents.c.deleted_at.is_not(None))
    if binder_key is not None:
        statement = statement.where(documents.c.binder_key == binder_key)
    return named(statement, containing)


async def list_deleted_before(
    session: ReadSession, moment: datetime, *, after: int, limit: int
) -> Sequence[tuple[int, int]]:
    """Give keys of documents that are in the trash since before a moment, with their binders'."""
    rows = await session.all(
        select(documents.c.key, documents.c.binder_key)
        .where(of_tenant(documents), documents.c.deleted_at < moment, documents.c.key > after)
        .order_by(documents.c.key)
        .limit(limit)
    )
    return [(row.key, row.binder_key) for row in rows]


async def lock_deleted_before(
    session: WriteSession, keys: Iterable[int], moment: datetime
) -> Sequence[Document]:
    """Give those of the documents that are still in the trash since then and that nobody locks.

    Documents of deleted binders are among them.
    """
    still = (documents.c.key.in_(list(keys)), documents.c.deleted_at < moment)
    locked = await session.all(
        select(documents.c.key)
        .where(of_tenant(documents), *still)
        .order_by(documents.c.key)
        .with_for_update(skip_locked=True)
    )
    which = documents.c.key.in_([row.key for row in locked])
    rows = await session.all(ALL_DOCUMENTS.where(which).order_by(documents.c.key))
    return [as_document(row) for row in rows]


async def contents_of(session: ReadSession, document_keys: Iterable[int]) -> Sequence[str]:
    """Give the distinct contents of all versions of these documents, in order."""
    rows = await session.all(
        select(versions.c.sha256)
        .where(of_tenant(versions), versions.c.document_key.in_(list(document_keys)))
        .distinct()
        .order_by(versions.c.sha256)
    )
    return [row.sha256 for row in rows]


async def delete_documents(session: WriteSession, keys: Sequence[int]) -> None:
    """Delete documents in the trash for good, with all their versions."""
    await session.execute(
        delete(versions).where(of_tenant(versions), versions.c.document_key.in_(keys))
    )
    await session.execute(delete(documents).where(of_tenant(documents), documents.c.key.in_(keys)))
