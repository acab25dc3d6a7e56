"""What an import asks the database itself."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from sqlalchemy import select

from ringbinder.db.sessions import ReadSession
from ringbinder.db.tables import documents, versions
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.documents.types import Place as NamePlace
from ringbinder.features.imports.types import Present, TakenName
from ringbinder.kit.pairs import by_first

_NAMES_AT_ONCE: Final = 200

_present = (
    select(
        documents.c.id,
        documents.c.file_name,
        documents.c.name_key,
        documents.c.metadata_json,
        versions.c.sha256,
        versions.c.size_bytes,
    )
    .join(versions, versions.c.id == documents.c.latest_version_id)
    .where(of_tenant(documents), of_tenant(versions), documents.c.deleted_at.is_(None))
    .order_by(documents.c.key)
)


async def list_present(session: ReadSession, folder_key: int) -> Sequence[Present]:
    """Give a folder's live documents, oldest first, with the bytes of their latest versions."""
    rows = await session.all(_present.where(documents.c.folder_key == folder_key))
    return [
        Present(
            id=row.id,
            file_name=row.file_name,
            name_key=row.name_key,
            sha256=row.sha256,
            size_bytes=row.size_bytes,
            metadata_json=row.metadata_json,
        )
        for row in rows
    ]


async def find_taken(
    session: ReadSession, wanted: Iterable[NamePlace]
) -> Mapping[NamePlace, TakenName]:
    """Tell which live documents have these names in these folders, which the session may see."""
    taken: dict[NamePlace, TakenName] = {}
    for folder_key, names in by_first(wanted):
        rest = iter(names)
        while some := list(islice(rest, _NAMES_AT_ONCE)):
            taken |= await _find_taken(session, folder_key, some)
    return taken


async def _find_taken(
    session: ReadSession, folder_key: int, names: Sequence[str]
) -> Mapping[NamePlace, TakenName]:
    rows = await session.all(
        select(documents.c.id, documents.c.file_name, documents.c.name_key).where(
            of_tenant(documents),
            documents.c.folder_key == folder_key,
            documents.c.name_key.in_(names),
            documents.c.deleted_at.is_(None),
        )
    )
    return {(folder_key, row.name_key): TakenName(row.id, row.file_name) for row in rows}
