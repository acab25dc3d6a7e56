"""The keys that vouch for audit trails: long-lived, and published forever."""

from collections.abc import Sequence
from typing import Any

import msgspec
from joserfc.jwk import ECKey

from ringbinder.db.sessions import Database
from ringbinder.features.audit.repository import checkpoints as stored
from ringbinder.features.audit.rules import statements
from ringbinder.features.audit.types import AuditKey
from ringbinder.kit.clock import Clock
from ringbinder.kit.sealing import Sealer


class AuditKeys:
    """Knows the installation's audit keys; the newest signs, all of them verify.

    They do not rotate by themselves: whoever took a checkpoint away noted a fingerprint.
    """

    def __init__(self, database: Database, sealer: Sealer, clock: Clock) -> None:
        """Keep keys in this database, their private halves sealed."""
        self._database = database
        self._sealer = sealer
        self._clock = clock
        self._private: dict[str, ECKey] = {}

    async def begin(self) -> None:
        """Make the first key where there is none; every start asks for it."""
        if not await self._list():
            await self.add()

    async def add(self) -> str:
        """Make a new key, which signs from now on, and give its fingerprint."""
        pair = statements.new_key()
        private = msgspec.json.encode(pair.as_dict(private=True)).decode()
        key = AuditKey(
            id=pair.thumbprint(),
            sealed_private_key=self._sealer.seal(private),
            public_key=dict(pair.as_dict(private=False)),
            created_at=self._clock.now(),
        )
        async with self._database.write(None) as session:
            await stored.add_key(session, key)
        return key.id

    async def signing_key(self) -> tuple[str, ECKey]:
        """Give the fingerprint and the private key that sign now."""
        await self.begin()
        newest = (await self._list())[-1]
        if newest.id not in self._private:
            private = msgspec.json.decode(self._sealer.unseal(newest.sealed_private_key))
            self._private[newest.id] = ECKey.import_key(private)
        return newest.id, self._private[newest.id]

    async def published(self) -> list[dict[str, Any]]:
        """Give the public half of every key that ever signed, oldest first."""
        return [key.public_key for key in await self._list()]

    async def _list(self) -> Sequence[AuditKey]:
        async with self._database.read(None) as session:
            return await stored.list_keys(session)
