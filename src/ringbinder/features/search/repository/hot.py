"""Pages of searches that are asked again and again: prepared, and written as bytes at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from ringbinder.db.prepared import WIRE, Prepared, Wire
from ringbinder.db.sessions import Database, ReadSession
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.search.repository.pages import page_of
from ringbinder.features.search.repository.sources import SEQUENCES
from ringbinder.features.search.rules import PageTemplate, Template
from ringbinder.features.search.types import Position

WriteItem = Callable[[Sequence[Any], Wire], str]
"""Writes a document as JSON; a row has what is answered of it, in the order of the answer."""


@dataclass(frozen=True, slots=True)
class HotPage:
    """The items of a page as JSON, and the position of the last, if there are more."""

    items_json: str
    last: Position | None


async def last_change(session: ReadSession) -> int:
    """Give the number of the organisation's last change, as the session sees it."""
    statement = select(SEQUENCES.c.change_sequence).where(of_tenant(SEQUENCES))
    number: int = await session.scalar(statement)
    return number


def prepare_page(database: Database, template: Template, page: PageTemplate) -> Prepared:
    """Compile the statement of a page."""
    statement = page_of(template, page, database.dialect_name)
    return database.prepare(statement, slots=page.slots)


async def read_page(
    database: Database,
    organisation_key: int,
    prepared: Prepared,
    values: Sequence[int | str],
    *,
    sequence: int,
    wanted: int,
    sort_keys: int,
    write_item: WriteItem,
) -> HotPage | None:
    """Give a page of so many documents; None where the organisation has changed since."""
    rows = await database.ask(organisation_key, prepared, values)
    if not rows or rows[0][0] != sequence:
        return None
    found = rows[:wanted] if rows[0][1] is not None else []
    wire, begin = WIRE[database.dialect_name], 2 + sort_keys
    items = [write_item(row[begin:], wire) for row in found]
    last = found[-1] if len(rows) > wanted else None
    position = None if last is None else Position(tuple(last[2:begin]), last[1])
    return HotPage(",".join(items), position)
