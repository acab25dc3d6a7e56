"""Argon2id (RFC 9106), in threads of its own."""

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

import argon2

MEMORY_KIB: Final = 47_104
PASSES: Final = 1
AT_ONCE: Final = 2
"""How many passwords one process hashes at the same time; others wait, and memory is bounded."""

Answer = TypeVar("Answer")


class Argon2PasswordHasher:
    """Hashes with Argon2id: by default 46 MiB and one pass, as OWASP advises."""

    def __init__(
        self, *, memory_kib: int = MEMORY_KIB, passes: int = PASSES, at_once: int = AT_ONCE
    ) -> None:
        """Choose the work for new hashes; old ones say themselves how they were made."""
        self._argon2 = argon2.PasswordHasher(
            time_cost=passes, memory_cost=memory_kib, parallelism=1, type=argon2.Type.ID
        )
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="passwords")
        self._of_nobody: str | None = None

    async def hash(self, password: str) -> str:
        """See :meth:`PasswordHasher.hash`."""
        return await self._in_thread(lambda: self._argon2.hash(password))

    async def is_right(self, password: str, known: str | None) -> bool:
        """See :meth:`PasswordHasher.is_right`."""
        if self._of_nobody is None:
            self._of_nobody = await self.hash(secrets.token_urlsafe())
        against = known or self._of_nobody
        found = await self._in_thread(lambda: self._verify(against, password))
        return found and known is not None

    def is_outdated(self, known: str) -> bool:
        """See :meth:`PasswordHasher.is_outdated`."""
        return self._argon2.check_needs_rehash(known)

    async def close(self) -> None:
        """See :meth:`PasswordHasher.close`."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _verify(self, known: str, password: str) -> bool:
        try:
            return self._argon2.verify(known, password)
        except argon2.exceptions.VerifyMismatchError:
            return False

    async def _in_thread(self, work: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)
