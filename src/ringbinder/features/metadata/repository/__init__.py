"""Every question about schemas, by name."""

from ringbinder.features.metadata.repository.elements import (
    add_elements,
    change_element,
    delete_element,
    list_elements,
    make_room,
)
from ringbinder.features.metadata.repository.keys import add_key, list_keys, lock_keys
from ringbinder.features.metadata.repository.labels import list_choices, list_labels
from ringbinder.features.metadata.repository.usage import (
    count_by_value,
    count_documents,
    count_having,
    has_several_values,
    is_used,
    iter_trashed_metadata,
    relabel,
    used_value_ids,
)

__all__ = [
    "add_elements",
    "add_key",
    "change_element",
    "count_by_value",
    "count_documents",
    "count_having",
    "delete_element",
    "has_several_values",
    "is_used",
    "iter_trashed_metadata",
    "list_choices",
    "list_elements",
    "list_keys",
    "list_labels",
    "lock_keys",
    "make_room",
    "relabel",
    "used_value_ids",
]
