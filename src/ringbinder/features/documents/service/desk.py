"""Decide what content becomes by the schema of its binder, before anything is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import WriteSession
from ringbinder.features.documents import rules
from ringbinder.features.documents.service.steps import Values
from ringbinder.features.documents.types import Document, NewContent, Target
from ringbinder.features.folders.types import Folder
from ringbinder.features.metadata import service as metadata
from ringbinder.features.metadata.service import Checker, Checkers
from ringbinder.features.metadata.types import DataType
from ringbinder.kit.ids import new_guid


@dataclass(frozen=True, slots=True)
class Plan:
    """A version that will be written, and the document that it makes or moves on."""

    folder: Folder
    target: Document | None
    content: NewContent
    values: Values
    values_before: Values
    metadata_json: str
    document_id: UUID
    number: int
    version_id: UUID = field(default_factory=new_guid)
    copied_from: Document | None = None


class Desk:
    """Checks metadata, and asks for each schema once."""

    def __init__(
        self, session: WriteSession, actor: Actor, checkers: Checkers | None = None
    ) -> None:
        """Plan for an actor; ``checkers`` remember what was found right before."""
        self._session = session
        self._remembered = checkers or Checkers()
        self._creator = metadata.created_by(str(actor.id or actor.kind), actor.name)
        self._checkers: dict[int, Checker] = {}
        self._types: Mapping[str, tuple[int, DataType]] | None = None

    async def plan(self, folder: Folder, target: Target, content: NewContent) -> Plan:
        """Decide what content becomes at a target.

        Raises:
            FieldErrors: metadata that the binder's schema does not allow.

        """
        document = target.document
        number = 1 if document is None else document.latest_version_number + 1
        checker = await self.checker(folder.binder_key)
        before = (self._creator,) if document is None else await self._values_of(document)
        given = rules.given_with_label(content, number)
        values = checker.check(given, current=before)
        return Plan(
            folder=folder,
            target=document,
            content=_named(content, target.file_name),
            values=values,
            values_before=before,
            metadata_json=metadata.to_json(values),
            document_id=new_guid() if document is None else document.id,
            number=number,
        )

    async def checker(self, binder_key: int) -> Checker:
        """Give what checks metadata by the schema of a binder."""
        if binder_key not in self._checkers:
            schema = await metadata.load_schema(self._session, binder_key=binder_key)
            self._checkers[binder_key] = self._remembered.of(schema)
        return self._checkers[binder_key]

    async def _values_of(self, document: Document) -> Values:
        if self._types is None:
            self._types = await metadata.data_types(self._session)
        return metadata.from_json(document.metadata_json, self._types)


def _named(content: NewContent, file_name: str) -> NewContent:
    return content if content.file_name == file_name else replace(content, file_name=file_name)
