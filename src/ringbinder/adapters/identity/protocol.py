"""What Ringbinder asks of that which calls identity providers."""

from collections.abc import Mapping
from typing import Any, Protocol


class ProviderUnavailable(Exception):
    """The provider does not answer, or not with a JSON object."""


class ProviderCaller(Protocol):
    """Calls addresses that the operator chose, or that such a provider gave in its discovery."""

    async def get(self, url: str) -> dict[str, Any]:
        """Fetch a JSON object.

        Raises:
            ProviderUnavailable: there is none, or the answer is not 200.

        """
        ...

    async def post(
        self, url: str, form: Mapping[str, str], *, user: str | None = None, password: str = ""
    ) -> dict[str, Any]:
        """Send a form, with HTTP Basic where there is a user, and give the JSON object.

        Raises:
            ProviderUnavailable: there is none, or the answer is not 200.

        """
        ...

    async def close(self) -> None:
        """Give back connections."""
        ...
