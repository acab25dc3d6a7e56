"""Bytes in parts: a lost connection costs one part, and nobody makes a file that was not sent."""

from typing import Any

import httpx
import pytest

from tests.factories.content import Json, created, fetch, local, new_upload, put_bytes, sha256
from tests.factories.places import new_place
from tests.support.streams import stream
from tests.support.world import Tenant, World

pytestmark = [pytest.mark.api, pytest.mark.db]

PART = 1 << 20
CONTENT = bytes(range(256)) * 10_000  # two whole parts and a rest
SIZE = len(CONTENT)


@pytest.fixture
async def upload(world: World, tenant: Tenant) -> Json:
    place = await new_place(world, tenant)
    return await new_upload(tenant.creator, place, "Modell.ifc", CONTENT)


async def put_part(world: World, upload: Json, first: int, last: int, **changes: Any) -> Any:
    """Send the bytes from the first up to and with the last one."""
    headers = {"content-range": f"bytes {first}-{last}/{SIZE}"} | changes.pop("headers", {})
    content = changes.pop("content", CONTENT[first : last + 1])
    return await world.http.put(local(upload["uploadUrl"]), content=content, headers=headers)


async def ask(world: World, upload: Json) -> httpx.Response:
    headers = {"content-range": f"bytes */{SIZE}"}
    return await world.http.put(local(upload["uploadUrl"]), headers=headers)


async def staged(world: World) -> list[str]:
    return [found.key async for found in world.parts.storage.list_objects("staged/")]


async def test_parts_become_the_file_and_leave_nothing_behind(
    world: World, tenant: Tenant, upload: Json
) -> None:
    first = await put_part(world, upload, 0, PART - 1)
    assert first.status_code == 202
    assert first.json() == {"uploadId": upload["uploadId"], "receivedSize": PART}
    second = await put_part(world, upload, PART, 2 * PART - 1)
    assert second.json()["receivedSize"] == 2 * PART
    last = await put_part(world, upload, 2 * PART, SIZE - 1)
    assert last.status_code == 200
    assert last.json() == {"uploadId": upload["uploadId"], "size": SIZE, "sha256": sha256(CONTENT)}
    assert not [key for key in await staged(world) if upload["uploadId"].replace("-", "") in key]
    path = f"/documents/uploads/{upload['uploadId']}/commit"
    committed = created(await tenant.creator.post(path))
    assert (await fetch(tenant.reader, committed["version"])).content == CONTENT


async def test_the_upload_tells_where_to_go_on(world: World, upload: Json) -> None:
    assert (await ask(world, upload)).json()["receivedSize"] == 0
    await put_part(world, upload, 0, PART - 1)
    answer = await ask(world, upload)
    assert (answer.status_code, answer.json()["receivedSize"]) == (202, PART)
    await put_part(world, upload, PART, SIZE - 1)
    answer = await ask(world, upload)
    assert (answer.status_code, answer.json()["size"]) == (200, SIZE)


async def test_a_part_that_breaks_off_leaves_the_earlier_ones(world: World, upload: Json) -> None:
    await put_part(world, upload, 0, PART - 1)
    cut = stream(CONTENT[PART : PART + 1000])
    broken = await put_part(world, upload, PART, SIZE - 1, content=cut)
    assert (broken.status_code, broken.json()["code"]) == (400, "upload.incomplete")
    assert (await ask(world, upload)).json()["receivedSize"] == PART
    assert (await put_part(world, upload, PART, SIZE - 1)).status_code == 200


@pytest.mark.parametrize(
    ("first", "last"),
    [
        pytest.param(PART + 1, SIZE - 1, id="gap"),
        pytest.param(PART - 1, SIZE - 1, id="overlap"),
        pytest.param(0, PART - 1, id="again"),
    ],
)
async def test_gaps_and_overlaps_are_refused_with_the_place_to_go_on(
    world: World, upload: Json, first: int, last: int
) -> None:
    await put_part(world, upload, 0, PART - 1)
    answer = await put_part(world, upload, first, last)
    assert (answer.status_code, answer.json()["code"]) == (409, "upload.wrong_offset")
    assert answer.json()["receivedSize"] == PART
    assert (await put_part(world, upload, PART, SIZE - 1)).json()["sha256"] == sha256(CONTENT)


@pytest.mark.parametrize(
    ("headers", "content", "code"),
    [
        ({"content-range": f"bytes 0-{PART - 1}/{SIZE + 1}"}, None, "upload.wrong_size"),
        ({}, CONTENT[: PART - 1], "upload.wrong_size"),
        ({}, CONTENT[: PART + 1], "upload.wrong_size"),
        ({"content-range": f"bytes 0-9/{SIZE}"}, CONTENT[:10], "upload.part_too_small"),
        ({"content-range": f"bytes 9-0/{SIZE}"}, b"", "upload.range_invalid"),
        ({"content-range": f"bytes 0-{SIZE}/{SIZE}"}, b"", "upload.range_invalid"),
        ({"content-range": f"bytes 0-{PART - 1}/*"}, None, "upload.range_invalid"),
        ({"content-range": "lines 1-2/3"}, None, "upload.range_invalid"),
        ({"content-range": f"bytes */{SIZE}"}, b"more", "upload.wrong_size"),
    ],
)
async def test_who_sends_other_bytes_than_said_is_refused_and_nothing_is_kept(
    world: World, upload: Json, headers: dict[str, str], content: bytes | None, code: str
) -> None:
    sent = CONTENT[:PART] if content is None else content
    answer = await put_part(world, upload, 0, PART - 1, headers=headers, content=sent)
    assert answer.status_code == 400
    assert answer.json()["code"] == code
    assert (await ask(world, upload)).json()["receivedSize"] == 0


async def test_more_than_was_said_is_refused_without_a_length_too(
    world: World, upload: Json
) -> None:
    longer = stream(CONTENT[:PART], b"more")
    answer = await put_part(world, upload, 0, PART - 1, content=longer)
    assert answer.json()["code"] == "upload.wrong_size"
    assert (await ask(world, upload)).json()["receivedSize"] == 0


async def test_the_whole_file_can_still_be_sent_after_parts(world: World, upload: Json) -> None:
    await put_part(world, upload, 0, PART - 1)
    assert (await put_bytes(world.http, upload, CONTENT)).status_code == 200
    assert (await ask(world, upload)).json()["sha256"] == sha256(CONTENT)
    late = await put_part(world, upload, PART, SIZE - 1)
    assert late.json()["receivedSize"] == SIZE


async def test_what_is_over_takes_no_parts(world: World, tenant: Tenant, upload: Json) -> None:
    await tenant.creator.delete(f"/documents/uploads/{upload['uploadId']}")
    answer = await put_part(world, upload, 0, PART - 1)
    assert answer.json()["code"] == "upload.aborted"


async def test_an_address_is_good_for_parts_only_as_it_was_signed(
    world: World, upload: Json
) -> None:
    forged = upload | {"uploadUrl": upload["uploadUrl"][:-2] + "xx"}
    assert (await ask(world, forged)).status_code == 403
