"""Write what documents become: their rows, the index of values and the counters together."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ringbinder.db.sessions import WriteSession
from ringbinder.features.documents import repository, rules
from ringbinder.features.documents.types import Document, IndexEntry, Stand
from ringbinder.features.evidence import service as evidence
from ringbinder.features.metadata import service as metadata
from ringbinder.features.metadata.types import MetadataValue

Values = tuple[MetadataValue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a locked document is, and what it becomes."""

    before: Document
    after: Document
    values_before: Values
    values_after: Values


def described(document: Document, values: Values) -> Document:
    """Give a document as it is with these values."""
    columns = rules.value_columns(values)
    return replace(
        document,
        metadata_json=metadata.to_json(values),
        version_label=columns["version_label"],
        status=columns["status"],
    )


async def take_steps(session: WriteSession, steps: Sequence[Step]) -> list[Document]:
    """Write all steps, at most one for each document, and give the documents as they are then."""
    await _reindex(session, steps)
    _recount(session, steps)
    await repository.change_documents(session, [_document_row(step) for step in steps])
    # The metadata of a document is that of its latest version; earlier ones keep what they had.
    await repository.change_versions(
        session, [_version_row(step) for step in steps if _describes_version(step)]
    )
    return [
        replace(step.after, updated_at=session.now, revision=step.before.revision + 1)
        for step in steps
    ]


async def add_to_index(session: WriteSession, documents: Sequence[tuple[Document, Values]]) -> None:
    """Make new documents findable by their values, and count them."""
    entries: list[IndexEntry] = []
    stands: Counter[Stand] = Counter()
    for document, values in documents:
        entries += _entries(document, values)
        stands.update(_stands(document, values))
    for stand, number in stands.items():
        _count(session, stand, number)
    await repository.add_index_entries(session, sorted(entries))


async def _reindex(session: WriteSession, steps: Iterable[Step]) -> None:
    gone: set[IndexEntry] = set()
    new: set[IndexEntry] = set()
    for step in steps:
        before = _entries(step.before, step.values_before)
        after = _entries(step.after, step.values_after)
        gone |= before - after
        new |= after - before
    await repository.drop_index_entries(session, sorted(gone))
    await repository.add_index_entries(session, sorted(new))


def _entries(document: Document, values: Values) -> set[IndexEntry]:
    if document.deleted_at is not None:
        return set()
    return rules.index_entries(values, binder_key=document.binder_key, document_key=document.key)


def _recount(session: WriteSession, steps: Iterable[Step]) -> None:
    for step in steps:
        for stand in _stands(step.before, step.values_before):
            _count(session, stand, -1)
        for stand in _stands(step.after, step.values_after):
            _count(session, stand, 1)


def _stands(document: Document, values: Values) -> Sequence[Stand]:
    """Give where a document is counted: at one place, or in the trash nowhere."""
    if document.deleted_at is not None:
        return ()
    binder_key, folder_key = document.binder_key, document.folder_key
    return (rules.stand_of(values, binder_key=binder_key, folder_key=folder_key),)


def _count(session: WriteSession, stand: Stand, number: int) -> None:
    for key in rules.counters_of(stand):
        evidence.count(session, key, number)


def _document_row(step: Step) -> dict[str, Any]:
    document = step.after
    return {
        "changed_key": document.key,
        **rules.name_columns(document.file_name),
        **rules.value_columns(step.values_after),
        "binder_key": document.binder_key,
        "folder_key": document.folder_key,
        "latest_version_id": document.latest_version_id,
        "latest_version_number": document.latest_version_number,
        "metadata_json": document.metadata_json,
        "deleted_at": document.deleted_at,
        "deleted_by_name": document.deleted_by_name,
    }


def _describes_version(step: Step) -> bool:
    is_same_version = step.before.latest_version_id == step.after.latest_version_id
    return is_same_version and step.before.metadata_json != step.after.metadata_json


def _version_row(step: Step) -> dict[str, Any]:
    document = step.after
    return {
        "changed_id": document.latest_version_id,
        "label": document.version_label,
        "status": document.status,
        "metadata_json": document.metadata_json,
    }
