"""Files that pages load: under an address that holds the digest of them all, and kept for ever.

One digest for the whole tree lets a module import its neighbour by a relative address.
"""

import hashlib
import mimetypes
from functools import cache
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse

from ringbinder.kit.headers import etag
from ringbinder.web.conditional import conditional_get

router = APIRouter(include_in_schema=False)

STATIC: Final = Path(__file__).parent.parent / "static"
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "public, no-cache"
_TYPES: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
}


@cache
def digests() -> dict[str, str]:
    """Give the digest of every file by its path below ``static``."""
    return {
        file.relative_to(STATIC).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()[:32]
        for file in sorted(STATIC.rglob("*"))
        if file.is_file()
    }


@cache
def tree_digest() -> str:
    """Give what stands for the present state of all files."""
    whole = "".join(f"{path}:{digest}\n" for path, digest in digests().items())
    return hashlib.sha256(whole.encode()).hexdigest()[:12]


def static(path: str) -> str:
    """Give the address of a file.

    Raises:
        KeyError: there is no such file.

    """
    if path not in digests():
        raise KeyError(path)
    return f"/static/{tree_digest()}/{path}"


@router.api_route("/static/{digest}/{path:path}", methods=["GET", "HEAD"])
async def asset(request: Request, digest: str, path: str) -> Response:
    """Give a file; under an old digest, as a page of before an upgrade asks, without keeping it."""
    if path not in digests():
        raise HTTPException(status_code=404)
    is_current = digest == tree_digest()
    headers = {
        "etag": etag(digests()[path]),
        "cache-control": _FOR_EVER if is_current else _ASK_AGAIN,
        "cross-origin-resource-policy": "same-origin",
    }
    fresh = conditional_get(request, headers["etag"])
    return fresh or FileResponse(STATIC / path, media_type=_media_type(path), headers=headers)


def _media_type(path: str) -> str:
    known = _TYPES.get(Path(path).suffix)
    return known or mimetypes.guess_type(path)[0] or "application/octet-stream"
