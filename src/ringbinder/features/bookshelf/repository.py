"""What the shelf tells of binders."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, true

from ringbinder.db.among import among
from ringbinder.db.sessions import ReadSession
from ringbinder.db.sight import kept_to
from ringbinder.db.tables import changes, counters, folders
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.evidence.types import Counted


async def count_documents(session: ReadSession, binder_keys: Sequence[int]) -> Mapping[int, int]:
    """Count the documents of each of these binders, those in the trash left out."""
    # By folders, because some of them may be hidden.
    statement = (
        select(counters.c.binder_key, func.sum(counters.c.count).label("documents"))
        .where(
            of_tenant(counters),
            counters.c.kind == int(Counted.FOLDER),
            counters.c.binder_key.in_(binder_keys),
        )
        .group_by(counters.c.binder_key)
    )
    seen = kept_to(
        session.sight, statement, binder=counters.c.binder_key, folder=counters.c.subject_key
    )
    return {row.binder_key: int(row.documents) for row in await session.all(seen)}


async def last_changes(session: ReadSession, binder_ids: Sequence[str]) -> Mapping[str, datetime]:
    """Tell when each of these binders changed last, as far as the change feed reaches back."""
    latest = (
        select(changes.c.binder_id, func.max(changes.c.sequence).label("sequence"))
        .where(of_tenant(changes), changes.c.binder_id.in_(binder_ids), _is_seen(session))
        .group_by(changes.c.binder_id)
        .subquery()
    )
    statement = select(changes.c.binder_id, changes.c.at).join(
        latest, changes.c.sequence == latest.c.sequence
    )
    rows = await session.all(statement.where(of_tenant(changes)))
    return {row.binder_id: row.at for row in rows}


def _is_seen(session: ReadSession) -> ColumnElement[bool]:
    """Leave out what happened in hidden folders."""
    hidden = session.sight.hidden_folders
    if not hidden:
        return true()
    ids = select(folders.c.id).where(of_tenant(folders), among(folders.c.key, hidden))
    return changes.c.folder_id.is_(None) | changes.c.folder_id.not_in(ids)
