"""Let a request pay for what it asks, before anything that it sent is looked at.

The headers are those of draft-ietf-httpapi-ratelimit-headers-11.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from math import ceil
from typing import Final

from fastapi import Request, Response

from ringbinder.access.actor import Actor, ActorKind
from ringbinder.access.limits import RequestType
from ringbinder.kit.errors import ForbiddenError, RingbinderError, UnauthorizedError
from ringbinder.web.budgets import Budget, Budgets, Granted, limit_header, policy_header
from ringbinder.web.headers import add_answer_header
from ringbinder.web.state import address_of, authenticator_of, state_of
from ringbinder.web.tally import CLIENT

_PAID: Final = "ringbinder.paid"
_IS_FREE: Final = "ringbinder.free"


class TooManyRequestsError(RingbinderError):
    """The caller's budget for this type of request is used up; wait as long as Retry-After says."""

    status = 429
    code = "limit.exceeded"


def budgets_of(request: Request) -> Budgets:
    """Give the budgets of this installation."""
    budgets: Budgets = state_of(request).parts[Budgets]
    return budgets


async def authenticate(request: Request) -> Actor:
    """Give the caller behind the token; who has none that is valid pays by address.

    Raises:
        UnauthorizedError: no token, or not one of ours, or no longer valid.
        TooManyRequestsError: the same, too often from this address.

    """
    try:
        actor = await authenticator_of(request)(request)
    except UnauthorizedError:
        await charge_address(request, RequestType.UNAUTHENTICATED)
        raise
    if actor.kind is ActorKind.CLIENT:
        request.scope[CLIENT] = actor.organisation_key, actor.id
    return actor


async def charge_caller(request: Request, actor: Actor, request_type: RequestType) -> None:
    """Take a unit of the caller's budget.

    Raises:
        TooManyRequestsError: there is none left.

    """
    await _charge(request, budgets_of(request).of_caller(actor, request_type))


async def charge_address(request: Request, *request_types: RequestType) -> None:
    """Take a unit of each of these budgets of an address behind which nobody is known.

    Raises:
        TooManyRequestsError: one of them has none left; then none was taken.

    """
    budgets, address = budgets_of(request), address_of(request)
    await _charge(request, *(budgets.of_address(address, kind) for kind in request_types))


async def charge_link(
    request: Request, organisation_key: int, *, check: Callable[[], None]
) -> None:
    """Check a signed address and take a unit of the budget for those of its organisation.

    Raises:
        ForbiddenError: as the check does; then the network address has paid.
        TooManyRequestsError: there is no unit left.

    """
    try:
        check()
    except ForbiddenError:
        await charge_address(request, RequestType.UNAUTHENTICATED)
        raise
    await _charge(request, budgets_of(request).of_link(address_of(request), organisation_key))


async def guarding_secrets(request: Request, work: Callable[[], Awaitable[Response]]) -> Response:
    """Do work that tells whether a secret is right; from one address it may seldom be wrong.

    The unit for the failure is taken before, so that guesses made at once count too.

    Raises:
        TooManyRequestsError: too many requests, or too many without success.

    """
    await charge_address(request, RequestType.TOKEN, RequestType.FAILED_TOKEN)
    answer = await work()
    if answer.status_code < HTTPStatus.BAD_REQUEST:
        await _give_back(request, RequestType.FAILED_TOKEN)
    return answer


@asynccontextmanager
async def guarding_sign_in(request: Request, account: str | None = None) -> AsyncIterator[None]:
    """Do work that ends in an error where a password, code or link is wrong.

    From one address, and for one account, that may seldom happen. The units for a failure are taken
    before, so that guesses made at once count too, and given back where there is no error.

    Raises:
        TooManyRequestsError: too many tries, or too many without success.

    """
    budgets, address = budgets_of(request), address_of(request)
    wanted = [
        budgets.of_address(address, RequestType.SIGN_IN),
        budgets.of_address(address, RequestType.FAILED_SIGN_IN),
    ]
    wanted += [] if account is None else [budgets.of_account(account)]
    await _charge(request, *wanted)
    yield
    await _give_back(request, RequestType.FAILED_SIGN_IN, RequestType.GUESS)


def cost_nothing(request: Request) -> None:
    """Say that the answer has no news, so that the request is free."""
    request.scope[_IS_FREE] = True


async def settle(request: Request, answer: Response) -> None:
    """Give a free request back what it paid: a 304, or one for which a door has said so."""
    if answer.status_code == HTTPStatus.NOT_MODIFIED or _IS_FREE in request.scope:
        await _give_back(request, *_paid(request))


async def _charge(request: Request, *wanted: Budget) -> None:
    budgets = budgets_of(request)
    if not budgets.enabled:
        return
    asked = {
        budget.request_type: (budget, await budgets.store.take(budget.key, budget.policy))
        for budget in wanted
    }
    _paid(request).update(asked)
    refused = [(budget, decision) for budget, decision in asked.values() if not decision.allowed]
    if refused:
        await _give_back(request, *(kind for kind, (_, found) in asked.items() if found.allowed))
        raise _refusal(refused)
    _tell(request)


async def _give_back(request: Request, *request_types: RequestType) -> None:
    paid, store = _paid(request), budgets_of(request).store
    for request_type in request_types:
        if request_type in paid:
            budget, _ = paid[request_type]
            paid[request_type] = budget, await store.give_back(budget.key, budget.policy)
    _tell(request)


def _refusal(refused: Sequence[Granted]) -> TooManyRequestsError:
    # Whoever waits for the slowest of them is granted all of them.
    seconds = max(1, *(ceil(decision.retry_after_seconds) for _, decision in refused))
    names = " and ".join(budget.request_type for budget, _ in refused)
    return TooManyRequestsError(
        f"Too many requests of the type {names}; wait {seconds} s.",
        headers={"retry-after": str(seconds)},
    )


def _tell(request: Request) -> None:
    paid = _paid(request).values()
    if paid:
        add_answer_header(request, "ratelimit", limit_header(paid))
        add_answer_header(request, "ratelimit-policy", policy_header(budget for budget, _ in paid))


def _paid(request: Request) -> dict[RequestType, Granted]:
    paid: dict[RequestType, Granted] = request.scope.setdefault(_PAID, {})
    return paid
