"""Decisions about members, without input or output."""

import re
from collections.abc import Sequence
from typing import Final

from ringbinder.access.actor import Actor
from ringbinder.access.errors import MissingPermissionError
from ringbinder.access.permissions import MemberRole, Permission
from ringbinder.features.members.errors import LastOwnerError
from ringbinder.features.members.types import Member
from ringbinder.kit.errors import FieldErrors

MAXIMUM_EMAIL_LENGTH: Final = 254
_EMAIL: Final = re.compile(r"[^\s@\x00-\x1f\x7f]+@[^\s@\x00-\x1f\x7f]+\Z")


def is_email(text: str) -> bool:
    """Tell whether a text can be an address; only a letter to it shows whether it is one."""
    return len(text) <= MAXIMUM_EMAIL_LENGTH and _EMAIL.match(text) is not None


def assert_email(text: str) -> None:
    """Refuse what can be no address.

    Raises:
        FieldErrors: about the field ``email``.

    """
    if not is_email(text):
        raise FieldErrors({"email": ["The value must be an address such as anna@example.com."]})


def assert_may_manage(actor: Actor, *roles: MemberRole) -> None:
    """Let owners be made, changed and removed by owners alone.

    Raises:
        MissingPermissionError: one of the roles is that of an owner, and the actor is none.

    """
    if MemberRole.OWNER in roles and not actor.may_everywhere(Permission.MANAGE_OWNERS):
        raise MissingPermissionError


def assert_owner_remains(owner_keys: frozenset[int], leaving: int) -> None:
    """Keep at least one active owner; ``leaving`` is the key of who stops being one.

    Raises:
        LastOwnerError: there is no other.

    """
    if owner_keys == {leaving}:
        raise LastOwnerError


def chosen(
    members: Sequence[Member], *, role: MemberRole | None, standing: str | None
) -> list[Member]:
    """Leave out members of another role or standing; None is any."""
    return [
        member
        for member in members
        if role in (None, member.role) and standing in (None, member.standing)
    ]
