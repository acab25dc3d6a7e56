"""Who sees what, decided without input or output."""

from collections.abc import Iterable, Mapping
from typing import Final

from ringbinder.access.permissions import BinderRole, MemberRole
from ringbinder.db.sight import EVERYTHING, Sight

Participations = Mapping[int, BinderRole]
"""What a member is in binders, by their keys."""

_WEIGHT: Final = {BinderRole.PARTICIPANT: 0, BinderRole.ADMINISTRATOR: 1}


def strongest(found: Iterable[tuple[int, BinderRole]]) -> dict[int, BinderRole]:
    """Give for each binder the most that a member is there, alone or by a group."""
    roles: dict[int, BinderRole] = {}
    for binder_key, role in found:
        roles[binder_key] = max(role, roles.get(binder_key, role), key=_WEIGHT.__getitem__)
    return roles


def administered_by(participations: Participations) -> frozenset[int]:
    """Give the binders that a member administers without doing so by its role."""
    is_there = participations.items()
    return frozenset(key for key, role in is_there if role is BinderRole.ADMINISTRATOR)


def sight_of(
    role: MemberRole, participations: Participations, hidden_folders: frozenset[int]
) -> Sight:
    """Say what a member sees; ``hidden_folders`` are those that are not shown to it."""
    if role.administers_all:
        return EVERYTHING
    binders = frozenset(participations) if role.is_restricted else None
    return Sight(binders=binders, hidden_folders=hidden_folders)
