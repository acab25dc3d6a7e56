"""Idempotency-Key: the same request, sent again under its key, has one effect and one answer.

The header is that of draft-ietf-httpapi-idempotency-key-header-07.
"""

import hashlib
import inspect
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from http import HTTPStatus
from typing import Annotated, Any, Final, get_args

import msgspec
from fastapi import Depends, Header, Request, Response

from ringbinder.db.sessions import WriteSession
from ringbinder.kit.errors import FieldErrors
from ringbinder.kit.finishing import finish
from ringbinder.web.keeping import AnswerKeeper, Attempt, KeptAnswer
from ringbinder.web.registry import Operation
from ringbinder.web.state import actor_of, state_of

IDEMPOTENCY_KEY: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
LONGEST_KEY: Final = 255
_KEPT_HEADERS: Final = ("content-type", "etag", "location")
_REQUEST: Final = "request_to_retry"
_ATTEMPT: Final = "ringbinder.attempt"
_SUCCEEDED: Final = "ringbinder.attempt.succeeded"
_logger = logging.getLogger("ringbinder.retries")

Endpoint = Callable[..., Coroutine[Any, Any, Response]]


async def require_proper_key(
    request: Request,
    _key: Annotated[
        str | None,
        Header(
            alias=IDEMPOTENCY_KEY,
            min_length=1,
            max_length=LONGEST_KEY,
            pattern=r"^[ -~]*$",
            description=(
                "A name of your choice for this request, such as a random GUID. Sent again under "
                "it, the request has no second effect and gets the first answer."
            ),
            examples=["8e03978e-40d5-43e8-bc93-6894a57f9324"],
        ),
    ] = None,
) -> None:
    """Refuse a key that is not 1 to 255 printable characters, or more than one."""
    if len(request.headers.getlist(IDEMPOTENCY_KEY)) > 1:
        raise FieldErrors({IDEMPOTENCY_KEY: ["The header must be there once."]})


def safe_to_retry(endpoint: Endpoint, operation: Operation) -> Endpoint:
    """Wrap an endpoint that changes something, so that callers may send its requests again.

    The answer is kept by the session in which the endpoint works, so in the same transaction.

    Raises:
        TypeError: the endpoint takes no session that writes.

    """
    session_name = _name_of_session(endpoint, operation)

    @wraps(endpoint)
    async def retried(**given: Any) -> Response:  # noqa: ANN401 - whatever the endpoint takes
        request: Request = given.pop(_REQUEST)
        key = request.headers.get(IDEMPOTENCY_KEY)
        if key is None:
            return await endpoint(**given)
        begun = await _keeper_of(request).begin(
            actor_of(request), key=key, content_sha256=await _digest(request, operation)
        )
        if isinstance(begun, KeptAnswer):
            return _replayed(begun)
        request.scope[_ATTEMPT] = begun
        answer = await endpoint(**given)
        if answer.status_code < HTTPStatus.BAD_REQUEST:
            await _keeper_of(request).succeed(given[session_name], begun, _kept(answer))
            request.scope[_SUCCEEDED] = True
        return answer

    retried.__signature__ = _with_request(inspect.signature(endpoint))  # type: ignore[attr-defined]  # functions have it, and inspect reads it
    return retried


@asynccontextmanager
async def failures_can_be_retried(request: Request) -> AsyncIterator[None]:
    """Let go of the key where the work, or its commit, fails; stands around the session."""
    try:
        yield
    except BaseException:
        # Also when the request was cancelled: the client may be about to send it again.
        await finish(_give_up(request))
        raise
    if _SUCCEEDED not in request.scope:
        await _give_up(request)


async def _give_up(request: Request) -> None:
    attempt: Attempt | None = request.scope.get(_ATTEMPT)
    if attempt is None:
        return
    try:
        await _keeper_of(request).give_up(attempt)
    except Exception:
        # The lease ends by itself; what the client is told is the error of the work.
        _logger.exception("an idempotency key could not be let go")


def _name_of_session(endpoint: Endpoint, operation: Operation) -> str:
    for parameter in inspect.signature(endpoint).parameters.values():
        if WriteSession in get_args(parameter.annotation):
            return parameter.name
    message = f"{operation.id} changes something, so it needs a session that writes"
    raise TypeError(message)


async def _request(request: Request) -> Request:
    return request


def _with_request(signature: inspect.Signature) -> inspect.Signature:
    # As a dependency, because the framework hands the request itself to one parameter only.
    annotation = Annotated[Request, Depends(_request)]
    mine = inspect.Parameter(_REQUEST, inspect.Parameter.KEYWORD_ONLY, annotation=annotation)
    return signature.replace(parameters=[*signature.parameters.values(), mine])


async def _digest(request: Request, operation: Operation) -> str:
    """Give what makes two requests the same: operation, path, query, precondition and body."""
    head = (
        operation.id,
        request.url.path,
        request.url.query,
        request.headers.getlist("if-match"),
    )
    digest = hashlib.sha256(msgspec.json.encode(head))
    if operation.method != "DELETE":
        digest.update(await request.body())
    return digest.hexdigest()


def _kept(answer: Response) -> KeptAnswer:
    headers = {name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers}
    return KeptAnswer(status=answer.status_code, headers=headers, body=bytes(answer.body))


def _replayed(kept: KeptAnswer) -> Response:
    headers = dict(kept.headers) | {REPLAYED: "true"}
    return Response(kept.body, status_code=kept.status, headers=headers)


def _keeper_of(request: Request) -> AnswerKeeper:
    keeper: AnswerKeeper = state_of(request).parts[AnswerKeeper]
    return keeper
