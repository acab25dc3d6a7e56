"""The matrix of permissions: every person, every operation, what is visible and what is not.

There are three places: the *open* folder of a binder, a *hidden* folder of the same binder, and the
folder of a binder *elsewhere*. The table of people says what each sees and may do in each; it is
written down here and not taken from the code.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

import httpx
import pytest

from ringbinder.access.permissions import MemberRole
from ringbinder.web.registry import Operation
from tests.architecture.test_operations import (
    FINDS_NOTHING,
    ONE_OF_MANY,
    Ids,
    Recorder,
    all_operations,
    call_of,
    foreign_calls,
    ids_of,
    unused_ids,
    without_trace,
)
from tests.factories.content import (
    Json,
    add_participant,
    created,
    new_document,
    new_folder,
    new_shelf,
    new_upload,
)
from tests.support.visitors import Doorman, Visitor, doorman_of
from tests.support.world import Caller, Tenant, World

pytestmark = [pytest.mark.api, pytest.mark.db]

READ = frozenset({"read"})
CREATE = READ | {"create"}
EDIT = CREATE | {"manage_documents"}
ADMINISTER = EDIT | {"manage_binders", "read_log"}
ORGANISE = frozenset(
    {
        "create_binders",
        "manage_webhooks",
        "manage_members",
        "read_audit",
        "read_log",
        "manage_binders",
    }
)
OPEN, HIDDEN, ELSEWHERE = "open", "hidden", "elsewhere"


@dataclass(frozen=True)
class Kind:
    """A kind of person: what it may do in each place that it sees, and apart from places."""

    role: MemberRole
    places: Mapping[str, frozenset[str]]
    organisation: frozenset[str] = READ
    takes_part: Mapping[str, str] = field(default_factory=dict)
    by_group: bool = False
    is_viewer: bool = False

    @property
    def somewhere(self) -> frozenset[str]:
        return self.organisation.union(*self.places.values())


KINDS = {
    "owner": Kind(
        MemberRole.OWNER,
        {OPEN: ADMINISTER, HIDDEN: ADMINISTER, ELSEWHERE: ADMINISTER},
        EDIT | ORGANISE,
    ),
    "administrator": Kind(
        MemberRole.ADMINISTRATOR,
        {OPEN: ADMINISTER, HIDDEN: ADMINISTER, ELSEWHERE: ADMINISTER},
        EDIT | ORGANISE,
    ),
    "creator": Kind(
        MemberRole.CREATOR,
        # It creates a binder on the way, and administers that one.
        {OPEN: EDIT, ELSEWHERE: EDIT, "own": ADMINISTER},
        EDIT | {"create_binders"},
    ),
    "reader": Kind(MemberRole.READER, {OPEN: READ, ELSEWHERE: READ}),
    "restricted creator": Kind(
        MemberRole.RESTRICTED_CREATOR, {OPEN: EDIT}, EDIT, takes_part={OPEN: "participant"}
    ),
    "restricted reader": Kind(
        MemberRole.RESTRICTED_READER,
        {OPEN: READ},
        takes_part={OPEN: "participant"},
        by_group=True,
    ),
    "stranger": Kind(MemberRole.RESTRICTED_READER, {}),
    "viewer": Kind(MemberRole.READER, {OPEN: READ, HIDDEN: READ, ELSEWHERE: READ}, is_viewer=True),
    "restricted viewer": Kind(
        MemberRole.RESTRICTED_CREATOR,
        {OPEN: EDIT, HIDDEN: EDIT},
        EDIT,
        takes_part={OPEN: "participant"},
        by_group=True,
        is_viewer=True,
    ),
    "binder administrator": Kind(
        MemberRole.RESTRICTED_READER,
        {OPEN: ADMINISTER, HIDDEN: ADMINISTER},
        takes_part={OPEN: "administrator"},
    ),
    "administrator elsewhere": Kind(
        MemberRole.RESTRICTED_READER,
        {OPEN: READ, ELSEWHERE: ADMINISTER},
        takes_part={OPEN: "participant", ELSEWHERE: "administrator"},
        by_group=True,
    ),
}

INNER = {"folderId", "parentId", "documentId", "trashedId", "versionId", "uploadId"}
"""Ids of what is in a folder; a binder's own id says nothing of which folder is meant."""

PLACED = INNER | {"id"}

MANY = {name for name, _ in ONE_OF_MANY}


@dataclass(frozen=True)
class House:
    """The three places, and words that stand nowhere but in each of them."""

    tenant: Tenant
    ids: Mapping[str, Ids]
    words: Mapping[str, frozenset[str]]

    def secrets_for(self, kind: Kind) -> frozenset[str]:
        """Everything that must not reach a person: ids and names of the places it does not see."""
        return frozenset().union(*(self.words[p] for p in self.words if p not in kind.places))


async def new_house(tenant: Tenant) -> House:
    admin = tenant.admin
    shelf = await new_shelf(admin)
    other = await new_shelf(admin)
    opened, elsewhere = ids_of(shelf), ids_of(other)
    hidden = opened | await hidden_ids(admin, shelf.binder)
    return House(
        tenant,
        {OPEN: opened, HIDDEN: hidden, ELSEWHERE: elsewhere},
        {
            HIDDEN: frozenset({hidden[name] for name in INNER}) | {"Hemlig"},
            ELSEWHERE: frozenset({elsewhere[name] for name in INNER | {"id"}}),
        },
    )


async def hidden_ids(admin: Caller, binder: Json) -> Ids:
    """Hide a folder in a binder, with everything in it that has an id."""
    folder = await new_folder(admin, binder, "Hemlig flik") | {"binderId": binder["id"]}
    inner = created(
        await admin.post(
            f"/documents/drives/binders/{binder['id']}/folders",
            json={"name": "Hemlig undermapp", "parentId": folder["id"]},
        )
    ) | {"binderId": binder["id"]}
    path = f"/documents/drives/binders/{binder['id']}/folders/{folder['id']}"
    assert (await admin.patch(path, json={"isHidden": True})).status_code == 200
    made = await new_document(admin, inner, "Hemlig 1.pdf")
    trashed = (await new_document(admin, inner, "Hemlig 3.pdf"))["document"]
    assert (await admin.delete(f"/documents/{trashed['id']}")).status_code == 200
    upload = await new_upload(admin, inner, "Hemlig 2.pdf", b"")
    return {
        "folderId": inner["id"],
        "parentId": folder["id"],
        "documentId": made["document"]["id"],
        "trashedId": trashed["id"],
        "versionId": made["version"]["id"],
        "uploadId": upload["uploadId"],
    }


async def let_in(doorman: Doorman, house: House, kind: Kind) -> Visitor:
    """Make a person of a kind."""
    visitor = await doorman.new_visitor(house.tenant, kind.role)
    await invite_in(house, kind, visitor.member_id)
    return visitor


async def invite_in(house: House, kind: Kind, member_id: UUID) -> None:
    """Let a member take part and look where its kind does."""
    admin = house.tenant.admin
    party, sort = {"id": str(member_id)}, "member"
    if kind.by_group:
        name = f"Grupp {member_id}"
        body = {"name": name, "memberIds": [party["id"]]}
        party, sort = created(await admin.post("/groups", json=body)), "group"
    for place, role in kind.takes_part.items():
        await add_participant(admin, {"id": house.ids[place]["id"]}, party, sort, role)
    if kind.is_viewer:
        ids = house.ids[HIDDEN]
        path = f"/documents/drives/binders/{ids['id']}/folders/{ids['parentId']}/viewers"
        now = (await admin.get(path)).json()
        members = [each["id"] for each in now if each["kind"] == "member"]
        groups = [each["id"] for each in now if each["kind"] == "group"]
        (members if sort == "member" else groups).append(party["id"])
        body = {"memberIds": members, "groupIds": groups}
        assert (await admin.request("PUT", path, json=body)).status_code == 200


@pytest.fixture
async def doorman(world: World) -> AsyncIterator[Doorman]:
    async with doorman_of(world) as doorman:
        yield doorman


@pytest.fixture
async def house(tenant: Tenant) -> House:
    return await new_house(tenant)


def outcome_of(operation: Operation, answer: httpx.Response, *, names_place: bool) -> str:
    """Say in a word how a request ended; the results of bulks count as answers of their own."""
    if operation.id in MANY and answer.is_success:
        results = answer.text
        missing = "permission.missing" in results
        return "missing" if missing else "not there" if ".not_found" in results else "reached"
    if answer.status_code == 403:
        return "missing"
    return "not there" if names_place and answer.status_code == 404 else "reached"


def expected_outcomes(operation: Operation, kind: Kind, place: str, asked: set[str]) -> set[str]:
    permission = str(operation.permission)
    if permission not in kind.somewhere:
        return {"missing"}
    if operation.id in FINDS_NOTHING or not asked & PLACED:
        return {"reached"}
    meant = OPEN if place == HIDDEN and not asked & INNER else place
    if meant not in kind.places:
        # Where nothing may be done in the binder at all, nobody looks for the folder.
        is_known = place == HIDDEN and permission not in kind.places.get(OPEN, {permission})
        return {"not there", "missing"} if is_known else {"not there"}
    return {"reached" if permission in kind.places[meant] else "missing"}


CHANGES_NOTHING = {"if-match": '"never"'}
"""Whoever gets as far as the precondition was let in; nothing is changed or deleted."""

SETS_BACK = {"Documents_restoreDocument", "Binders_removeParticipant"}


@pytest.mark.parametrize("name", KINDS)
async def test_a_person_may_what_the_table_says(house: House, doorman: Doorman, name: str) -> None:
    kind = KINDS[name]
    visitor = await let_in(doorman, house, kind)
    secrets = house.secrets_for(kind)
    for operation in all_operations(doorman.world):
        for place, ids in house.ids.items():
            recorder = Recorder(ids)
            call = call_of(operation, recorder)
            if place != OPEN and not recorder.asked & PLACED:
                continue
            answer = await call.by(visitor.http, visitor.headers | CHANGES_NOTHING)
            wanted = expected_outcomes(operation, kind, place, recorder.asked)
            found = outcome_of(operation, answer, names_place=bool(recorder.asked & PLACED))
            assert found in wanted, (operation.id, place, answer.text)
            if operation.id in SETS_BACK:
                await _set_back(house.tenant.admin, operation, ids)
            told = {word for word in secrets if word in answer.text}
            sent = set(recorder.values()) if place not in kind.places else set()
            assert told <= sent, (operation.id, place, told)


async def _set_back(admin: Caller, operation: Operation, ids: Ids) -> None:
    match operation.id:
        case "Documents_restoreDocument":
            await admin.delete(f"/documents/{ids['trashedId']}")
        case "Binders_removeParticipant":
            body = {"participantId": ids["participantId"], "kind": "member"}
            await admin.post(f"/binders/{ids['id']}/participants", json=body)


@pytest.mark.parametrize("name", [n for n, kind in KINDS.items() if HIDDEN not in kind.places])
async def test_what_is_hidden_is_as_what_never_was(
    house: House, doorman: Doorman, name: str
) -> None:
    kind = KINDS[name]
    visitor = await let_in(doorman, house, kind)
    unseen = [place for place in house.ids if place not in kind.places]
    for operation in all_operations(doorman.world):
        for place in unseen:
            own = house.ids[OPEN]
            foreign = {**unused_ids(), **house.ids[place]}
            for one, unused, with_hidden, with_unused in foreign_calls(operation, own, foreign):
                if foreign[one] == own.get(one):
                    continue
                answers = [
                    await call.by(visitor.http, visitor.headers)
                    for call in (with_hidden, with_unused)
                ]
                same = [without_trace(answer, foreign[one], unused) for answer in answers]
                assert same[0] == same[1], (operation.id, place, one)
                assert answers[0].status_code == answers[1].status_code
