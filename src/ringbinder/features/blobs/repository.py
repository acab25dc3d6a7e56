"""Every question about bytes, by name."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, delete, exists, func, select, tuple_, update

from ringbinder.db.engine import Told
from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.tables import blobs, organisations, storage_deletions, uploads, versions
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.blobs.types import Blob
from ringbinder.kit.pairs import by_first

Content = tuple[int, str]
"""The key of a blob across organisations: its organisation, its SHA-256."""

WAITING = ("open", "received")
"""The states of uploads that may still be committed."""

FIRST: Content = (0, "")
"""Comes before the key of every blob."""

_key = (blobs.c.organisation_key, blobs.c.sha256)
_columns = (blobs.c.sha256, blobs.c.size_bytes, blobs.c.storage_key)


async def find_blob(session: ReadSession, sha256: str) -> Blob | None:
    """Give the bytes of this content, or None."""
    row = await session.first(select(*_columns).where(of_tenant(blobs), blobs.c.sha256 == sha256))
    return None if row is None else as_blob(row)


async def touch_blob(session: WriteSession, sha256: str) -> Blob | None:
    """Give the bytes of this content as they will stay until this transaction ends, or None."""
    row = await session.first(
        update(blobs)
        .where(of_tenant(blobs), blobs.c.sha256 == sha256)
        .values(referenced_at=session.now)
        .returning(*_columns)
    )
    return None if row is None else as_blob(row)


async def lock_blobs(session: WriteSession, sha256s: Sequence[str]) -> None:
    """Lock bytes in the order of their contents, for whoever touches several."""
    await session.all(
        select(blobs.c.sha256)
        .where(of_tenant(blobs), blobs.c.sha256.in_(sha256s))
        .order_by(blobs.c.sha256)
        .with_for_update()
    )


async def touch_blobs(session: WriteSession, sha256s: Sequence[str]) -> set[str]:
    """Let the grace of these bytes begin anew, and give those that are there; they must be locked.

    One alone is locked by this.
    """
    rows = await session.all(
        update(blobs)
        .where(of_tenant(blobs), blobs.c.sha256.in_(sha256s))
        .values(referenced_at=session.now)
        .returning(blobs.c.sha256)
    )
    return {row.sha256 for row in rows}


async def add_or_touch_blobs(session: WriteSession, wanted: Sequence[Blob]) -> Told:
    """Add bytes; when awaited, tells those that are there then, as they will stay.

    The contents are distinct, and are locked in their order. See :func:`as_blob`.
    """
    return await session.insert_or(
        blobs,
        [
            {
                "sha256": blob.sha256,
                "size_bytes": blob.size_bytes,
                "storage_key": blob.storage_key,
                "created_at": session.now,
                "referenced_at": session.now,
            }
            for blob in wanted
        ],
        key=("organisation_key", "sha256"),
        replace=("referenced_at",),
        columns=("sha256", "size_bytes", "storage_key"),
    )


async def list_unreferenced(
    session: ReadSession, *, after: Content, limit: int
) -> Sequence[tuple[Content, datetime]]:
    """Give contents that nothing refers to in the order of keys, and when each was last touched.

    Their age is left to the caller: asked here, SQLite would fetch every blob's row before it looks
    into the index of versions; that took 9 s for a million instead of 0.7 s.
    """
    rows = await session.all(
        select(*_key, blobs.c.referenced_at)
        .where(tuple_(*_key) > tuple_(*after), _is_unreferenced())
        .order_by(*_key)
        .limit(limit)
    )
    return [((row.organisation_key, row.sha256), row.referenced_at) for row in rows]


async def lock_contents(session: WriteSession, contents: Sequence[Content]) -> Sequence[Content]:
    """Lock those of the contents that nobody else has locked, and give them.

    Whoever wants to refer to one of them from now on waits until this transaction ends.
    """
    locked: list[Content] = []
    for organisation_key, sha256s in by_first(contents):
        rows = await session.all(
            select(*_key)
            .where(blobs.c.organisation_key == organisation_key, blobs.c.sha256.in_(sha256s))
            .with_for_update(skip_locked=True)
        )
        locked += [(row.organisation_key, row.sha256) for row in rows]
    return locked


async def delete_unreferenced(
    session: WriteSession, contents: Sequence[Content], *, before: datetime
) -> Sequence[str]:
    """Delete those of the locked contents that are still unreferenced; gives their storage keys.

    Before the lock somebody may have referred to one and committed. This must be a statement of its
    own to see it: on PostgreSQL the one that waits for a lock still looks at the time before.
    """
    deleted: list[str] = []
    for organisation_key, sha256s in by_first(contents):
        rows = await session.all(
            delete(blobs)
            .where(
                blobs.c.organisation_key == organisation_key,
                blobs.c.sha256.in_(sha256s),
                blobs.c.referenced_at < before,
                _is_unreferenced(),
            )
            .returning(blobs.c.storage_key)
        )
        deleted += [row.storage_key for row in rows]
    return deleted


async def add_deletions(session: WriteSession, storage_keys: Iterable[str]) -> None:
    """Give up objects: once this is committed, a worker deletes them."""
    rows = [{"storage_key": key, "created_at": session.now} for key in storage_keys]
    await session.insert(storage_deletions, *rows)


async def list_deletions(
    session: ReadSession, *, after: int, limit: int
) -> Sequence[tuple[int, str]]:
    """Give objects that wait for their deletion, with the number of each entry."""
    rows = await session.all(
        select(storage_deletions.c.key, storage_deletions.c.storage_key)
        .where(storage_deletions.c.key > after)
        .order_by(storage_deletions.c.key)
        .limit(limit)
    )
    return [(row.key, row.storage_key) for row in rows]


async def forget_deletions(session: WriteSession, keys: Collection[int]) -> None:
    """Forget entries whose objects are gone."""
    await session.execute(delete(storage_deletions).where(storage_deletions.c.key.in_(list(keys))))


async def known_storage_keys(session: ReadSession, storage_keys: Collection[str]) -> set[str]:
    """Tell which of these objects hold the bytes of a blob."""
    rows = await session.all(
        select(blobs.c.storage_key).where(blobs.c.storage_key.in_(list(storage_keys)))
    )
    return {row.storage_key for row in rows}


async def began_at(session: ReadSession) -> datetime | None:
    """Give the time of the first organisation, before which this database kept nothing."""
    began: datetime | None = await session.scalar(select(func.min(organisations.c.created_at)))
    return began


async def waiting_uploads(session: ReadSession, upload_ids: Collection[UUID]) -> set[UUID]:
    """Tell which of these uploads may still be committed."""
    rows = await session.all(
        select(uploads.c.id).where(uploads.c.id.in_(list(upload_ids)), uploads.c.state.in_(WAITING))
    )
    return {row.id for row in rows}


def _is_unreferenced() -> ColumnElement[bool]:
    by_version = exists().where(
        versions.c.organisation_key == blobs.c.organisation_key,
        versions.c.sha256 == blobs.c.sha256,
    )
    by_upload = exists().where(
        uploads.c.organisation_key == blobs.c.organisation_key,
        uploads.c.received_sha256 == blobs.c.sha256,
        uploads.c.state.in_(WAITING),
    )
    return ~by_version & ~by_upload


def as_blob(row: Row[Any]) -> Blob:
    """Read a row of bytes."""
    return Blob(sha256=row.sha256, size_bytes=row.size_bytes, storage_key=row.storage_key)
