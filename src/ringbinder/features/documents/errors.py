"""What can go wrong with documents."""

from ringbinder.kit.errors import ConflictError, NotFoundError


class DocumentNotFoundError(NotFoundError):
    """There is no such document, or it is in the trash."""

    code = "document.not_found"


class VersionNotFoundError(NotFoundError):
    """The document has no such version."""

    code = "version.not_found"


class DocumentNameTakenError(ConflictError):
    """Another document of the folder has this name."""

    code = "document.name_taken"


class DocumentInTrashError(ConflictError):
    """The document is in the trash; restore it first."""

    code = "document.in_trash"


class DocumentNotInTrashError(ConflictError):
    """The document is not in the trash."""

    code = "document.not_in_trash"


class FolderGoneError(ConflictError):
    """The folder that the document was in exists no more; name another one."""

    code = "document.folder_gone"


class MetadataNotInBinderError(ConflictError):
    """The other binder's schema cannot take the document's metadata."""

    code = "document.metadata_not_in_binder"


class BulkRefusedError(ConflictError):
    """Something of it is refused, so that nothing was done; ``results`` says what and why."""

    code = "bulk.refused"
