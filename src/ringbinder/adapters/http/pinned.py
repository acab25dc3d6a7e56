"""Real calls: to the address that was checked, under the name that was asked for."""

import asyncio
import socket
import ssl
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ringbinder.adapters.http.checking import Resolver, Target, checked_addresses, target_of
from ringbinder.adapters.http.errors import (
    CallFailed,
    CallTimedOut,
    ConnectionFailed,
    NotHttp,
    TlsFailed,
)
from ringbinder.adapters.http.protocol import KEPT_BYTES, HttpAnswer
from ringbinder.kit.networks import Address, NetworkPolicy

if TYPE_CHECKING:
    import httpx

CONNECT_TIMEOUT: Final = timedelta(seconds=5)
TOTAL_TIMEOUT: Final = timedelta(seconds=15)
ADDRESSES_TRIED: Final = 3
_RESOLVING_THREADS: Final = 4


class PinnedHttpCaller:
    """Calls over the network.

    Proxies of the environment are not used: they would connect to addresses that nobody checked.
    The client below is told an address in place of the name; the name goes into ``Host`` and into
    TLS, where the certificate is checked against it.
    """

    def __init__(
        self,
        policy: NetworkPolicy,
        *,
        resolve: Resolver | None = None,
        connect_timeout: timedelta = CONNECT_TIMEOUT,
        total_timeout: timedelta = TOTAL_TIMEOUT,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Keep to a policy; nothing is opened before the first call."""
        self._policy = policy
        # Threads of its own, since a resolver that hangs must not hold up the rest.
        self._threads = ThreadPoolExecutor(_RESOLVING_THREADS, thread_name_prefix="resolving")
        self._resolve = resolve or self._ask_system
        self._connect_seconds = connect_timeout.total_seconds()
        self._total_seconds = total_timeout.total_seconds()
        self._tls = tls
        self._preparing = asyncio.Lock()

    async def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> HttpAnswer:
        """See :meth:`HttpCaller.post`."""
        target = target_of(url)
        try:
            async with asyncio.timeout(self._total_seconds):
                addresses = await checked_addresses(
                    target, resolve=self._resolve, policy=self._policy
                )
                return await self._try_each(target, addresses, headers, body)
        except TimeoutError:
            raise CallTimedOut from None

    async def close(self) -> None:
        """See :meth:`HttpCaller.close`."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _try_each(
        self, target: Target, addresses: Sequence[Address], headers: Mapping[str, str], body: bytes
    ) -> HttpAnswer:
        failure: CallFailed = ConnectionFailed()
        for address in addresses[:ADDRESSES_TRIED]:
            try:
                return await self._call(target, address, headers, body)
            except _NotConnected as error:
                failure = error.why
        raise failure

    async def _call(
        self, target: Target, address: Address, headers: Mapping[str, str], body: bytes
    ) -> HttpAnswer:
        import httpx  # noqa: PLC0415 - a start without webhooks should not wait for it

        host = f"[{address}]" if address.version == 6 else str(address)  # noqa: PLR2004 - IPv6
        request = httpx.Request(
            "POST",
            f"{target.scheme}://{host}:{target.port}{target.path}",
            headers={"host": target.authority, "accept-encoding": "identity", **headers},
            content=body,
            extensions={
                "sni_hostname": target.host.strip("[]"),
                "timeout": {
                    "connect": self._connect_seconds,
                    "read": self._total_seconds,
                    "write": self._total_seconds,
                    "pool": self._total_seconds,
                },
            },
        )
        # A pool for this call alone: a connection to the same address under another name has
        # shown another certificate.
        tls = await self._context(target)
        async with httpx.AsyncHTTPTransport(verify=tls, trust_env=False) as wire:
            try:
                return await _answer(await wire.handle_async_request(request))
            except httpx.TransportError as error:
                raise _named(error) from error

    async def _context(self, target: Target) -> ssl.SSLContext:
        if target.scheme != "https":
            return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody, and is never asked
        async with self._preparing:
            if self._tls is None:
                self._tls = await asyncio.to_thread(_trusting_context)
        return self._tls

    async def _ask_system(self, host: str, port: int) -> Sequence[str]:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._threads, _look_up, host, port)
        except (OSError, UnicodeError):
            return []
        return list(dict.fromkeys(found))


class _NotConnected(Exception):
    """Nothing was sent yet, so that another address may be tried."""

    def __init__(self, why: CallFailed) -> None:
        super().__init__()
        self.why = why


def _trusting_context() -> ssl.SSLContext:
    """Trust the well-known authorities, and those that the operator added to the machine."""
    import httpx  # noqa: PLC0415 - see above

    context = httpx.create_ssl_context()
    context.load_default_certs()
    return context


def _look_up(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]).partition("%")[0] for entry in found]


async def _answer(response: "httpx.Response") -> HttpAnswer:
    kept = b""
    try:
        async for piece in response.aiter_raw():
            kept += piece
            if len(kept) >= KEPT_BYTES:
                break
    finally:
        await response.aclose()
    headers = {name.lower(): value for name, value in response.headers.items()}
    return HttpAnswer(response.status_code, kept[:KEPT_BYTES], headers)


def _named(error: "httpx.TransportError") -> Exception:
    import httpx  # noqa: PLC0415 - see above

    if isinstance(error, httpx.ConnectTimeout):
        return _NotConnected(CallTimedOut())
    if isinstance(error, httpx.TimeoutException):
        return CallTimedOut()
    if isinstance(error, httpx.ConnectError):
        return _NotConnected(TlsFailed() if _is_of_tls(error) else ConnectionFailed())
    if isinstance(error, httpx.ProtocolError):
        return NotHttp()
    return ConnectionFailed()


def _is_of_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
