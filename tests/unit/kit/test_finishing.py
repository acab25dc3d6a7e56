"""Work that is done to its end."""

import asyncio

import pytest

from ringbinder.kit.finishing import finish


@pytest.mark.parametrize("times", [1, 3])
async def test_who_is_cancelled_comes_back_when_the_work_is_done(times: int) -> None:
    done: list[str] = []
    goes_on = asyncio.Event()

    async def work() -> None:
        await goes_on.wait()
        done.append("work")

    async def wait() -> None:
        try:
            await finish(work())
        finally:
            done.append("waited")

    task = asyncio.create_task(wait())
    for _ in range(times):
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.sleep(0)
        assert not task.done()
    goes_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert done == ["work", "waited"]


async def test_what_goes_wrong_is_raised() -> None:
    async def fail() -> None:
        raise OSError("no disk")

    with pytest.raises(OSError, match="no disk"):
        await finish(fail())


async def test_who_is_cancelled_does_not_hear_what_went_wrong() -> None:
    goes_on = asyncio.Event()

    async def fail() -> None:
        await goes_on.wait()
        raise OSError("no disk")

    task = asyncio.create_task(finish(fail()))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    goes_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
