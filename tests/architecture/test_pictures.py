"""Every page that people can open has a picture in `make screenshots`, or a reason why not."""

import re

import pytest

from ringbinder.web.pages.registry import pages_by_id
from tests.support import scenes
from tests.support.world import World

pytestmark = [pytest.mark.api, pytest.mark.db]


async def test_every_page_has_a_picture_or_a_reason_why_not(world: World) -> None:
    pages = {page.id for page in pages_by_id(world.app).values() if page.method == "GET"}
    pictured = {shot.shows for shot in scenes.SHOTS if shot.shows}
    assert pictured | set(scenes.UNPICTURED) == pages
    assert pictured.isdisjoint(scenes.UNPICTURED)
    assert all(scenes.UNPICTURED.values())


async def test_a_picture_is_taken_where_its_page_is(world: World) -> None:
    pages = pages_by_id(world.app)
    for shot in scenes.SHOTS:
        path = shot.path.partition("?")[0]
        is_here = shot.shows and not path.startswith("{")
        if is_here and shot.shows != "sign_in.code":
            pattern = re.sub(r"{[^}]+}", "[^/]+", pages[shot.shows].path)
            assert re.fullmatch(pattern, path), shot.name


def test_pictures_have_names_of_their_own() -> None:
    names = [shot.name for shot in scenes.SHOTS]
    assert sorted(names) == sorted(set(names))
