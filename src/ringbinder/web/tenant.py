"""The header that names the organisation of a request."""

import re
from typing import Annotated, Final
from uuid import UUID

from fastapi import Header, Request
from pydantic import WithJsonSchema

TENANT_HEADER: Final = "x-ibinder-tenantid"

_GUID: Final = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\Z")


def names_tenant(request: Request) -> bool:
    """Tell whether the header is there and plainly a GUID."""
    return bool(_GUID.match(request.headers.get(TENANT_HEADER, "")))


async def require_tenant_header(
    _tenant: Annotated[
        UUID,
        # Without "format": generated clients would put an object into a header, which takes text.
        WithJsonSchema({"type": "string"}),
        Header(
            alias=TENANT_HEADER,
            description="The id (GUID) of your organisation; the same as the token's.",
            examples=["0192f0c1-7e5a-7c3e-9d2b-0a1b2c3d4e5f"],
        ),
    ],
) -> None:
    """Refuse a request without the header; that it is the token's has been checked before."""
