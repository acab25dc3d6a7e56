"""What holds for every page: who is let in, whose forms count, and what the answer carries."""

import pytest

from ringbinder.web.pages.assets import digests, static
from tests.features.pages.conftest import HTML, Visitor
from tests.support.world import BASE, World

pytestmark = [pytest.mark.api, pytest.mark.db]

NOWHERE = "/there-is-no-such-page"


async def test_a_page_that_is_not_there_is_a_page_in_the_readers_language(
    paged_world: World,
) -> None:
    english = await paged_world.http.get(NOWHERE, headers=HTML)
    swedish = await paged_world.http.get(NOWHERE, headers=HTML | {"accept-language": "sv-SE,sv"})
    assert english.status_code == swedish.status_code == 404
    assert '<html lang="en">' in english.text
    assert "Not found" in english.text
    assert '<html lang="sv">' in swedish.text
    assert "Finns inte" in swedish.text


async def test_who_has_signed_in_finds_the_way_on(anna: Visitor, paged_world: World) -> None:
    for answer in (await anna.get(NOWHERE), await anna.post("/search")):
        assert answer.status_code in (404, 405)
        assert 'href="/trash"' in answer.text
        assert anna.caller.person_name in answer.text
    stranger = await paged_world.http.get(NOWHERE, headers=HTML)
    assert 'href="/trash"' not in stranger.text


async def test_a_machine_gets_the_problem_that_it_always_got(paged_world: World) -> None:
    answer = await paged_world.http.get(NOWHERE)
    assert answer.json()["status"] == 404
    answer = await paged_world.http.get("/api/nothing", headers=HTML)
    assert answer.json()["status"] == 404


async def test_pages_run_nothing_that_is_not_ours(paged_world: World) -> None:
    answer = await paged_world.http.get(NOWHERE, headers=HTML)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_choice_is_kept_and_leads_back(anna: Visitor) -> None:
    answer = await anna.post("/preferences", {"theme": "dark", "next": "/search?q=a"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/search?q=a"
    assert "ringbinder_theme=dark" in answer.headers["set-cookie"]
    dark = await anna.get(NOWHERE, cookies={"ringbinder_theme": "dark"})
    assert 'data-theme="dark"' in dark.text


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil", ""])
async def test_the_way_back_never_leads_to_another_site(anna: Visitor, elsewhere: str) -> None:
    answer = await anna.post("/preferences", {"theme": "dark", "next": elsewhere})
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
async def test_a_form_of_another_site_counts_for_nothing(
    anna: Visitor, headers: dict[str, str]
) -> None:
    answer = await anna.post("/preferences", {"theme": "dark"}, headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


async def test_a_form_without_the_sessions_token_counts_for_nothing(anna: Visitor) -> None:
    answer = await anna.post("/preferences", {"theme": "dark", "csrf_token": "another"})
    assert answer.status_code == 403
    assert "Load it again" in answer.text


async def test_a_form_of_our_own_site_counts(anna: Visitor) -> None:
    headers = {"origin": BASE, "sec-fetch-site": "same-origin"}
    answer = await anna.post("/preferences", {"theme": "dark"}, headers=headers)
    assert answer.status_code == 303


async def test_a_form_is_bounded_and_must_be_one(anna: Visitor) -> None:
    large = await anna.post("/preferences", {"theme": "x" * 1_000_001})
    assert large.status_code == 413
    headers = {"x-csrf-token": anna.caller.csrf_token, "content-type": "text/plain"}
    other = await anna.post("/preferences", headers=headers)
    assert other.status_code == 415


async def test_a_file_is_kept_for_ever_under_the_digest_of_all(paged_world: World) -> None:
    address = static("css/ringbinder.css")
    answer = await paged_world.http.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]
    old = await paged_world.http.get("/static/000000000000/css/ringbinder.css")
    assert old.content == answer.content
    assert "no-cache" in old.headers["cache-control"]


@pytest.mark.parametrize("path", ["../../settings.py", "%2e%2e/%2e%2e/settings.py", "nothing.js"])
async def test_only_files_of_ours_are_given(paged_world: World, path: str) -> None:
    answer = await paged_world.http.get(f"/static/000000000000/{path}")
    assert answer.status_code == 404


def test_what_is_vendored_comes_with_its_licence() -> None:
    folders = {path.split("/")[1] for path in digests() if path.startswith("vendor/")}
    for folder in folders:
        assert f"vendor/{folder}/LICENSE" in digests()
        assert f"vendor/{folder}/NOTICE" in digests()
