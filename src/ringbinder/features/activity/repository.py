"""Every question about what clients did, by name."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import delete, func, select

from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.tables import client_activity
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.activity.types import Activity
from ringbinder.web.tally import Counts, TallyKey

_KEY = ("organisation_key", "client_id", "day")


async def add(session: WriteSession, counts: Mapping[TallyKey, Counts]) -> None:
    """Add what was counted to what is known of each day."""
    rows = [
        {
            "client_id": key.client_id,
            "day": key.day.isoformat(),
            "calls": one.calls,
            "errors": one.errors,
            "limited": one.limited,
            "last_at": one.last_at,
        }
        for key, one in sorted(counts.items(), key=lambda item: item[0])
    ]
    await session.insert_or(
        client_activity, rows, key=_KEY, add=("calls", "errors", "limited"), replace=("last_at",)
    )


async def forget_before(session: WriteSession, day: date) -> None:
    """Forget the days before one."""
    await session.execute(
        delete(client_activity).where(
            of_tenant(client_activity), client_activity.c.day < day.isoformat()
        )
    )


async def list_since(session: ReadSession, day: date) -> Sequence[Activity]:
    """Sum up what each client did from a day on."""
    table = client_activity.c
    rows = await session.all(
        select(
            table.client_id,
            func.sum(table.calls).label("calls"),
            func.sum(table.errors).label("errors"),
            func.sum(table.limited).label("limited"),
            func.max(table.last_at).label("last_at"),
        )
        .where(of_tenant(client_activity), table.day >= day.isoformat())
        .group_by(table.client_id)
    )
    return [
        Activity(row.client_id, int(row.calls), int(row.errors), int(row.limited), row.last_at)
        for row in rows
    ]
