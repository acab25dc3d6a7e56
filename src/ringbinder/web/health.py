"""Whether the process lives, and whether it can serve."""

import asyncio
import logging
from typing import Final

from fastapi import APIRouter, Request, Response

from ringbinder.web.answers import encode, ok
from ringbinder.web.state import ReadinessCheck, state_of

router = APIRouter(include_in_schema=False)

_PATIENCE_SECONDS: Final = 5
_logger = logging.getLogger("ringbinder.health")


@router.get("/health/live")
async def live() -> Response:
    """Answer as long as the process answers at all."""
    return ok({"status": "live"})


@router.get("/health/ready")
async def ready(request: Request) -> Response:
    """Answer 200 when database and storage work, else 503 with what does not."""
    checks = state_of(request).readiness_checks
    results = dict(zip(checks, await asyncio.gather(*map(_works, checks.values())), strict=True))
    works = all(results.values())
    body = {
        "status": "ready" if works else "not ready",
        "checks": {name: "ok" if fine else "failing" for name, fine in results.items()},
    }
    return Response(encode(body), status_code=200 if works else 503, media_type="application/json")


async def _works(check: ReadinessCheck) -> bool:
    try:
        await asyncio.wait_for(check(), _PATIENCE_SECONDS)
    except Exception:
        _logger.warning("a readiness check failed", exc_info=True)
        return False
    return True
