"""Decisions about documents, without input or output."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ringbinder.features.documents.types import (
    Document,
    IndexEntry,
    NewContent,
    Place,
    Stand,
)
from ringbinder.features.evidence.types import Counted, CounterKey, Subject
from ringbinder.features.metadata.types import (
    GLOBAL_CATEGORY,
    GLOBAL_DATE,
    GLOBAL_KEYS,
    GLOBAL_REVISION_DATE,
    GLOBAL_STATUS,
    GLOBAL_VERSION,
    DataType,
    GivenValue,
    MetadataValue,
    Scalar,
    Schema,
)
from ringbinder.kit.collation import sort_key
from ringbinder.kit.names import comparison_key


def subject_of(document: Document, *, version_id: object = None) -> Subject:
    """Name a document in the records."""
    return Subject(
        type="document",
        id=str(document.id),
        name=document.file_name,
        binder_id=document.binder_id,
        folder_id=document.folder_id,
        document_id=document.id,
        version_id=version_id or document.latest_version_id,  # type: ignore[arg-type]  # a GUID or nothing
    )


def name_columns(file_name: str) -> dict[str, str]:
    """Give a name as it was given, as it is compared, and as it is sorted."""
    return {
        "file_name": file_name,
        "name_key": comparison_key(file_name),
        "sort_name": sort_key(file_name),
    }


def value_columns(values: Iterable[MetadataValue]) -> dict[str, Any]:
    """Give the columns that repeat hot metadata."""
    by_key = {value.metadata_element_id: value for value in values}

    def text(key: str) -> str | None:
        return str(by_key[key].value) if key in by_key else None

    def value_id(key: str) -> str | None:
        return by_key[key].value_id if key in by_key else None

    return {
        "category": value_id(GLOBAL_CATEGORY),
        "status": value_id(GLOBAL_STATUS),
        "document_date": text(GLOBAL_DATE),
        "revision_date": text(GLOBAL_REVISION_DATE),
        "version_label": text(GLOBAL_VERSION),
    }


def place_of(folder_key: int, file_name: str) -> Place:
    """Name a place that only one live document can have."""
    return folder_key, comparison_key(file_name)


def index_entries(
    values: Iterable[MetadataValue], *, binder_key: int, document_key: int
) -> set[IndexEntry]:
    """Name every entry of the index by which a live document is found."""
    return {(value.element_key, value.index_value, binder_key, document_key) for value in values}


def counters_of(stand: Stand) -> Iterator[CounterKey]:
    """Name every counter that a live document stands in."""
    binder_key, folder_key, counted = stand
    yield CounterKey(Counted.ORGANISATION)
    yield CounterKey(Counted.BINDER, binder_key)
    yield CounterKey(Counted.FOLDER, binder_key, folder_key)
    for element_key, value in sorted(counted):
        yield CounterKey(Counted.VALUE, 0, element_key, value)
        yield CounterKey(Counted.VALUE_IN_BINDER, binder_key, element_key, value)


def stand_of(values: Iterable[MetadataValue], *, binder_key: int, folder_key: int) -> Stand:
    """Give what decides in which counters a live document stands."""
    counted = frozenset(_entry(value) for value in values if _is_counted(value))
    return binder_key, folder_key, counted


def _entry(value: MetadataValue) -> tuple[int, str]:
    return value.element_key, value.index_value


def _is_counted(value: MetadataValue) -> bool:
    """Keys with few values are counted: lists, truth values, and who created the document."""
    return value.value_id is not None or isinstance(value.value, bool)


def given_with_label(content: NewContent, number: int) -> tuple[GivenValue, ...]:
    """Let every version have a label: the one that was given, or else its number."""
    if content.version_label is None and any(map(_gives_label, content.given)):
        return content.given
    others = tuple(item for item in content.given if item.metadata_element_id != GLOBAL_VERSION)
    label = content.version_label or str(number)
    return (*others, GivenValue(GLOBAL_VERSION, None, label, path="versionLabel"))


def _gives_label(item: GivenValue) -> bool:
    return item.metadata_element_id == GLOBAL_VERSION and (item.value or item.value_id) is not None


def foreign_keys(
    schema: Schema, values: Sequence[MetadataValue], given: Iterable[GivenValue]
) -> list[str]:
    """Name the keys of values that another binder's schema cannot take and that nobody replaced."""
    replaced = {item.metadata_element_id for item in given}
    return sorted(
        {
            value.metadata_element_id
            for value in values
            if value.metadata_element_id not in replaced and not _fits(schema, value)
        }
    )


def _fits(schema: Schema, value: MetadataValue) -> bool:
    element = schema.elements.get(value.metadata_element_id)
    if element is None:
        return False
    if element.data_type is not DataType.ENUMERATED:
        return True
    return any(allowed.value_id == value.value_id for allowed in element.values)


def as_record(values: Iterable[MetadataValue]) -> dict[str, list[Scalar]]:
    """Give values in the form that audit events keep."""
    record: dict[str, list[Scalar]] = {}
    for value in values:
        record.setdefault(value.metadata_element_id, []).append(value.value)
    return record


def as_given(values: Iterable[MetadataValue]) -> Iterator[GivenValue]:
    """Give values as a client would, to write them onto another document."""
    for value in values:
        reserved = GLOBAL_KEYS.get(value.metadata_element_id)
        if reserved is None or reserved.is_settable:
            yield GivenValue(
                value.metadata_element_id,
                value.value_id,
                None if value.value_id else value.value,
                path="metadata",
            )
