"""What can go wrong with organisations."""

from ringbinder.kit.errors import NotFoundError


class OrganisationNotFoundError(NotFoundError):
    """There is no organisation with this id."""

    code = "organisation.not_found"
