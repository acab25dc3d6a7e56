"""One attempt: sign, call, and say what came of it."""

import logging
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from ringbinder.adapters.http import CallFailed, HttpAnswer, HttpCaller
from ringbinder.features.webhooks import rules
from ringbinder.features.webhooks.types import Delivery, Outcome
from ringbinder.kit.clock import Clock
from ringbinder.kit.sealing import BrokenSealError, Sealer

_logger = logging.getLogger("ringbinder.webhooks")

_HEADERS: Final = {"content-type": "application/json", "user-agent": "Ringbinder-Webhooks"}
_RETRY_AFTER_DIGITS: Final = 6


class Sender:
    """Sends single deliveries."""

    def __init__(self, http: HttpCaller, sealer: Sealer, clock: Clock) -> None:
        """Call by this, with secrets that were sealed by that, at times of this clock."""
        self._http = http
        self._sealer = sealer
        self._clock = clock

    async def send(self, url: str, delivery: Delivery, sealed_secrets: Sequence[str]) -> Outcome:
        """Send a delivery once, signed with every secret, and tell what came of it."""
        began = time.monotonic()
        try:
            answer = await self._call(url, delivery, sealed_secrets)
        except CallFailed as error:
            return Outcome(error=error.word, duration=_since(began))
        except BrokenSealError:
            return Outcome(error="secret_unreadable", duration=_since(began))
        except Exception:
            # A mistake of ours must end as an attempt too: it would else be made without pause.
            _logger.exception("a webhook cannot be called")
            return Outcome(error="failed", duration=_since(began))
        return Outcome(
            status=answer.status,
            duration=_since(began),
            # PostgreSQL keeps no text with NUL.
            body=answer.body.decode(errors="replace").replace("\x00", "") or None,
            wait=_asked_wait(answer),
        )

    async def _call(
        self, url: str, delivery: Delivery, sealed_secrets: Sequence[str]
    ) -> HttpAnswer:
        body = delivery.body.encode()
        signed = rules.signed_headers(
            delivery.id,
            body,
            at=self._clock.now(),
            with_secrets=[self._sealer.unseal(sealed) for sealed in sealed_secrets],
        )
        return await self._http.post(url, headers=_HEADERS | signed, body=body)


def _since(began: float) -> timedelta:
    return timedelta(seconds=time.monotonic() - began)


def _asked_wait(answer: HttpAnswer) -> timedelta | None:
    """Read ``Retry-After`` where it is a number of seconds."""
    text = answer.headers.get("retry-after", "").strip()
    is_seconds = text.isascii() and text.isdigit() and len(text) <= _RETRY_AFTER_DIGITS
    return timedelta(seconds=int(text)) if is_seconds else None
