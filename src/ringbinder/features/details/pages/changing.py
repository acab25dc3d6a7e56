"""What a person does to documents: rename, move, describe, delete, restore; one or many."""

from collections.abc import Callable
from uuid import UUID

from fastapi import Response

from ringbinder.access.permissions import Permission
from ringbinder.features.details import rules, schemas, service
from ringbinder.features.documents import service as documents
from ringbinder.features.documents.types import (
    BulkAction,
    BulkChange,
    BulkOutcome,
    BulkStatus,
    Document,
)
from ringbinder.web.conditional import PreconditionFailedError
from ringbinder.web.dependencies import Caller, Writing
from ringbinder.web.pages import (
    Form,
    Notice,
    NoticeKind,
    Page,
    PageRouter,
    Submitted,
    View,
    local_path,
    sentence,
)

router = PageRouter(area="documents", prefix="/documents")
MANAGE = Permission.MANAGE_DOCUMENTS


def as_seen(revision: int) -> Callable[[Document], None]:
    """Let a change pass only to the document that the person saw."""

    def check(document: Document) -> None:
        if document.revision != revision:
            raise PreconditionFailedError

    return check


@router.page("POST", "/{document_id}/rename", "rename", permission=MANAGE)
async def rename(
    page: View, session: Writing, actor: Caller, form: Submitted, document_id: UUID
) -> Response:
    """Give a document another name."""
    wanted = form.read(schemas.Renaming)
    document = await documents.update_document(
        session,
        actor,
        document_id=document_id,
        file_name=wanted.name,
        folder_id=None,
        given=(),
        precondition=as_seen(wanted.revision),
    )
    told = page.gettext("The document is called %(name)s now.", name=document.file_name)
    return page.redirect(page.back(), notice=Notice(told))


@router.page("POST", "/{document_id}/move", "move", permission=MANAGE)
async def move(
    page: View, session: Writing, actor: Caller, form: Submitted, document_id: UUID
) -> Response:
    """Put a document into another folder."""
    wanted = form.read(schemas.Moving)
    document = await documents.update_document(
        session,
        actor,
        document_id=document_id,
        file_name=None,
        folder_id=wanted.folder,
        given=(),
        precondition=as_seen(wanted.revision),
    )
    told = page.gettext("%(name)s has been moved.", name=document.file_name)
    return page.redirect(page.back(), notice=Notice(told))


@router.page("POST", "/{document_id}/metadata", "describe", permission=MANAGE)
async def describe(
    page: View, session: Writing, actor: Caller, form: Submitted, document_id: UUID
) -> Response:
    """Change the metadata of a document; what the form says as it was, stays."""
    wanted = form.read(schemas.Describing)
    schema, facts = await service.look_up_facts(session, document_id=document_id)
    sent = {name: form.several(name) for name in form if name.startswith(rules.FIELD)}
    document = await documents.update_document(
        session,
        actor,
        document_id=document_id,
        file_name=None,
        folder_id=None,
        given=rules.changed_values(schema, facts, sent),
        precondition=as_seen(wanted.revision),
    )
    told = page.gettext("The metadata of %(name)s is saved.", name=document.file_name)
    return page.redirect(page.back(), notice=Notice(told))


@router.page("POST", "/{document_id}/delete", "delete", permission=MANAGE)
async def delete(page: View, session: Writing, actor: Caller, document_id: UUID) -> Response:
    """Put a document into the trash."""
    document = await documents.delete_document(
        session, actor, document_id=document_id, precondition=lambda _: None
    )
    told = Notice(
        page.gettext("%(name)s is in the trash.", name=document.file_name),
        undo=f"/documents/{document.id}/restore",
    )
    return page.redirect(_behind(page, document), notice=told)


def _behind(page: Page, document: Document) -> str:
    """Give the way to the list that a document stood in."""
    back = page.back(without="document")
    is_a_list = back.startswith(("/binders/", "/search"))
    return back if is_a_list else f"/binders/{document.binder_id}?tab={document.folder_id}"


@router.page("POST", "/{document_id}/restore", "restore", permission=MANAGE)
async def restore(
    page: View, session: Writing, actor: Caller, form: Submitted, document_id: UUID
) -> Response:
    """Take a document out of the trash."""
    wanted = form.read(schemas.Restoring)
    document = await documents.restore_document(
        session, actor, document_id=document_id, folder_id=wanted.folder, file_name=wanted.name
    )
    told = page.gettext("%(name)s is back in its place.", name=document.file_name)
    return page.redirect(local_path(form.optional("next")), notice=Notice(told))


@router.page("POST", "/delete", "bulk_delete", permission=MANAGE)
async def bulk_delete(page: View, session: Writing, actor: Caller, form: Submitted) -> Response:
    """Put the chosen documents into the trash."""
    change = BulkChange(action=BulkAction.DELETE, document_ids=form.guids("document"))
    outcome = await documents.change_documents(session, actor, change)
    return _told(
        page,
        form,
        outcome,
        page.ngettext(
            "%(num)s document is in the trash.",
            "%(num)s documents are in the trash.",
            _done(outcome),
        ),
    )


@router.page("POST", "/move", "bulk_move", permission=MANAGE)
async def bulk_move(page: View, session: Writing, actor: Caller, form: Submitted) -> Response:
    """Put the chosen documents into another folder."""
    wanted = form.read(schemas.MovingMany)
    change = BulkChange(
        action=BulkAction.MOVE, document_ids=form.guids("document"), folder_id=wanted.folder
    )
    outcome = await documents.change_documents(session, actor, change)
    return _told(
        page,
        form,
        outcome,
        page.ngettext(
            "%(num)s document has been moved.",
            "%(num)s documents have been moved.",
            _done(outcome),
        ),
    )


def _done(outcome: BulkOutcome) -> int:
    return sum(result.status is not BulkStatus.REFUSED for result in outcome.results)


def _told(page: Page, form: Form, outcome: BulkOutcome, done: str) -> Response:
    """Say how many it was, and of the others why not."""
    refused = [result.error for result in outcome.results if result.error is not None]
    reasons = dict.fromkeys(sentence(page, error) for error in refused)
    text = page.ngettext(
        "%(num)s was refused: %(reasons)s",
        "%(num)s were refused: %(reasons)s",
        len(refused),
        reasons=" ".join(reasons),
    )
    kind = NoticeKind.WARNING if refused else NoticeKind.SUCCESS
    notice = Notice(f"{done} {text}" if refused else done, kind)
    return page.redirect(local_path(form.optional("next")), notice=notice)
