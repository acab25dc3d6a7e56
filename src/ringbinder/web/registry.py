"""The registry of operations: what is promised of each route."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from ringbinder.access.limits import RequestType
from ringbinder.access.permissions import Permission
from ringbinder.kit.errors import RingbinderError
from ringbinder.web.deprecation import Deprecation


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API; tests and reference pages are made from these."""

    id: str
    method: str
    path: str
    permission: Permission | None
    request_type: RequestType
    errors: tuple[type[RingbinderError], ...] = field(default=())
    deprecation: Deprecation | None = None
    etag: bool = False
    media_types: tuple[str, ...] = ()
    """What it answers in place of JSON, as a stream."""

    @property
    def changes_something(self) -> bool:
        """Tell whether its requests have effects; they can then be sent again under a key."""
        return self.request_type is RequestType.WRITE


DECLARATION: Final = "__operation__"
"""Where an endpoint carries the operation that it was declared as."""


def operations_of(app: FastAPI) -> Iterator[Operation]:
    """Give every operation that an application serves, each with its whole path."""
    for context in iter_route_contexts(app.routes):
        operation: Operation | None = getattr(context.endpoint, DECLARATION, None)
        if operation is not None and context.path is not None:
            yield replace(operation, path=context.path)
