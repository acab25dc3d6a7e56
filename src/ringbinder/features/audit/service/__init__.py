"""Look at what was done, take it away, and vouch for it; forget persons, but no event."""

from ringbinder.features.audit.service.checkpoints import Checkpoints
from ringbinder.features.audit.service.erasing import erase_person
from ringbinder.features.audit.service.exporting import Export, Exports
from ringbinder.features.audit.service.keys import AuditKeys
from ringbinder.features.audit.service.naming import find_names
from ringbinder.features.audit.service.searching import (
    get_checkpoint,
    list_checkpoints,
    search_events,
)

__all__ = [
    "AuditKeys",
    "Checkpoints",
    "Export",
    "Exports",
    "erase_person",
    "find_names",
    "get_checkpoint",
    "list_checkpoints",
    "search_events",
]
