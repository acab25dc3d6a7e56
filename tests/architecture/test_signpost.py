"""The short way to a page leads where the long one does."""

import re
from typing import Any

import pytest
from starlette.routing import BaseRoute, Match

from ringbinder.app.routers import PAGES
from ringbinder.web.pages.registry import PageDeclaration, pages_of
from ringbinder.web.signpost import Signpost
from tests.support.world import World

pytestmark = [pytest.mark.api, pytest.mark.db]


def asked(method: str, path: str, **more: Any) -> dict[str, Any]:
    return {"type": "http", "method": method, "path": path, "root_path": "", "headers": []} | more


def first(routes: list[BaseRoute], scope: dict[str, Any]) -> Any:
    """What the framework would choose."""
    for route in routes:
        match, found = route.matches(dict(scope))
        if match is Match.FULL:
            return found.get("endpoint") or endpoint_below(route, scope)
    return None


def endpoint_below(route: Any, scope: dict[str, Any]) -> Any:
    return route._match(dict(scope))[1]["endpoint"]  # noqa: SLF001 - a router keeps it to itself


def ways(page: PageDeclaration) -> list[str]:
    """A path with values that others could mistake for words of theirs, too."""
    return [
        re.sub(r"\{[^}]*\}", value, page.path) for value in ("7", "new", "rows", "search", "x.y")
    ]


async def test_every_page_is_found_and_is_the_one_that_the_framework_finds(world: World) -> None:
    routes = list(world.app.routes)
    signpost = next(one for one in routes if isinstance(one, Signpost))
    others = [one for one in routes if one is not signpost]
    pages = list(pages_of(world.app))
    assert len(pages) > 100
    for page in pages:
        for path in ways(page):
            scope = asked(page.method, path)
            match, found = signpost.matches(dict(scope))
            assert match is Match.FULL, path
            assert found["endpoint"] is first(others, scope), path


@pytest.mark.parametrize(
    "scope",
    [
        asked("GET", "/api/binders"),
        asked("GET", "/nowhere"),
        asked("PUT", "/search"),
        asked("GET", "/search/"),
        asked("GET", "/search", type="websocket"),
        asked("GET", "/search", root_path="/below"),
        asked("GET", ""),
    ],
)
def test_of_what_is_no_page_it_keeps_its_hands(scope: dict[str, Any]) -> None:
    assert Signpost(PAGES).matches(scope) == (Match.NONE, {})
