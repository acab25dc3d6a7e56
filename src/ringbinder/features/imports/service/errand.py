"""What one run of an import carries along."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from ringbinder.access.actor import Actor
from ringbinder.access.permissions import Permission
from ringbinder.db.sessions import Database, WriteSession
from ringbinder.db.sight import Sight
from ringbinder.features.imports.types import ImportOrder, Watcher
from ringbinder.features.uploads.service import UploadService


class _NothingShallChange(Exception):
    """Undo the transaction of a dry run."""


@dataclass(frozen=True, slots=True)
class Errand:
    """Who imports what by which means, and who looks on."""

    database: Database
    uploads: UploadService
    actor: Actor
    order: ImportOrder
    watcher: Watcher

    @property
    def sight(self) -> Sight:
        """What whoever imports sees, and where it may create."""
        return self.actor.sight_for(Permission.CREATE)

    @asynccontextmanager
    async def changing(self) -> AsyncIterator[WriteSession]:
        """Open a session that is committed, or in a dry run undone."""
        with suppress(_NothingShallChange):
            async with self.database.write(self.actor.organisation_key, self.sight) as session:
                yield session
                if self.order.dry_run:
                    raise _NothingShallChange
