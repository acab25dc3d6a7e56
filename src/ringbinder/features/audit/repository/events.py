"""Events, as they were written; what was erased of them is not there."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select

from ringbinder.db.sessions import ReadSession
from ringbinder.db.tables import audit_events, audit_personal, organisation_sequences
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.audit.types import (
    ActorPart,
    AuditEvent,
    AuditFilter,
    Head,
    Link,
    ObjectPart,
)
from ringbinder.features.evidence.types import Action, AuditRecord, PersonalPart

_actors = audit_personal.alias("actors")
_objects = audit_personal.alias("objects")


def _belongs(personal: Any, part: PersonalPart) -> ColumnElement[bool]:  # noqa: ANN401 - SQLAlchemy's alias has no useful type
    return and_(
        of_tenant(personal),
        personal.c.sequence == audit_events.c.sequence,
        personal.c.part == int(part),
    )


_source = audit_events.outerjoin(_actors, _belongs(_actors, PersonalPart.ACTOR)).outerjoin(
    _objects, _belongs(_objects, PersonalPart.OBJECT)
)
_recorded = tuple(
    column for column in audit_events.c if column.name not in {"organisation_key", "hash"}
)
_columns = (
    *_recorded,
    audit_events.c.hash,
    _actors.c.salt.label("actor_salt"),
    _actors.c.name.label("actor_name"),
    _actors.c.address.label("actor_address"),
    _objects.c.salt.label("named_salt"),
    _objects.c.name.label("named_name"),
    _objects.c.before_json.label("named_before_json"),
    _objects.c.after_json.label("named_after_json"),
)


# Where nothing asks for the joined rows, both engines leave the joins out.
_events = select(*_columns).select_from(_source).where(of_tenant(audit_events))
_count = select(func.count(audit_events.c.id)).select_from(_source).where(of_tenant(audit_events))


async def list_events(
    session: ReadSession,
    wanted: AuditFilter,
    *,
    newest_first: bool,
    after: int | None,
    until: int | None = None,
    offset: int = 0,
    limit: int,
) -> Sequence[AuditEvent]:
    """Give events in the order of their sequence; ``until`` is the largest that may come."""
    sequence = audit_events.c.sequence
    statement = _events.where(*_conditions(wanted))
    if after is not None:
        statement = statement.where(sequence < after if newest_first else sequence > after)
    if until is not None:
        statement = statement.where(sequence <= until)
    order = sequence.desc() if newest_first else sequence.asc()
    rows = await session.all(statement.order_by(order).offset(offset).limit(limit))
    return [_event(row) for row in rows]


async def count_events(session: ReadSession, wanted: AuditFilter) -> int:
    """Count the events that the filter lets through."""
    total: int = await session.scalar(_count.where(*_conditions(wanted)))
    return total


async def get_head(session: ReadSession) -> Head:
    """Give the end of the chain."""
    row = await session.first(
        select(organisation_sequences.c.head_sequence, organisation_sequences.c.head_hash).where(
            of_tenant(organisation_sequences)
        )
    )
    if row is None:
        message = "an organisation has no sequences"
        raise RuntimeError(message)
    return Head(row.head_sequence, bytes(row.head_hash))


async def find_hash(session: ReadSession, sequence: int) -> bytes | None:
    """Give the hash of one event."""
    found = await session.scalar(
        select(audit_events.c.hash).where(
            of_tenant(audit_events), audit_events.c.sequence == sequence
        )
    )
    return None if found is None else bytes(found)


async def list_links(session: ReadSession, *, after: int, until: int, limit: int) -> Sequence[Link]:
    """Give what checkpoints are made of, for the events behind a number up to another."""
    rows = await session.all(
        select(audit_events.c.sequence, audit_events.c.previous_hash, audit_events.c.hash)
        .where(
            of_tenant(audit_events),
            audit_events.c.sequence > after,
            audit_events.c.sequence <= until,
        )
        .order_by(audit_events.c.sequence)
        .limit(limit)
    )
    return [Link(row.sequence, bytes(row.previous_hash), bytes(row.hash)) for row in rows]


async def was_erased_after(session: ReadSession, sequence: int) -> bool:
    """Tell whether a person was erased behind an event."""
    found = await session.first(
        select(audit_events.c.sequence)
        .where(
            of_tenant(audit_events),
            audit_events.c.sequence > sequence,
            _is_action(Action.PERSON_ERASED),
        )
        .limit(1)
    )
    return found is not None


def _conditions(wanted: AuditFilter) -> Iterator[ColumnElement[bool]]:
    table = audit_events.c
    if wanted.since is not None:
        yield table.at >= wanted.since
    if wanted.until is not None:
        yield table.at < wanted.until
    if wanted.actor_id is not None:
        yield table.actor_id == wanted.actor_id
    if wanted.actor_kind is not None:
        yield table.actor_kind == wanted.actor_kind
    if wanted.source is not None:
        yield table.action.startswith(f"{wanted.source}:", autoescape=True)
    if wanted.object_id is not None:
        yield table.object_id == wanted.object_id
    if wanted.binder_id is not None:
        yield table.binder_id == wanted.binder_id
    if wanted.actions is not None:
        yield or_(*(_is_action(action) for action in wanted.actions))
    if wanted.search_term:
        names = (table.object_name, _objects.c.name, _actors.c.name)
        yield or_(*(name.icontains(wanted.search_term, autoescape=True) for name in names))


def _is_action(action: str) -> ColumnElement[bool]:
    column = audit_events.c.action
    has_source = action.count(":") > 1
    return column == action if has_source else column.endswith(f":{action}", autoescape=True)


def _event(row: Row[Any]) -> AuditEvent:
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    recorded = {column.name: values[column] for column in _recorded}
    return AuditEvent(
        record=AuditRecord(**recorded),
        hash=row.hash,
        actor=_actor(row),
        object=_object(row),
    )


def _actor(row: Row[Any]) -> ActorPart | None:
    if row.actor_salt is None:
        return None
    return ActorPart(row.actor_salt, row.actor_name, row.actor_address)


def _object(row: Row[Any]) -> ObjectPart | None:
    if row.named_salt is None:
        return None
    return ObjectPart(row.named_salt, row.named_name, row.named_before_json, row.named_after_json)
