"""Pages of searches that are asked again and again, and documents as bytes: both prepared."""

from collections.abc import Sequence
from dataclasses import dataclass

from ringbinder.db.among import packed_ids
from ringbinder.db.prepared import Prepared
from ringbinder.db.sessions import Database, ReadSession
from ringbinder.features.search.repository.items import id_of, items_among
from ringbinder.features.search.repository.pages import page_of
from ringbinder.features.search.repository.states import STATE, state_since
from ringbinder.features.search.rules import PageTemplate, Template
from ringbinder.features.search.types import Position
from ringbinder.kit.slots import number_slot


@dataclass(frozen=True, slots=True)
class HotPage:
    """The stamps of a page's documents, the position of the last, if there are more, and the total.

    ``sequence`` is the number of the organisation's last change when it was read.
    """

    stamps: Sequence[str]
    last: Position | None
    total: int
    sequence: int


@dataclass(frozen=True, slots=True)
class State:
    """The number of the organisation's last change, and whether what was known still holds."""

    sequence: int
    holds: bool


async def state_of(session: ReadSession, since: int) -> State:
    """Tell how the session sees the organisation, of which something was known since a change."""
    row = await session.first(STATE, since=since)
    assert row is not None  # noqa: S101 - every organisation has this row
    return State(row.now, bool(row.holds))


def prepare_state(database: Database) -> Prepared:
    """Compile the statement that tells the same by itself."""
    return database.prepare(state_since(number_slot(0)), slots=1, is_steady=True)


async def read_state(
    database: Database, organisation_key: int, prepared: Prepared, since: int
) -> State:
    """Tell the same of an organisation as it is now."""
    ((now, holds),) = await database.ask(organisation_key, prepared, [since])
    return State(now, bool(holds))


def prepare_page(database: Database, template: Template, page: PageTemplate) -> Prepared:
    """Compile the statement of a page."""
    statement = page_of(template, page, database.dialect_name)
    return database.prepare(statement, slots=page.slots, is_steady=template.is_steady)


async def read_page(
    database: Database,
    organisation_key: int,
    prepared: Prepared,
    values: Sequence[int | str],
    *,
    size: int,
) -> HotPage | None:
    """Give a page of so many documents; None where what was looked up for it holds no more."""
    (row,) = await database.ask(organisation_key, prepared, values)
    total, sequence, stamps, found, key, *sorted_by = row
    if total is None:
        return None
    last = Position(tuple(sorted_by), key) if found > size else None
    return HotPage(stamps.split(",") if stamps else (), last, total, sequence)


def prepare_items(database: Database) -> Prepared:
    """Compile the statement that writes documents."""
    return database.prepare(items_among(database.dialect_name), slots=1, is_steady=True)


async def write_items(
    database: Database, organisation_key: int, prepared: Prepared, stamps: Sequence[str]
) -> dict[str, bytes]:
    """Give the JSON of documents by their stamps; those that have changed meanwhile have others."""
    ids = packed_ids([id_of(stamp) for stamp in stamps], database.dialect_name)
    rows = await database.ask(organisation_key, prepared, [ids])
    return {row[0]: row[1] for row in rows}
