"""What can go wrong with uploads."""

from ringbinder.kit.errors import ConflictError, NotFoundError, RingbinderError


class UploadNotFoundError(NotFoundError):
    """There is no such upload."""

    code = "upload.not_found"


class UploadCommittedError(ConflictError):
    """The upload has been committed and cannot be changed any more."""

    code = "upload.committed"


class UploadAbortedError(ConflictError):
    """The upload was aborted; create another one."""

    code = "upload.aborted"


class UploadExpiredError(ConflictError):
    """The upload has expired; create another one."""

    code = "upload.expired"


class UploadNotReceivedError(ConflictError):
    """The bytes have not arrived yet; PUT them to the upload's address, then commit."""

    code = "upload.not_received"


class UploadSizeMismatchError(ConflictError):
    """The bytes that arrived are not as many as announced; PUT them again."""

    code = "upload.size_mismatch"


class UploadDigestMismatchError(ConflictError):
    """The bytes that arrived do not have the announced SHA-256; PUT them again."""

    code = "upload.digest_mismatch"


class UploadFolderGoneError(ConflictError):
    """The folder was deleted in the meantime."""

    code = "upload.folder_gone"


class UploadDocumentGoneError(ConflictError):
    """The document that was to get a new version is not in that folder any more."""

    code = "upload.document_gone"


class UploadMetadataInvalidError(ConflictError):
    """The binder's schema does not allow the metadata any more."""

    code = "upload.metadata_invalid"


class UploadWrongSizeError(RingbinderError):
    """The request does not bring as many bytes as announced; nothing was kept."""

    status = 400
    code = "upload.wrong_size"


class UploadIncompleteError(RingbinderError):
    """Fewer bytes than announced came; nothing was kept, PUT them again."""

    status = 400
    code = "upload.incomplete"


class UploadNoRoomError(RingbinderError):
    """The server has no room for the file at the moment."""

    status = 413
    code = "upload.no_room"


class UploadRangeInvalidError(RingbinderError):
    """Content-Range says neither bytes FIRST-LAST/SIZE nor bytes */SIZE."""

    status = 400
    code = "upload.range_invalid"


class UploadPartTooSmallError(RingbinderError):
    """A part other than the last one must have at least 1048576 bytes."""

    status = 400
    code = "upload.part_too_small"


class UploadWrongOffsetError(ConflictError):
    """The part does not begin where the bytes that have arrived end; go on from there."""

    code = "upload.wrong_offset"
