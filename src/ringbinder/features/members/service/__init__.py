"""What administrators do with members, and what a member may see."""

from ringbinder.features.members.service.changing import (
    change_role,
    disable_member,
    enable_member,
    make_binder_administrator,
    remove_member,
    update_member,
)
from ringbinder.features.members.service.inviting import (
    invite_again,
    invite_by_letter,
    invite_member,
)
from ringbinder.features.members.service.reading import (
    MAXIMUM_UNPAGED,
    find_members,
    get_member,
    list_members,
    list_memberships,
    load_actor,
)

__all__ = [
    "MAXIMUM_UNPAGED",
    "change_role",
    "disable_member",
    "enable_member",
    "find_members",
    "get_member",
    "invite_again",
    "invite_by_letter",
    "invite_member",
    "list_members",
    "list_memberships",
    "load_actor",
    "make_binder_administrator",
    "remove_member",
    "update_member",
]
