"""The people of the demo, with passwords that are made when it is."""

import secrets
from collections.abc import Sequence
from typing import Final

from ringbinder.access.permissions import MemberRole
from ringbinder.app import Parts
from ringbinder.db.sessions import WriteSession
from ringbinder.entrypoints.cli.demo.credentials import PersonCredentials
from ringbinder.features.members import service as members
from ringbinder.features.members.types import Member, MemberState
from ringbinder.features.organisations import service as organisations
from ringbinder.features.organisations.types import Organisation

PEOPLE: Final = (
    (MemberRole.OWNER, "Anna Åberg", "anna.aberg@demo.example"),
    (MemberRole.ADMINISTRATOR, "Bo Lindqvist", "bo.lindqvist@demo.example"),
    (MemberRole.CREATOR, "Chanelle Öberg", "chanelle.oberg@demo.example"),
    (MemberRole.READER, "David Ek", "david.ek@demo.example"),
)
_ALPHABET: Final = "abcdefghjkmnpqrstvwxyz23456789"
"""Without letters that look like others."""


async def ensure_people(parts: Parts, organisation: Organisation) -> tuple[PersonCredentials, ...]:
    """Make what is missing of the demo's people, and give each a new password."""
    passwords = [_new_password() for _ in PEOPLE]
    hashes = [await parts.people.accounts.hash(password) for password in passwords]
    async with parts.database.write(organisation.key) as session:
        known, _ = await members.list_members(session)
        made = [
            await _ensure(session, organisation, [member for member, _ in known], *person)
            for person in PEOPLE
        ]
        for member, hashed in zip(made, hashes, strict=True):
            await parts.people.accounts.give_password(
                session,
                organisations.operator(organisation),
                person_key=member.person_key,
                member_id=member.id,
                password_hash=hashed,
            )
    return tuple(
        PersonCredentials(str(member.role), member.name, member.email, password)
        for member, password in zip(made, passwords, strict=True)
    )


async def _ensure(
    session: WriteSession,
    organisation: Organisation,
    known: Sequence[Member],
    role: MemberRole,
    name: str,
    email: str,
) -> Member:
    for member in known:
        if member.email == email:
            return member
    return await members.invite_member(
        session,
        organisations.operator(organisation),
        email=email,
        name=name,
        role=role,
        state=MemberState.ACTIVE,
    )


def _new_password() -> str:
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(16))
    return "-".join(letters[begin : begin + 4] for begin in range(0, 16, 4))
