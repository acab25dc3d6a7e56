"""Calls that never leave the process, for tests."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from ringbinder.adapters.http.checking import checked_addresses, target_of
from ringbinder.adapters.http.errors import CallTimedOut, ConnectionFailed
from ringbinder.adapters.http.protocol import KEPT_BYTES, HttpAnswer
from ringbinder.kit.networks import NetworkPolicy


@dataclass(frozen=True, slots=True)
class Call:
    """What a server was sent."""

    url: str
    headers: Mapping[str, str]
    body: bytes


Server = Callable[[Call], Awaitable[HttpAnswer]]


@dataclass
class MemoryHttpCaller:
    """Hands calls to functions; names and who answers are given by ``host:port``."""

    policy: NetworkPolicy = field(default_factory=NetworkPolicy)
    names: dict[str, Sequence[str]] = field(default_factory=dict)
    servers: dict[str, Server] = field(default_factory=dict)
    total_timeout: timedelta = timedelta(seconds=15)

    async def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> HttpAnswer:
        """See :meth:`HttpCaller.post`."""
        target = target_of(url)
        await checked_addresses(target, resolve=self._resolve, policy=self.policy)
        server = self.servers.get(f"{target.host}:{target.port}")
        if server is None:
            raise ConnectionFailed
        sent = Call(url, {"host": target.authority, **headers}, body)
        try:
            async with asyncio.timeout(self.total_timeout.total_seconds()):
                answer = await server(sent)
        except TimeoutError:
            raise CallTimedOut from None
        return replace(answer, body=answer.body[:KEPT_BYTES])

    async def close(self) -> None:
        """See :meth:`HttpCaller.close`."""

    async def _resolve(self, host: str, _port: int) -> Sequence[str]:
        return self.names.get(host, ())
