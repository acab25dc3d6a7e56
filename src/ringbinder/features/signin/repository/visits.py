"""The question behind every page: who is signed in with a cookie, and a member of what."""

from collections.abc import Sequence
from itertools import chain
from typing import Final

from sqlalchemy import bindparam, select

from ringbinder.db.sessions import ReadSession
from ringbinder.db.tables import members, organisations, people, web_sessions
from ringbinder.features.members.types import DISABLED
from ringbinder.features.signin.repository.people import (
    MEMBERSHIP_COLUMNS,
    PERSON_COLUMNS,
    membership_of,
)
from ringbinder.features.signin.repository.sessions import SESSION_COLUMNS
from ringbinder.features.signin.types import Membership, Person, Session

Visit = tuple[Session, Person, Sequence[Membership]]

_PERSON: Final = len(SESSION_COLUMNS)
_MEMBERSHIP: Final = _PERSON + len(PERSON_COLUMNS)
# One statement rather than one for each table: every page waits for it.
_visits: Final = (
    select(
        *(
            column.label(f"visit_{place}")  # several of the tables have a key, an id and a name
            for place, column in enumerate(
                chain(SESSION_COLUMNS, PERSON_COLUMNS, MEMBERSHIP_COLUMNS)
            )
        )
    )
    .select_from(web_sessions)
    .join(people, people.c.key == web_sessions.c.person_key)
    .outerjoin(
        members,
        (members.c.person_key == people.c.key)
        & members.c.removed_at.is_(None)
        & (members.c.state != DISABLED),
    )
    .outerjoin(organisations, organisations.c.key == members.c.organisation_key)
    .where(web_sessions.c.secret_sha256 == bindparam("visit_secret"))
    .order_by(members.c.organisation_key)
)


async def find_visit(session: ReadSession, secret_sha256: str) -> Visit | None:
    """Give the session of a cookie, ended or not, with its person and where that is a member."""
    rows = await session.all(_visits, visit_secret=secret_sha256)
    if not rows:
        return None
    memberships = [row[_MEMBERSHIP:] for row in rows]
    return (
        Session(*rows[0][:_PERSON]),
        Person(*rows[0][_PERSON:_MEMBERSHIP]),
        [membership_of(*each) for each in memberships if each[0] is not None],
    )
