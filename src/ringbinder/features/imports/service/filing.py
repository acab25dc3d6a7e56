"""Decide about one file of a folder: skip it, describe it anew, or upload it."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from ringbinder.db.errors import ConcurrentChangeError
from ringbinder.features.documents import service as documents
from ringbinder.features.documents.types import ConflictBehavior, Document
from ringbinder.features.folders.types import Folder
from ringbinder.features.imports.rules import Translator
from ringbinder.features.imports.service import files as file_system
from ringbinder.features.imports.service.errand import Errand
from ringbinder.features.imports.types import (
    Destination,
    FoundFile,
    Outcome,
    Place,
    Present,
    RegisterRow,
)
from ringbinder.features.metadata import service as metadata
from ringbinder.features.metadata.types import GLOBAL_VERSION, GivenValue, MetadataValue, Schema
from ringbinder.features.uploads.types import NewUpload

ATTEMPTS: Final = 3
"""How often something is tried when others change the same things at the same moments."""


@dataclass(frozen=True, slots=True)
class Task:
    """A file, where it goes, what is said of it, and its digest where that is known."""

    file: FoundFile
    row: RegisterRow | None
    place: Place
    destination: Destination
    sha256: str | None

    @property
    def is_unchanged(self) -> bool:
        """Tell whether the document has these bytes already."""
        present = self.destination.present
        return present is not None and present.sha256 == self.sha256

    @property
    def document_id(self) -> UUID | None:
        """The document that is there already."""
        present = self.destination.present
        return present.id if present else None


@dataclass(frozen=True, slots=True)
class Filing:
    """Files into one folder."""

    errand: Errand
    schema: Schema
    translator: Translator
    folder: Folder

    async def decide(self, task: Task) -> Outcome | NewUpload:
        """Tell what shall be uploaded, or what else became of the file.

        In a dry run nothing is to be uploaded: it is only told what would become of the file.

        Raises:
            RingbinderError: it cannot be done, and nothing was changed.
            OSError: the file cannot be read.

        """
        given = self.translator.given(task.row) if task.row else ()
        present = task.destination.present
        if present is not None and task.is_unchanged:
            return await self._describe(present, given)
        self.errand.uploads.check_size(task.file.size_bytes)
        if self.errand.order.dry_run or task.file.size_bytes > file_system.SMALL_BYTES:
            # A small one is checked where it is put, and not twice.
            await self._check(task, given)
        if self.errand.order.dry_run:
            with file_system.opened(task.file):
                return outcome_of(task)
        return self._wanted(task, given)

    async def _describe(self, present: Present, given: tuple[GivenValue, ...]) -> Outcome:
        if not given:
            return Outcome.SKIPPED
        current = await self._values_of(present)
        after = metadata.check_values(self.schema, given, current=current)
        if set(after) == set(current):
            return Outcome.SKIPPED
        if not self.errand.order.dry_run:
            await self._update(present, given)
        return Outcome.UPDATED

    async def _values_of(self, present: Present | None) -> tuple[MetadataValue, ...]:
        if present is None:
            return ()
        errand = self.errand
        async with errand.database.read(errand.actor.organisation_key, errand.sight) as session:
            return await metadata.read_values(session, present.metadata_json)

    async def _update(self, present: Present, given: tuple[GivenValue, ...]) -> None:
        for _ in range(ATTEMPTS - 1):
            with suppress(ConcurrentChangeError):
                return await self._update_once(present, given)
        return await self._update_once(present, given)

    async def _update_once(self, present: Present, given: tuple[GivenValue, ...]) -> None:
        async with self.errand.changing() as session:
            await documents.update_document(
                session,
                self.errand.actor,
                document_id=present.id,
                file_name=None,
                folder_id=None,
                given=given,
                precondition=_accept,
            )

    async def _check(self, task: Task, given: tuple[GivenValue, ...]) -> None:
        """Check the metadata before any byte is sent."""
        # A version that is given no label gets its number.
        label = GivenValue(GLOBAL_VERSION, None, "1", path="revision")
        labelled = any(item.metadata_element_id == GLOBAL_VERSION for item in given)
        current = await self._values_of(task.destination.present)
        metadata.check_values(self.schema, given if labelled else (*given, label), current=current)

    def _wanted(self, task: Task, given: tuple[GivenValue, ...]) -> NewUpload:
        return NewUpload(
            binder_id=self.folder.binder_id,
            folder_id=self.folder.id,
            file_name=task.destination.file_name,
            size_bytes=task.file.size_bytes,
            document_id=task.document_id,
            sha256=task.sha256,
            conflict_behavior=ConflictBehavior.FAIL,
            given=given,
        )


def outcome_of(task: Task) -> Outcome:
    """Tell what an upload makes of a file."""
    return Outcome.ADDED if task.destination.present is None else Outcome.NEW_VERSION


def _accept(_document: Document) -> None:
    """Accept every document."""
