"""What bounds us: an ASGI application with nothing in it, for Granian.

``RINGBINDER_BARE`` is a file with ``{"mode": …}``: ``constant`` answers the bytes that a file of a
folder had when it was asked for first; ``sql`` runs the best SQL for a page of a binder by name and
writes the same answer.
"""

import asyncio
import json
import os
import sqlite3
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final
from urllib.parse import parse_qs
from uuid import UUID

import asyncpg
import msgspec

from benchmarks.suite.shapes import PAGE

_CHOSEN: Final = json.loads(Path(os.environ["RINGBINDER_BARE"]).read_text())
_SQL: Final = f"""WITH p AS MATERIALIZED (
        SELECT c.key, c.sort_name FROM documents c WHERE c.organisation_key = 1
        AND c.binder_key = $1 AND c.deleted_at IS NULL
        ORDER BY c.sort_name, c.key LIMIT {PAGE + 1} OFFSET $2)
    SELECT (SELECT count FROM counters WHERE organisation_key = 1 AND kind = 1
        AND binder_key = $1 AND subject_key = 0 AND value = ''), d.id, d.file_name, f.id, b.id,
        d.metadata_json, d.latest_version_id, d.created_at, d.updated_at
    FROM p JOIN documents d ON d.key = p.key JOIN folders f ON f.key = d.folder_key
    JOIN binders b ON b.key = d.binder_key ORDER BY p.sort_name, p.key"""  # noqa: S608 - ours
_CURSOR: Final = '"' + "c" * 90 + '"'
_TYPE: Final = (b"content-type", b"application/json")
_decode: Final = msgspec.json.Decoder().decode
_text: Final = msgspec.json.Encoder().encode


def _guid(raw: str) -> str:
    return f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}"


def _moment(raw: str) -> str:
    return f"{raw[:19]}Z"


def _page(
    rows: list[Any], number: int, guid: Callable[[Any], str], moment: Callable[[Any], str]
) -> bytes:
    items = ",".join(
        f'{{"id":"{guid(row[1])}","fileName":{_text(row[2]).decode()},"folderId":"{guid(row[3])}",'
        f'"binderId":"{row[4]}","metadata":{row[5]},"latestVersionId":"{guid(row[6])}",'
        f'"createdAt":"{moment(row[7])}","updatedAt":"{moment(row[8])}","deletedAt":null}}'
        for row in rows[:PAGE]
    )
    total = rows[0][0] if rows else 0
    cursor = _CURSOR if len(rows) > PAGE else "null"
    return (
        f'{{"items":[{items}],"totalCount":{total},"pageNumber":{number},'
        f'"pageSize":{PAGE},"nextCursor":{cursor}}}'
    ).encode()


class _Sqlite:
    """Two threads with a connection each."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._jobs: SimpleQueue[Any] = SimpleQueue()
        for _ in range(2):
            threading.Thread(target=self._serve, daemon=True).start()

    def binders(self) -> dict[str, int]:
        with sqlite3.connect(self._path) as connection:
            return dict(connection.execute("SELECT id, key FROM binders"))

    async def page(self, binder: int, number: int) -> bytes:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[bytes] = loop.create_future()
        self._jobs.put((loop, answer, binder, number))
        return await answer

    def _serve(self) -> None:
        connection = sqlite3.connect(self._path, isolation_level=None)
        connection.execute("PRAGMA cache_size = -65536")
        sql = _SQL.replace("$1", "?1").replace("$2", "?2")
        while True:
            loop, answer, binder, number = self._jobs.get()
            rows = connection.execute(sql, (binder, (number - 1) * PAGE)).fetchall()
            loop.call_soon_threadsafe(answer.set_result, _page(rows, number, _guid, _moment))


class _Postgres:
    """A pool whose connections are not reset."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._free: asyncio.LifoQueue[Any] | None = None
        self._made = 0

    def binders(self) -> dict[str, int]:
        async def ask() -> dict[str, int]:
            connection = await asyncpg.connect(self._url)
            rows = await connection.fetch("SELECT id, key FROM binders")
            await connection.close()
            return {row[0]: row[1] for row in rows}

        found: dict[str, int] = {}
        thread = threading.Thread(target=lambda: found.update(asyncio.run(ask())))
        thread.start()
        thread.join()
        return found

    async def page(self, binder: int, number: int) -> bytes:
        if self._free is None:
            self._free = asyncio.LifoQueue()
        if self._free.empty() and self._made < 8:
            self._made += 1
            settings = {"plan_cache_mode": "force_custom_plan", "jit": "off"}
            connection = await asyncpg.connect(self._url, server_settings=settings)
        else:
            connection = await self._free.get()
        rows = await connection.fetch(_SQL, binder, (number - 1) * PAGE)
        self._free.put_nowait(connection)
        return _page(rows, number, UUID.__str__, lambda moment: f"{moment:%Y-%m-%dT%H:%M:%S}Z")


Answer = Callable[[Any, Any], Awaitable[bytes]]


def _made() -> Answer:
    if _CHOSEN["mode"] == "constant":
        folder = Path(_CHOSEN["files"])
        known: dict[str, bytes] = {}

        async def constant(scope: Any, _receive: object) -> bytes:  # noqa: ANN401 - of ASGI
            name = scope["path"][1:]
            if name not in known:
                known[name] = (folder / name).read_bytes()
            return known[name]

        return constant
    url = _CHOSEN["url"]
    database = _Sqlite(url[10:]) if url.startswith("sqlite") else _Postgres(url)
    binders = database.binders()

    async def by_sql(scope: Any, receive: Any) -> bytes:  # noqa: ANN401 - of ASGI
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        binder = binders[_decode(body)["MetadataFilters"][0]["valueId"]]
        number = int(parse_qs(scope["query_string"].decode()).get("pageNumber", ["1"])[0])
        return await database.page(binder, number)

    return by_sql


_answer: Final = _made()


async def app(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - of ASGI
    """Answer."""
    if scope["type"] != "http":
        return
    body = await _answer(scope, receive)
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [_TYPE, length]})
    await send({"type": "http.response.body", "body": body})
