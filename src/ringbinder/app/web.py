"""The web application around the parts."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp

from ringbinder.app.jobs import background_jobs, keep_counts
from ringbinder.app.parts import Parts
from ringbinder.app.routers import API, PAGES, PLAIN
from ringbinder.app.state import web_state
from ringbinder.features.search import routes as search
from ringbinder.features.signin import pages as sign_in
from ringbinder.features.tokens import routes as tokens
from ringbinder.web.fast_lane import FastLane
from ringbinder.web.heads import HeadMiddleware
from ringbinder.web.middleware import RequestMiddleware
from ringbinder.web.pages.errors import install_page_errors
from ringbinder.web.problems import install_error_handlers
from ringbinder.web.signpost import Signpost
from ringbinder.web.state import Authenticator, PageAuthenticator
from ringbinder.web.versions import V1, fast_doors, mount_version

_start = logging.getLogger("ringbinder.start")

DESCRIPTION = """\
Document binders for construction and real estate, compatible with the public iBinder File API.

Fetch a token from `/connect/token`, send it as `Authorization: Bearer …`, and name your
organisation in `x-ibinder-tenantid`. New operations and new optional fields may appear at any time;
nothing else changes within a version.
"""

TAGS = [
    {"name": "Access", "description": "Tokens, and the keys that verify them (OAuth 2.0)."},
    {"name": "Binders", "description": "Binders, and the metadata schema that each has."},
    {"name": "Documents", "description": "Folders, documents, their versions, and uploads."},
    {"name": "Changes", "description": "What has changed, in order, to keep a copy up to date."},
    {"name": "Webhooks", "description": "Where positions of the change feed are sent, signed."},
    {
        "name": "Limits",
        "description": "How many requests you may send, and how many are left.",
    },
    {"name": "Members", "description": "People in the organisation, and their roles."},
    {"name": "Groups", "description": "Groups of members."},
    {"name": "Audit", "description": "Who has done what, for administrators."},
]
"""What the operations are about, in the order in which one meets them."""


def create_app(
    parts: Parts,
    *,
    page_authenticator: PageAuthenticator | None = None,
    authenticator: Authenticator = tokens.authenticate,
) -> FastAPI:
    """Build the web application around the parts; tests say themselves who calls and looks."""
    app = _Application(
        parts,
        title="Ringbinder",
        version="1.0.0",
        description=DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        openapi_tags=TAGS,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_lifespan(parts),
    )
    signed_in = page_authenticator or sign_in.authenticate
    app.state.ringbinder = web_state(parts, authenticator, signed_in)
    app.add_middleware(HeadMiddleware)
    _add_routers(app)
    return app


class _Application(FastAPI):
    """The framework's application, behind what every request meets before it."""

    def __init__(self, parts: Parts, **described: Any) -> None:  # noqa: ANN401 - the framework's own options
        super().__init__(**described)
        self._parts = parts

    def build_middleware_stack(self) -> ASGIApp:
        """Stand before the framework's own layers, which a request of the lane need not pass."""
        lane = FastLane(super().build_middleware_stack(), doors=fast_doors(V1, search.FAST_DOORS))
        return RequestMiddleware(lane, tally=self._parts.tally)


def _add_routers(app: FastAPI) -> None:
    install_error_handlers(app)
    app.router.routes.append(Signpost(PAGES))
    for router in PLAIN:
        app.include_router(router)
    mount_version(app, V1, routers=API)
    for router in PAGES:
        app.include_router(router)
    install_page_errors(app)


def _lifespan(parts: Parts) -> Any:  # noqa: ANN401 - the framework's own type for it is not public
    @asynccontextmanager
    async def run(_app: FastAPI) -> AsyncIterator[None]:
        await parts.keys.rotate()
        await parts.audit_keys.begin()
        await _tell_set_up_code(parts)
        jobs = [asyncio.create_task(job) for job in background_jobs(parts)]
        try:
            yield
        finally:
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)
            await keep_counts(parts)
            await parts.close()

    return run


async def _tell_set_up_code(parts: Parts) -> None:
    set_up = parts.people.set_up
    if await set_up.is_open():
        page = f"{parts.settings.effective_public_url}/welcome"
        _start.warning(
            "nobody owns this installation yet", extra={"open": page, "code": set_up.code}
        )
