"""Every question about documents and versions, by name."""

from ringbinder.features.documents.repository.finding import (
    count_in_folder,
    find_document,
    find_documents,
    find_names,
    list_in_folder,
    lock_document,
    lock_documents,
    taken_names,
)
from ringbinder.features.documents.repository.trash import (
    contents_of,
    count_trash,
    delete_documents,
    list_deleted_before,
    list_trash,
    lock_deleted_before,
)
from ringbinder.features.documents.repository.versions import (
    add_versions,
    change_versions,
    count_versions,
    find_live_version,
    find_version,
    list_versions,
)
from ringbinder.features.documents.repository.writing import (
    add_documents,
    add_index_entries,
    allot_keys,
    change_documents,
    drop_index_entries,
)

__all__ = [
    "add_documents",
    "add_index_entries",
    "add_versions",
    "allot_keys",
    "change_documents",
    "change_versions",
    "contents_of",
    "count_in_folder",
    "count_trash",
    "count_versions",
    "delete_documents",
    "drop_index_entries",
    "find_document",
    "find_documents",
    "find_live_version",
    "find_names",
    "find_version",
    "list_deleted_before",
    "list_in_folder",
    "list_trash",
    "list_versions",
    "lock_deleted_before",
    "lock_document",
    "lock_documents",
    "taken_names",
]
