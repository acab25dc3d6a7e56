"""What makes a request safe to send again: the words of it, and what can be in the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import WriteSession
from ringbinder.kit.errors import ConflictError


class IdempotencyKeyReusedError(ConflictError):
    """The same Idempotency-Key came with another request before; use a new key for a new one."""

    code = "idempotency.key_reused"


class IdempotencyInProgressError(ConflictError):
    """The request with this Idempotency-Key is still running; ask again after Retry-After."""

    code = "idempotency.in_progress"


class IdempotencyKeyExpiredError(ConflictError):
    """The request with this Idempotency-Key was done so long ago that its answer is not kept."""

    code = "idempotency.key_expired"


class IdempotencyAnswerNotKeptError(ConflictError):
    """The request with this Idempotency-Key was done, but its answer was too large to be kept."""

    code = "idempotency.answer_not_kept"


RETRY_ERRORS: Final = (
    IdempotencyKeyReusedError,
    IdempotencyInProgressError,
    IdempotencyKeyExpiredError,
    IdempotencyAnswerNotKeptError,
)
"""What every operation that takes an Idempotency-Key can answer."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer as it was sent the first time."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at a request; of several under the same key at most one succeeds."""

    id: UUID
    organisation_key: int
    actor_id: UUID
    key_sha256: str


class AnswerKeeper(Protocol):
    """Keeps answers under the keys that callers chose, each caller's apart from all others'."""

    async def begin(self, actor: Actor, *, key: str, content_sha256: str) -> Attempt | KeptAnswer:
        """Begin an attempt, or give the answer where the same request succeeded before.

        Raises:
            IdempotencyKeyReusedError: another content came with the key.
            IdempotencyInProgressError: another attempt is still running.
            IdempotencyKeyExpiredError: it succeeded too long ago.
            IdempotencyAnswerNotKeptError: it succeeded, with an answer that was too large.

        """
        ...

    async def succeed(self, session: WriteSession, attempt: Attempt, answer: KeptAnswer) -> None:
        """Keep the answer in the transaction of the work itself.

        Raises:
            IdempotencyInProgressError: another attempt has taken over; this one must not commit.

        """
        ...

    async def give_up(self, attempt: Attempt) -> None:
        """Let the same request be tried again at once, unless this attempt did succeed."""
        ...
