"""Give a binder's schema what a register needs."""

from collections.abc import Sequence

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import WriteSession
from ringbinder.features.binders.types import Binder
from ringbinder.features.imports import rules
from ringbinder.features.imports.types import RegisterRow, SchemaNeeds
from ringbinder.features.metadata import service as metadata
from ringbinder.features.metadata.types import DataType, Element, ListedValue, Schema


async def extend_schema(
    session: WriteSession, actor: Actor, binder: Binder, rows: Sequence[RegisterRow]
) -> SchemaNeeds:
    """Create a locked binder's missing elements, all of them texts, and missing list values.

    Raises:
        RingbinderError: the schema cannot take them, such as too many.

    """
    schema = await metadata.load_schema(session, binder_key=binder.key)
    needs = rules.can_be_created(rules.Translator(schema).needs(rows))
    for column in needs.elements:
        element = await metadata.create_element(
            session, actor, binder=binder, label=column, data_type=DataType.TEXT, schema=schema
        )
        elements = {**schema.elements, element.metadata_element_id: element}
        schema = Schema(binder.key, elements)
    for element_id, labels in needs.values.items():
        await metadata.update_element(
            session,
            actor,
            binder=binder,
            metadata_element_id=element_id,
            values=_extended(schema.elements[element_id], labels),
        )
    return needs


def _extended(element: Element, labels: Sequence[str]) -> list[ListedValue]:
    present = [
        ListedValue(value.label, value.value_id, value.labels, value.is_retired)
        for value in element.values
    ]
    return present + [ListedValue(label) for label in labels]
