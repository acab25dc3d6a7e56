"""Passwords by Argon2id."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from ringbinder.adapters.passwords.argon2 import AT_ONCE, Argon2PasswordHasher

pytestmark = pytest.mark.contract


@pytest.fixture
async def hasher() -> AsyncIterator[Argon2PasswordHasher]:
    hasher = Argon2PasswordHasher(memory_kib=64)
    yield hasher
    await hasher.close()


async def test_only_the_same_password_is_right(hasher: Argon2PasswordHasher) -> None:
    known = await hasher.hash("grankotte å vinkelhake")
    assert known.startswith("$argon2id$v=19$m=64,t=1,p=1$")
    assert known != await hasher.hash("grankotte å vinkelhake"), "each has a salt of its own"
    assert await hasher.is_right("grankotte å vinkelhake", known)
    assert not await hasher.is_right("grankotte ä vinkelhake", known)
    assert not await hasher.is_right("", known)


async def test_nobody_has_no_password(hasher: Argon2PasswordHasher) -> None:
    assert not await hasher.is_right("grankotte å vinkelhake", None)
    assert not await hasher.is_right("", None)


async def test_old_hashes_stay_right_and_are_known_as_old(hasher: Argon2PasswordHasher) -> None:
    strong = Argon2PasswordHasher()
    try:
        old, new = await hasher.hash("a"), await strong.hash("a")
        assert "$m=47104,t=1,p=1$" in new
        assert await strong.is_right("a", old)
        assert (strong.is_outdated(old), strong.is_outdated(new)) == (True, False)
    finally:
        await strong.close()


async def test_few_are_hashed_at_once_and_the_others_wait(hasher: Argon2PasswordHasher) -> None:
    known = await asyncio.gather(*(hasher.hash(str(number)) for number in range(8 * AT_ONCE)))
    right = await asyncio.gather(
        *(hasher.is_right(str(number), one) for number, one in enumerate(known))
    )
    assert all(right)
