"""Forget what nobody can use any more."""

from ringbinder.db.sessions import Database
from ringbinder.features.invitations.service import Invitations
from ringbinder.features.signin.service import Sessions


async def sweep_sign_in(database: Database, sessions: Sessions, invitations: Invitations) -> None:
    """Drop sessions and links that ended; may run twice, and in several processes."""
    await sessions.forget_ended()
    async with database.write(None) as session:
        await invitations.forget_old_links(session)
