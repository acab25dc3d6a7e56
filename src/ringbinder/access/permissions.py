"""The registry of permissions, and which role has which."""

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """Roles of API clients: what an integration may do in its whole organisation."""

    READER = "Reader"
    CREATOR = "Creator"
    ADMIN = "Admin"


class MemberRole(StrEnum):
    """Roles of people in an organisation, as the documentation explains them."""

    OWNER = "owner"
    ADMINISTRATOR = "administrator"
    CREATOR = "creator"
    READER = "reader"
    RESTRICTED_CREATOR = "restricted_creator"
    RESTRICTED_READER = "restricted_reader"

    @property
    def is_restricted(self) -> bool:
        """Tell whether it sees only the binders that it was invited to."""
        return self in (MemberRole.RESTRICTED_CREATOR, MemberRole.RESTRICTED_READER)

    @property
    def administers_all(self) -> bool:
        """Tell whether it administers every binder, and so sees everything."""
        return self in (MemberRole.OWNER, MemberRole.ADMINISTRATOR)


class BinderRole(StrEnum):
    """What somebody is in one binder."""

    ADMINISTRATOR = "administrator"
    PARTICIPANT = "participant"


class Permission(StrEnum):
    """One thing that an operation asks for."""

    READ = "read"
    """See binders, folders, documents, versions and their bytes."""
    CREATE = "create"
    """Create folders and uploads, commit them as documents or versions, copy documents."""
    MANAGE_DOCUMENTS = "manage_documents"
    """Change, move, trash and restore documents."""
    CREATE_BINDERS = "create_binders"
    """Create binders."""
    MANAGE_BINDERS = "manage_binders"
    """Change, archive and delete binders: their schemas, folders and participants."""
    MANAGE_WEBHOOKS = "manage_webhooks"
    """See, make, change and delete webhooks, and what was sent to them."""
    MANAGE_MEMBERS = "manage_members"
    """See, invite, change and remove members and groups; not owners."""
    MANAGE_OWNERS = "manage_owners"
    """Make, change and remove owners."""
    MANAGE_CLIENTS = "manage_clients"
    """See, make and stop API clients."""
    READ_LOG = "read_log"
    """See which people have opened which version of a document."""
    READ_AUDIT = "read_audit"
    """See the audit trail of the organisation."""


READING: Final = frozenset({Permission.READ, Permission.READ_LOG, Permission.READ_AUDIT})
"""Permissions of operations that change nothing, whatever their method."""

IN_BINDER: Final = frozenset(
    {
        Permission.READ,
        Permission.CREATE,
        Permission.MANAGE_DOCUMENTS,
        Permission.MANAGE_BINDERS,
        Permission.READ_LOG,
    }
)
"""What the administrators of a binder may do in it, whatever their role in the organisation."""

_OF_OWNERS: Final = frozenset({Permission.MANAGE_OWNERS, Permission.MANAGE_CLIENTS})
_READER: Final = frozenset({Permission.READ})
_CREATOR: Final = _READER | {Permission.CREATE}
_EDITOR: Final = _CREATOR | {Permission.MANAGE_DOCUMENTS}
_ADMINISTRATOR: Final = frozenset(Permission) - _OF_OWNERS

PERMISSIONS_OF: Final[dict[Role | MemberRole, frozenset[Permission]]] = {
    Role.READER: _READER,
    Role.CREATOR: _CREATOR,
    Role.ADMIN: _ADMINISTRATOR,
    MemberRole.OWNER: frozenset(Permission),
    MemberRole.ADMINISTRATOR: _ADMINISTRATOR,
    MemberRole.CREATOR: _EDITOR | {Permission.CREATE_BINDERS},
    MemberRole.READER: _READER,
    MemberRole.RESTRICTED_CREATOR: _EDITOR,
    MemberRole.RESTRICTED_READER: _READER,
}
