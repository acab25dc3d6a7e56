"""Calls over the network, bounded in time and size; redirections are not followed."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import msgspec

from ringbinder.adapters.identity.protocol import ProviderUnavailable

if TYPE_CHECKING:
    import httpx

TIMEOUT_SECONDS: Final = 10
MAXIMUM_BYTES: Final = 512 * 1024
_OK: Final = 200


class WebProviderCaller:
    """Calls providers; a provider that is slow or talks too much is left."""

    def __init__(self, *, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        """Open nothing before the first call."""
        self._timeout = timeout_seconds
        self._client: httpx.AsyncClient | None = None

    async def get(self, url: str) -> dict[str, Any]:
        """See :meth:`ProviderCaller.get`."""
        return await self._call("GET", url)

    async def post(
        self, url: str, form: Mapping[str, str], *, user: str | None = None, password: str = ""
    ) -> dict[str, Any]:
        """See :meth:`ProviderCaller.post`."""
        # RFC 6749, 2.3.1: both are form-encoded before they become Basic.
        auth = None if user is None else (quote(user, safe=""), quote(password, safe=""))
        return await self._call("POST", url, data=dict(form), auth=auth)

    async def close(self) -> None:
        """See :meth:`ProviderCaller.close`."""
        if self._client is not None:
            await self._client.aclose()

    async def _call(self, method: str, url: str, **options: Any) -> dict[str, Any]:  # noqa: ANN401 - handed on
        import httpx  # noqa: PLC0415 - a start without providers should not wait for it

        if self._client is None:
            self._client = httpx.AsyncClient(follow_redirects=False, trust_env=False)
        try:
            async with (
                asyncio.timeout(self._timeout),
                self._client.stream(
                    method, url, headers={"accept": "application/json"}, **options
                ) as answer,
            ):
                return await _object(answer)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, msgspec.DecodeError) as error:
            raise ProviderUnavailable(f"{method} {url.partition('?')[0]}") from error


async def _object(answer: "httpx.Response") -> dict[str, Any]:
    body = b""
    async for piece in answer.aiter_bytes():
        body += piece
        if len(body) > MAXIMUM_BYTES:
            raise ProviderUnavailable("its answer is too long")
    if answer.status_code != _OK:
        raise ProviderUnavailable(f"it answered {answer.status_code}")
    return msgspec.json.decode(body, type=dict[str, Any])
