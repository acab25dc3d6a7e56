"""The registry of pages: what is promised of each of their routes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from ringbinder.access.limits import RequestType
from ringbinder.access.permissions import Permission

DECLARATION: Final = "__page__"
"""Where an endpoint carries the page that it was declared as."""


@dataclass(frozen=True, slots=True)
class PageDeclaration:
    """One route of the web application; tests and the reference page are made from these."""

    id: str
    method: str
    path: str
    permission: Permission | None
    is_public: bool
    request_type: RequestType


def pages_of(app: FastAPI) -> Iterator[PageDeclaration]:
    """Give every page that an application serves."""
    for context in iter_route_contexts(app.routes):
        page: PageDeclaration | None = getattr(context.endpoint, DECLARATION, None)
        if page is not None and context.path is not None:
            yield replace(page, path=context.path)


def pages_by_id(app: FastAPI) -> dict[str, PageDeclaration]:
    """Give the same by id; looked up once for each application."""
    if not hasattr(app.state, "ringbinder_pages"):
        app.state.ringbinder_pages = {page.id: page for page in pages_of(app)}
    found: dict[str, PageDeclaration] = app.state.ringbinder_pages
    return found
