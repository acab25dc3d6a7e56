"""A large upload passes through the server without ever being in its memory."""

import os
from pathlib import Path

import pytest

from tests.support.memory import MEBIBYTE, upload_and_measure

SIZE = int(os.environ.get("RINGBINDER_TEST_UPLOAD_MIB", "300")) * MEBIBYTE
ALLOWED_RISE = 64 * MEBIBYTE


@pytest.mark.slow
@pytest.mark.journey
@pytest.mark.timeout(600)
async def test_a_large_upload_does_not_raise_the_memory(tmp_path: Path) -> None:
    assert await upload_and_measure(tmp_path, SIZE) < ALLOWED_RISE
