"""The short way to a route: by method and first word of the path, before all are asked in turn.

The framework asks each of some two hundred routes whether it fits, those of pages last, and the
router of the one that fits twice. What finds no way here goes that long one, refusals included.
"""

from collections.abc import Iterable
from typing import Final

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

_CHOSEN: Final = "route"
"""Where a route that fits says which it is."""


class Signpost(BaseRoute):
    """Shows the way to the routes of some routers, in the order in which they stand there."""

    def __init__(self, routers: Iterable[APIRouter]) -> None:
        """Know routes of routers that stand directly below the application, without a prefix."""
        self._ways: dict[tuple[str, str], list[APIRoute]] = {}
        for router in routers:
            for route in router.routes:
                if isinstance(route, APIRoute):
                    self._add(route)

    def _add(self, route: APIRoute) -> None:
        first = _first_word(route.path)
        if "{" in first:
            return
        for method in route.methods or ():
            self._ways.setdefault((method, first), []).append(route)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Tell whether one of the routes answers exactly this."""
        if scope["type"] != "http" or scope.get("root_path"):
            return Match.NONE, {}
        for route in self._ways.get((scope["method"], _first_word(scope["path"])), ()):
            match, found = route.matches(scope)
            if match is Match.FULL:
                return match, found
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the route that was found answer."""
        route: APIRoute = scope[_CHOSEN]
        await route.handle(scope, receive, send)


def _first_word(path: str) -> str:
    return path[1:].partition("/")[0]
