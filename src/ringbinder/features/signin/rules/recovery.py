"""Recovery codes: what lets a person in who has lost the second factor."""

import secrets
from collections.abc import Sequence
from typing import Final

import msgspec

NUMBER: Final = 10
_ALPHABET: Final = "23456789abcdefghjkmnpqrstvwxyz"
"""Without letters that look like others."""
_LENGTH: Final = 12
_GROUP: Final = 4


def new_recovery_codes() -> list[str]:
    """Make codes of 58 bits each, such as ``k3vd-9xqa-m2tw``."""
    return [_new_code() for _ in range(NUMBER)]


def _new_code() -> str:
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return "-".join(letters[begin : begin + _GROUP] for begin in range(0, _LENGTH, _GROUP))


def bare(code: str) -> str:
    """Give a code as it is compared: without what stands between its letters."""
    return "".join(character for character in code.casefold() if character.isalnum())


def looks_like_recovery_code(code: str) -> bool:
    """Tell a recovery code from the digits of an authenticator."""
    return len(bare(code)) == _LENGTH


def write(signatures: Sequence[str]) -> str:
    """Write what is kept of codes that were not used yet."""
    return msgspec.json.encode(list(signatures)).decode()


def read(text: str | None) -> list[str]:
    """Read what :func:`write` wrote; nobody has no codes."""
    return [] if text is None else msgspec.json.decode(text, type=list[str])
