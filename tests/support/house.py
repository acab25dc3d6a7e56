"""An organisation with people who have accounts, and browsers that keep cookies."""

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx

from ringbinder.access.permissions import Role
from ringbinder.adapters.mail import Letter
from ringbinder.features.organisations.types import Organisation
from ringbinder.kit.clock import FixedClock
from ringbinder.kit.ids import new_guid
from tests.factories.people import GOOD_PASSWORD, add_member, add_person
from tests.support.world import BASE, World

HTML = {"accept": "text/html", "accept-language": "en"}


@dataclass
class Web:
    """A browser: it keeps cookies, sends forms with their token, and follows where it is sent."""

    http: httpx.AsyncClient
    last: httpx.Response | None = None

    async def get(self, path: str, **options: Any) -> httpx.Response:
        self.last = await self.http.get(path, **options)
        return self.last

    async def post(self, path: str, **fields: str) -> httpx.Response:
        """Send a form of the page that was seen last."""
        self.last = await self.http.post(path, data=self._token() | fields)
        return self.last

    async def sign_in(
        self, person: "Someone", password: str = GOOD_PASSWORD, **fields: str
    ) -> httpx.Response:
        await self.get("/sign-in")
        return await self.post("/sign-in", email=person.email, password=password, **fields)

    async def is_signed_in(self) -> bool:
        return (await self.http.get("/account")).status_code == 200

    def _token(self) -> dict[str, str]:
        text = "" if self.last is None else self.last.text
        found = re.search(r'name="csrf_token" value="([^"]*)"', text)
        return {"csrf_token": found[1]} if found else {}


@dataclass
class Someone:
    """A person with an account."""

    key: int
    email: str
    name: str
    members: dict[int, UUID] = field(default_factory=dict)
    """The id of the member, by the key of its organisation."""


@dataclass
class House:
    """An application whose clock the tests move, and an organisation in it."""

    world: World
    clock: FixedClock
    organisation: Organisation
    http: list[httpx.AsyncClient] = field(default_factory=list)

    def browser(self) -> Web:
        transport = httpx.ASGITransport(app=self.world.app, raise_app_exceptions=False)
        http = httpx.AsyncClient(transport=transport, base_url=BASE, headers=HTML)
        self.http.append(http)
        return Web(http)

    async def person(self, *, password: str | None = GOOD_PASSWORD, **facts: Any) -> Someone:
        """Make a person who is a member here."""
        someone = await self.stranger(password=password, **facts)
        return await self.let_in(someone, self.organisation)

    async def stranger(self, *, password: str | None = GOOD_PASSWORD, **facts: Any) -> Someone:
        email = facts.pop("email", f"anna.{new_guid().hex[-12:]}@a.example")
        name = facts.pop("name", "Anna Berg")
        key = await add_person(self.world, email=email, name=name, password=password, **facts)
        return Someone(key, email, name)

    async def let_in(
        self, someone: Someone, organisation: Organisation, *, state: str = "active"
    ) -> Someone:
        member_id = await add_member(self.world, organisation, someone.key, state=state)
        someone.members[organisation.key] = member_id
        return someone

    async def events(self, someone: Someone) -> list[dict[str, Any]]:
        """Give what the audit trail here says of a person, oldest first."""
        admin = await self.world.new_caller(self.organisation, Role.ADMIN)
        member_id = someone.members[self.organisation.key]
        answer = await admin.post(
            "/audit/events/search", json={"objectId": str(member_id), "direction": "asc"}
        )
        events: list[dict[str, Any]] = answer.json()["items"]
        return events

    async def actions(self, someone: Someone) -> list[str]:
        return [event["action"] for event in await self.events(someone)]

    async def letters(self, someone: Someone) -> list[Letter]:
        """Let the post go out, and give what came to a person."""
        while await self.world.parts.people.postman.deliver_due():
            pass
        return self.world.mailer.to(someone.email)


def link_in(letter: Letter) -> str:
    """Give the path of the link in a letter."""
    found = re.search(rf"{re.escape(BASE)}(/\S+)", letter.text)
    assert found is not None, letter.text
    return found[1]
