"""What routes ask for by type: the caller, a session that reads, a session that writes, a part."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.web.retries import failures_can_be_retried
from ringbinder.web.state import actor_of, sight_of, state_of

Part = TypeVar("Part")


@asynccontextmanager
async def reading(request: Request) -> AsyncIterator[ReadSession]:
    """Open a session that reads, for routes that are not to keep it until they have answered.

    There are few connections: whoever has one must not wait for another.
    """
    organisation_key = actor_of(request).organisation_key
    async with state_of(request).database.read(organisation_key, sight_of(request)) as session:
        yield session


async def _read_session(request: Request) -> AsyncIterator[ReadSession]:
    async with reading(request) as session:
        yield session


async def _write_session(request: Request) -> AsyncIterator[WriteSession]:
    organisation_key = actor_of(request).organisation_key
    async with (
        failures_can_be_retried(request),
        state_of(request).database.write(organisation_key, sight_of(request)) as session,
    ):
        yield session


async def _actor(request: Request) -> Actor:
    return actor_of(request)


def part(kind: type[Part]) -> Callable[[Request], Awaitable[Part]]:
    """Make a dependency that gives the application's one object of a class."""

    async def give(request: Request) -> Part:
        found: Part = state_of(request).parts[kind]
        return found

    return give


# scope="function" commits before the answer leaves, so that a failing commit is not a 201.
Reading = Annotated[ReadSession, Depends(_read_session, scope="function")]
Writing = Annotated[WriteSession, Depends(_write_session, scope="function")]
Caller = Annotated[Actor, Depends(_actor)]
