"""People and members, put where the services put them."""

from typing import Any, Final
from uuid import UUID

from ringbinder.db.tables import members, people
from ringbinder.features.organisations.types import Organisation
from ringbinder.kit.ids import new_guid
from ringbinder.kit.names import comparison_key
from tests.support.world import World

GOOD_PASSWORD: Final = "grankotte vinkelhake"


async def add_person(
    world: World, *, email: str, name: str, password: str | None, **columns: Any
) -> int:
    """Add a person; gives its key."""
    hasher = world.parts.people.hasher
    hashed = None if password is None else await hasher.hash(password)
    async with world.parts.database.write(None) as session:
        row = {
            "id": new_guid(),
            "email": email,
            "email_key": comparison_key(email),
            "name": name,
            "password_hash": hashed,
            "password_changed_at": None if hashed is None else session.now,
            "created_at": session.now,
            **columns,
        }
        key: int = (await session.insert_returning(people, row, "key")).key
    return key


async def add_member(
    world: World,
    organisation: Organisation,
    person_key: int,
    *,
    role: str = "reader",
    state: str = "active",
) -> UUID:
    """Make a person a member of an organisation; gives the member's id."""
    async with world.parts.database.write(organisation.key) as session:
        row = {
            "id": new_guid(),
            "person_key": person_key,
            "role": role,
            "state": state,
            "invited_at": session.now,
            "joined_at": session.now if state == "active" else None,
            "revision": 1,
        }
        found: UUID = (await session.insert_returning(members, row, "id")).id
    return found
