"""Put documents into a zip file that is written while it is sent."""

import asyncio
import zlib
from collections.abc import AsyncIterator
from contextlib import aclosing

from ringbinder.adapters.storage import ObjectStore
from ringbinder.db.sessions import Database, ReadSession
from ringbinder.features.binders.types import Binder
from ringbinder.features.folders import service as folders
from ringbinder.features.folders.errors import FolderNotFoundError
from ringbinder.features.zips import repository, rules
from ringbinder.features.zips.errors import ZipEmptyError, ZipTooLargeError
from ringbinder.features.zips.rules import Marked
from ringbinder.features.zips.types import Part, Wanted, ZipPlan
from ringbinder.kit.zip_format import central_header, end_records, local_header


class Zips:
    """Makes zip files; holds one piece of one file in memory, however large they are."""

    def __init__(
        self,
        database: Database,
        storage: ObjectStore,
        *,
        most_documents: int,
        most_bytes: int,
    ) -> None:
        """Refuse what is more than so many versions or so many bytes."""
        self._database = database
        self._storage = storage
        self.most_documents = most_documents
        self._most_bytes = most_bytes

    async def plan(
        self, session: ReadSession, binder: Binder, wanted: Wanted, marked: Marked
    ) -> ZipPlan:
        """Say what a zip file would hold; what the session does not show is not in it.

        Raises:
            FolderNotFoundError: the binder has no such folder.
            ZipEmptyError: there is nothing in it.
            ZipTooLargeError: it would be too many versions, or too many bytes.

        """
        tree = await folders.list_tree(session, binder)
        folder = next((one for one in tree if one.id == wanted.folder_id), None)
        if wanted.folder_id is not None and folder is None:
            raise FolderNotFoundError
        items = await repository.list_items(
            session,
            binder.key,
            folder_keys=rules.below(folder, tree),
            document_ids=wanted.document_ids,
            with_superseded=wanted.with_superseded,
            limit=self.most_documents + 1,
        )
        if not items:
            raise ZipEmptyError
        is_too_much = sum(item.size_bytes for item in items) > self._most_bytes
        if len(items) > self.most_documents or is_too_much:
            raise ZipTooLargeError
        return rules.plan_of(items, tree, marked)

    async def stream(
        self, organisation_key: int, plan: ZipPlan, begin: int, end: int
    ) -> AsyncIterator[bytes]:
        """Give the bytes from ``begin`` up to, without, ``end``.

        A part of an earlier answer can be asked for again, at any time, as long as the plan is the
        same. Each content's CRC-32 is found once, by reading it, and then remembered.
        """
        checksums = _Checksums(self._database, self._storage, organisation_key)
        try:
            for part in plan.parts:
                if part.offset < end and begin < part.bytes_offset + part.item.size_bytes:
                    async for piece in self._part(part, checksums, begin, end):
                        yield piece
            if end > plan.directory_offset:
                directory = await _directory(plan, checksums)
                first = max(0, begin - plan.directory_offset)
                yield directory[first : end - plan.directory_offset]
        finally:
            await checksums.keep()

    async def _part(
        self, part: Part, checksums: "_Checksums", begin: int, end: int
    ) -> AsyncIterator[bytes]:
        """Give what of a header and its bytes lies between two places of the file."""
        if begin < part.bytes_offset:
            header = local_header(part.entry, await checksums.of(part))
            yield header[max(0, begin - part.offset) : end - part.offset]
        first = max(0, begin - part.bytes_offset)
        last = min(part.item.size_bytes, end - part.bytes_offset)
        if first < last:
            async with aclosing(
                self._storage.read(part.item.storage_key, start=first, end=last)
            ) as pieces:
                async for piece in pieces:
                    yield piece


async def _directory(plan: ZipPlan, checksums: "_Checksums") -> bytes:
    records = [
        central_header(part.entry, await checksums.of(part), part.offset) for part in plan.parts
    ]
    directory = b"".join(records)
    return directory + end_records(len(records), len(directory), plan.directory_offset)


class _Checksums:
    """The CRC-32 of contents: remembered ones, and others found by reading."""

    def __init__(self, database: Database, storage: ObjectStore, organisation_key: int) -> None:
        self._database = database
        self._storage = storage
        self._organisation_key = organisation_key
        self._found: dict[str, int] = {}

    async def of(self, part: Part) -> int:
        if part.item.crc32 is not None:
            return part.item.crc32
        sha256 = part.item.sha256
        if sha256 not in self._found:
            self._found[sha256] = await self._read(part.item.storage_key)
        return self._found[sha256]

    async def _read(self, storage_key: str) -> int:
        crc32 = 0
        async with aclosing(self._storage.read(storage_key)) as pieces:
            async for piece in pieces:
                crc32 = await asyncio.to_thread(zlib.crc32, piece, crc32)
        return crc32

    async def keep(self) -> None:
        """Remember what was found, also where the reader went away."""
        if self._found:
            async with self._database.write(self._organisation_key) as session:
                await repository.keep_checksums(session, self._found)
