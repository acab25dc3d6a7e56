"""Look at schemas, and read stored values with their help."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import msgspec

from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.features.metadata import repository, rules
from ringbinder.features.metadata.errors import MetadataElementNotFoundError
from ringbinder.features.metadata.rules.defaults import default_elements
from ringbinder.features.metadata.rules.elements import told_apart
from ringbinder.features.metadata.rules.impact import Impact, impacts_of
from ringbinder.features.metadata.types import (
    GLOBAL_KEYS,
    DataType,
    Element,
    ElementChanges,
    MetadataValue,
    Schema,
    SchemaOwner,
    Usage,
)

_RESERVED: Final = {name: (key.key, key.data_type) for name, key in GLOBAL_KEYS.items()}


async def load_schema(session: ReadSession, *, binder_key: int) -> Schema:
    """Give a binder's whole schema in two queries: reserved keys first, then by position."""
    elements = told_apart(await repository.list_elements(session, binder_key))
    return Schema(binder_key, {element.metadata_element_id: element for element in elements})


async def label_values(
    session: ReadSession, *, metadata_element_id: str, binder_keys: Collection[int], language: str
) -> Mapping[tuple[int, str], str]:
    """Give what the values of a reserved key are called in a language, by binder and value."""
    key = GLOBAL_KEYS[metadata_element_id].key
    return await repository.list_labels(session, key, binder_keys, language)


async def list_choices(
    session: ReadSession, *, of: Sequence[str], binder_keys: Collection[int], language: str
) -> list[Mapping[str, str]]:
    """Give the values that reserved keys can have in any of some binders, with their labels."""
    keys = [GLOBAL_KEYS[name].key for name in of]
    found = await repository.list_choices(session, keys, binder_keys, language)
    return [found[key] for key in keys]


async def get_element(
    session: ReadSession, *, binder_key: int, metadata_element_id: str
) -> Element:
    """Give one element of a binder's schema.

    Raises:
        MetadataElementNotFoundError: the binder has none with this id.

    """
    found = await repository.list_elements(session, binder_key, only=metadata_element_id)
    if not found:
        raise MetadataElementNotFoundError
    return found[0]


async def preview_change(
    session: ReadSession, *, binder: SchemaOwner, metadata_element_id: str, changes: ElementChanges
) -> tuple[Element, Usage, Sequence[Impact]]:
    """Tell what a change of an element would do to the binder's documents; nothing is changed.

    Raises:
        MetadataElementNotFoundError: the binder has none with this id.
        FieldErrors: the list of values cannot be like that.

    """
    element = await get_element(
        session, binder_key=binder.key, metadata_element_id=metadata_element_id
    )
    usage = await measure_usage(session, binder=binder, element=element)
    return element, usage, impacts_of(element, changes, usage)


async def measure_usage(session: ReadSession, *, binder: SchemaOwner, element: Element) -> Usage:
    """Count the documents of a binder that have values of an element."""
    having, several = await repository.count_having(session, binder.key, element.key)
    is_listed = element.data_type is DataType.ENUMERATED
    return Usage(
        documents=await repository.count_documents(session, binder.key),
        having=having,
        several=several,
        by_value=await repository.count_by_value(session, binder.key, element.key)
        if is_listed
        else {},
    )


async def begin_schema(session: WriteSession, *, binder: SchemaOwner) -> None:
    """Give a new binder the reserved keys with their usual lists of values."""
    await repository.add_elements(session, binder.key, default_elements(binder.type))


async def data_types(session: ReadSession) -> Mapping[str, tuple[int, DataType]]:
    """Give number and type of every key that the organisation knows, reserved ones among them."""
    return await repository.list_keys(session) | _RESERVED


async def read_values(session: ReadSession, metadata_json: str) -> tuple[MetadataValue, ...]:
    """Read the ready metadata of a document or version back."""
    names = {item["metadataElementId"] for item in msgspec.json.decode(metadata_json)}
    own = names - _RESERVED.keys()
    known = await repository.list_keys(session, only=own) if own else {}
    return rules.from_json(metadata_json, known | _RESERVED)
