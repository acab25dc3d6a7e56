"""What can go wrong with members."""

from ringbinder.kit.errors import ConflictError, NotFoundError


class MemberNotFoundError(NotFoundError):
    """The organisation has no member with this id."""

    code = "member.not_found"


class MemberExistsError(ConflictError):
    """Somebody with this address is a member already."""

    code = "member.exists"


class LastOwnerError(ConflictError):
    """An organisation keeps at least one owner: make somebody else an owner first."""

    code = "member.last_owner"
