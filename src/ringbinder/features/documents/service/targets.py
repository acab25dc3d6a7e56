"""Decide whether content becomes a new document or the next version of one."""

from collections.abc import Iterable, Sequence
from typing import Final, Self
from uuid import UUID

from ringbinder.db.sessions import WriteSession
from ringbinder.features.documents import repository, rules
from ringbinder.features.documents.errors import (
    DocumentInTrashError,
    DocumentNameTakenError,
    DocumentNotFoundError,
)
from ringbinder.features.documents.types import Aim, ConflictBehavior, Document, Place, Target
from ringbinder.kit.names import comparison_key, free_names

NAMES_TRIED_AT_ONCE: Final = 50


async def resolve_target(session: WriteSession, aim: Aim) -> Target:
    """Decide whether content becomes a new document or a new version; see :class:`Targets`."""
    return await (await Targets.lock(session, [aim])).resolve(session, aim)


async def lock_targets(
    session: WriteSession, *, names: Iterable[tuple[int, str]], document_ids: Iterable[UUID]
) -> Sequence[Document]:
    """Lock every document that content by these names or for these documents would go onto.

    ``names`` are keys of locked folders, each with a file name. Whoever calls
    :func:`resolve_target` several times in a transaction locks here first, in the order of keys.
    """
    places = {rules.place_of(folder_key, name) for folder_key, name in names}
    keys = set((await repository.find_names(session, places)).values()) if places else set()
    ids = set(document_ids)
    if ids:
        keys |= {found.key for found in await repository.find_documents(session, ids)}
    return await repository.lock_documents(session, keys) if keys else ()


class Targets:
    """The locked documents that contents may go onto, as they are once those before have gone."""

    def __init__(self, found: Iterable[Document]) -> None:
        """Begin with documents that are locked."""
        self._by_id: dict[UUID, Document] = {}
        self._by_place: dict[Place, Document] = {}
        for document in found:
            self.put(document)

    @classmethod
    async def lock(cls, session: WriteSession, aims: Sequence[Aim]) -> Self:
        """Lock, in the order of keys, what contents with these aims may go onto."""
        found = await lock_targets(
            session,
            names=[(aim.folder.key, aim.file_name) for aim in aims],
            document_ids={aim.document_id for aim in aims if aim.document_id is not None},
        )
        return cls(found)

    def put(self, document: Document) -> None:
        """Hear what a document is now."""
        former = self._by_id.get(document.id)
        if former is not None:
            self._by_place.pop(_place(former), None)
        self._by_id[document.id] = document
        if document.deleted_at is None:
            self._by_place[_place(document)] = document

    def is_free(self, aim: Aim) -> bool:
        """Tell whether content with this aim would become a new document, were it the first."""
        is_taken = place_of(aim) in self._by_place
        return aim.document_id is None and (not is_taken or aim.behavior is ConflictBehavior.RENAME)

    def renames(self, aim: Aim) -> bool:
        """Tell whether somebody else's name at the place decides, or changes with it."""
        if aim.document_id is None:
            return aim.behavior is ConflictBehavior.RENAME
        document = self._by_id.get(aim.document_id)
        return document is not None and _place(document) != place_of(aim)

    async def resolve(self, session: WriteSession, aim: Aim) -> Target:
        """Decide whether content becomes a new document or a new version.

        A name that is taken means a new version, a refusal or another name, as the aim says; a
        ``document_id`` means a new version of that document, whatever its name was.

        Raises:
            DocumentNotFoundError, DocumentInTrashError: the document cannot take a version.
            DocumentNameTakenError: the name is taken, by another document than the named one.

        """
        named = self._by_place.get(place_of(aim))
        if aim.document_id is not None:
            return Target(self._named_document(aim, aim.document_id, named), aim.file_name)
        if named is None:
            return Target(None, aim.file_name)
        match aim.behavior:
            case ConflictBehavior.NEW_VERSION:
                return Target(named, aim.file_name)
            case ConflictBehavior.RENAME:
                return Target(None, await free_name_in(session, aim.folder.key, aim.file_name))
            case ConflictBehavior.FAIL:
                raise DocumentNameTakenError

    def _named_document(self, aim: Aim, document_id: UUID, named: Document | None) -> Document:
        document = self._by_id.get(document_id)
        if document is None or document.folder_key != aim.folder.key:
            raise DocumentNotFoundError
        if document.deleted_at is not None:
            raise DocumentInTrashError
        if named is not None and named.key != document.key:
            raise DocumentNameTakenError
        return document


def place_of(aim: Aim) -> Place:
    """Name the place that an aim names."""
    return rules.place_of(aim.folder.key, aim.file_name)


def _place(document: Document) -> Place:
    return rules.place_of(document.folder_key, document.file_name)


async def free_name_in(session: WriteSession, folder_key: int, file_name: str) -> str:
    """Find a name beside those that the folder has: ``Plan 1 (2).pdf``."""
    candidates = free_names(file_name)
    while True:
        some = [next(candidates) for _ in range(NAMES_TRIED_AT_ONCE)]
        keys = {name: comparison_key(name) for name in some}
        taken = await repository.taken_names(session, folder_key, keys.values())
        for name in some:
            if keys[name] not in taken:
                return name
