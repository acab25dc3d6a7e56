"""Run the web application: one supervising process, and workers that answer.

The supervisor stays small, and the workers load the application: see docs/decisions/0010-server.md.
"""

import asyncio
import errno
import gc
import logging
import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable
from functools import partial
from http.client import HTTPConnection, HTTPException
from multiprocessing.connection import wait
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Final

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from ringbinder.entrypoints.errors import AddressInUseError, AddressUnusableError
from ringbinder.entrypoints.logs import configure_logging
from ringbinder.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

STOPPING_SECONDS: Final = 20
"""How long running requests have to end once the server was told to stop."""

CONNECTIONS: Final = 1024
"""How many connections one worker holds; as many again wait in the kernel's queue."""

_logger = logging.getLogger("ringbinder.server")
_READY_WITHIN_SECONDS: Final = 60
_PROBE_SECONDS: Final = 0.02

# Granian's own lines go where ours go: as JSON, on standard error.
_GRANIAN_LOGS: Final[dict[str, Any]] = {
    "formatters": {},
    "handlers": {},
    "loggers": {"_granian": {"handlers": [], "propagate": True}},
}


def claim_address(settings: Settings) -> Settings:
    """Make sure that the address can be listened on; port 0 becomes one that is free.

    Granian shares a port with whoever else shares it, so two servers would answer in turn; hence
    this look before.

    Raises:
        AddressInUseError: another program listens there.
        AddressUnusableError: this machine has no such address, or we may not listen there.

    """
    place = f"{settings.host}:{settings.port}"
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            host, port = probe.getsockname()[:2]
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise AddressInUseError(
                f"Port {settings.port} is taken: another program listens on {place} already. "
                f"Stop it, or choose another port: RINGBINDER_PORT={settings.port + 1}"
            ) from error
        raise AddressUnusableError(f"Cannot listen on {place}: {error.strerror}.") from error
    return settings.model_copy(update={"host": host, "port": port})


def serve(
    settings: Settings, *, workers: int = 1, when_ready: Callable[[], None] | None = None
) -> None:
    """Serve until SIGINT or SIGTERM; running requests end first, within a bound.

    The address must have been claimed, and the database be migrated. ``when_ready`` is called in a
    thread as soon as the server answers that it is ready.
    """
    configure_logging(settings.log_level)
    server = _Server(
        "ringbinder.entrypoints.web:application",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=workers,
        workers_kill_timeout=STOPPING_SECONDS,
        respawn_failed_workers=True,
        backlog=CONNECTIONS,
        backpressure=CONNECTIONS,
        log_level=LogLevels.warning,
        log_dictconfig=_GRANIAN_LOGS,
    )
    if when_ready is not None:
        server.when_started = partial(_wait_until_ready, settings, when_ready)
    server.serve(target_loader=partial(load, settings), wrap_loader=False)


class _Server(MPServer):
    """Granian's supervisor, with what it lacks: see docs/decisions/0010-server.md."""

    when_started: Callable[[], None] | None = None

    def startup(self, spawn_target: Any, target_loader: Any) -> None:  # noqa: ANN401 - Granian's own
        super().startup(spawn_target, target_loader)  # type: ignore[no-untyped-call]  # Granian's own
        # Only now: a process that has threads should not fork.
        if self.when_started is not None:
            threading.Thread(target=self.when_started, daemon=True).start()

    def signal_handler_interrupt(self, *signal_and_frame: object) -> None:
        # Who asks twice does not want to wait for running requests.
        for worker in self.wrks if self.interrupt_signal else ():
            worker.kill()  # type: ignore[no-untyped-call]  # see above
        super().signal_handler_interrupt(*signal_and_frame)  # type: ignore[no-untyped-call]  # see above

    def shutdown(self, exit_code: int = 0) -> None:
        if self.interrupt_signal:
            # A worker that heard of the end before its supervisor did has not failed.
            for worker in self.wrks:
                worker.interrupt_by_parent = True
            self.interrupt_children.clear()
        super().shutdown(exit_code)  # type: ignore[no-untyped-call]  # see above

    def _stop_workers(self) -> None:
        # Granian asks whether a worker is alive while another thread reaps it, and may get a wrong
        # answer; a sentinel has only one.
        for worker in self.wrks:
            worker.terminate()  # type: ignore[no-untyped-call]  # see above
        end = monotonic() + STOPPING_SECONDS
        for worker in self.wrks:
            if not wait([worker.inner.sentinel], timeout=max(end - monotonic(), 0)):
                _logger.warning("requests were cut off", extra={"seconds": STOPPING_SECONDS})
                worker.kill()  # type: ignore[no-untyped-call]  # see above
        self.wrks.clear()


def load(settings: Settings) -> "FastAPI":
    """Load the application in a worker, which then ends when its supervisor does."""
    _hear_of_the_end()
    # What is loaded stays: looking for garbage in it would make the start a tenth longer.
    gc.disable()
    from ringbinder.entrypoints.web import application

    loaded = application(settings)
    gc.freeze()
    gc.enable()
    return loaded


def _hear_of_the_end() -> None:
    """Let SIGTERM end this worker from its first moment on, and leave Ctrl-C to the supervisor.

    A forked worker begins with its supervisor's handlers, which would lose the signal; Granian
    sets handlers of its own only when the application is loaded.
    """
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    loop = asyncio.get_event_loop()
    loop.call_soon(_leave_interrupts, loop)
    _end_with_supervisor()


def _leave_interrupts(loop: asyncio.AbstractEventLoop) -> None:
    loop.remove_signal_handler(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _end_with_supervisor() -> None:
    supervisor = multiprocessing.parent_process()
    if supervisor is None:
        return

    def follow() -> None:
        supervisor.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=follow, name="ringbinder-supervisor", daemon=True).start()


def _wait_until_ready(settings: Settings, when_ready: Callable[[], None]) -> None:
    end = monotonic() + _READY_WITHIN_SECONDS
    while monotonic() < end:
        if _is_ready(settings):
            when_ready()
            return
        sleep(_PROBE_SECONDS)


def _is_ready(settings: Settings) -> bool:
    connection = HTTPConnection(_reachable(settings.host), settings.port, timeout=30)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200  # noqa: PLR2004 - HTTP's own number
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - the name of "every address"
