"""What can go wrong with binders."""

from ringbinder.kit.errors import ConflictError, NotFoundError


class BinderNotFoundError(NotFoundError):
    """The organisation has no binder with this id."""

    code = "binder.not_found"


class BinderArchivedError(ConflictError):
    """The binder is archived and therefore read-only; reopen it first."""

    code = "binder.archived"


class BinderNotEmptyError(ConflictError):
    """The binder still holds folders or documents."""

    code = "binder.not_empty"
