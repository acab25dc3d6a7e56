"""Put the binders on the shelf, and new ones beside them."""

from typing import Final

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.features.binders import service as binders
from ringbinder.features.binders.types import Binder, BinderState, BinderType
from ringbinder.features.bookshelf import repository
from ringbinder.features.bookshelf.types import Shelf, Spine
from ringbinder.features.folders import service as folders
from ringbinder.features.folders.types import Folder
from ringbinder.features.metadata import service as metadata
from ringbinder.features.metadata.types import Element, ListedValue
from ringbinder.features.templates import service as templates
from ringbinder.features.templates.types import TemplateLanguage

MOST_SHOWN: Final = 500


async def show_shelf(session: ReadSession, *, search_term: str | None) -> Shelf:
    """Give the binders whose names contain a term, by Swedish name, the first 500 of them."""
    found, total = await binders.list_binders(session, search_term=search_term, limit=MOST_SHOWN)
    shown = [binder for binder, _ in found]
    counts = await repository.count_documents(session, [binder.key for binder in shown])
    changed = await repository.last_changes(session, [binder.id for binder in shown])
    spines = [
        Spine(binder, counts.get(binder.key, 0), changed.get(binder.id, binder.updated_at))
        for binder in shown
    ]
    return Shelf(
        active=tuple(one for one in spines if one.binder.state is BinderState.ACTIVE),
        archived=tuple(one for one in spines if one.binder.state is not BinderState.ACTIVE),
        total=total,
    )


async def create_binder(
    session: WriteSession,
    actor: Actor,
    *,
    name: str,
    type: BinderType,  # noqa: A002 - the word of the API and of the table
    description: str | None,
    colour: str | None,
    template_id: str | None,
    language: TemplateLanguage,
) -> Binder:
    """Create a binder; a template gives it its tabs and its metadata schema, but no documents.

    A template that is built in, or any binder, can be the template. What is hidden in that is
    hidden in the new one too, from all but its administrators, and what the actor does not see
    there is not copied.

    Raises:
        TemplateNotFoundError: there is no such template.
        BinderNotFoundError: there is no such binder.
        MetadataTypeConflictError: another binder has a key of the template with another type.

    """
    template = None
    if template_id is not None and not template_id.islower():
        template = await binders.get_binder(session, binder_id=template_id)
    binder = await templates.create_binder(
        session,
        actor,
        name=name,
        type=type,
        description=description,
        colour=colour,
        template_id=template_id if template is None else None,
        language=language,
    )
    if template is not None:
        await _copy_schema(session, actor, template, binder)
        await _copy_tabs(session, actor, template, binder)
    return binder


async def _copy_schema(
    session: WriteSession, actor: Actor, template: Binder, binder: Binder
) -> None:
    schema = await metadata.load_schema(session, binder_key=template.key)
    for element in schema.elements.values():
        if element.is_retired:
            continue
        if not element.is_global:
            await metadata.create_element(
                session,
                actor,
                binder=binder,
                metadata_element_id=element.metadata_element_id,
                label=element.label,
                labels=element.labels,
                data_type=element.data_type,
                is_required=element.is_required,
                is_multi_value=element.is_multi_value,
                values=_listed(element),
            )
        elif element.values:
            await metadata.update_element(
                session,
                actor,
                binder=binder,
                metadata_element_id=element.metadata_element_id,
                values=_listed(element),
            )


def _listed(element: Element) -> list[ListedValue]:
    return [
        ListedValue(value.label, value.value_id, value.labels)
        for value in element.values
        if not value.is_retired
    ]


async def _copy_tabs(session: WriteSession, actor: Actor, template: Binder, binder: Binder) -> None:
    made: dict[int, Folder] = {}
    for folder in await folders.list_tree(session, template):
        parent = None if folder.parent_key is None else made[folder.parent_key]
        made[folder.key] = await folders.create_folder(
            session,
            actor,
            binder_id=binder.id,
            name=folder.name,
            type=folder.type,
            parent_id=None if parent is None else parent.id,
            is_hidden=folder.is_hidden,
        )
