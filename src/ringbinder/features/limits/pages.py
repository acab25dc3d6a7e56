"""The limits of the installation, read out in plain words."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import Depends, Response

from ringbinder.access.limits import OVERRIDABLE, ClientType, RequestType
from ringbinder.access.permissions import Permission
from ringbinder.features.clients import service as clients
from ringbinder.features.limits.types import InstallationBounds
from ringbinder.web.budgets import Budgets
from ringbinder.web.dependencies import Reading, part
from ringbinder.web.pages import N_, PageRouter, View

router = PageRouter(area="organisation", prefix="/organisation/limits")

CALLERS: Final[Mapping[str, str]] = {
    ClientType.READER: N_("Each API client with the role Reader"),
    ClientType.CREATOR: N_("Each API client with the role Creator"),
    ClientType.ADMIN: N_("Each API client with the role Admin"),
    ClientType.PERSON: N_("Each person in the web application"),
    ClientType.LINK: N_("All signed addresses together, from one network"),
    ClientType.ANONYMOUS: N_("Each network, before anybody has signed in"),
}
REQUESTS: Final[Mapping[RequestType, str]] = {
    RequestType.READ: N_("looking at something"),
    RequestType.SEARCH: N_("searching"),
    RequestType.WRITE: N_("changing something"),
    RequestType.TRANSFER: N_("sending or fetching a file"),
    RequestType.TOKEN: N_("asking for a token"),
    RequestType.FAILED_TOKEN: N_("asking for a token with a wrong secret"),
    RequestType.UNAUTHENTICATED: N_("calling without a valid token"),
}


@router.page("GET", "", "limits", permission=Permission.READ_AUDIT)
async def show_limits(
    page: View,
    session: Reading,
    budgets: Annotated[Budgets, Depends(part(Budgets))],
    bounds: Annotated[InstallationBounds, Depends(part(InstallationBounds))],
) -> Response:
    """Show how often who may do what, and how large and old things can be."""
    known = await clients.list_clients(session)
    return page.render(
        "organisation/limits.html",
        is_enabled=budgets.enabled,
        callers={
            kind: [
                (name, budgets.policies[kind, request])
                for request, name in REQUESTS.items()
                if (kind, request) in budgets.policies
            ]
            for kind in ClientType
            if kind in CALLERS
        },
        caller_names=CALLERS,
        own=[one for one in known if one.own_limits],
        requests=[(request, REQUESTS[request]) for request in OVERRIDABLE],
        bounds=bounds,
    )
