"""Documents as they stand in answers, written once: of the same stamp they are the same bytes."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Final

from ringbinder.db.prepared import Prepared
from ringbinder.db.sessions import Database
from ringbinder.features.search import repository
from ringbinder.features.search.types import FoundDocument

REMEMBERED_BYTES: Final = 32 << 20
"""Of one process: some 25,000 documents with a dozen values each."""

OVERHEAD_BYTES: Final = 300
"""What a remembered document takes beside its own bytes (measured)."""

WriteFound = Callable[[FoundDocument], bytes]
"""Writes a document as JSON."""


class WrittenDocuments:
    """Those that were answered last, of all organisations.

    Whoever asks for a stamp has it from the database, which shows an organisation its own.
    """

    def __init__(
        self, database: Database, write_found: WriteFound, *, limit_bytes: int = REMEMBERED_BYTES
    ) -> None:
        """Write documents as the database does."""
        self._database = database
        self._write_found = write_found
        self._limit_bytes = limit_bytes
        self._items: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0
        self._statement: Prepared | None = None

    @property
    def held_bytes(self) -> int:
        """How much is remembered."""
        return self._bytes

    def write(self, documents: Sequence[FoundDocument]) -> list[bytes]:
        """Give the JSON of documents that have been read."""
        items = {document.stamp: self._write_found(document) for document in documents}
        self._keep(items)
        return list(items.values())

    async def of(self, organisation_key: int, stamps: Sequence[str]) -> list[bytes] | None:
        """Give the JSON of documents in this order; None where one has changed meanwhile."""
        unknown = [stamp for stamp in stamps if stamp not in self._items]
        written = await self._written(organisation_key, unknown) if unknown else {}
        items = [written.get(stamp) or self._known(stamp) for stamp in stamps]
        self._keep(written)
        found = [item for item in items if item is not None]
        return found if len(found) == len(items) else None

    def _known(self, stamp: str) -> bytes | None:
        item = self._items.get(stamp)
        if item is not None:
            self._items.move_to_end(stamp)
        return item

    async def _written(self, organisation_key: int, stamps: Sequence[str]) -> dict[str, bytes]:
        if self._statement is None:
            self._statement = repository.prepare_items(self._database)
        return await repository.write_items(
            self._database, organisation_key, self._statement, stamps
        )

    def _keep(self, items: dict[str, bytes]) -> None:
        for stamp, item in items.items():
            if stamp not in self._items:
                self._items[stamp] = item
                self._bytes += len(item) + OVERHEAD_BYTES
        while self._bytes > self._limit_bytes:
            _, item = self._items.popitem(last=False)
            self._bytes -= len(item) + OVERHEAD_BYTES
