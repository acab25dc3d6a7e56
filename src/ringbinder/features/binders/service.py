"""What people and integrations do with binders."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final, Unpack
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.features.binders import repository, rules
from ringbinder.features.binders.errors import BinderNotEmptyError, BinderNotFoundError
from ringbinder.features.binders.types import Binder, BinderChanges, BinderState, BinderType
from ringbinder.features.evidence import service as evidence
from ringbinder.features.evidence.types import Action, Subject
from ringbinder.features.members import service as members
from ringbinder.features.metadata import service as metadata
from ringbinder.kit.differences import changed_only
from ringbinder.kit.ids import new_binder_code
from ringbinder.kit.names import comparison_key
from ringbinder.kit.paging import total_of

MAXIMUM_UNPAGED: Final = 10_000
"""How many binders or folders a listing gives that did not ask for pages."""

_CODES_TRIED: Final = 10

Precondition = Callable[[Binder], None]


def _accept(_binder: Binder) -> None:
    """Accept every binder."""


async def get_binder(session: ReadSession, *, binder_id: str) -> Binder:
    """Give a binder.

    Raises:
        BinderNotFoundError: the organisation has none with this id.

    """
    return _found(await repository.find_binder(session, binder_id))


async def find_binders(session: ReadSession, *, binder_ids: Iterable[str]) -> Mapping[str, Binder]:
    """Give those of the binders that the organisation has."""
    return {one.id: one for one in await repository.find_binders(session, binder_ids)}


async def get_managed_binder(session: ReadSession, *, binder_id: str) -> Binder:
    """Give a binder in which who asks may do what the session was opened for; archived or not.

    Raises:
        BinderNotFoundError: the organisation has none with this id, or it is not shown.
        MissingPermissionError: who asks sees it, but may not do this in it.

    """
    return rules.assert_permitted(_found(await repository.find_binder(session, binder_id)))


def assert_permitted(binder: Binder) -> None:
    """Let a binder pass in which who asks may do what the session was opened for; archived or not.

    Raises:
        MissingPermissionError: who asks sees it, but may not do this in it.

    """
    rules.assert_permitted(binder)


async def get_writable_binder(session: WriteSession, *, binder_id: str) -> Binder:
    """Give a binder that is not archived, and will not be before this transaction ends.

    Take it before rows inside the binder are locked: whoever archives it, moves folders or changes
    the schema locks the binder first (:func:`lock_binder`), then the rows inside.

    Raises:
        BinderNotFoundError: the organisation has none with this id.
        BinderArchivedError: it is read-only.

    """
    found = await repository.share_binder(session, binder_id)
    return rules.assert_writable(_found(found))


async def get_writable_binder_by_key(session: WriteSession, *, binder_key: int) -> Binder:
    """Give a binder as :func:`get_writable_binder` does, by its number inside the database.

    Raises:
        BinderNotFoundError: the organisation has none with this key.
        BinderArchivedError: it is read-only.

    """
    found = await repository.share_binder_by_key(session, binder_key)
    return rules.assert_writable(_found(found))


async def share_binders(
    session: WriteSession, *, binder_keys: Iterable[int]
) -> Mapping[int, Binder]:
    """Give several binders, archived or not, as they stay until this transaction ends.

    Whoever needs more than one takes them here, in the order of their keys, and asks
    :func:`assert_writable` of each. Those that the organisation does not have are not among them.
    """
    return {binder.key: binder for binder in await repository.share_binders(session, binder_keys)}


async def share_binders_of(
    session: WriteSession, *, folder_ids: Iterable[UUID]
) -> Mapping[int, Binder]:
    """Give the binders of some folders as :func:`share_binders` does, for whoever locks these next.

    A folder that goes into another binder meanwhile is then not in one of them.
    """
    shared = await repository.share_binders_of(session, folder_ids)
    return {binder.key: binder for binder in shared}


def assert_writable(binder: Binder) -> None:
    """Let a binder pass that is not archived, and in which this may be done.

    Raises:
        MissingPermissionError: who asks sees it, but may not do this in it.
        BinderArchivedError: it is read-only.

    """
    rules.assert_writable(binder)


async def lock_binder(session: WriteSession, *, binder_id: str) -> Binder:
    """Give a binder that is not archived, and that this transaction alone writes to.

    Call it before anything else of the binder is asked for with a lock: two transactions that
    share a binder and then both want it alone would wait for each other.

    Raises:
        BinderNotFoundError: the organisation has none with this id.
        BinderArchivedError: it is read-only.

    """
    return rules.assert_writable(_found(await repository.lock_binder(session, binder_id)))


async def list_binders(
    session: ReadSession,
    *,
    search_term: str | None = None,
    after: tuple[str, int] | None = None,
    offset: int = 0,
    limit: int = MAXIMUM_UNPAGED,
) -> tuple[Sequence[tuple[Binder, str]], int]:
    """Give one page of the binders by Swedish name, and how many there are in all.

    Each comes with its sorting name, of which the caller makes a cursor.
    """
    if search_term is not None:
        return await _search(session, search_term, after, offset, limit)
    found = await repository.list_binders(session, after=after, offset=offset, limit=limit)
    count = partial(repository.count_binders, session)
    return found, await total_of(found, count, behind=after, offset=offset, limit=limit)


async def _search(
    session: ReadSession, term: str, after: tuple[str, int] | None, offset: int, limit: int
) -> tuple[Sequence[tuple[Binder, str]], int]:
    # The databases fold case differently, or for ASCII alone; an organisation has few binders.
    wanted = comparison_key(term)
    names = await repository.list_names(session)
    places = [(sort, key) for name, sort, key in names if wanted in comparison_key(name)]
    rest = places if after is None else [place for place in places if place > after]
    keys = [key for _, key in rest[offset : offset + limit]]
    return await repository.list_by_keys(session, keys), len(places)


async def create_binder(
    session: WriteSession,
    actor: Actor,
    *,
    name: str,
    type: BinderType,  # noqa: A002 - the word of the API and of the table
    description: str | None = None,
    colour: str | None = None,
) -> Binder:
    """Create an active binder with the reserved metadata keys and their usual lists of values."""
    row = {
        "name": name,
        "sort_name": rules.sort_name(name),
        "type": str(type),
        "state": str(BinderState.ACTIVE),
        "description": description,
        "colour": colour,
        "created_at": session.now,
        "created_by_id": actor.id,
        "created_by_name": actor.name,
        "updated_at": session.now,
        "revision": 1,
    }
    binder = await get_binder(session, binder_id=await _add(session, row))
    await metadata.begin_schema(session, binder=binder)
    _record(session, actor, Action.BINDER_CREATED, binder, after=rules.as_record(binder))
    await members.make_binder_administrator(
        session, actor, binder_key=binder.key, binder_id=binder.id
    )
    return binder


async def _add(session: WriteSession, row: dict[str, Any]) -> str:
    for _ in range(_CODES_TRIED):
        code = new_binder_code()
        if await repository.add_binder(session, {**row, "id": code}):
            return code
    message = "no free id for a binder was found"
    raise RuntimeError(message)


async def update_binder(
    session: WriteSession,
    actor: Actor,
    *,
    binder_id: str,
    precondition: Precondition = _accept,
    **changes: Unpack[BinderChanges],
) -> Binder:
    """Rename, describe, archive or reopen a binder; what is not given stays.

    An archived binder takes only changes that reopen it. Archiving waits for whoever is writing
    to the binder, and afterwards nobody does.

    Raises:
        BinderNotFoundError: the organisation has none with this id.
        BinderArchivedError: it is read-only, and not being reopened.

    """
    before = rules.assert_permitted(_found(await repository.lock_binder(session, binder_id)))
    precondition(before)
    after = rules.apply_changes(before, changes)
    if after == before:
        return before
    columns = rules.columns_of(after) | {"updated_at": session.now}
    await repository.change_binder(session, before.key, columns)
    _record_changes(session, actor, before, after)
    return await get_binder(session, binder_id=binder_id)


def _record_changes(session: WriteSession, actor: Actor, before: Binder, after: Binder) -> None:
    if before.state is not after.state:
        reopened = after.state is BinderState.ACTIVE
        action = Action.BINDER_REOPENED if reopened else Action.BINDER_ARCHIVED
        was, becomes = {"state": str(before.state)}, {"state": str(after.state)}
        _record(session, actor, action, after, before=was, after=becomes)
    was, becomes = changed_only(rules.as_record(before), rules.as_record(after))
    if becomes:
        _record(session, actor, Action.BINDER_UPDATED, after, before=was, after=becomes)


async def delete_binder(
    session: WriteSession, actor: Actor, *, binder_id: str, precondition: Precondition = _accept
) -> Binder:
    """Delete a binder that holds nothing, for good; documents in its trash go with it.

    Raises:
        BinderNotFoundError: the organisation has none with this id.
        BinderArchivedError: it is read-only.
        BinderNotEmptyError: it has folders or documents.

    """
    binder = await lock_binder(session, binder_id=binder_id)
    precondition(binder)
    if await repository.holds_anything(session, binder.key):
        raise BinderNotEmptyError
    await repository.change_binder(session, binder.key, {"deleted_at": session.now})
    _record(session, actor, Action.BINDER_DELETED, binder, before=rules.as_record(binder))
    return binder


def _record(
    session: WriteSession,
    actor: Actor,
    action: Action,
    binder: Binder,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    subject = Subject(type="binder", id=binder.id, name=binder.name, binder_id=binder.id)
    evidence.record(session, actor, action, subject, before=before, after=after)


def _found(binder: Binder | None) -> Binder:
    if binder is None:
        raise BinderNotFoundError
    return binder
