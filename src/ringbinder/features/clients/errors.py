"""What can go wrong with API clients."""

from ringbinder.kit.errors import ConflictError, NotFoundError


class ClientNotFoundError(NotFoundError):
    """The organisation has no API client with this id."""

    code = "client.not_found"


class ApiClientsDisabledError(ConflictError):
    """API clients are off until they are enabled for the organisation."""

    code = "organisation.api_clients_disabled"
