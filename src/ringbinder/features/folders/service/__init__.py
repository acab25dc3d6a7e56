"""What people and integrations do with folders."""

from ringbinder.features.folders.service.changing import (
    create_folder,
    delete_folder,
    update_folder,
)
from ringbinder.features.folders.service.locking import (
    get_writable_folder,
    lock_folders,
)
from ringbinder.features.folders.service.paths import (
    ensure_path,
)
from ringbinder.features.folders.service.reading import (
    MAXIMUM_UNPAGED,
    count_documents,
    find_folders,
    get_folder,
    get_folder_of,
    list_folders,
    list_tree,
    subtree_keys,
)

__all__ = [
    "MAXIMUM_UNPAGED",
    "count_documents",
    "create_folder",
    "delete_folder",
    "ensure_path",
    "find_folders",
    "get_folder",
    "get_folder_of",
    "get_writable_folder",
    "list_folders",
    "list_tree",
    "lock_folders",
    "subtree_keys",
    "update_folder",
]
