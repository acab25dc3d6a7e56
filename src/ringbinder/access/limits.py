"""How often who may do what: the kinds of callers and requests, and the rates they begin with."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Self

from ringbinder.access.permissions import MemberRole, Role

_RATE: Final = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,8})\Z")


class ClientType(StrEnum):
    """Who is limited: an address without a token, a client by role, a person, a signed address.

    An account is what somebody tries to sign in to, whoever it is that tries.
    """

    ANONYMOUS = "anonymous"
    READER = "reader"
    CREATOR = "creator"
    ADMIN = "admin"
    PERSON = "person"
    LINK = "link"
    ACCOUNT = "account"


class RequestType(StrEnum):
    """What is limited."""

    TOKEN = "token"  # noqa: S105 - the name of a type
    """Asking for a token or its revocation."""
    FAILED_TOKEN = "failed-token"  # noqa: S105 - the name of a type
    """The same without success, so that secrets cannot be guessed."""
    SIGN_IN = "sign-in"
    """Showing a password, a code or a link of one's own."""
    FAILED_SIGN_IN = "failed-sign-in"
    """The same without success, from one address."""
    GUESS = "guess"
    """The same without success, for one account, from wherever."""
    LETTER = "letter"
    """Asking for a letter with a link."""
    UNAUTHENTICATED = "unauthenticated"
    """A call of the API, or of a signed address, without a valid token or signature."""
    READ = "read"
    SEARCH = "search"
    WRITE = "write"
    TRANSFER = "transfer"
    """Sending or fetching bytes by a signed address."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests a minute in the long run, and so many at once."""

    per_minute: int
    burst: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``PER_MINUTE/BURST``, such as ``600/100``.

        Raises:
            ValueError: it is no such pair of positive numbers.

        """
        match = _RATE.match(text)
        if match is None:
            message = f"not a limit such as 600/100 (requests a minute / at once): {text}"
            raise ValueError(message)
        return cls(per_minute=int(match[1]), burst=int(match[2]))

    def __str__(self) -> str:
        return f"{self.per_minute}/{self.burst}"


Pair = tuple[ClientType, RequestType]
NO_RATES: Final[Mapping[RequestType, Rate]] = MappingProxyType({})

CLIENT_TYPE_OF: Final[Mapping[Role | MemberRole, ClientType]] = MappingProxyType(
    {
        **dict.fromkeys(MemberRole, ClientType.PERSON),
        Role.READER: ClientType.READER,
        Role.CREATOR: ClientType.CREATOR,
        Role.ADMIN: ClientType.ADMIN,
    }
)

OVERRIDABLE: Final = (RequestType.READ, RequestType.SEARCH, RequestType.WRITE)
"""What can be limited for one API client in another way than for its role."""

_WORKING: Final = {
    RequestType.READ: Rate(3000, 600),
    RequestType.SEARCH: Rate(1200, 300),
    RequestType.WRITE: Rate(1200, 300),
}

DEFAULT_RATES: Final[Mapping[Pair, Rate]] = MappingProxyType(
    {
        (ClientType.ANONYMOUS, RequestType.TOKEN): Rate(60, 60),
        (ClientType.ANONYMOUS, RequestType.FAILED_TOKEN): Rate(10, 20),
        (ClientType.ANONYMOUS, RequestType.SIGN_IN): Rate(60, 60),
        (ClientType.ANONYMOUS, RequestType.FAILED_SIGN_IN): Rate(10, 20),
        (ClientType.ANONYMOUS, RequestType.LETTER): Rate(3, 10),
        (ClientType.ACCOUNT, RequestType.GUESS): Rate(1, 10),
        (ClientType.ANONYMOUS, RequestType.UNAUTHENTICATED): Rate(120, 120),
        **{
            (client, request): rate
            for client in (ClientType.READER, ClientType.CREATOR, ClientType.ADMIN)
            for request, rate in _WORKING.items()
        },
        (ClientType.READER, RequestType.WRITE): Rate(60, 60),
        # One page of the web application is a dozen requests.
        (ClientType.PERSON, RequestType.READ): Rate(12000, 2400),
        (ClientType.PERSON, RequestType.SEARCH): Rate(3000, 600),
        (ClientType.PERSON, RequestType.WRITE): Rate(6000, 1200),
        (ClientType.LINK, RequestType.TRANSFER): Rate(1200, 300),
    }
)


def policy_name(pair: Pair) -> str:
    """Give the name under which clients and operators know a pair, such as ``reader-search``."""
    client, request = pair
    return f"{client}-{request}"


def rates_with(changes: Mapping[str, str]) -> dict[Pair, Rate]:
    """Give the rate of every pair: the defaults, and in their place what is given by policy name.

    Raises:
        ValueError: a name or rate is not understood.

    """
    rates = dict(DEFAULT_RATES)
    pairs = {policy_name(pair): pair for pair in rates}
    for name, text in changes.items():
        if name not in pairs:
            message = f"there is no limit {name}; there are {', '.join(pairs)}"
            raise ValueError(message)
        rates[pairs[name]] = Rate.parse(text)
    return rates


def write_own_rates(rates: Mapping[RequestType, Rate]) -> str | None:
    """Write a client's own rates for keeping; None where it has none."""
    if not rates:
        return None
    return json.dumps({str(request): str(rate) for request, rate in rates.items()})


def read_own_rates(text: str | None) -> Mapping[RequestType, Rate]:
    """Read what was kept by :func:`write_own_rates`."""
    if text is None:
        return NO_RATES
    return {RequestType(name): Rate.parse(rate) for name, rate in json.loads(text).items()}
