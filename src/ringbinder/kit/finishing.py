"""Work that is done to its end, also where whoever waits for it is cancelled meanwhile."""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def finish(work: Coroutine[Any, Any, None]) -> None:
    """Do work to its end; cancelled once or often, this comes back only then, and cancelled.

    ``asyncio.shield`` alone leaves at the first cancellation and lets the work go on behind, where
    it meets what is done next: a connection would be lent again that is still rolled back.
    """
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None and not task.cancelled():
        _ = task.exception()  # nobody is left to hear it
        raise cancelled
    task.result()
