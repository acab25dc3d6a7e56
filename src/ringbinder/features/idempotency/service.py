"""Keep answers under keys."""

from datetime import timedelta

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import Database, WriteSession
from ringbinder.features.idempotency import repository, rules
from ringbinder.kit.ids import new_guid, sha256_hex
from ringbinder.kit.sealing import BrokenSealError, Sealer
from ringbinder.web.keeping import Attempt, IdempotencyAnswerNotKeptError, KeptAnswer


class IdempotencyService:
    """The installation's keeper of answers (:class:`ringbinder.web.keeping.AnswerKeeper`)."""

    def __init__(
        self,
        database: Database,
        sealer: Sealer,
        *,
        kept_for: timedelta,
        remembered_for: timedelta,
    ) -> None:
        """Keep answers for a time, sealed, and remember for longer that there was one."""
        self._database = database
        self._sealer = sealer
        self._kept_for = kept_for
        self._remembered_for = max(kept_for, remembered_for)

    async def begin(self, actor: Actor, *, key: str, content_sha256: str) -> Attempt | KeptAnswer:
        """Begin an attempt, or give the answer of the one that succeeded.

        The attempt is durable before the work begins, in a transaction of its own.
        """
        assert actor.id is not None  # noqa: S101 - whoever comes by HTTP has an id
        attempt = Attempt(new_guid(), actor.organisation_key, actor.id, sha256_hex(key))
        async with self._database.write(actor.organisation_key) as session:
            lease_until = session.now + rules.LEASE
            known = await repository.add_or_lock(
                session, attempt, content_sha256=content_sha256, lease_until=lease_until
            )
            if known is None:
                raise rules.in_progress()
            if known.attempt_id == attempt.id:
                return attempt
            sealed = rules.sealed_answer_to_give(
                known, content_sha256, now=session.now, kept_for=self._kept_for
            )
            if sealed is not None:
                return self._unsealed(sealed)
            await repository.take_over(session, attempt, lease_until=lease_until)
        return attempt

    async def succeed(self, session: WriteSession, attempt: Attempt, answer: KeptAnswer) -> None:
        """Keep the answer in the transaction of the work."""
        written = rules.write_answer(answer)
        sealed = None if written is None else self._sealer.seal(written)
        if not await repository.finish(session, attempt, sealed):
            raise rules.in_progress()

    async def give_up(self, attempt: Attempt) -> None:
        """Let the request be tried again at once, unless it did succeed after all."""
        async with self._database.write(attempt.organisation_key) as session:
            await repository.drop_unfinished(session, attempt)

    async def sweep(self) -> int:
        """Drop what is older than it has to be kept; gives the number of rows touched."""
        async with self._database.write(None) as session:
            kept_since = session.now - self._kept_for
            forgotten = await repository.drop_keys_before(
                session, session.now - self._remembered_for
            )
            dead = await repository.drop_dead_before(session, kept_since)
            return forgotten + dead + await repository.drop_answers_before(session, kept_since)

    def _unsealed(self, sealed: str) -> KeptAnswer:
        try:
            return rules.read_answer(self._sealer.unseal(sealed))
        except BrokenSealError as error:
            # The installation's secret was changed; that the work was done still holds.
            raise IdempotencyAnswerNotKeptError from error
