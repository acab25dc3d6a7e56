import re
from concurrent.futures import ThreadPoolExecutor
from time import time

import pytest

from ringbinder.kit.ids import new_binder_code, new_guid, new_secret, sha256_hex

pytestmark = pytest.mark.unit


def test_guids_are_version_7_with_the_present_millisecond() -> None:
    guid = new_guid()
    assert guid.version == 7
    assert guid.variant == "specified in RFC 4122"
    assert abs((guid.int >> 80) / 1000 - time()) < 60


def test_guids_only_grow() -> None:
    guids = [new_guid() for _ in range(20_000)]
    assert guids == sorted(set(guids))
    assert [str(guid) for guid in guids] == sorted(str(guid) for guid in guids)


def test_guids_grow_within_each_of_several_threads_and_never_repeat() -> None:
    def make(_: int) -> list[int]:
        return [new_guid().int for _ in range(2000)]

    with ThreadPoolExecutor(8) as pool:
        batches = list(pool.map(make, range(8)))
    assert all(batch == sorted(batch) for batch in batches)
    assert len({guid for batch in batches for guid in batch}) == 16_000


def test_binder_codes_have_nine_capitals_or_digits() -> None:
    codes = {new_binder_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(re.fullmatch("[A-Z0-9]{9}", code) for code in codes)


def test_secrets_are_url_safe_and_as_long_as_asked() -> None:
    assert re.fullmatch("[A-Za-z0-9_-]{43}", new_secret())
    assert len(new_secret(16)) == 22
    assert new_secret() != new_secret()


def test_sha256_of_a_text_is_that_of_its_utf_8() -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert sha256_hex("") == sha256_hex(b"") == empty
    assert sha256_hex("å") == sha256_hex(b"\xc3\xa5")
