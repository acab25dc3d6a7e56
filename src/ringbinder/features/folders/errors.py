"""What can go wrong with folders."""

from ringbinder.kit.errors import ConflictError, NotFoundError


class FolderNotFoundError(NotFoundError):
    """There is no such folder, or not in this binder."""

    code = "folder.not_found"


class DriveNotFoundError(NotFoundError):
    """There is no such kind of drive."""

    code = "drive.not_found"


class FolderNameTakenError(ConflictError):
    """Another folder at the same place has this name."""

    code = "folder.name_taken"


class FolderCycleError(ConflictError):
    """A folder cannot be moved into itself or below itself."""

    code = "folder.cycle"


class FolderTooDeepError(ConflictError):
    """Folders can be nested at most 20 deep."""

    code = "folder.too_deep"


class FolderNotEmptyError(ConflictError):
    """The folder still holds documents or folders."""

    code = "folder.not_empty"
