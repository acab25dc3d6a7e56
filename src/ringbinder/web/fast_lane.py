"""A lane past the framework for the few operations that everything waits for.

A door of the lane takes a request that it understands wholly, with the same checks, service and
bytes as its route; of any other it keeps its hands, and the framework answers, errors included.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from fastapi import Request, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ringbinder.kit.errors import RingbinderError
from ringbinder.web.problems import problem_of, problem_of_unexpected

LONGEST_BODY_BYTES: Final = 65_536
"""Longer bodies go through the framework, which reads none before it knows the caller."""

Door = Callable[[Request, bytes], Awaitable[Response | None]]
"""Answers a request with its body; None, before it has done anything, leaves it to the route."""


class FastLane:
    """Looks for a door by exact method and path before the framework does."""

    def __init__(self, app: ASGIApp, doors: Mapping[tuple[str, str], Door]) -> None:
        """Stand before an application."""
        self._app = app
        self._doors = doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer through a door, or else through the application."""
        door = self._doors.get((scope.get("method", ""), scope.get("path", "")))
        request = Request(scope, receive) if door is not None else None
        if door is None or request is None or not _is_short(request):
            await self._app(scope, receive, send)
            return
        messages = await _all_of_body(receive)
        answer = await _answer(door, request, messages)
        if answer is None:
            await self._app(scope, _again(messages, receive), send)
        else:
            await answer(scope, receive, send)


def _is_short(request: Request) -> bool:
    length = request.headers.get("content-length", "")
    return length.isdecimal() and int(length) <= LONGEST_BODY_BYTES


async def _all_of_body(receive: Receive) -> list[Message]:
    messages = [await receive()]
    while messages[-1].get("more_body"):
        messages.append(await receive())
    return messages


async def _answer(door: Door, request: Request, messages: Sequence[Message]) -> Response | None:
    if messages[-1]["type"] != "http.request":
        return None
    try:
        return await door(request, b"".join(message.get("body", b"") for message in messages))
    except RingbinderError as error:
        return problem_of(request, error)
    except Exception as error:  # noqa: BLE001 - the framework, which answers these, stands behind
        return problem_of_unexpected(request, error)


def _again(messages: list[Message], receive: Receive) -> Receive:
    """Let what was read be read once more."""

    async def replay() -> Message:
        return messages.pop(0) if messages else await receive()

    return replay
