"""How much memory a large upload takes on the real server."""

import hashlib
import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tests.factories.content import created, local, new_upload
from tests.support.furnished import furnished_server

MEBIBYTE = 1 << 20


async def upload_and_measure(data: Path, size_bytes: int) -> int:
    """Upload so many bytes; gives by how many the server's memory rose at its highest.

    Counted is the resident memory of all its processes, from what they had after a first small
    upload.
    """
    url = f"sqlite:///{data / 'ringbinder.sqlite3'}"
    before = 0
    async with furnished_server(data, url) as (server, caller, folder):
        for size in (8 * MEBIBYTE, size_bytes):
            before = server.memory_bytes()
            upload = await new_upload(caller, folder, "model.ifc", b"", size=size)
            status, sent = send(server.base, local(upload["uploadUrl"]), size)
            assert status == 200
            made = created(await caller.post(f"/documents/uploads/{upload['uploadId']}/commit"))
            assert (made["version"]["size"], made["version"]["sha256"]) == (size, sent)
        return server.peak_memory_bytes() - before


def send(base: str, address: str, size_bytes: int) -> tuple[int, str]:
    """PUT without holding more than a piece; gives the status and the SHA-256 that was sent."""
    digest = hashlib.sha256()

    def pieces() -> Iterator[bytes]:
        filling = b"\x00" * (MEBIBYTE - 8)
        for number in range(size_bytes // MEBIBYTE):
            piece = number.to_bytes(8, "big") + filling
            digest.update(piece)
            yield piece

    parts = urlsplit(base)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
    connection.request("PUT", address, body=pieces(), headers={"content-length": str(size_bytes)})
    status = connection.getresponse().status
    connection.close()
    return status, digest.hexdigest()
