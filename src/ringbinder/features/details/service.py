"""Look at one document."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.access.permissions import Permission
from ringbinder.db.sessions import ReadSession
from ringbinder.features.audit import service as audit
from ringbinder.features.audit.types import AuditEvent, AuditFilter
from ringbinder.features.details import rules
from ringbinder.features.details.types import Comparison, Detail, Fact, Happening
from ringbinder.features.documents import service as documents
from ringbinder.features.documents.types import Document
from ringbinder.features.folders import service as folders
from ringbinder.features.layouts.service import Layouts
from ringbinder.features.metadata import service as metadata
from ringbinder.features.metadata.types import Schema

MOST_VERSIONS: Final = 200
MOST_EVENTS: Final = 50


async def show_document(
    session: ReadSession,
    actor: Actor,
    layouts: Layouts,
    *,
    document_id: UUID,
    version_id: UUID | None,
) -> Detail:
    """Give a document with its versions; one of them is looked at, by default the latest.

    Its history is told to those who may read the audit trail.

    Raises:
        DocumentNotFoundError, VersionNotFoundError: there is none, or it is in the trash.

    """
    document = await documents.get_document(session, document_id=document_id)
    versions, in_all = await documents.list_versions(
        session, document, before=None, offset=0, limit=MOST_VERSIONS
    )
    wanted = version_id or document.latest_version_id
    version = next((one for one in versions if one.id == wanted), None)
    if version is None:
        version = await documents.get_version(session, document, version_id=wanted)
    layout = await layouts.find(session, binder_id=document.binder_id)
    folder = layout.folders.get(document.folder_id)
    if folder is None:
        folder = await folders.get_folder(session, folder_id=document.folder_id)
    return Detail(
        document=document,
        binder=layout.binder,
        path=layout.path_to(folder),
        tabs=layout.full_names,
        schema=layout.schema,
        facts=rules.facts_of(version.metadata_json, layout.schema),
        version=version,
        versions=versions,
        versions_in_all=in_all,
        history=await _history(session, actor, document),
    )


async def look_up_facts(
    session: ReadSession, *, document_id: UUID
) -> tuple[Schema, tuple[Fact, ...]]:
    """Give the schema of a document's binder, and what is known of the document.

    Raises:
        DocumentNotFoundError: there is none, or it is in the trash.

    """
    document = await documents.get_document(session, document_id=document_id)
    schema = await metadata.load_schema(session, binder_key=document.binder_key)
    return schema, rules.facts_of(document.metadata_json, schema)


async def compare_versions(
    session: ReadSession, *, document_id: UUID, older_id: UUID | None, newer_id: UUID | None
) -> Comparison:
    """Put two versions beside each other; by default the latest and the one before it.

    Whichever is asked for as the older one, the one that was made first stands first.

    Raises:
        DocumentNotFoundError, VersionNotFoundError: there is none, or it is in the trash.

    """
    document = await documents.get_document(session, document_id=document_id)
    versions, _ = await documents.list_versions(
        session, document, before=None, offset=0, limit=MOST_VERSIONS
    )
    newer = await documents.get_version(
        session, document, version_id=newer_id or document.latest_version_id
    )
    before = next((one.id for one in versions if one.number < newer.number), newer.id)
    older = await documents.get_version(session, document, version_id=older_id or before)
    older, newer = sorted((older, newer), key=lambda one: one.number)
    schema = await metadata.load_schema(session, binder_key=document.binder_key)
    lines = rules.lines_of(*(rules.facts_of(one.metadata_json, schema) for one in (older, newer)))
    return Comparison(document, versions, older, newer, lines)


async def _history(session: ReadSession, actor: Actor, document: Document) -> Sequence[Happening]:
    if not actor.may(Permission.READ_AUDIT):
        return ()
    events, _ = await audit.search_events(
        session,
        AuditFilter(object_id=str(document.id)),
        newest_first=True,
        after=None,
        offset=0,
        limit=MOST_EVENTS,
    )
    return [_happening(event) for event in events]


def _happening(event: AuditEvent) -> Happening:
    source, _, action = event.record.action.partition(":")
    who = None if event.actor is None else event.actor.name
    return Happening(at=event.record.at, action=action, who=who, source=source)
