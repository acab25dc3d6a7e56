"""Uploads over real connections: clients that leave, lie about the size, or send too much."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.factories.content import Json, local, new_upload
from tests.support.furnished import furnished_server
from tests.support.memory import MEBIBYTE
from tests.support.real_server import RealServer
from tests.support.world import Caller

pytestmark = [pytest.mark.slow, pytest.mark.journey]

SIZE = 20 * MEBIBYTE


@dataclass(frozen=True)
class Site:
    """A server, a client, and an upload that waits for 20 MiB."""

    server: RealServer
    caller: Caller
    upload: Json
    incoming: Path

    def connect(self, *headers: str) -> socket.socket:
        """Begin to PUT, and leave the rest to the test."""
        connection = socket.create_connection(("127.0.0.1", self.server.port), timeout=20)
        lines = [f"PUT {local(self.upload['uploadUrl'])} HTTP/1.1", "host: x", *headers]
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        return connection

    async def state(self) -> str:
        answer = await self.caller.get(f"/documents/uploads/{self.upload['uploadId']}")
        state: str = answer.json()["state"]
        return state


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    url = f"sqlite:///{tmp_path / 'ringbinder.sqlite3'}"
    async with furnished_server(tmp_path, url) as (server, caller, folder):
        upload = await new_upload(caller, folder, "model.ifc", b"", size=SIZE)
        yield Site(server, caller, upload, tmp_path / "files" / "incoming")


def is_receiving(site: Site) -> bool:
    return any(site.incoming.iterdir())


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError


def answer_of(connection: socket.socket) -> str:
    with connection:
        return connection.recv(65536).decode()


async def test_a_client_that_leaves_half_way_leaves_nothing(site: Site) -> None:
    connection = site.connect(f"content-length: {SIZE}")
    connection.sendall(bytes(SIZE // 2))
    await until(lambda: is_receiving(site))
    connection.close()
    await until(lambda: not is_receiving(site))
    assert await site.state() == "open"
    assert "Traceback" not in site.server.log()


async def test_a_wrong_size_is_refused_before_the_bytes_are_sent(site: Site) -> None:
    for announced in (SIZE - 1, SIZE + 1, 0):
        answer = answer_of(site.connect(f"content-length: {announced}"))
        assert answer.startswith("HTTP/1.1 400 ")
        assert "upload.wrong_size" in answer
    answer = answer_of(site.connect(f"content-length: {10 * SIZE}", "expect: 100-continue"))
    assert answer.startswith("HTTP/1.1 400 ")
    assert await site.state() == "open"


async def test_more_bytes_than_announced_are_refused_while_they_come(site: Site) -> None:
    connection = site.connect("transfer-encoding: chunked")
    # The server answers and closes while we still send.
    with contextlib.suppress(ConnectionError):
        for _ in range(2 * SIZE // MEBIBYTE):
            connection.sendall(b"100000\r\n" + bytes(MEBIBYTE) + b"\r\n")
    answer = answer_of(connection)
    assert answer.startswith("HTTP/1.1 400 ")
    assert "upload.wrong_size" in answer
    assert not is_receiving(site)
    assert await site.state() == "open"


async def test_a_chunked_stream_of_the_right_size_is_fine(site: Site) -> None:
    connection = site.connect("transfer-encoding: chunked")
    for _ in range(SIZE // MEBIBYTE):
        connection.sendall(b"100000\r\n" + bytes(MEBIBYTE) + b"\r\n")
    connection.sendall(b"0\r\n\r\n")
    assert answer_of(connection).startswith("HTTP/1.1 200 ")
    assert await site.state() == "received"
