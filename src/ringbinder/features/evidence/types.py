"""What can happen to what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.kit.chains import content_digest
from ringbinder.kit.clock import rfc3339_exact


class Action(StrEnum):
    """Everything that is recorded, as ``subject:action``; events put the source before it.

    What clients can see of it also becomes a change of the feed, as ``subject.action``.
    """

    ORGANISATION_CREATED = "organisation:created"
    ORGANISATION_UPDATED = "organisation:updated"
    CLIENT_CREATED = "client:created"
    CLIENT_DISABLED = "client:disabled"
    CLIENT_ENABLED = "client:enabled"
    CLIENT_LIMITS_CHANGED = "client:limits_changed"
    CLIENT_SECRET_ROTATED = "client:secret_rotated"  # noqa: S105 - the name of an action
    TOKEN_ISSUED = "token:issued"  # noqa: S105 - the name of an action
    TOKEN_REFUSED = "token:refused"  # noqa: S105 - the name of an action
    TOKEN_REVOKED = "token:revoked"  # noqa: S105 - the name of an action
    PERSON_ERASED = "person:erased"
    MEMBER_INVITED = "member:invited"
    MEMBER_INVITED_AGAIN = "member:invited_again"
    MEMBER_ROLE_CHANGED = "member:role_changed"
    MEMBER_REMOVED = "member:removed"
    MEMBER_DISABLED = "member:disabled"
    MEMBER_ENABLED = "member:enabled"
    GROUP_CREATED = "group:created"
    GROUP_UPDATED = "group:updated"
    GROUP_DELETED = "group:deleted"
    PARTICIPANT_ADDED = "participant:added"
    PARTICIPANT_UPDATED = "participant:updated"
    PARTICIPANT_REMOVED = "participant:removed"
    MEMBER_JOINED = "member:joined"
    MEMBER_SIGNED_IN = "member:signed_in"
    MEMBER_SIGN_IN_FAILED = "member:sign_in_failed"
    MEMBER_SIGNED_OUT = "member:signed_out"
    MEMBER_SESSIONS_ENDED = "member:sessions_ended"
    MEMBER_ACCOUNT_CHANGED = "member:account_changed"
    MEMBER_PASSWORD_CHANGED = "member:password_changed"  # noqa: S105 - the name of an action
    MEMBER_PASSWORD_RESET = "member:password_reset"  # noqa: S105 - the name of an action
    MEMBER_RESET_ASKED = "member:reset_asked"
    MEMBER_SECOND_FACTOR_ENABLED = "member:second_factor_enabled"
    MEMBER_SECOND_FACTOR_DISABLED = "member:second_factor_disabled"
    MEMBER_RECOVERY_CODES_MADE = "member:recovery_codes_made"
    MEMBER_IDENTITY_LINKED = "member:identity_linked"
    BINDER_CREATED = "binder:created"
    BINDER_UPDATED = "binder:updated"
    BINDER_ARCHIVED = "binder:archived"
    BINDER_REOPENED = "binder:reopened"
    BINDER_DELETED = "binder:deleted"
    METADATA_ELEMENT_CREATED = "metadata_element:created"
    METADATA_ELEMENT_UPDATED = "metadata_element:updated"
    METADATA_ELEMENT_DELETED = "metadata_element:deleted"
    FOLDER_CREATED = "folder:created"
    FOLDER_UPDATED = "folder:updated"
    FOLDER_MOVED = "folder:moved"
    FOLDER_VIEWERS_CHANGED = "folder:viewers_changed"
    FOLDER_DELETED = "folder:deleted"
    UPLOAD_CREATED = "upload:created"
    UPLOAD_ABORTED = "upload:aborted"
    DOCUMENT_CREATED = "document:created"
    DOCUMENT_VERSION_CREATED = "document:version_created"
    DOCUMENT_RENAMED = "document:renamed"
    DOCUMENT_METADATA_CHANGED = "document:metadata_changed"
    DOCUMENT_MOVED = "document:moved"
    DOCUMENT_COPIED = "document:copied"
    DOCUMENT_DELETED = "document:deleted"
    DOCUMENT_RESTORED = "document:restored"
    DOCUMENT_PURGED = "document:purged"
    WEBHOOK_CREATED = "webhook:created"
    WEBHOOK_UPDATED = "webhook:updated"
    WEBHOOK_PAUSED = "webhook:paused"
    WEBHOOK_RESUMED = "webhook:resumed"
    WEBHOOK_DISABLED = "webhook:disabled"
    WEBHOOK_DELETED = "webhook:deleted"
    WEBHOOK_SECRET_ROTATED = "webhook:secret_rotated"  # noqa: S105 - the name of an action
    WEBHOOK_TESTED = "webhook:tested"
    WEBHOOK_REDELIVERED = "webhook:redelivered"

    @property
    def is_in_feed(self) -> bool:
        """Tell whether the change feed shows it."""
        return self.partition(":")[0] in _SUBJECTS_IN_FEED or self in _MEMBERSHIP_CHANGES

    @property
    def change_type(self) -> str:
        """The name that the change feed uses."""
        return self.replace(":", ".", 1)


_SUBJECTS_IN_FEED = frozenset(
    {"binder", "metadata_element", "folder", "document", "group", "participant"}
)
_MEMBERSHIP_CHANGES = frozenset(
    {
        Action.MEMBER_INVITED,
        Action.MEMBER_ROLE_CHANGED,
        Action.MEMBER_REMOVED,
        Action.MEMBER_DISABLED,
        Action.MEMBER_ENABLED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The object that something happened to, and the objects around it.

    Where the object is a person or a client, ``names_person`` lets its name be erased from the
    audit trail, and with it the :data:`PERSONAL_MEMBERS` of what was before and after.
    """

    type: str
    id: str
    name: str | None = None
    names_person: bool = False
    binder_id: str | None = None
    folder_id: UUID | None = None
    document_id: UUID | None = None
    version_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that was done and will be written with the commit."""

    actor: Actor
    action: Action
    subject: Subject
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    trace_id: str | None


PERSONAL_MEMBERS = frozenset(
    {"name", "displayName", "givenName", "familyName", "email", "phone", "userName"}
)
"""What names a person among the members of ``before`` and ``after``."""


class PersonalPart(IntEnum):
    """The two parts of an event that can be erased, each without the other."""

    ACTOR = 0
    OBJECT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """What of an audit event is hashed into the chain and never changes.

    ``before`` and ``after`` are canonical JSON, without what names a person; the commitments stand
    for that. ``object_commitment`` is None where the object is nobody.
    """

    id: UUID
    sequence: int
    at: datetime
    action: str
    actor_kind: str
    actor_id: UUID | None
    actor_commitment: bytes
    object_type: str
    object_id: str
    object_name: str | None
    object_commitment: bytes | None
    binder_id: str | None
    before_json: str | None
    after_json: str | None
    trace_id: str | None
    previous_hash: bytes

    def members(self, organisation_id: UUID) -> dict[str, Any]:
        """Give what is hashed, as ``docs/mechanisms/audit-chain.md`` promises it."""
        return {
            "action": self.action,
            "actorCommitment": self.actor_commitment.hex(),
            "actorId": None if self.actor_id is None else str(self.actor_id),
            "actorKind": self.actor_kind,
            "after": _digest(self.after_json),
            "at": rfc3339_exact(self.at),
            "before": _digest(self.before_json),
            "binderId": self.binder_id,
            "id": str(self.id),
            "objectCommitment": self.object_commitment and self.object_commitment.hex(),
            "objectId": self.object_id,
            "objectName": self.object_name,
            "objectType": self.object_type,
            "organisationId": str(organisation_id),
            "previousHash": self.previous_hash.hex(),
            "sequence": self.sequence,
            "traceId": self.trace_id,
        }


def _digest(canonical: str | None) -> str | None:
    return None if canonical is None else content_digest(canonical.encode()).hex()


class Counted(IntEnum):
    """What is counted: documents that are not in the trash, by place and by value."""

    ORGANISATION = 0
    BINDER = 1
    FOLDER = 2
    VALUE = 3
    VALUE_IN_BINDER = 4


@dataclass(frozen=True, slots=True)
class CounterKey:
    """One counter. ``subject_key`` is a folder or a metadata element, 0 where there is none."""

    kind: Counted
    binder_key: int = 0
    subject_key: int = 0
    value: str = ""
