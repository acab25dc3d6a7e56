"""Leave the events of a step that was taken."""

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import WriteSession
from ringbinder.features.documents import rules
from ringbinder.features.documents.service.steps import Step
from ringbinder.features.evidence import service as evidence
from ringbinder.features.evidence.types import Action
from ringbinder.kit.differences import changed_only


def record_change(session: WriteSession, actor: Actor, step: Step) -> None:
    """Record each way in which a live document has changed."""
    before, after = step.before, step.after
    subject = rules.subject_of(after)
    if before.file_name != after.file_name:
        was, became = {"fileName": before.file_name}, {"fileName": after.file_name}
        evidence.record(session, actor, Action.DOCUMENT_RENAMED, subject, before=was, after=became)
    if before.folder_key != after.folder_key:
        evidence.record(
            session,
            actor,
            Action.DOCUMENT_MOVED,
            subject,
            before={"binderId": before.binder_id, "folderId": str(before.folder_id)},
            after={"binderId": after.binder_id, "folderId": str(after.folder_id)},
        )
    if step.values_before != step.values_after:
        records = rules.as_record(step.values_before), rules.as_record(step.values_after)
        values_were, values_became = changed_only(*records)
        evidence.record(
            session,
            actor,
            Action.DOCUMENT_METADATA_CHANGED,
            subject,
            before=values_were,
            after=values_became,
        )


def record_deletion(session: WriteSession, actor: Actor, step: Step) -> None:
    """Record that a document went into the trash."""
    evidence.record(session, actor, Action.DOCUMENT_DELETED, rules.subject_of(step.after))


def record_restoration(session: WriteSession, actor: Actor, step: Step) -> None:
    """Record that a document came out of the trash."""
    evidence.record(session, actor, Action.DOCUMENT_RESTORED, rules.subject_of(step.after))
