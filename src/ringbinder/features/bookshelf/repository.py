"""What the shelf tells of binders."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from ringbinder.db.sessions import ReadSession
from ringbinder.db.tables import changes, counters
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.evidence.types import Counted


async def count_documents(session: ReadSession, binder_keys: Sequence[int]) -> Mapping[int, int]:
    """Count the documents of each of these binders, those in the trash left out."""
    statement = (
        select(counters.c.binder_key, func.sum(counters.c.count).label("documents"))
        .where(
            of_tenant(counters),
            counters.c.kind == int(Counted.BINDER),
            counters.c.binder_key.in_(binder_keys),
        )
        .group_by(counters.c.binder_key)
    )
    return {row.binder_key: int(row.documents) for row in await session.all(statement)}


async def last_changes(session: ReadSession, binder_ids: Sequence[str]) -> Mapping[str, datetime]:
    """Tell when each of these binders changed last, as far as the change feed reaches back."""
    latest = (
        select(changes.c.binder_id, func.max(changes.c.sequence).label("sequence"))
        .where(of_tenant(changes), changes.c.binder_id.in_(binder_ids))
        .group_by(changes.c.binder_id)
        .subquery()
    )
    statement = select(changes.c.binder_id, changes.c.at).join(
        latest, of_tenant(changes) & (changes.c.sequence == latest.c.sequence)
    )
    return {row.binder_id: row.at for row in await session.all(statement)}
