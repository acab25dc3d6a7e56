"""API clients for owners: made with the secret shown once, renewed, stopped; and the limits."""

import re

import httpx
import pytest

from ringbinder.access.permissions import MemberRole
from tests.fakes.people import FakePeople
from tests.features.pages.conftest import Visitor, visitor
from tests.support.world import Tenant, World

pytestmark = [pytest.mark.api, pytest.mark.db]

CLIENTS = "/organisation/clients"


@pytest.fixture
def owner(paged_world: World, people: FakePeople, house: Tenant) -> Visitor:
    return visitor(paged_world, people, house, MemberRole.OWNER)


async def token(world: World, client_id: str, secret: str) -> httpx.Response:
    form = {
        "grant_type": "client_credentials",
        "client_id": client_id,
        "client_secret": secret,
    }
    return await world.http.post("/connect/token", data=form)


def value_of(answer: httpx.Response, field: str) -> str:
    found = re.search(rf'id="{field}" class="mono" value="([^"]+)"', answer.text)
    assert found is not None
    return found[1]


async def actions(house: Tenant) -> list[str]:
    found = await house.admin.post("/audit/events/search", json={"actorKind": "person"})
    return [event["action"] for event in found.json()["items"]]


async def test_a_client_is_made_and_its_secret_shown_once(
    paged_world: World, owner: Visitor, house: Tenant
) -> None:
    answer = await owner.post(CLIENTS, {"name": "ERP", "role": "Creator"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    client_id, secret = value_of(answer, "client-id"), value_of(answer, "client-secret")
    listed = await owner.get(CLIENTS)
    assert secret not in listed.text
    row = listed.text.partition(client_id)[2].partition("</tr>")[0]
    assert "never" in row
    assert (await token(paged_world, client_id, secret)).status_code == 200
    row = (await owner.get(CLIENTS)).text.partition(client_id)[2].partition("</tr>")[0]
    assert "never" not in row
    assert await actions(house) == ["web:client:created"]


@pytest.mark.parametrize("form", [{"name": "  ", "role": "Reader"}, {"name": "ERP", "role": "God"}])
async def test_what_is_wrong_is_named_at_its_field(
    owner: Visitor, house: Tenant, form: dict[str, str]
) -> None:
    answer = await owner.post(CLIENTS, form)
    wrong = "role" if form["name"] == "ERP" else "name"
    assert answer.status_code == 400
    assert f'id="field-{wrong}-problem"' in answer.text
    assert await actions(house) == []


async def test_a_renewed_secret_overlaps_as_long_as_was_said(
    paged_world: World, owner: Visitor, house: Tenant
) -> None:
    client_id, old = str(house.reader.client_id), house.reader.client_secret
    answer = await owner.post(f"{CLIENTS}/{client_id}/rotate", {"overlap": "24"})
    new = value_of(answer, "client-secret")
    assert (await token(paged_world, client_id, old)).status_code == 200
    assert (await token(paged_world, client_id, new)).status_code == 200
    answer = await owner.post(f"{CLIENTS}/{client_id}/rotate", {"overlap": "0"})
    newest = value_of(answer, "client-secret")
    assert (await token(paged_world, client_id, new)).status_code == 401
    assert (await token(paged_world, client_id, newest)).status_code == 200
    refused = await owner.post(f"{CLIENTS}/{client_id}/rotate", {"overlap": "-1"})
    assert refused.status_code == 400


async def test_a_stopped_client_gets_no_token_until_it_is_enabled(
    paged_world: World, owner: Visitor, house: Tenant
) -> None:
    client_id, secret = str(house.reader.client_id), house.reader.client_secret
    stopped = await owner.post(f"{CLIENTS}/{client_id}/disable")
    assert stopped.status_code == 303
    assert (await token(paged_world, client_id, secret)).status_code == 401
    assert (await owner.post(f"{CLIENTS}/{client_id}/enable")).status_code == 303
    assert (await token(paged_world, client_id, secret)).status_code == 200
    assert await actions(house) == ["web:client:enabled", "web:client:disabled"]


async def test_access_is_switched_for_the_whole_organisation(
    paged_world: World, owner: Visitor, house: Tenant
) -> None:
    client_id, secret = str(house.admin.client_id), house.admin.client_secret
    assert (await owner.post(f"{CLIENTS}/access", {"access": "off"})).status_code == 303
    assert (await token(paged_world, client_id, secret)).status_code == 401
    page = await owner.get(CLIENTS)
    assert "API access is off" in page.text
    refused = await owner.post(CLIENTS, {"name": "ERP", "role": "Reader"})
    assert refused.status_code == 409
    assert (await owner.post(f"{CLIENTS}/access", {"access": "on"})).status_code == 303
    assert (await token(paged_world, client_id, secret)).status_code == 200
    assert (await owner.post(f"{CLIENTS}/access", {"access": "maybe"})).status_code == 400


@pytest.mark.parametrize("role", [MemberRole.ADMINISTRATOR, MemberRole.CREATOR, MemberRole.READER])
async def test_only_owners_see_and_change_clients(
    paged_world: World, people: FakePeople, house: Tenant, role: MemberRole
) -> None:
    someone = visitor(paged_world, people, house, role)
    client = f"{CLIENTS}/{house.reader.client_id}"
    assert (await someone.get(CLIENTS)).status_code == 403
    for path in (CLIENTS, f"{CLIENTS}/access", f"{client}/rotate", f"{client}/disable"):
        assert (await someone.post(path, {"access": "off", "overlap": "0"})).status_code == 403
    assert await actions(house) == []


async def test_clients_of_other_organisations_are_not_there(
    paged_world: World, owner: Visitor
) -> None:
    other = await paged_world.new_tenant()
    for verb in ("rotate", "disable", "enable"):
        path = f"{CLIENTS}/{other.reader.client_id}/{verb}"
        assert (await owner.post(path, {"overlap": "0"})).status_code == 404
    assert str(other.reader.client_id) not in (await owner.get(CLIENTS)).text


async def test_forged_forms_count_for_nothing(owner: Visitor, house: Tenant) -> None:
    form = {"csrf_token": "another", "name": "ERP", "role": "Admin", "access": "off"}
    for path in ("", "/access", f"/{house.reader.client_id}/disable"):
        assert (await owner.post(CLIENTS + path, form)).status_code == 403
    assert await actions(house) == []


async def test_limits_are_read_out_to_administrators_alone(
    paged_world: World, people: FakePeople, house: Tenant
) -> None:
    administrator = visitor(paged_world, people, house, MemberRole.ADMINISTRATOR)
    answer = await administrator.get("/organisation/limits")
    assert answer.status_code == 200
    assert "Each API client with the role Reader" in answer.text
    assert "60,000,000 times a minute" in answer.text
    reader = visitor(paged_world, people, house, MemberRole.READER)
    assert (await reader.get("/organisation/limits")).status_code == 403


async def test_an_owner_makes_the_limits_of_a_client_tighter(anna: Visitor, house: Tenant) -> None:
    here = f"{CLIENTS}/{house.reader.client_id}/limits"
    assert (await anna.get(here)).status_code == 200
    assert (await anna.post(here, {"search": "12", "read": ""})).status_code == 303
    page = (await anna.get(here)).text
    assert 'name="search" type="number" value="12"' in page
    assert 'name="read" type="number" value=""' in page
    limits = await anna.get("/organisation/limits")
    assert "12 times a minute" in limits.text
    for wrong in ({"search": "999999999"}, {"read": "0"}, {"write": "many"}):
        refused = await anna.post(here, wrong, headers={"accept-language": "sv"})
        assert refused.status_code == 400
        assert "-problem" in refused.text
    assert (await anna.post(here, {"search": ""})).status_code == 303
    assert "12 times a minute" not in (await anna.get("/organisation/limits")).text
    found = await house.admin.post("/audit/events/search", json={"actorKind": "person"})
    actions = [event["action"] for event in found.json()["items"]]
    assert actions == ["web:client:limits_changed"] * 2


async def test_only_owners_limit_clients(
    paged_world: World, people: FakePeople, house: Tenant
) -> None:
    here = f"{CLIENTS}/{house.reader.client_id}/limits"
    administrator = visitor(paged_world, people, house, MemberRole.ADMINISTRATOR)
    assert (await administrator.get(here)).status_code == 403
    assert (await administrator.post(here, {"read": "1"})).status_code == 403
    stranger = visitor(paged_world, people, await paged_world.new_tenant())
    assert (await stranger.get(here)).status_code == 404
    assert (await stranger.post(here, {"read": "1"})).status_code == 404
