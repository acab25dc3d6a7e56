"""What can go wrong with saved views."""

from ringbinder.kit.errors import ConflictError, NotFoundError


class SavedViewNotFoundError(NotFoundError):
    """The binder has no such saved view, or it belongs to somebody else."""

    code = "view.not_found"


class SavedViewNameTakenError(ConflictError):
    """A saved view of the binder has this name already."""

    code = "view.name_taken"


class TooManySavedViewsError(ConflictError):
    """A person can save only so many views of one binder."""

    code = "view.too_many"


class ListTooLongError(ConflictError):
    """The list has more documents than can be taken away at once; choose a tab, or filter it."""

    code = "list.too_long"
