"""Documents as they stand in answers, written once: of the same stamp they are the same bytes."""

from collections.abc import Callable, Sequence
from typing import Final

from ringbinder.db.prepared import Prepared
from ringbinder.db.sessions import Database
from ringbinder.features.search import repository
from ringbinder.features.search.types import FoundDocument

REMEMBERED_BYTES: Final = 64 << 20
"""Of one process: some 50,000 documents with a dozen values each."""

OVERHEAD_BYTES: Final = 300
"""What a remembered document takes beside its own bytes (measured)."""

WriteFound = Callable[[FoundDocument], bytes]
"""Writes a document as JSON."""


class WrittenDocuments:
    """Those that were answered last, of all organisations.

    Whoever asks for a stamp has it from the database, which shows an organisation its own. They lie
    in two generations, so that being asked for costs nothing: the older is dropped whole once the
    younger is half of what may be remembered.
    """

    def __init__(
        self, database: Database, write_found: WriteFound, *, limit_bytes: int = REMEMBERED_BYTES
    ) -> None:
        """Write documents as the database does."""
        self._database = database
        self._write_found = write_found
        self._half_bytes = limit_bytes // 2
        self._young: dict[str, bytes] = {}
        self._old: dict[str, bytes] = {}
        self._young_bytes = 0
        self._statement: Prepared | None = None

    @property
    def held(self) -> int:
        """How many are remembered."""
        return len(self._young) + len(self._old)

    def write(self, documents: Sequence[FoundDocument]) -> list[bytes]:
        """Give the JSON of documents that have been read."""
        return [self._keep(document.stamp, self._write_found(document)) for document in documents]

    async def of(self, organisation_key: int, stamps: Sequence[str]) -> list[bytes] | None:
        """Give the JSON of documents in this order; None where one has changed meanwhile."""
        items = [self._young.get(stamp) or self._older(stamp) for stamp in stamps]
        unknown = [stamp for stamp, item in zip(stamps, items, strict=True) if item is None]
        if unknown:
            written = await self._written(organisation_key, unknown)
            items = [item or written.get(stamp) for stamp, item in zip(stamps, items, strict=True)]
        found = [item for item in items if item is not None]
        return found if len(found) == len(items) else None

    def _older(self, stamp: str) -> bytes | None:
        item = self._old.pop(stamp, None)
        return item and self._keep(stamp, item)

    async def _written(self, organisation_key: int, stamps: Sequence[str]) -> dict[str, bytes]:
        if self._statement is None:
            self._statement = repository.prepare_items(self._database)
        written = await repository.write_items(
            self._database, organisation_key, self._statement, stamps
        )
        for stamp, item in written.items():
            self._keep(stamp, item)
        return written

    def _keep(self, stamp: str, item: bytes) -> bytes:
        if stamp not in self._young:
            if self._young_bytes >= self._half_bytes:
                self._old, self._young, self._young_bytes = self._young, {}, 0
            self._young[stamp] = item
            self._young_bytes += len(item) + OVERHEAD_BYTES
        return item
