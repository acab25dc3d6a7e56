"""Whose budget a request uses, and how answers say what is left of it."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from math import ceil
from typing import Final

import msgspec

from ringbinder.access.actor import Actor
from ringbinder.access.limits import (
    CLIENT_TYPE_OF,
    OVERRIDABLE,
    ClientType,
    Pair,
    Rate,
    RequestType,
    policy_name,
)
from ringbinder.adapters.limits import Decision, LimitStore, Policy

_NETWORK_BITS: Final = 64
"""Bits of an IPv6 address that one subscriber does not choose."""


class Budget(msgspec.Struct, frozen=True):  # made for every request: a dataclass takes longer
    """What one caller may use for one type of request."""

    key: str
    policy: Policy
    request_type: RequestType


Granted = tuple[Budget, Decision]
"""A budget and what came of asking for a unit of it, or of looking."""


class Budgets:
    """The budgets of an installation, by caller and type of request."""

    def __init__(self, store: LimitStore, rates: Mapping[Pair, Rate], *, enabled: bool) -> None:
        """Count in this store; where limits are off, everything is granted and nothing counted."""
        self.store = store
        self.enabled = enabled
        self._policies = {pair: _policy(pair, rate) for pair, rate in rates.items()}

    @property
    def policies(self) -> Mapping[Pair, Policy]:
        """What is granted to each kind of caller for each kind of request."""
        return self._policies

    def of_caller(self, actor: Actor, request_type: RequestType) -> Budget:
        """Give the budget of an authenticated caller; no other caller uses it."""
        pair = (CLIENT_TYPE_OF[actor.role], request_type)
        own = actor.own_limits.get(request_type)
        policy = self._policies[pair] if own is None else _policy(pair, own)
        key = f"{policy.name}:{actor.organisation_key}:{actor.id and actor.id.hex}"
        return Budget(key, policy, request_type)

    async def look(self, actor: Actor, address: str | None) -> list[Granted]:
        """Tell what is left of each budget of an authenticated caller; where limits are off, none.

        Its signed addresses are among them, as used from this network address.
        """
        if not self.enabled:
            return []
        budgets = [self.of_caller(actor, request_type) for request_type in OVERRIDABLE]
        budgets.append(self.of_link(address, actor.organisation_key))
        return [
            (budget, await self.store.take(budget.key, budget.policy, cost=0)) for budget in budgets
        ]

    def of_address(self, address: str | None, request_type: RequestType) -> Budget:
        """Give the budget of an address behind which nobody is known."""
        policy = self._policies[ClientType.ANONYMOUS, request_type]
        return Budget(f"{policy.name}:{network_of(address)}", policy, request_type)

    def of_account(self, account: str) -> Budget:
        """Give the budget for wrong guesses at an account, wherever they come from.

        Whether there is such an account makes no difference.
        """
        policy = self._policies[ClientType.ACCOUNT, RequestType.GUESS]
        return Budget(f"{policy.name}:{account}", policy, RequestType.GUESS)

    def of_link(self, address: str | None, organisation_key: int) -> Budget:
        """Give the budget for an organisation's signed addresses, used from a network address."""
        policy = self._policies[ClientType.LINK, RequestType.TRANSFER]
        key = f"{policy.name}:{organisation_key}:{network_of(address)}"
        return Budget(key, policy, RequestType.TRANSFER)


def _policy(pair: Pair, rate: Rate) -> Policy:
    return Policy(name=policy_name(pair), per_minute=rate.per_minute, burst=rate.burst)


@lru_cache(maxsize=4096)
def network_of(address: str | None) -> str:
    """Give what stands for a subscriber: an IPv4 address, or the first 64 bits of an IPv6 one."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return address or "unknown"
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return f"{IPv6Address(int(found) >> _NETWORK_BITS << _NETWORK_BITS)}/{_NETWORK_BITS}"
    return str(found)


def limit_header(granted: Iterable[Granted]) -> str:
    """Write ``RateLimit``: ``r`` units are left, and ``t`` seconds later there is one more."""
    return ", ".join(
        f'"{budget.policy.name}";r={decision.remaining};t={ceil(decision.more_after_seconds)}'
        for budget, decision in granted
    )


def policy_header(budgets: Iterable[Budget]) -> str:
    """Write ``RateLimit-Policy``: ``q`` units at once, back within ``w`` seconds."""
    return ", ".join(_policy_item(budget.policy) for budget in budgets)


@lru_cache(maxsize=1024)
def _policy_item(policy: Policy) -> str:
    return f'"{policy.name}";q={policy.burst};w={-(-policy.refill_ns // 1_000_000_000)}'
