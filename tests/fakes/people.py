"""People who have signed in without a sign-in: a cookie that names one of them."""

import secrets
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from fastapi import Request

from ringbinder.access.actor import Actor, ActorKind, Source
from ringbinder.access.permissions import MemberRole
from ringbinder.features.organisations.types import Organisation
from ringbinder.kit.ids import new_guid
from ringbinder.web.callers import PageCaller

COOKIE: Final = "fake_person"


@dataclass
class FakePeople:
    """A page authenticator that knows whom a test has let in."""

    known: dict[str, PageCaller] = field(default_factory=dict)

    async def __call__(self, request: Request) -> PageCaller | None:
        return self.known.get(request.cookies.get(COOKIE, ""))

    def let_in(
        self,
        organisation: Organisation,
        *,
        name: str = "Anna Berg",
        role: MemberRole = MemberRole.OWNER,
        language: str | None = None,
        person_id: UUID | None = None,
    ) -> str:
        """Let a person of an organisation in; the answer is the cookie's value."""
        actor = Actor(
            kind=ActorKind.PERSON,
            source=Source.WEB,
            id=person_id or new_guid(),
            name=name,
            role=role,
            organisation_key=organisation.key,
            organisation_id=organisation.id,
        )
        cookie = secrets.token_urlsafe(16)
        self.known[cookie] = PageCaller(
            actor=actor,
            csrf_token=secrets.token_urlsafe(16),
            person_name=name,
            organisation_name=organisation.name,
            language=language,
        )
        return cookie

    def change(self, cookie: str, *, actor: Actor) -> None:
        """Let a person be another actor from now on."""
        self.known[cookie] = replace(self.known[cookie], actor=actor)
