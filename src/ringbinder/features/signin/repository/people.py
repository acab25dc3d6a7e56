"""Questions about people and the organisations that they are in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, text, update

from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.tables import members, organisations, people
from ringbinder.features.members.types import DISABLED, MemberState
from ringbinder.features.signin.types import Membership, Person

PERSON_COLUMNS: Final = (
    people.c.key,
    people.c.id,
    people.c.email,
    people.c.name,
    people.c.language,
    people.c.password_hash,
    people.c.password_changed_at,
    people.c.totp_sealed,
    people.c.totp_last_step,
    people.c.recovery_json,
    people.c.disabled_at,
)
"""In the order of :class:`Person`."""

_everybody = select(*PERSON_COLUMNS)
_ACTIVE = str(MemberState.ACTIVE)

MEMBERSHIP_COLUMNS: Final = (
    members.c.key,
    members.c.id,
    members.c.role,
    members.c.state,
    members.c.organisation_key,
    organisations.c.id.label("organisation_id"),
    organisations.c.name.label("organisation_name"),
)
"""In the order of :func:`membership_of`."""

_memberships = (
    select(*MEMBERSHIP_COLUMNS)
    .join(organisations, organisations.c.key == members.c.organisation_key)
    # One that is kept out is to its person as none.
    .where(members.c.removed_at.is_(None), members.c.state != DISABLED)
    .order_by(members.c.organisation_key)
)


async def is_anybody_there(session: ReadSession) -> bool:
    """Tell whether the installation has a person."""
    return await session.first(select(people.c.key).limit(1)) is not None


async def let_nobody_else_in(session: WriteSession) -> None:
    """Let nobody else add a person until this transaction ends."""
    if session.dialect_name == "postgresql":
        # There may be no row to lock. SQLite has one writer at a time anyway.
        await session.execute(text("LOCK TABLE people IN SHARE ROW EXCLUSIVE MODE"))


async def find_by_email(session: ReadSession, email_key: str) -> Person | None:
    """Give the person with an address."""
    return await _find(session, people.c.email_key == email_key)


async def find_by_id(session: ReadSession, person_id: UUID) -> Person | None:
    """Give the person with an id."""
    return await _find(session, people.c.id == person_id)


async def find_by_key(session: ReadSession, key: int) -> Person | None:
    """Give the person with a key."""
    return await _find(session, people.c.key == key)


async def get_by_key(session: ReadSession, key: int) -> Person:
    """Give the person with a key, who is known to be there."""
    person = await find_by_key(session, key)
    assert person is not None  # noqa: S101 - the same transaction has seen a member of it
    return person


async def list_memberships(session: ReadSession, person_key: int) -> Sequence[Membership]:
    """Give where a person is a member or invited, in one order everywhere."""
    rows = await session.all(_memberships.where(members.c.person_key == person_key))
    return [membership_of(**row._asdict()) for row in rows]


async def join(session: WriteSession, membership: Membership) -> bool:
    """Make an invited member an active one; tells whether it was invited until now."""
    changed = await session.execute(
        update(members)
        .where(
            members.c.key == membership.key,
            members.c.state == str(MemberState.INVITED),
            members.c.removed_at.is_(None),
        )
        .values(state=_ACTIVE, joined_at=session.now, revision=members.c.revision + 1)
    )
    return changed == 1


async def note_seen(session: WriteSession, membership: Membership) -> None:
    """Remember when a member was last here."""
    await session.execute(
        update(members).where(members.c.key == membership.key).values(last_seen_at=session.now)
    )


async def set_password(
    session: WriteSession, person: Person, password_hash: str, *, changed_at: datetime | None
) -> bool:
    """Put a password in place of the one that was read; tells whether it was still that one."""
    values: dict[str, Any] = {"password_hash": password_hash}
    if changed_at is not None:
        values["password_changed_at"] = changed_at
    changed = await session.execute(
        update(people)
        .where(
            people.c.key == person.key,
            people.c.password_hash.is_not_distinct_from(person.password_hash),
        )
        .values(**values)
    )
    return changed == 1


async def take_step(session: WriteSession, person: Person, step: int) -> bool:
    """Use a step of the second factor up; tells whether nobody was quicker."""
    last = people.c.totp_last_step
    changed = await session.execute(
        update(people)
        .where(
            people.c.key == person.key,
            people.c.totp_sealed == person.totp_sealed,
            last.is_(None) | (last < step),
        )
        .values(totp_last_step=step)
    )
    return changed == 1


async def replace_recovery_codes(
    session: WriteSession, person: Person, recovery_json: str | None
) -> bool:
    """Put codes in place of those that were read; tells whether they were still those."""
    changed = await session.execute(
        update(people)
        .where(
            people.c.key == person.key,
            people.c.recovery_json.is_not_distinct_from(person.recovery_json),
        )
        .values(recovery_json=recovery_json)
    )
    return changed == 1


async def set_second_factor(
    session: WriteSession, person: Person, *, sealed: str | None, step: int | None
) -> bool:
    """Put a second factor in force, or none; tells whether what was read was still in force."""
    changed = await session.execute(
        update(people)
        .where(
            people.c.key == person.key,
            people.c.totp_sealed.is_not_distinct_from(person.totp_sealed),
        )
        .values(totp_sealed=sealed, totp_last_step=step)
    )
    return changed == 1


async def change_person(session: WriteSession, person_key: int, **columns: Any) -> None:  # noqa: ANN401 - name or language
    """Change what a person may change alone."""
    await session.execute(update(people).where(people.c.key == person_key).values(**columns))


async def change_nobody(session: WriteSession) -> None:
    """Do what a change does, to nobody: the same work for an address that nobody has."""
    await session.execute(update(people).where(people.c.key == -1).values(name=people.c.name))


async def _find(session: ReadSession, condition: Any) -> Person | None:  # noqa: ANN401 - a condition of Core
    row = await session.first(_everybody.where(condition))
    return None if row is None else Person(**row._asdict())


def membership_of(
    key: int,
    id: UUID,  # noqa: A002 - the name of the column
    role: str,
    state: str,
    organisation_key: int,
    organisation_id: UUID,
    organisation_name: str,
) -> Membership:
    """Make a membership of its columns."""
    return Membership(
        key=key,
        id=id,
        role=role,
        is_active=state == _ACTIVE,
        organisation_key=organisation_key,
        organisation_id=organisation_id,
        organisation_name=organisation_name,
    )
