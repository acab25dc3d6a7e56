"""The matrix of permissions for the web application: every person, every page, every place.

People and places are those of the matrix of operations; there is one place more, in another
organisation, and two people: an owner there, and somebody who has not signed in. Who may what, and
how it ends, is written down here and not taken from the code.
"""

import re
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any
from urllib.parse import quote
from uuid import UUID
from zipfile import ZipFile, is_zipfile

import httpx
import pytest

from ringbinder.access.permissions import MemberRole
from ringbinder.kit.ids import new_binder_code, new_guid
from ringbinder.web.pages.registry import PageDeclaration, pages_by_id
from tests.architecture.test_operations import Ids, Recorder, ids_of
from tests.architecture.test_permissions import (
    ADMINISTER,
    EDIT,
    ELSEWHERE,
    HIDDEN,
    INNER,
    KINDS,
    OPEN,
    ORGANISE,
    PLACED,
    House,
    Kind,
    hidden_ids,
    invite_in,
    new_house,
)
from tests.factories.content import new_shelf
from tests.factories.people import GOOD_PASSWORD, add_member, add_person
from tests.support.world import BASE, Caller, Tenant, World

pytestmark = [pytest.mark.api, pytest.mark.db]

ABROAD = "abroad"
FOREIGNER = "foreigner"
OWNED = ORGANISE | {"manage_clients", "manage_owners"}
PEOPLE = KINDS | {
    "owner": replace(KINDS["owner"], organisation=EDIT | OWNED),
    FOREIGNER: Kind(MemberRole.OWNER, {ABROAD: ADMINISTER}, EDIT | OWNED),
}
"""The kinds of the matrix of operations, and an owner of another organisation."""

WHO_MISSES = {"creator": HIDDEN, "restricted creator": ELSEWHERE, FOREIGNER: OPEN}
WHO_COUNTS = ("reader", "restricted reader")
EVERYBODY, SIGNED_IN = "everybody", "signed in"
OF_TENANT = {"groupId", "memberId", "guestId", "participantId", "clientId"}
"""Ids of what is an organisation's and stands in no place of it."""

SECRET_NAMES = {HIDDEN: "Hemlig", ELSEWHERE: "Avlägsen", ABROAD: "Utländsk"}

SECRET_IDS = INNER | {"id", "groupId", "memberId", "guestId", "clientId", "viewId"}
EACH_TIME = re.compile(
    r'nonce="[^"]*"|[0-9a-f]{32}|<time.*?</time>|<dcterms:.*?</dcterms:'
    r'|"(exportedAt|sha256|signed)":"[^"]*"'
)
"""Nonces, traces, how long ago something was, and what an export says of itself."""

TELLING = {"content-disposition", "content-type", "etag", "hx-redirect", "location", "x-total"}
NOTICE = "ringbinder_notice"
UNUSED: Mapping[str, Callable[[], str]] = defaultdict(lambda: lambda: str(new_guid())) | {
    "id": new_binder_code
}

NO_IDS: frozenset[str] = frozenset()
DOCUMENT, FOLDER = frozenset({"documentId"}), frozenset({"folderId"})
UPLOAD = frozenset({"uploadId"})

Fields = Callable[[Ids], Mapping[str, Any]]


def _nothing(_ids: Ids) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True)
class Row:
    """One page: who may ask for it, what is sent, and how it ends for whoever may.

    Ids that it ``seeks`` refuse nothing: what somebody does not see is only not found.
    """

    may: str
    ends: frozenset[int]
    sends: Fields = _nothing
    asks: Fields = _nothing
    is_json: bool = False
    seeks: frozenset[str] = NO_IDS


def shows(may: str, asks: Fields = _nothing, *, seeks: frozenset[str] = NO_IDS) -> Row:
    return Row(may, frozenset({200}), asks=asks, seeks=seeks)


def does(may: str, sends: Fields = _nothing, *ends: int, seeks: frozenset[str] = NO_IDS) -> Row:
    return Row(may, frozenset(ends or {303}), sends=sends, seeks=seeks)


def tells(sends: Fields, *, seeks: frozenset[str] = NO_IDS) -> Row:
    """Answer the upload page in JSON."""
    return Row("create", frozenset({200}), sends=sends, is_json=True, seeks=seeks)


def _files(ids: Ids) -> Mapping[str, Any]:
    return {"folderId": ids["folderId"], "files": [{"path": "Plan 8.pdf", "size": 1}]}


def _begin(ids: Ids) -> Mapping[str, Any]:
    return {"files": [{"folderId": ids["folderId"], "fileName": "Plan 8.pdf", "size": 1}]}


def _uploads(ids: Ids) -> Mapping[str, Any]:
    return {"uploadIds": [ids["uploadId"]]}


def _tab(ids: Ids) -> Mapping[str, Any]:
    return {"tab": ids["folderId"], "q": "pdf"}


def _view(ids: Ids) -> Mapping[str, Any]:
    return {"name": f"Vy {ids['folderId']}", "query": f"tab={ids['folderId']}"}


def _chosen(ids: Ids) -> Mapping[str, Any]:
    return {"document": ids["documentId"]}


def _audit(ids: Ids) -> Mapping[str, Any]:
    return {"binder": ids["id"], "object": ids["documentId"]}


def _party(ids: Ids) -> Mapping[str, Any]:
    return {"party": f"member:{ids['guestId']}", "role": "participant"}


def _viewers(ids: Ids) -> Mapping[str, Any]:
    return {"hidden": "1", "party": f"group:{ids['groupId']}"}


SETTINGS = {"name": "Kastanjen 4", "type": "project"}
TAB = {"name": "Ny flik", "type": "documents"}

PAGES: dict[str, Row] = {
    # It makes a creator the administrator of one binder, so it comes first.
    "binders.create": does("create_binders", lambda ids: SETTINGS | {"template": ids["id"]}),
    "binders.bookshelf": shows("read"),
    "binders.binder": shows("read"),
    "binders.rows": shows("read"),
    "lists.csv": shows("read"),
    "lists.print": shows("read"),
    "lists.xlsx": shows("read"),
    "lists.zip": shows("read", _chosen),
    "lists.zip_selection": does("read", _chosen, 200),
    "search.page": shows(
        "read", lambda ids: {"q": "plan", "binder": ids["id"]}, seeks=frozenset({"id"})
    ),
    "search.suggestions": shows("read", lambda _: {"q": "plan"}),
    "views.save": does("read", _view, seeks=FOLDER),
    "views.delete": does("read"),
    "documents.compare": shows("read", lambda ids: {"older": ids["versionId"]}),
    "documents.document": shows("read", lambda ids: {"version": ids["versionId"]}),
    "previews.file": shows("read"),
    "previews.pages": shows("read"),
    # Nothing can be drawn of these few bytes.
    "previews.picture": Row("read", frozenset({404})),
    "previews.preview": shows("read"),
    "previews.thumbnail": Row("read", frozenset({404})),
    "readlog.reads": shows("read_log", lambda ids: {"version": ids["versionId"]}),
    "documents.trash": shows("manage_documents", lambda _: {"q": "3"}),
    # The revision is none that was ever there.
    "documents.describe": does("manage_documents", lambda _: {"revision": "0"}, 412),
    "documents.rename": does("manage_documents", lambda _: {"revision": "0", "name": "A"}, 412),
    "documents.move": does(
        "manage_documents", lambda ids: {"revision": "0", "folder": ids["parentId"]}, 412
    ),
    "documents.bulk_move": does(
        "manage_documents", lambda ids: {**_chosen(ids), "folder": ids["folderId"]}, seeks=DOCUMENT
    ),
    "documents.restore": does("manage_documents", lambda ids: {"folder": ids["parentId"]}),
    "uploads.page": shows("create", lambda ids: {"tab": ids["folderId"]}, seeks=FOLDER),
    "uploads.plan": tells(_files),
    "uploads.places": tells(lambda _: {"places": [["Ny flik"]]}),
    "uploads.begin": tells(_begin, seeks=FOLDER),
    "uploads.state": tells(_uploads, seeks=UPLOAD),
    "uploads.commit": tells(_uploads, seeks=UPLOAD),
    "uploads.abort": tells(_uploads, seeks=UPLOAD),
    "binders.settings": shows("manage_binders"),
    "binders.change_settings": does("manage_binders", lambda _: SETTINGS),
    "binders.archive": does("manage_binders"),
    "binders.reopen": does("manage_binders"),
    "binders.participants": shows("manage_binders"),
    "binders.add_participant": does("manage_binders", _party),
    "binders.change_participant": does("manage_binders", lambda _: {"role": "participant"}),
    "binders.schema": shows("manage_binders"),
    "binders.create_element": does(
        "manage_binders", lambda _: {"label_sv": "Skala", "data_type": "Text"}
    ),
    "binders.element": shows("manage_binders"),
    "binders.preview_element": does("manage_binders", _nothing, 200),
    "binders.change_element": does("manage_binders"),
    "binders.move_element": does("manage_binders", lambda _: {"to": "down"}),
    "binders.tabs": shows("manage_binders"),
    "binders.create_tab": does("manage_binders", lambda ids: TAB | {"parent": ids["parentId"]}),
    "binders.tab": shows("manage_binders"),
    "binders.move_tab": does("manage_binders", lambda _: {"to": "down"}),
    "binders.viewers": shows("manage_binders"),
    "organisation.audit": shows("read_audit", _audit, seeks=DOCUMENT | {"id"}),
    "organisation.audit_export": shows("read_audit", _audit, seeks=DOCUMENT | {"id"}),
    "organisation.audit_sign": does("read_audit"),
    "organisation.audit_checkpoints": shows("read_audit"),
    "organisation.audit_checkpoint": shows("read_audit"),
    "organisation.health": shows("read_audit"),
    "organisation.limits": shows("read_audit"),
    "organisation.members": shows("manage_members"),
    "organisation.invite_member": does(
        "manage_members",
        lambda _: {"email": f"{new_guid()}@example.com", "name": "Ny", "role": "reader"},
    ),
    "organisation.invite_again": does("manage_members"),
    "organisation.change_role": does("manage_members", lambda _: {"role": "reader"}),
    "organisation.disable_member": does("manage_members"),
    "organisation.enable_member": does("manage_members"),
    "organisation.groups": shows("manage_members"),
    "organisation.create_group": does("manage_members", lambda _: {"name": f"G {new_guid()}"}),
    "organisation.group": shows("manage_members"),
    "organisation.change_group": does(
        "manage_members", lambda ids: {"name": "G", "member": ids["memberId"]}
    ),
    "organisation.clients": shows("manage_clients"),
    "organisation.client_limits": shows("manage_clients"),
    "organisation.limit_client": does("manage_clients", lambda _: {"read": "100"}),
    "organisation.create_client": does(
        "manage_clients", lambda _: {"name": "Ny", "role": "Reader"}, 200
    ),
    "organisation.switch_api_access": does("manage_clients", lambda _: {"access": "on"}),
    "organisation.rotate_client": does("manage_clients", lambda _: {"overlap": "0"}, 200),
    "organisation.disable_client": does("manage_clients"),
    "organisation.enable_client": does("manage_clients"),
    # What takes something away: where it is asked for last, nothing is missed.
    "binders.remove_participant": does("manage_binders"),
    "binders.set_viewers": does("manage_binders", _viewers),
    "binders.change_tab": does(
        "manage_binders", lambda ids: TAB | {"parent": ids["parentId"]}, 303, 409
    ),
    "binders.delete_tab": does("manage_binders", _nothing, 409),
    "binders.delete_element": does("manage_binders"),
    "binders.delete": does("manage_binders", _nothing, 409),
    "documents.delete": does("manage_documents"),
    "documents.bulk_delete": does("manage_documents", _chosen, seeks=DOCUMENT),
    "organisation.delete_group": does("manage_members"),
    "organisation.remove_member": does("manage_members"),
    # What is for everybody: nothing of an organisation is in it but one's own.
    "preferences.choose": does(EVERYBODY, lambda _: {"language": "en"}),
    "links.ask": shows(EVERYBODY),
    "links.send": does(EVERYBODY, _nothing, 200),
    "links.reset": Row(EVERYBODY, frozenset({404})),
    "links.choose": Row(EVERYBODY, frozenset({404})),
    "links.invitation": Row(EVERYBODY, frozenset({404})),
    "links.accept": Row(EVERYBODY, frozenset({404})),
    "sign_in.ask_provider": Row(EVERYBODY, frozenset({404})),
    "sign_in.hear_provider": Row(EVERYBODY, frozenset({404})),
    "sign_in.code": Row(EVERYBODY, frozenset({303})),
    "sign_in.finish": Row(EVERYBODY, frozenset({303})),
    "sign_in.page": Row(EVERYBODY, frozenset({200, 303})),
    "sign_in.sign_in": Row(EVERYBODY, frozenset({403})),
    "welcome.page": Row(EVERYBODY, frozenset({303})),
    "welcome.create": Row(EVERYBODY, frozenset({303})),
    "account.page": shows(SIGNED_IN),
    "account.change": does(SIGNED_IN, lambda _: {"name": "Rut Ek"}),
    "account.change_password": does(SIGNED_IN, _nothing, 400),
    "account.second_factor": shows(SIGNED_IN),
    "account.enable_second_factor": does(SIGNED_IN),
    "account.disable_second_factor": does(SIGNED_IN, _nothing, 400),
    "account.renew_recovery_codes": does(SIGNED_IN, _nothing, 400),
    "account.end_session": does(SIGNED_IN),
    "account.end_sessions": does(SIGNED_IN),
    "account.switch_organisation": does(SIGNED_IN, lambda ids: {"organisation": ids["tenantId"]}),
    "sign_in.sign_out": does(SIGNED_IN),
}

MORE: dict[str, tuple[Row, ...]] = {
    "binders.binder": (shows("read", _tab), shows("read", _chosen, seeks=DOCUMENT)),
    "binders.rows": (shows("read", _tab),),
    "lists.csv": (shows("read", _tab),),
    "lists.print": (shows("read", _tab),),
    "lists.xlsx": (shows("read", _tab),),
    "lists.zip": (shows("read", _tab),),
    "uploads.page": (shows("create", lambda ids: {"document": ids["documentId"]}),),
    "binders.add_participant": (
        does("manage_binders", lambda ids: {"party": f"group:{ids['groupId']}", "role": "x"}, 400),
    ),
}
"""Other requests that a page understands, with ids in other places."""

STANDS_FOR = {
    ("documents.restore", "document_id"): "trashedId",
    ("account.end_session", "session_id"): "nobody",
}
PATH = {
    "binder_id": "id",
    "client_id": "clientId",
    "document_id": "documentId",
    "element_id": "metadataElementId",
    "folder_id": "folderId",
    "group_id": "groupId",
    "member_id": "memberId",
    "party_id": "participantId",
    "provider_id": "nobody",
    "sequence": "sequence",
    "token": "nobody",
    "version_id": "versionId",
    "view_id": "viewId",
}
"""The ids that stand in the addresses of pages, by the names of the table."""


@dataclass(frozen=True)
class Request:
    """What is sent to a page."""

    page: PageDeclaration
    path: str
    row: Row
    sent: Mapping[str, Any]
    asked: Mapping[str, Any]

    async def by(self, person: "Person") -> httpx.Response:
        body: dict[str, Any] = {"json" if self.row.is_json else "data": self.sent}
        options = {} if self.page.method == "GET" else body
        return await person.http.request(
            self.page.method, self.path, params=self.asked, headers=person.headers, **options
        )


@dataclass(frozen=True)
class Person:
    """Somebody in front of a browser."""

    http: httpx.AsyncClient
    headers: Mapping[str, str]

    def forget_notice(self) -> None:
        """Throw away what waits to be told on the next page."""
        if NOTICE in self.http.cookies:
            self.http.cookies.delete(NOTICE)


def request_of(page: PageDeclaration, row: Row, ids: Ids) -> Request:
    """Fill a page's address, query and form with ids."""

    def fill(match: re.Match[str]) -> str:
        return quote(ids[STANDS_FOR.get((page.id, match[1]), PATH.get(match[1], match[1]))])

    path = re.sub(r"\{(\w+)\}", fill, page.path)
    return Request(page, path, row, row.sends(ids), row.asks(ids))


@dataclass(frozen=True)
class Street:
    """The house, and the one beside it that another organisation has."""

    house: House
    beside: Tenant
    ids: Mapping[str, Ids]
    words: Mapping[str, frozenset[str]]

    def secrets_for(self, kind: Kind | None) -> frozenset[str]:
        """Everything that must not reach a person: ids and names of the places it does not see."""
        seen = {} if kind is None else kind.places
        return frozenset().union(*(self.words[place] for place in self.words if place not in seen))


async def new_street(world: World) -> Street:
    house, beside = await new_house(await world.new_tenant()), await world.new_tenant()
    abroad = ids_of(await new_shelf(beside.admin))
    await _rename(house.tenant.admin, house.ids[ELSEWHERE], SECRET_NAMES[ELSEWHERE])
    await _rename(beside.admin, abroad, SECRET_NAMES[ABROAD])
    ids = {place: dict(own) for place, own in {**house.ids, ABROAD: abroad}.items()}
    await _complete(world, house.tenant, ids[OPEN], ids[HIDDEN], ids[ELSEWHERE])
    await _complete(world, beside, ids[ABROAD])
    words = {
        HIDDEN: house.words[HIDDEN],
        ELSEWHERE: house.words[ELSEWHERE] | {ids[ELSEWHERE]["viewId"], SECRET_NAMES[ELSEWHERE]},
        ABROAD: frozenset({ids[ABROAD][name] for name in SECRET_IDS} | {SECRET_NAMES[ABROAD]}),
    }
    return Street(house, beside, ids, words)


async def _rename(admin: Caller, ids: Ids, word: str) -> None:
    binder, folder = f"/binders/{ids['id']}", f"/binders/{ids['id']}/folders/{ids['folderId']}"
    for path, body in (
        (binder, {"name": f"{word} pärm"}),
        (f"/documents/drives{folder}", {"name": f"{word} flik"}),
        (f"/documents/{ids['documentId']}", {"fileName": f"{word} plan.pdf"}),
    ):
        assert (await admin.patch(path, json=body)).status_code == 200


async def _complete(world: World, tenant: Tenant, *places: Ids) -> None:
    """Add the ids that only pages ask for."""
    made = await tenant.admin.post("/audit/checkpoints")
    async with signed_in(world, tenant, MemberRole.OWNER) as (owner, _):
        for ids in places:
            ids["clientId"] = str(tenant.reader.client_id)
            ids["tenantId"] = str(tenant.organisation.id)
            ids["sequence"] = str(made.json()["sequence"])
            ids["nobody"] = str(new_guid())
            ids["viewId"] = await _new_view(owner, ids["id"])


async def _new_view(person: Person, binder_id: str) -> str:
    """Keep a view, and find its id in the page that can delete it."""
    answer = await person.http.post(
        f"/binders/{binder_id}/views", data={"name": f"Vy {new_guid()}"}, headers=person.headers
    )
    assert answer.status_code == 303
    page = await person.http.get(f"/binders/{binder_id}", headers=person.headers)
    found: list[str] = re.findall(r"/views/([0-9a-f-]{36})/delete", page.text)
    return found[-1]


@asynccontextmanager
async def signed_in(
    world: World, tenant: Tenant, role: MemberRole
) -> AsyncIterator[tuple[Person, UUID]]:
    """Make a person a member and let it sign in as everybody does; gives the member's id too."""
    email = f"{new_guid()}@example.com"
    key = await add_person(world, email=email, name="Rut Ek", password=GOOD_PASSWORD)
    member_id = await add_member(world, tenant.organisation, key, role=role)
    async with browser(world) as person:
        form = {"email": email, "password": GOOD_PASSWORD}
        answer = await person.http.post("/sign-in", data=form)
        assert answer.status_code == 303, answer.text
        token = re.search(r'name="csrf_token" value="([^"]*)"', (await person.http.get("/")).text)
        assert token is not None
        yield replace(person, headers={"x-csrf-token": token[1]}), member_id


@asynccontextmanager
async def browser(world: World) -> AsyncIterator[Person]:
    transport = httpx.ASGITransport(app=world.app, raise_app_exceptions=False)
    headers = {"accept": "text/html", "accept-language": "en"}
    async with httpx.AsyncClient(transport=transport, base_url=BASE, headers=headers) as http:
        yield Person(http, {})


@asynccontextmanager
async def let_in(world: World, street: Street, kind: Kind) -> AsyncIterator[Person]:
    """Let a person of a kind sign in."""
    tenant = street.beside if ABROAD in kind.places else street.house.tenant
    async with signed_in(world, tenant, kind.role) as (person, member_id):
        if tenant is street.house.tenant:
            await invite_in(street.house, kind, member_id)
        yield person


def all_rows(world: World) -> Iterator[tuple[PageDeclaration, Row]]:
    """Give each page with each request that it understands, in the order of the table."""
    pages = pages_by_id(world.app)
    for name, row in PAGES.items():
        for one in (*MORE.get(name, ()), row):
            yield pages[name], one


def is_seen(kind: Kind, place: str, asked: set[str]) -> bool:
    """Tell whether a person sees what a request is about."""
    if asked & PLACED:
        return place in kind.places
    return (place == ABROAD) == (ABROAD in kind.places)


def expected(row: Row, kind: Kind, place: str, asked: set[str]) -> set[int]:
    """Give the statuses with which a request may end."""
    refusing = asked - row.seeks
    if row.may in (EVERYBODY, SIGNED_IN):
        return {*row.ends}
    if row.may not in kind.somewhere:
        return {403}
    if not refusing & (PLACED | OF_TENANT):
        return {*row.ends}
    meant = OPEN if place == HIDDEN and not refusing & INNER else place
    if not is_seen(kind, meant, refusing):
        # Where nothing may be done in the binder at all, nobody looks for the folder.
        is_known = meant == HIDDEN and row.may not in kind.places.get(OPEN, {row.may})
        return {403, 404} if is_known else {404}
    is_of_place = bool(refusing & PLACED) and row.may in ADMINISTER
    return {*row.ends} if not is_of_place or row.may in kind.places[meant] else {403}


def is_another_request(place: str, asked: set[str]) -> bool:
    """Tell whether a request is another one in a place than in the open folder."""
    if place == HIDDEN:
        return bool(asked & INNER)
    return place == OPEN or bool(asked & (PLACED if place == ELSEWHERE else PLACED | OF_TENANT))


async def test_every_page_is_in_the_table(world: World) -> None:
    assert sorted(pages_by_id(world.app)) == sorted(PAGES)
    assert set(MORE) <= set(PAGES)


async def test_every_id_of_an_address_is_in_the_table(world: World) -> None:
    places = {one for page in pages_by_id(world.app).values() for one in _names(page)}
    assert places == {*PATH, *(name for _, name in STANDS_FOR)}


def _names(page: PageDeclaration) -> list[str]:
    return re.findall(r"\{(\w+)\}", page.path)


async def test_pages_ask_for_what_the_table_says(world: World) -> None:
    for page, row in all_rows(world):
        if page.is_public or page.permission is None:
            assert row.may == (EVERYBODY if page.is_public else SIGNED_IN), page.id
        else:
            assert row.may == page.permission, page.id


@pytest.mark.slow
@pytest.mark.timeout(180)  # a walk over every page, on a machine that may be busy
@pytest.mark.parametrize("name", PEOPLE)
async def test_a_person_may_what_the_table_says(world: World, name: str) -> None:
    kind, street = PEOPLE[name], await new_street(world)
    secrets = street.secrets_for(kind)
    async with let_in(world, street, kind) as person:
        for page, row, place in all_cases(world):
            if place == ELSEWHERE and kind.places.get(OPEN) == kind.places.get(ELSEWHERE):
                continue  # The other binder is to it as the first one.
            ids = Recorder(await _with_own(street, kind, person, page, place))
            request = request_of(page, row, ids)
            answer = await request.by(person)
            person.forget_notice()
            wanted = expected(row, kind, place, ids.asked)
            assert answer.status_code in wanted, (page.id, place, answer.text)
            assert not leads_to_sign_in(answer), (page.id, place)
            sent = set() if place in kind.places else set(ids.values())
            said = said_by(answer)
            assert {word for word in secrets if word in said} <= sent, (page.id, place)
    await assert_untouched(street, kind)


def all_cases(world: World) -> Iterator[tuple[PageDeclaration, Row, str]]:
    """Give each request with each place in which it is another one."""
    for page, row in all_rows(world):
        asked = names_asked(page, row)
        for place in (OPEN, HIDDEN, ELSEWHERE, ABROAD):
            if is_another_request(place, asked):
                yield page, row, place


def names_asked(page: PageDeclaration, row: Row) -> set[str]:
    recorder = Recorder(dict.fromkeys({*PATH.values(), *INNER, *OF_TENANT, "tenantId"}, ""))
    request_of(page, row, recorder)
    return recorder.asked


async def _with_own(
    street: Street, kind: Kind, person: Person, page: PageDeclaration, place: str
) -> Ids:
    """Give the ids of a place, and the person's own where only those are to be had."""
    ids = dict(street.ids[place])
    if page.id == "views.delete" and place in kind.places:
        ids["viewId"] = await _new_view(person, ids["id"])
    if page.id == "organisation.audit_checkpoint":
        ids["sequence"] = street.ids[home_of(kind)]["sequence"]
    return ids


def leads_to_sign_in(answer: httpx.Response) -> bool:
    location: str = answer.headers.get("location", "")
    return location.startswith("/sign-in?next=")


def home_of(kind: Kind) -> str:
    return ABROAD if ABROAD in kind.places else OPEN


def said_by(answer: httpx.Response) -> str:
    """Give all that an answer says: its headers, its body, and what is packed in it."""
    return f"{answer.headers.multi_items()}{packed_in(answer)}"


def packed_in(answer: httpx.Response) -> str:
    """Give a body as a text; of a zip file or a workbook what is in it."""
    if not is_zipfile(BytesIO(answer.content)):
        return answer.content.decode(errors="replace")
    with ZipFile(BytesIO(answer.content)) as archive:
        names = archive.namelist()
        return "\n".join([*names, *(archive.read(each).decode(errors="replace") for each in names)])


async def assert_untouched(street: Street, kind: Kind) -> None:
    """What somebody does not see is as it was, whatever was asked for."""
    for place, ids in street.ids.items():
        if place in kind.places:
            continue
        admin = (street.beside if place == ABROAD else street.house.tenant).admin
        document = await admin.get(f"/documents/{ids['documentId']}")
        assert document.json()["folderId"] == ids["folderId"]
        assert (await admin.get(f"/documents/uploads/{ids['uploadId']}")).status_code == 200
        assert (await admin.get(f"/documents/{ids['trashedId']}")).status_code == 404


async def test_who_has_not_signed_in_sees_what_is_for_everybody(world: World) -> None:
    street = await new_street(world)
    secrets = street.secrets_for(None)
    async with browser(world) as person:
        for page, row, place in all_cases(world):
            ids = street.ids[place]
            answer = await request_of(page, row, ids).by(person)
            if row.may == EVERYBODY:
                assert answer.status_code in row.ends, (page.id, answer.text)
            else:
                assert answer.status_code == 303, (page.id, place)
            assert leads_to_sign_in(answer) == (row.may != EVERYBODY), page.id
            said = said_by(answer)
            assert {word for word in secrets if word in said} <= set(ids.values()), page.id


@pytest.mark.slow
@pytest.mark.parametrize("name", WHO_MISSES)
async def test_what_is_hidden_is_as_what_never_was(world: World, name: str) -> None:
    kind, street = PEOPLE[name], await new_street(world)
    own = street.ids[home_of(kind)]
    async with let_in(world, street, kind) as person:
        for page, row in all_rows(world):
            place = WHO_MISSES[name]
            for one in sorted(names_asked(page, row) & foreign_names(kind, place)):
                foreign, unused = street.ids[place][one], UNUSED[one]()
                same = [
                    [
                        without_traces(told, foreign, unused)
                        for told in await told_by(person, request_of(page, row, own | {one: each}))
                    ]
                    for each in (foreign, unused)
                ]
                assert same[0] == same[1], (page.id, place, one)


def foreign_names(kind: Kind, place: str) -> set[str]:
    """Give the names of the ids that a person does not see of a place."""
    if place in kind.places:
        return set()
    if place == HIDDEN and OPEN in kind.places:
        return {*INNER}
    is_of_others = (place == ABROAD) != (ABROAD in kind.places)
    return PLACED | {"viewId"} | (OF_TENANT if is_of_others else set())


async def told_by(person: Person, request: Request) -> list[httpx.Response]:
    """Give the answer, and the page on which stands what was told of it."""
    answer = await request.by(person)
    if NOTICE not in person.http.cookies:
        return [answer]
    return [answer, await person.http.get("/account")]


def without_traces(answer: httpx.Response, *ids: str) -> tuple[int, str]:
    """Give what an answer says, apart from the ids in it and what is another each time."""
    kept = [(name, value) for name, value in answer.headers.multi_items() if name in TELLING]
    text = f"{kept}{packed_in(answer)}"
    for unlike in ids:
        text = text.replace(unlike, "ID")
    return answer.status_code, EACH_TIME.sub("", text)


LISTS = (
    "/",
    "/?q=e",
    "/trash",
    "/trash?q=3",
    "/search?q=plan",
    "/search?q=e",
    "/search/suggestions?q=e",
    "/search/suggestions?q=plan",
    "/search?q=Hemlig",
    "/search/suggestions?q=Hemlig",
)
LISTS_OF_BINDER = (
    "",
    "?tab=all",
    "?q=Hemlig",
    "?tab={folderId}",
    "/rows",
    "/rows?q=pdf",
    "/list.csv",
    "/list.csv?q=pdf",
    "/print",
    "/list.xlsx",
    "/zip",
    "/upload",
)


@pytest.mark.parametrize("name", WHO_COUNTS)
async def test_what_is_hidden_counts_nowhere(world: World, name: str) -> None:
    """Each list is the same before and after something that a person does not see is made."""
    kind = PEOPLE[name]
    tenant = await world.new_tenant()
    admin = tenant.admin
    shelf = await new_shelf(admin)
    ids = ids_of(shelf)
    house = House(tenant, {OPEN: ids}, {})
    async with signed_in(world, tenant, kind.role) as (person, member_id):
        await invite_in(house, kind, member_id)
        before = await _lists(person, ids)
        await hidden_ids(admin, shelf.binder)
        if ELSEWHERE not in kind.places:
            await new_shelf(admin)
        after = await _lists(person, ids)
    assert before == after


async def _lists(person: Person, ids: Ids) -> dict[str, tuple[int, str]]:
    paths = [*LISTS, *(f"/binders/{ids['id']}{rest.format(**ids)}" for rest in LISTS_OF_BINDER)]
    return {path: _list_of(await person.http.get(path, headers=person.headers)) for path in paths}


def _list_of(answer: httpx.Response) -> tuple[int, str]:
    return without_traces(answer)
