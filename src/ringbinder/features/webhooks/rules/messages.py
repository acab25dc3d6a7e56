"""What is sent: positions of the feed, and who wants which."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from ringbinder.features.changes.types import Change
from ringbinder.features.evidence.types import Action
from ringbinder.features.webhooks.types import GAP_TYPE, TEST_TYPE
from ringbinder.kit.clock import rfc3339

_ALL: Final = "*"
_TYPES: Final = frozenset(action.change_type for action in Action if action.is_in_feed)
_GROUPS: Final = frozenset(f"{name.partition('.')[0]}.*" for name in _TYPES)
_NOTHING: Final = dict.fromkeys(
    ("objectId", "binderId", "folderId", "documentId", "versionId", "auditEventId")
)


def event_type_problem(event_type: str) -> str | None:
    """Say what is wrong with an event type that a webhook asks for; None where nothing is."""
    if event_type == _ALL or event_type in _TYPES or event_type in _GROUPS:
        return None
    return (
        "The value must be *, a type of change such as document.version_created, or all types of "
        "one kind, such as document.*."
    )


def is_wanted(change_type: str, event_types: Sequence[str]) -> bool:
    """Tell whether a webhook that asks for these event types gets a change."""
    group = f"{change_type.partition('.')[0]}.*"
    return any(wanted in (_ALL, change_type, group) for wanted in event_types)


def change_message(change: Change) -> str:
    """Write a change: its place in the feed and ids, no names or contents."""
    data = {
        "sequence": change.sequence,
        "objectId": change.object_id,
        "binderId": change.binder_id,
        "folderId": _text(change.folder_id),
        "documentId": _text(change.document_id),
        "versionId": _text(change.version_id),
        "auditEventId": str(change.audit_event_id),
    }
    return _message(change.type, change.at, data)


def test_message(webhook_id: UUID, now: datetime) -> str:
    """Write a message that tells of nothing."""
    return _message(TEST_TYPE, now, {"sequence": None, **_NOTHING, "objectId": str(webhook_id)})


def gap_message(webhook_id: UUID, now: datetime, *, lost_until: int) -> str:
    """Say that changes up to a position of the feed are not kept any more and will not be sent."""
    data = {"sequence": lost_until, **_NOTHING, "objectId": str(webhook_id)}
    return _message(GAP_TYPE, now, data)


def _message(type_: str, at: datetime, data: dict[str, object]) -> str:
    whole = {"type": type_, "timestamp": rfc3339(at), "data": data}
    return msgspec.json.encode(whole).decode()


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
