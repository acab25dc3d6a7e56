"""What a page tells once: that something was done, and how to undo it."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

import msgspec

from ringbinder.kit.sealing import BrokenSealError, Sealer

COOKIE: Final = "ringbinder_notice"
SECONDS: Final = 60
_LONGEST: Final = 3000


class NoticeKind(StrEnum):
    """How a notice looks, and how urgently a screen reader speaks it."""

    SUCCESS = "success"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Notice:
    """A translated sentence; ``undo`` is the address to which a form with one button is sent."""

    text: str
    kind: NoticeKind = NoticeKind.SUCCESS
    undo: str | None = None


def seal_notice(sealer: Sealer, notice: Notice) -> str | None:
    """Write a notice for a cookie; None where it is too long for one."""
    sealed = sealer.seal(msgspec.json.encode(asdict(notice)).decode())
    return sealed if len(sealed) <= _LONGEST else None


def open_notice(sealer: Sealer, cookie: str | None) -> Notice | None:
    """Read what :func:`seal_notice` wrote; anything else is no notice."""
    if not cookie or len(cookie) > _LONGEST:
        return None
    try:
        return msgspec.json.decode(sealer.unseal(cookie), type=Notice)
    except (BrokenSealError, msgspec.MsgspecError):
        return None
