"""The door at which a caller learns its limits."""

from typing import Annotated

from fastapi import Depends, Request, Response

from ringbinder.access.permissions import Permission
from ringbinder.features.limits import schemas
from ringbinder.web.answers import ok
from ringbinder.web.budgets import Budgets
from ringbinder.web.dependencies import Caller, part
from ringbinder.web.operations import OperationRouter
from ringbinder.web.state import address_of

router = OperationRouter(tag="Limits")


@router.operation(
    "GET", "/limits", "getLimits", permission=Permission.READ, answer=schemas.LimitsAnswer
)
async def get_limits(
    request: Request, actor: Caller, budgets: Annotated[Budgets, Depends(part(Budgets))]
) -> Response:
    """Tell the caller's limits and what is left of each; looking costs one read."""
    looked = await budgets.look(actor, address_of(request))
    return ok(schemas.limits_answer(looked, enabled=budgets.enabled))
