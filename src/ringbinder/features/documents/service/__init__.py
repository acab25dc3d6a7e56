"""What people and integrations do with documents."""

from ringbinder.features.documents.service.addresses import DownloadAddresses
from ringbinder.features.documents.service.bulk import change_documents
from ringbinder.features.documents.service.changing import (
    copy_document,
    update_document,
)
from ringbinder.features.documents.service.content import (
    check_content,
    put_content,
    put_contents,
)
from ringbinder.features.documents.service.downloads import (
    Download,
    DownloadFiles,
    get_download,
)
from ringbinder.features.documents.service.purging import Trash
from ringbinder.features.documents.service.reading import (
    find_document,
    get_document,
    get_version,
    list_documents,
    list_versions,
)
from ringbinder.features.documents.service.targets import lock_targets, resolve_target
from ringbinder.features.documents.service.trash import delete_document, restore_document

__all__ = [
    "Download",
    "DownloadAddresses",
    "DownloadFiles",
    "Trash",
    "change_documents",
    "check_content",
    "copy_document",
    "delete_document",
    "find_document",
    "get_document",
    "get_download",
    "get_version",
    "list_documents",
    "list_versions",
    "lock_targets",
    "put_content",
    "put_contents",
    "resolve_target",
    "restore_document",
    "update_document",
]
