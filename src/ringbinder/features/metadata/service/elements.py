"""Create, change and delete the elements of a binder's schema.

The caller has locked the binder (``binders.service.lock_binder``), so that nobody writes documents
by the schema that is about to change.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Unpack

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import WriteSession
from ringbinder.features.evidence import service as evidence
from ringbinder.features.evidence.types import Action, Subject
from ringbinder.features.metadata import repository, rules
from ringbinder.features.metadata.errors import (
    MetadataElementExistsError,
    MetadataElementInUseError,
    MetadataElementReservedError,
    SeveralValuesError,
    TooManyMetadataElementsError,
)
from ringbinder.features.metadata.rules import elements as element_rules
from ringbinder.features.metadata.rules import lists
from ringbinder.features.metadata.service.reading import data_types, get_element, load_schema
from ringbinder.features.metadata.types import (
    MAXIMUM_ELEMENTS,
    RESERVED_PREFIX,
    AllowedValue,
    DataType,
    Element,
    ElementChanges,
    ListedValue,
    Schema,
    SchemaOwner,
)
from ringbinder.kit.differences import changed_only

Precondition = Callable[[Element], None]


def _accept(_element: Element) -> None:
    """Accept every element."""


async def create_element(
    session: WriteSession,
    actor: Actor,
    *,
    binder: SchemaOwner,
    label: str,
    data_type: DataType,
    metadata_element_id: str | None = None,
    labels: Mapping[str, str] | None = None,
    is_required: bool = False,
    is_multi_value: bool = False,
    position: int | None = None,
    values: Sequence[ListedValue] = (),
    schema: Schema | None = None,
) -> Element:
    """Add an element to a locked binder's schema, at its end or at a position.

    Its id, and the ids of its values, are made of their labels where they are not given. An id that
    another binder of the organisation has means the same key, with the same data type. Whoever
    knows the schema already gives it along.

    Raises:
        MetadataElementReservedError: the id begins as the reserved keys do.
        MetadataElementExistsError: the binder has the id already.
        MetadataTypeConflictError: another binder has it with another data type.
        TooManyMetadataElementsError: the binder has as many as it can have.
        FieldErrors: a list with a label or id twice, too long, or for a type that takes none.

    """
    element_rules.assert_takes_list(data_type, has_values=bool(values))
    listed = lists.arrange_values(values).values
    schema = schema or await load_schema(session, binder_key=binder.key)
    metadata_element_id, key = await _choose_id(
        session, schema, metadata_element_id, label, data_type
    )
    element = Element(
        key=key,
        metadata_element_id=metadata_element_id,
        data_type=data_type,
        label=label,
        labels=lists.full_labels(label, labels),
        is_required=is_required,
        is_multi_value=is_multi_value,
        position=await _place(session, schema, position),
        values=listed,
    )
    await repository.add_elements(session, binder.key, [element])
    after = element_rules.as_record(element)
    _record(session, actor, Action.METADATA_ELEMENT_CREATED, binder, element, after=after)
    return element


async def _choose_id(
    session: WriteSession, schema: Schema, chosen: str | None, label: str, data_type: DataType
) -> tuple[str, int]:
    """Give the id of a new element, and the number of its key."""
    if sum(not element.is_global for element in schema.elements.values()) >= MAXIMUM_ELEMENTS:
        raise TooManyMetadataElementsError
    if chosen is not None and chosen.startswith(RESERVED_PREFIX):
        raise MetadataElementReservedError
    if chosen in schema.elements:
        raise MetadataElementExistsError
    await repository.lock_keys(session)
    known = await data_types(session)
    metadata_element_id = chosen or element_rules.element_id_of(label, data_type, schema, known)
    element_rules.assert_same_type(metadata_element_id, data_type, known)
    if metadata_element_id in known:
        return metadata_element_id, known[metadata_element_id][0]
    key = await repository.add_key(session, metadata_element_id, data_type)
    return metadata_element_id, key


async def _place(
    session: WriteSession, schema: Schema, position: int | None, *, own: str | None = None
) -> int:
    others = [item for item in schema.elements.values() if item.metadata_element_id != own]
    taken = [element.position for element in others if not element.is_global]
    end = max(taken, default=element_rules.FIRST_POSITION - 1) + 1
    if position is None:
        return end
    place = min(max(position, element_rules.FIRST_POSITION), end)
    if place in taken:
        await repository.make_room(session, schema.binder_key, place)
    return place


async def update_element(
    session: WriteSession,
    actor: Actor,
    *,
    binder: SchemaOwner,
    metadata_element_id: str,
    precondition: Precondition = _accept,
    **changes: Unpack[ElementChanges],
) -> Element:
    """Change an element of a locked binder's schema; what is not given stays.

    ``values`` is the complete new list in its order. A value that is left out is removed, or
    retired where documents of the binder have it. A value's new label is written into these
    documents.

    Raises:
        MetadataElementNotFoundError: the binder has none with this id.
        MetadataElementReservedError: the key is reserved, and so is this of it.
        MetadataTypeConflictError: the data type would change.
        SeveralValuesError: it shall take one value, and a document has two.
        FieldErrors: a list with a label or id twice, too long, or for a type that takes none.

    """
    before = await get_element(
        session, binder_key=binder.key, metadata_element_id=metadata_element_id
    )
    precondition(before)
    element_rules.assert_changeable(before, changes)
    values = await _new_list(session, binder, before, changes)
    after = element_rules.changed_element(before, changes, values)
    after = replace(after, position=await _new_position(session, binder, before, changes))
    if after != before:
        await _write(session, binder, before, after)
        _record_change(session, actor, binder, before, after)
    return after


async def _new_list(
    session: WriteSession, binder: SchemaOwner, element: Element, changes: ElementChanges
) -> tuple[AllowedValue, ...]:
    if "values" not in changes:
        return element.values
    change = lists.arrange_values(changes["values"], element.values)
    left_out = [value.value_id for value in change.left_out]
    used = await _used(session, binder, element, left_out) if left_out else set()
    return lists.retire_behind(change, used)


async def _used(
    session: WriteSession, binder: SchemaOwner, element: Element, value_ids: Sequence[str]
) -> set[str]:
    used = await repository.used_value_ids(session, binder.key, element.key, value_ids)
    async for items in repository.iter_trashed_metadata(session, binder.key):
        used.update(_value_ids(element, items))
    return used


async def _new_position(
    session: WriteSession, binder: SchemaOwner, element: Element, changes: ElementChanges
) -> int:
    position = changes.get("position", element.position)
    if position == element.position:
        return position
    schema = await load_schema(session, binder_key=binder.key)
    return await _place(session, schema, position, own=element.metadata_element_id)


async def _write(
    session: WriteSession, binder: SchemaOwner, before: Element, after: Element
) -> None:
    if before.is_multi_value and not after.is_multi_value:
        await _assert_single_values(session, binder, before)
    await repository.change_element(session, binder.key, before, after)
    for was, becomes in lists.relabelled(before.values, after.values):
        await repository.relabel(
            session,
            binder.key,
            after,
            becomes.value_id,
            old=rules.item_json(after.metadata_element_id, was.value_id, was.label),
            new=rules.item_json(after.metadata_element_id, becomes.value_id, becomes.label),
        )


async def _assert_single_values(
    session: WriteSession, binder: SchemaOwner, element: Element
) -> None:
    if await repository.has_several_values(session, binder.key, element.key):
        raise SeveralValuesError
    async for items in repository.iter_trashed_metadata(session, binder.key):
        if sum(item["metadataElementId"] == element.metadata_element_id for item in items) > 1:
            raise SeveralValuesError


async def delete_element(
    session: WriteSession,
    actor: Actor,
    *,
    binder: SchemaOwner,
    metadata_element_id: str,
    precondition: Precondition = _accept,
) -> Element:
    """Take an element out of a locked binder's schema, when no document has a value of it.

    Raises:
        MetadataElementNotFoundError: the binder has none with this id.
        MetadataElementReservedError: the key is reserved.
        MetadataElementInUseError: a document that is not in the trash has a value.

    """
    element = await get_element(
        session, binder_key=binder.key, metadata_element_id=metadata_element_id
    )
    precondition(element)
    if element.is_global:
        raise MetadataElementReservedError
    if await repository.is_used(session, binder.key, element.key):
        raise MetadataElementInUseError
    await repository.delete_element(session, binder.key, element)
    before = element_rules.as_record(element)
    _record(session, actor, Action.METADATA_ELEMENT_DELETED, binder, element, before=before)
    return element


def _value_ids(element: Element, items: Sequence[Mapping[str, Any]]) -> list[str]:
    return [
        item["valueId"]
        for item in items
        if item["metadataElementId"] == element.metadata_element_id and item["valueId"]
    ]


def _record_change(
    session: WriteSession, actor: Actor, binder: SchemaOwner, before: Element, after: Element
) -> None:
    was, becomes = changed_only(element_rules.as_record(before), element_rules.as_record(after))
    action = Action.METADATA_ELEMENT_UPDATED
    _record(session, actor, action, binder, after, before=was, after=becomes)


def _record(
    session: WriteSession,
    actor: Actor,
    action: Action,
    binder: SchemaOwner,
    element: Element,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    subject = Subject(
        type="metadata_element",
        id=element.metadata_element_id,
        name=element.label,
        binder_id=binder.id,
    )
    evidence.record(session, actor, action, subject, before=before, after=after)
