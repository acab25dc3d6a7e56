"""What the application hands to its routes, typed in one place."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from ringbinder.access.actor import Actor
from ringbinder.access.permissions import Permission
from ringbinder.db.sessions import Database
from ringbinder.db.sight import Sight
from ringbinder.web.callers import PageCaller

ReadinessCheck = Callable[[], Awaitable[object]]
Authenticator = Callable[[Request], Awaitable[Actor]]
PageAuthenticator = Callable[[Request], Awaitable[PageCaller | None]]
"""Gives who has signed in, or None."""


@dataclass(frozen=True, slots=True)
class WebState:
    """The parts of an application that requests need; made by ``ringbinder.app``."""

    database: Database
    authenticator: Authenticator
    public_url: str
    readiness_checks: Mapping[str, ReadinessCheck]
    parts: dict[type[Any], Any]
    page_authenticator: PageAuthenticator | None = None
    """What turns a request's cookie into a person; without it no pages are served."""


def state_of(request: Request) -> WebState:
    """Give the parts of the application that serves this request."""
    state: WebState = request.app.state.ringbinder
    return state


def authenticator_of(request: Request) -> Authenticator:
    """Give what turns a request's token into an actor."""
    return state_of(request).authenticator


def actor_of(request: Request) -> Actor:
    """Give the caller; the route has authorised it."""
    actor: Actor = request.state.actor
    return actor


def remember_caller(request: Request, actor: Actor, permission: Permission | None) -> None:
    """Let the rest of a request know its caller, and what was asked for; sessions keep to both."""
    request.state.actor = actor
    request.state.sight = actor.sight_for(permission)


def sight_of(request: Request) -> Sight:
    """Give what of the organisation the caller sees, and where it may do what it asks for."""
    sight: Sight = request.state.sight
    return sight


def public_url_of(request: Request) -> str:
    """Give the address under which clients reach this installation, without a slash at its end."""
    return state_of(request).public_url


def address_of(request: Request) -> str | None:
    """Give the network address that the request came from."""
    return request.client.host if request.client else None
