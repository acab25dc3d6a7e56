"""Every question about uploads, by name."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, select, update

from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.sight import kept_to
from ringbinder.db.tables import binders, folders, uploads
from ringbinder.db.tenancy import of_tenant, of_tenant_by_ids
from ringbinder.features.documents.types import ConflictBehavior
from ringbinder.features.uploads.rules import given_from_json, read_answer
from ringbinder.features.uploads.types import Upload, UploadState

_WAITING = [str(state) for state in UploadState if state.is_waiting]

_columns = (
    uploads.c.id,
    uploads.c.binder_key,
    binders.c.id.label("binder_id"),
    folders.c.id.label("folder_id"),
    uploads.c.document_id,
    uploads.c.file_name,
    uploads.c.declared_size_bytes,
    uploads.c.declared_sha256,
    uploads.c.content_type,
    uploads.c.metadata_json,
    uploads.c.version_label,
    uploads.c.conflict_behavior,
    uploads.c.state,
    uploads.c.received_size_bytes,
    uploads.c.received_sha256,
    uploads.c.created_at,
    uploads.c.created_by_name,
    uploads.c.expires_at,
    uploads.c.finished_at,
    uploads.c.answer_json,
)


async def find_upload(session: ReadSession, upload_id: UUID) -> Upload | None:
    """Give an upload, or None."""
    row = await session.first(_select_uploads(session).where(uploads.c.id == upload_id))
    return None if row is None else _upload(session, row)


async def lock_upload(session: WriteSession, upload_id: UUID) -> Upload | None:
    """Give an upload as it will stay until this transaction ends, or None."""
    row = await session.first(
        _select_uploads(session).where(uploads.c.id == upload_id).with_for_update(of=uploads)
    )
    return None if row is None else _upload(session, row)


async def lock_uploads(session: WriteSession, upload_ids: Iterable[UUID]) -> Sequence[Upload]:
    """Give uploads as :func:`lock_upload` does, locked in the order of their ids."""
    ids = list(upload_ids)
    which = uploads.c.id == ids[0] if len(ids) == 1 else uploads.c.id.in_(ids)
    statement = _select_uploads(session).where(which).order_by(uploads.c.id)
    return [
        _upload(session, row) for row in await session.all(statement.with_for_update(of=uploads))
    ]


async def add_upload(session: WriteSession, row: Mapping[str, Any]) -> None:
    """Add an upload."""
    await session.insert(uploads, row)


async def change_upload(session: WriteSession, upload_id: UUID, **columns: Any) -> None:  # noqa: ANN401 - columns are of any type
    """Set columns of an upload that this transaction has locked."""
    await session.execute(
        update(uploads).where(of_tenant(uploads), uploads.c.id == upload_id).values(**columns)
    )


async def finish_uploads(session: WriteSession, answers: Mapping[UUID, str]) -> None:
    """Keep what the commits of locked uploads answer."""
    statement = (
        update(uploads)
        .where(of_tenant(uploads), uploads.c.id == bindparam("finished_id"))
        .values(
            state=str(UploadState.COMMITTED),
            finished_at=session.now,
            answer_json=bindparam("answer"),
        )
    )
    rows = [{"finished_id": each, "answer": body} for each, body in answers.items()]
    await session.execute_each(statement, rows)


async def expire_uploads(session: WriteSession, *, limit: int) -> int:
    """End uploads of all organisations whose time is over; gives their number.

    The state is asked again where the row is locked, so that a commit which was first has won.
    """
    is_over = (uploads.c.state.in_(_WAITING), uploads.c.expires_at <= session.now)
    some = select(uploads.c.id).where(*is_over).limit(limit)
    return await session.execute(
        update(uploads)
        .where(uploads.c.id.in_(some), *is_over)
        .values(state=str(UploadState.EXPIRED), finished_at=session.now)
    )


def _select_uploads(session: ReadSession) -> Select[Any]:
    """Begin a question about uploads that are named by their ids."""
    # Also where the binder or folder was deleted: a repeated commit still gets its answer.
    found = (
        select(*_columns)
        .join(binders, binders.c.key == uploads.c.binder_key)
        .join(folders, folders.c.key == uploads.c.folder_key)
        .where(of_tenant_by_ids(uploads), of_tenant(binders), of_tenant(folders))
    )
    places = {"binder": uploads.c.binder_key, "folder": uploads.c.folder_key}
    return kept_to(session.sight, found, **places)


def _upload(session: ReadSession, row: Row[Any]) -> Upload:
    return Upload(
        id=row.id,
        binder_id=row.binder_id,
        folder_id=row.folder_id,
        document_id=row.document_id,
        file_name=row.file_name,
        declared_size_bytes=row.declared_size_bytes,
        declared_sha256=row.declared_sha256,
        content_type=row.content_type,
        given=given_from_json(row.metadata_json),
        version_label=row.version_label,
        conflict_behavior=ConflictBehavior(row.conflict_behavior),
        state=UploadState(row.state),
        received_size_bytes=row.received_size_bytes,
        received_sha256=row.received_sha256,
        created_at=row.created_at,
        created_by_name=row.created_by_name,
        expires_at=row.expires_at,
        finished_at=row.finished_at,
        answer=row.answer_json and read_answer(row.answer_json),
        is_changeable=session.sight.lets_change(row.binder_key),
    )
