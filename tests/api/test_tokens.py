"""The token endpoint, and what a token opens."""

import base64
from datetime import timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from ringbinder.features.clients import service as clients
from ringbinder.kit.clock import FixedClock
from ringbinder.kit.ids import new_guid
from tests.support.world import BASE, Caller, Tenant, World, running_world

pytestmark = [pytest.mark.api, pytest.mark.db]

AUDIT = "/audit/events/search"


def form(caller: Caller, **changes: str) -> dict[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_id": str(caller.client_id),
        "client_secret": caller.client_secret,
        **changes,
    }


async def test_form_json_and_basic_give_a_token(world: World, tenant: Tenant) -> None:
    fields = form(tenant.reader)
    pair = f"{fields['client_id']}:{fields['client_secret']}"
    basic = {"authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    answers = [
        await world.http.post("/connect/token", data=fields),
        await world.http.post("/connect/token", json=fields),
        await world.http.post(
            "/connect/token", data={"grant_type": fields["grant_type"]}, headers=basic
        ),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        body = answer.json()
        assert body["token_type"] == "Bearer"
        assert body["expires_in"] == 3600
        assert body["scope"] == "ibinder_public"
        assert "refresh_token" not in body


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"scope": "everything"}, 400, "invalid_scope"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": ""}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"client_id": "0192f0c1-7e5a-7c3e-9d2b-0a1b2c3d4e5f"}, 401, "invalid_client"),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_refusals_speak_rfc_6749(
    world: World, tenant: Tenant, changes: dict[str, str], status: int, error: str
) -> None:
    answer = await world.http.post("/connect/token", data=form(tenant.reader, **changes))
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert ("www-authenticate" in answer.headers) == (status == 401)


async def test_a_parameter_sent_twice_is_refused(world: World, tenant: Tenant) -> None:
    grant = "grant_type=client_credentials"
    body = f"{grant}&{grant}&client_id={tenant.reader.client_id}"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = await world.http.post("/connect/token", content=body, headers=headers)
    assert answer.json()["error"] == "invalid_request"


async def test_a_secret_in_two_places_is_refused(world: World, tenant: Tenant) -> None:
    answer = await world.http.post(
        "/connect/token",
        data=form(tenant.reader),
        auth=(str(tenant.reader.client_id), tenant.reader.client_secret),
    )
    assert answer.json()["error"] == "invalid_request"


async def test_tokens_verify_with_the_published_keys(world: World, tenant: Tenant) -> None:
    discovery = (await world.http.get("/.well-known/openid-configuration")).json()
    assert discovery == (await world.http.get("/.well-known/oauth-authorization-server")).json()
    keys = (await world.http.get(discovery["jwks_uri"].removeprefix(BASE))).json()
    assert all("d" not in key for key in keys["keys"])
    decoded = jwt.decode(tenant.admin.token, KeySet.import_key_set(keys), algorithms=["ES256"])
    assert decoded.claims["iss"] == discovery["issuer"]
    assert decoded.claims["sub"] == str(tenant.admin.client_id)


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c", "x" * 5000])
async def test_what_is_no_token_opens_nothing(world: World, tenant: Tenant, token: str) -> None:
    headers = tenant.admin.headers | {"authorization": f"Bearer {token}"}
    answer = await world.http.post(f"/api{AUDIT}", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_tampered_token_opens_nothing(tenant: Tenant) -> None:
    head, claims, signature = tenant.admin.token.split(".")
    flipped = ("B" if claims[10] == "A" else "A").join((claims[:10], claims[11:]))
    headers = {"authorization": f"Bearer {head}.{flipped}.{signature}"}
    assert (await tenant.admin.post(AUDIT, headers=headers)).status_code == 401


async def test_the_tenant_header_must_be_the_tokens(world: World, tenant: Tenant) -> None:
    other = await world.new_tenant()
    foreign = {"x-ibinder-tenantid": str(other.organisation.id)}
    unknown = {"x-ibinder-tenantid": str(new_guid())}
    garbled = {"x-ibinder-tenantid": "my organisation"}
    assert (await tenant.admin.post(AUDIT, headers=foreign)).status_code == 403
    assert (await tenant.admin.post(AUDIT, headers=unknown)).status_code == 403
    answer = await tenant.admin.post(AUDIT, headers=garbled)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["x-ibinder-tenantid"]


async def test_a_weak_role_is_refused(tenant: Tenant) -> None:
    answers = [await caller.post(AUDIT) for caller in (tenant.reader, tenant.creator, tenant.admin)]
    assert [answer.status_code for answer in answers] == [403, 403, 200]
    assert answers[0].json()["code"] == "permission.missing"


async def test_a_revoked_token_opens_nothing(world: World, tenant: Tenant) -> None:
    assert (await tenant.admin.post(AUDIT)).status_code == 200
    revocation = form(tenant.admin, token=tenant.admin.token)
    assert (await world.http.post("/connect/revocation", data=revocation)).status_code == 200
    assert (await tenant.admin.post(AUDIT)).status_code == 401


async def test_a_client_cannot_revoke_anothers_token(world: World, tenant: Tenant) -> None:
    revocation = form(tenant.reader, token=tenant.admin.token)
    assert (await world.http.post("/connect/revocation", data=revocation)).status_code == 200
    assert (await tenant.admin.post(AUDIT)).status_code == 200


async def test_authentication_is_audited(world: World, tenant: Tenant) -> None:
    await world.http.post("/connect/token", data=form(tenant.reader, client_secret="wrong"))
    events = (await tenant.admin.post(AUDIT)).json()["items"]
    assert events[0]["action"] == "api:token:refused"
    assert events[0]["actor"]["id"] == str(tenant.reader.client_id)
    assert {event["action"] for event in events} >= {"api:token:issued", "cli:client:created"}
    sequences = [event["sequence"] for event in events]
    assert sequences == list(range(len(events), 0, -1))


async def test_secrets_stay_out_of_the_audit_trail(tenant: Tenant) -> None:
    text = (await tenant.admin.post(AUDIT)).text
    assert tenant.admin.client_secret not in text
    assert tenant.admin.token not in text


async def test_time_ends_tokens_and_disabled_clients(
    database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    clock = FixedClock()
    data = tmp_path_factory.mktemp("data")
    async with running_world(database_url, data, clock=clock) as world:
        tenant = await world.new_tenant()
        assert (await tenant.admin.post(AUDIT)).status_code == 200
        clock.advance(timedelta(minutes=59))
        assert (await tenant.admin.post(AUDIT)).status_code == 200
        async with world.parts.database.write(tenant.organisation.key) as session:
            await clients.disable_client(session, tenant.operator, client_id=tenant.admin.client_id)
        clock.advance(timedelta(seconds=3))
        assert (await tenant.admin.post(AUDIT)).status_code == 401
        clock.advance(timedelta(hours=1))
        assert (await tenant.reader.post(AUDIT)).status_code == 401


async def test_keys_rotate_without_a_moment_in_which_tokens_fail(
    database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    clock = FixedClock()
    data = tmp_path_factory.mktemp("data")
    async with running_world(database_url, data, clock=clock) as world:
        tenant = await world.new_tenant()
        seen: set[str] = set()
        for _ in range(70 * 24 // 5):
            clock.advance(timedelta(hours=5))
            await world.parts.keys.rotate()
            answer = await world.http.post("/connect/token", data=form(tenant.admin))
            token = answer.json()["access_token"]
            seen.add(jwt.decode(token, await world.parts.keys.verifying_keys("")).header["kid"])
            clock.advance(timedelta(minutes=50))
            headers = {"authorization": f"Bearer {token}"}
            assert (await tenant.admin.post(AUDIT, headers=headers)).status_code == 200
        assert len(seen) >= 3


async def test_rotated_secrets_overlap(
    database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    clock = FixedClock()
    data = tmp_path_factory.mktemp("data")
    async with running_world(database_url, data, clock=clock) as world:
        tenant = await world.new_tenant()
        async with world.parts.database.write(tenant.organisation.key) as session:
            issued = await clients.rotate_secret(
                session,
                tenant.operator,
                client_id=tenant.reader.client_id,
                overlap=timedelta(hours=1),
            )
        old, new = form(tenant.reader), form(tenant.reader, client_secret=issued.secret)
        assert (await world.http.post("/connect/token", data=old)).status_code == 200
        assert (await world.http.post("/connect/token", data=new)).status_code == 200
        clock.advance(timedelta(hours=1, seconds=1))
        assert (await world.http.post("/connect/token", data=old)).status_code == 401
        assert (await world.http.post("/connect/token", data=new)).status_code == 200
