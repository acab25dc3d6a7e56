"""The registry of permissions, and which role has which."""

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """Roles of API clients: what an integration may do in its whole organisation."""

    READER = "Reader"
    CREATOR = "Creator"
    ADMIN = "Admin"


class Permission(StrEnum):
    """One thing that an operation asks for."""

    READ = "read"
    """See binders, folders, documents, versions and their bytes."""
    CREATE = "create"
    """Create folders and uploads, commit them as documents or versions, copy documents."""
    MANAGE_DOCUMENTS = "manage_documents"
    """Change, move, trash and restore documents; rename, move and delete folders."""
    MANAGE_BINDERS = "manage_binders"
    """Create, change, archive and delete binders and their metadata schemas."""
    MANAGE_WEBHOOKS = "manage_webhooks"
    """See, make, change and delete webhooks, and what was sent to them."""
    READ_AUDIT = "read_audit"
    """See the audit trail of the organisation."""


READING: Final = frozenset({Permission.READ, Permission.READ_AUDIT})
"""Permissions of operations that change nothing, whatever their method."""

_READER: Final = frozenset({Permission.READ})
_CREATOR: Final = _READER | {Permission.CREATE}

PERMISSIONS_OF: Final[dict[Role, frozenset[Permission]]] = {
    Role.READER: _READER,
    Role.CREATOR: _CREATOR,
    Role.ADMIN: frozenset(Permission),
}
