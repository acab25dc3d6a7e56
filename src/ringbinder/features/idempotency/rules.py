"""Decisions about keys, without input or output."""

import base64
from datetime import datetime, timedelta
from typing import Final

import msgspec

from ringbinder.features.idempotency.types import KnownKey
from ringbinder.web.keeping import (
    IdempotencyAnswerNotKeptError,
    IdempotencyInProgressError,
    IdempotencyKeyExpiredError,
    IdempotencyKeyReusedError,
    KeptAnswer,
)

LARGEST_ANSWER_BYTES: Final = 1_000_000
LEASE: Final = timedelta(seconds=60)
"""How long an attempt may run before another may take its place, should it have died."""

ASK_AGAIN_SECONDS: Final = 1


def sealed_answer_to_give(
    known: KnownKey, content_sha256: str, *, now: datetime, kept_for: timedelta
) -> str | None:
    """Give the answer that a key has already, or None where the work may be tried now.

    Raises:
        IdempotencyKeyReusedError, IdempotencyInProgressError, IdempotencyKeyExpiredError,
        IdempotencyAnswerNotKeptError: neither can be.

    """
    if known.finished_at is not None and known.finished_at + kept_for <= now:
        raise IdempotencyKeyExpiredError
    if known.content_sha256 != content_sha256:
        raise IdempotencyKeyReusedError
    if known.finished_at is not None:
        if known.sealed_answer is None:
            raise IdempotencyAnswerNotKeptError
        return known.sealed_answer
    if known.lease_until > now:
        raise in_progress()
    return None


def in_progress() -> IdempotencyInProgressError:
    """Say that another attempt is running, and when to ask again."""
    return IdempotencyInProgressError(headers={"retry-after": str(ASK_AGAIN_SECONDS)})


def write_answer(answer: KeptAnswer) -> str | None:
    """Write an answer for keeping; None where it is too large."""
    if len(answer.body) > LARGEST_ANSWER_BYTES:
        return None
    body = base64.b64encode(answer.body).decode()
    return msgspec.json.encode([answer.status, dict(answer.headers), body]).decode()


def read_answer(text: str) -> KeptAnswer:
    """Read what was written by :func:`write_answer`."""
    status, headers, body = msgspec.json.decode(text, type=tuple[int, dict[str, str], str])
    return KeptAnswer(status=status, headers=headers, body=base64.b64decode(body))
