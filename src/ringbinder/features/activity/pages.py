"""The health of integrations: what each API client calls, and how that ends."""

from typing import Final, Literal

from fastapi import Response
from pydantic import BaseModel

from ringbinder.access.permissions import Permission
from ringbinder.features.activity import service
from ringbinder.features.clients import service as clients
from ringbinder.web.dependencies import Reading
from ringbinder.web.pages import N_, Form, PageRouter, View

router = PageRouter(area="organisation", prefix="/organisation/health")

SPANS: Final = {"1": N_("Today"), "7": N_("7 days"), "30": N_("30 days")}


class HealthDesk(BaseModel):
    """How many days to look back."""

    days: Literal["1", "7", "30"] = "7"


@router.page("GET", "", "health", permission=Permission.READ_AUDIT)
async def show_health(page: View, session: Reading) -> Response:
    """Show calls, errors and refusals of each API client, and when it last called."""
    desk = Form(page.request.query_params.multi_items()).read(HealthDesk)
    activity = await service.sum_up(session, days=int(desk.days))
    ever = await service.sum_up(session, days=service.KEPT_FOR.days)
    return page.render(
        "organisation/health.html",
        clients=await clients.list_clients(session),
        activity=activity,
        ever=ever,
        days=desk.days,
        spans=[(days, page.gettext(name)) for days, name in SPANS.items()],
    )
