"""The wire format of limits."""

from collections.abc import Iterable
from math import ceil
from typing import Any

from pydantic import BaseModel, Field

from ringbinder.web.budgets import Granted


class LimitAnswer(BaseModel):
    """One budget: how much it holds, and how much of it is left."""

    name: str = Field(
        description="The policy, as `RateLimit` and `RateLimit-Policy` name it.",
        examples=["reader-search"],
    )
    requestType: str = Field(
        description="`read`, `search`, `write` or `transfer`.", examples=["search"]
    )
    requestsPerMinute: int = Field(ge=1, description="In the long run.", examples=[1200])
    burst: int = Field(ge=1, description="Requests at once.", examples=[300])
    remaining: int = Field(ge=0, description="Requests that are left now.", examples=[298])
    resetSeconds: int = Field(ge=0, description="Until the whole burst is there.", examples=[1])


class LimitsAnswer(BaseModel):
    """The budgets of the caller."""

    enabled: bool = Field(description="Whether this installation limits requests.", examples=[True])
    items: list[LimitAnswer]


def limits_answer(looked: Iterable[Granted], *, enabled: bool) -> dict[str, Any]:
    """Write a caller's budgets."""
    return {"enabled": enabled, "items": [_limit_answer(one) for one in looked]}


def _limit_answer(looked: Granted) -> dict[str, Any]:
    budget, decision = looked
    return {
        "name": budget.policy.name,
        "requestType": str(budget.request_type),
        "requestsPerMinute": budget.policy.per_minute,
        "burst": budget.policy.burst,
        "remaining": decision.remaining,
        "resetSeconds": ceil(decision.reset_seconds),
    }
