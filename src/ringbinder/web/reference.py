"""The API's own description: the OpenAPI document, and a page to read and try it."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from ringbinder.kit.headers import etag
from ringbinder.web.answers import encode, raw
from ringbinder.web.conditional import conditional_get
from ringbinder.web.openapi import document
from ringbinder.web.state import public_url_of

router = APIRouter(include_in_schema=False)

_STATIC: Final = Path(__file__).parent / "static"
_PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_ASSETS: Final = {
    "swagger-ui.css": ("vendor/swagger-ui/swagger-ui.css", "text/css; charset=utf-8"),
    "swagger-ui-bundle.js": (
        "vendor/swagger-ui/swagger-ui-bundle.js",
        "text/javascript; charset=utf-8",
    ),
    "api-docs.css": ("api-docs.css", "text/css; charset=utf-8"),
    "api-docs.js": ("api-docs.js", "text/javascript; charset=utf-8"),
}


@router.get("/api/openapi.json")
async def openapi(request: Request) -> Response:
    """Give the OpenAPI 3.1 document; it is made once for each process."""
    state = request.app.state
    if not hasattr(state, "openapi_bytes"):
        base = public_url_of(request)
        spec = document(request.app, token_url=f"{base}/connect/token", server_url=base)
        state.openapi_bytes = encode(spec)
    body: bytes = state.openapi_bytes
    tag = etag(hashlib.sha256(body).hexdigest()[:32])
    return conditional_get(request, tag) or raw(
        body, headers={"etag": tag, "cache-control": "public, max-age=60"}
    )


@router.get("/api/docs")
async def page() -> Response:
    """Show the API; everything on the page comes from this server."""
    headers = {"content-security-policy": _PAGE_POLICY, "cache-control": "no-cache"}
    return Response(_read("api-docs.html"), media_type="text/html; charset=utf-8", headers=headers)


@router.get("/api/docs/{name}")
async def asset(request: Request, name: str) -> Response:
    """Give a style sheet or script of the page."""
    if name not in _ASSETS:
        raise HTTPException(status_code=404)
    path, media_type = _ASSETS[name]
    body = _read(path)
    tag = etag(hashlib.sha256(body).hexdigest()[:32])
    headers = {"etag": tag, "cache-control": "public, max-age=3600"}
    return conditional_get(request, tag) or Response(body, media_type=media_type, headers=headers)


@cache
def _read(path: str) -> bytes:
    return (_STATIC / path).read_bytes()
