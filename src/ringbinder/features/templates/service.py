"""Create binders, empty or from a template.

This stands above binders, folders and metadata, because a template needs all three.
"""

from collections.abc import Sequence
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import WriteSession
from ringbinder.features.binders import service as binders
from ringbinder.features.binders.types import Binder, BinderType
from ringbinder.features.folders import service as folders
from ringbinder.features.metadata import service as metadata
from ringbinder.features.metadata.types import ListedValue
from ringbinder.features.templates import rules
from ringbinder.features.templates.types import TabTemplate, Template, TemplateLanguage


def list_templates() -> Sequence[Template]:
    """Give the templates that are built in."""
    return list(rules.TEMPLATES.values())


async def create_binder(
    session: WriteSession,
    actor: Actor,
    *,
    name: str,
    type: BinderType,  # noqa: A002 - the word of the API and of the table
    description: str | None = None,
    colour: str | None = None,
    template_id: str | None = None,
    language: TemplateLanguage = TemplateLanguage.SWEDISH,
) -> Binder:
    """Create a binder; from a template with its tabs and schema, named in a language.

    Raises:
        TemplateNotFoundError: there is no such template.
        MetadataTypeConflictError: another binder has a key of the template with another type.

    """
    template = None if template_id is None else rules.template_of(template_id)
    binder = await binders.create_binder(
        session, actor, name=name, type=type, description=description, colour=colour
    )
    if template is not None:
        await _add_elements(session, actor, binder, template, language)
        for tab in template.tabs:
            await _add_folder(session, actor, binder, tab, language, None)
    return binder


async def _add_elements(
    session: WriteSession,
    actor: Actor,
    binder: Binder,
    template: Template,
    language: TemplateLanguage,
) -> None:
    for element in template.elements:
        await metadata.create_element(
            session,
            actor,
            binder=binder,
            metadata_element_id=element.id,
            label=element.labels[language],
            labels=element.labels,
            data_type=element.data_type,
            is_multi_value=element.is_multi_value,
            values=[
                ListedValue(labels[language], value_id, labels)
                for value_id, labels in element.values
            ],
        )


async def _add_folder(
    session: WriteSession,
    actor: Actor,
    binder: Binder,
    tab: TabTemplate,
    language: TemplateLanguage,
    parent_id: UUID | None,
) -> None:
    folder = await folders.create_folder(
        session,
        actor,
        binder_id=binder.id,
        name=tab.names[language],
        type=tab.type,
        parent_id=parent_id,
    )
    for inner in tab.folders:
        await _add_folder(session, actor, binder, inner, language, folder.id)
