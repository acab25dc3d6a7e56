"""Questions about the feed and about all that a binder holds."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, delete, func, select, tuple_

from ringbinder.db.among import among
from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.sight import Sight, kept_to
from ringbinder.db.tables import (
    binders,
    changes,
    documents,
    folders,
    organisation_sequences,
    versions,
)
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.changes.types import Change, Listed

_columns = tuple(column for column in changes.c if column.name != "organisation_key")


async def list_after(session: ReadSession, sequence: int, limit: int) -> Sequence[Change]:
    """Give the changes after a position, in order, without those of what is not shown."""
    rows = await session.all(
        select(*_columns)
        .where(of_tenant(changes), changes.c.sequence > sequence, *_shown(session.sight))
        .order_by(changes.c.sequence)
        .limit(limit)
    )
    return [Change(**row._asdict()) for row in rows]


def _shown(sight: Sight) -> Iterator[ColumnElement[bool]]:
    """Say that a change happened where the sight reaches; deleted binders and folders count."""
    if sight.binders is not None:
        shown = select(binders.c.id).where(of_tenant(binders), among(binders.c.key, sight.binders))
        yield changes.c.binder_id.in_(shown)
    if sight.hidden_folders:
        hidden = select(folders.c.id).where(
            of_tenant(folders), among(folders.c.key, sight.hidden_folders)
        )
        yield changes.c.folder_id.is_(None) | changes.c.folder_id.not_in(hidden)


async def head(session: ReadSession) -> int:
    """Give the position of the newest change, 0 before the first."""
    found: int | None = await session.scalar(
        select(organisation_sequences.c.change_sequence).where(of_tenant(organisation_sequences))
    )
    return found or 0


async def oldest(session: ReadSession) -> int | None:
    """Give the position of the oldest change that is kept, or None where there is none."""
    found: int | None = await session.scalar(
        select(func.min(changes.c.sequence)).where(of_tenant(changes))
    )
    return found


async def forget_before(session: WriteSession, moment: datetime) -> int:
    """Drop changes from before a time; the newest stays, so that the feed knows where it is."""
    newest = select(func.max(changes.c.sequence)).where(of_tenant(changes)).scalar_subquery()
    return await session.execute(
        delete(changes).where(
            of_tenant(changes), changes.c.at < moment, changes.c.sequence < newest
        )
    )


async def list_versions_of_binder(
    session: ReadSession, binder_key: int, *, after: tuple[UUID, int] | None, limit: int
) -> Sequence[Listed]:
    """Give versions of a binder's live documents, by document id and number."""
    statement: Select[Any] = (
        select(
            documents.c.key.label("document_key"),
            documents.c.id.label("document_id"),
            folders.c.id.label("folder_id"),
            documents.c.file_name,
            versions.c.number,
            versions.c.id.label("version_id"),
            versions.c.sha256,
        )
        .join(versions, versions.c.document_key == documents.c.key)
        .join(folders, folders.c.key == documents.c.folder_key)
        .where(
            of_tenant(documents),
            of_tenant(versions),
            of_tenant(folders),
            documents.c.binder_key == binder_key,
            documents.c.deleted_at.is_(None),
        )
    )
    places = {"binder": documents.c.binder_key, "folder": documents.c.folder_key}
    statement = kept_to(session.sight, statement, **places)
    if after is not None:
        statement = statement.where(tuple_(documents.c.id, versions.c.number) > tuple_(*after))
    rows = await session.all(statement.order_by(documents.c.id, versions.c.number).limit(limit))
    return [_listed(row) for row in rows]


def _listed(row: Row[Any]) -> Listed:
    return Listed(**row._asdict())
