"""What one step of a sign-in hands to the next, in a form or cookie, sealed."""

from datetime import datetime, timedelta
from typing import Final, TypeVar

import msgspec

from ringbinder.features.signin.errors import TicketExpiredError
from ringbinder.kit.sealing import BrokenSealError, Sealer

LIFETIME: Final = timedelta(minutes=10)
_LONGEST: Final = 4000

Content = TypeVar("Content")


def seal(sealer: Sealer, content: object, *, purpose: str) -> str:
    """Seal a ticket that only the step of this purpose opens."""
    written = msgspec.json.encode({"purpose": purpose, "content": content})
    return sealer.seal(written.decode())


def unseal(
    sealer: Sealer,
    ticket: str | None,
    kind: type[Content],
    *,
    purpose: str,
) -> Content:
    """Open a ticket.

    Raises:
        TicketExpiredError: it is none of ours, or for another step.

    """
    if not ticket or len(ticket) > _LONGEST:
        raise TicketExpiredError
    try:
        opened = msgspec.json.decode(sealer.unseal(ticket))
        if opened["purpose"] != purpose:
            raise TicketExpiredError
        return msgspec.convert(opened["content"], kind)
    except (BrokenSealError, msgspec.MsgspecError, KeyError, TypeError) as error:
        raise TicketExpiredError from error


def check_age(begun_at: datetime, now: datetime) -> None:
    """Refuse a step that comes too late.

    Raises:
        TicketExpiredError: it does.

    """
    if not begun_at <= now <= begun_at + LIFETIME:
        raise TicketExpiredError
