"""Look at documents and versions."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from ringbinder.db.sessions import ReadSession
from ringbinder.features.documents import repository
from ringbinder.features.documents.errors import DocumentNotFoundError, VersionNotFoundError
from ringbinder.features.documents.types import Document, Version
from ringbinder.features.folders.types import Folder
from ringbinder.kit.names import comparison_key
from ringbinder.kit.paging import total_of


async def find_document(session: ReadSession, *, document_id: UUID) -> Document | None:
    """Give a document, in the trash or not, or None."""
    return await repository.find_document(session, document_id)


async def get_document(session: ReadSession, *, document_id: UUID) -> Document:
    """Give a live document.

    Raises:
        DocumentNotFoundError: there is none, or it is in the trash.

    """
    document = await repository.find_document(session, document_id)
    if document is None or document.deleted_at is not None:
        raise DocumentNotFoundError
    return document


async def list_documents(
    session: ReadSession,
    folder: Folder,
    *,
    search_term: str | None,
    after: tuple[str, int] | None,
    offset: int,
    limit: int,
) -> tuple[Sequence[tuple[Document, str]], int]:
    """Give one page of a folder's live documents by Swedish name, and how many there are in all.

    Each comes with its sorting name, of which the caller makes a cursor.
    """
    containing = None if search_term is None else comparison_key(search_term)
    found = await repository.list_in_folder(
        session, folder.key, containing=containing, after=after, offset=offset, limit=limit
    )
    count = partial(repository.count_in_folder, session, folder.key, containing=containing)
    return found, await total_of(found, count, behind=after, offset=offset, limit=limit)


async def list_versions(
    session: ReadSession, document: Document, *, before: int | None, offset: int, limit: int
) -> tuple[Sequence[Version], int]:
    """Give one page of a document's versions, newest first, and how many there are in all."""
    found = await repository.list_versions(
        session, document.key, before=before, offset=offset, limit=limit
    )
    count = partial(repository.count_versions, session, document.key)
    return found, await total_of(found, count, behind=before, offset=offset, limit=limit)


async def get_version(session: ReadSession, document: Document, *, version_id: UUID) -> Version:
    """Give one version of a document.

    Raises:
        VersionNotFoundError: the document has none with this id.

    """
    version = await repository.find_version(session, document.key, version_id)
    if version is None:
        raise VersionNotFoundError
    return version
