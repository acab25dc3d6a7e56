"""The key ring: ES256 keys that follow one another without a moment in which tokens fail."""

import asyncio
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from joserfc.jwk import ECKey, KeySet

from ringbinder.db.sessions import Database
from ringbinder.features.tokens import repository, rules
from ringbinder.features.tokens.types import SigningKey
from ringbinder.kit.clock import Clock
from ringbinder.kit.sealing import Sealer

_FRESH_FOR: Final = timedelta(seconds=60)
_SOONEST_RELOAD: Final = timedelta(seconds=1)


class KeyRing:
    """Knows the keys of the installation; loads them again when they may have changed."""

    def __init__(self, database: Database, sealer: Sealer, clock: Clock) -> None:
        """Keep keys in this database, their private halves sealed."""
        self._database = database
        self._sealer = sealer
        self._clock = clock
        self._keys: Sequence[SigningKey] = ()
        self._loaded_at: datetime | None = None
        self._loading = asyncio.Lock()
        self._private: dict[str, ECKey] = {}

    async def rotate(self) -> None:
        """Make the next key when its time has come; every start and an hourly job ask for it."""
        async with self._database.write(None) as session:
            keys = await repository.list_signing_keys(session)
            signs_from = rules.next_key_signs_from(keys, session.now)
            if signs_from is not None:
                await repository.add_signing_key(session, self._new_key(signs_from))
        await self._load()

    async def signing_key(self) -> tuple[str, ECKey]:
        """Give the id and the private key that sign now."""
        await self._ensure_loaded(_FRESH_FOR)
        key = rules.key_that_signs(self._keys, self._clock.now())
        if key is None:
            await self.rotate()
            key = rules.key_that_signs(self._keys, self._clock.now())
        if key is None:
            message = "there is no key to sign with"
            raise RuntimeError(message)
        if key.id not in self._private:
            private = msgspec.json.decode(self._sealer.unseal(key.sealed_private_key))
            self._private[key.id] = ECKey.import_key(private)
        return key.id, self._private[key.id]

    async def verifying_keys(self, key_id: str) -> KeySet:
        """Give all public keys; an unknown id makes us look for new ones, at most once a second."""
        known = any(key.id == key_id for key in self._keys)
        await self._ensure_loaded(_FRESH_FOR if known else _SOONEST_RELOAD)
        return KeySet([ECKey.import_key(key.public_key) for key in self._keys])

    async def published(self) -> list[dict[str, Any]]:
        """Give the public keys for the JWKS document (RFC 7517)."""
        await self._ensure_loaded(_FRESH_FOR)
        return [key.public_key for key in self._keys]

    async def _ensure_loaded(self, at_most: timedelta) -> None:
        now = self._clock.now()
        if self._loaded_at is None or now - self._loaded_at > at_most:
            async with self._loading:
                await self._load()

    async def _load(self) -> None:
        async with self._database.read(None) as session:
            self._keys = await repository.list_signing_keys(session)
        self._loaded_at = self._clock.now()

    def _new_key(self, signs_from: datetime) -> SigningKey:
        key_id = secrets.token_hex(8)
        pair = ECKey.generate_key("P-256", parameters={"kid": key_id, "alg": "ES256", "use": "sig"})
        signs_until = signs_from + rules.SIGNING_PERIOD
        return SigningKey(
            id=key_id,
            sealed_private_key=self._sealer.seal(
                msgspec.json.encode(pair.as_dict(private=True)).decode()
            ),
            public_key=dict(pair.as_dict(private=False)),
            signs_from=signs_from,
            signs_until=signs_until,
            verifies_until=signs_until + rules.VERIFIES_AFTER,
        )
