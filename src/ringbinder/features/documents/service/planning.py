"""Decide what a locked document becomes, or say why it cannot; nothing is read or written here.

The single operations and the bulk ask here, so that one rule cannot have two forms.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

from ringbinder.features.documents import rules
from ringbinder.features.documents.errors import (
    DocumentNameTakenError,
    DocumentNotFoundError,
    DocumentNotInTrashError,
    MetadataNotInBinderError,
)
from ringbinder.features.documents.service.steps import Step, Values, described
from ringbinder.features.documents.types import Document, Spot
from ringbinder.features.folders.types import Folder
from ringbinder.features.metadata import service as metadata
from ringbinder.features.metadata.types import GivenValue, Schema


def spot_in(folder: Folder) -> Spot:
    """Give the place of whatever is in a folder."""
    return Spot(folder.binder_key, folder.binder_id, folder.key, folder.id)


def spot_of(document: Document) -> Spot:
    """Give the place where a document is."""
    return Spot(document.binder_key, document.binder_id, document.folder_key, document.folder_id)


def plan_change(
    document: Document,
    values: Values,
    *,
    spot: Spot,
    file_name: str,
    given: Sequence[GivenValue],
    schema: Schema | None,
    named: int | None,
) -> Step | None:
    """Rename, move and describe a live document; None where that changes nothing.

    ``schema`` is that of the binder it goes to, needed where that is another one or values are
    given; ``named`` is the key of the document that has the name in the folder it goes to.

    Raises:
        DocumentNameTakenError: another document has the name in that folder.
        MetadataNotInBinderError: the other binder's schema cannot take what the document has.
        FieldErrors: metadata that the schema does not allow.

    """
    is_elsewhere = (spot.folder_key, file_name) != (document.folder_key, document.file_name)
    if is_elsewhere and named not in {None, document.key}:
        raise DocumentNameTakenError
    changed = _changed_values(document, values, spot, given, schema)
    if not is_elsewhere and changed == values:
        return None
    placed = replace(document, file_name=file_name, **asdict(spot))
    return Step(
        before=document,
        after=placed if changed == values else described(placed, changed),
        values_before=values,
        values_after=changed,
    )


def _changed_values(
    document: Document,
    values: Values,
    spot: Spot,
    given: Sequence[GivenValue],
    schema: Schema | None,
) -> Values:
    if schema is None:
        return values
    moves_binder = spot.binder_key != document.binder_key
    foreign = rules.foreign_keys(schema, values, given) if moves_binder else []
    if foreign:
        raise MetadataNotInBinderError(
            f"The binder's schema has no place for {', '.join(foreign)}; "
            "give other values or null for them in the same request."
        )
    return metadata.check_values(schema, given, current=values)


def plan_deletion(document: Document, values: Values, *, at: datetime, by: str) -> Step:
    """Put a document into the trash.

    Raises:
        DocumentNotFoundError: it is there already.

    """
    if document.deleted_at is not None:
        raise DocumentNotFoundError
    after = replace(document, deleted_at=at, deleted_by_name=by)
    return Step(before=document, after=after, values_before=values, values_after=values)


def plan_restoration(
    document: Document, values: Values, *, spot: Spot, file_name: str, named: int | None
) -> Step:
    """Take a document out of the trash, into a folder of its binder.

    Raises:
        DocumentNotInTrashError: there is nothing to restore.
        DocumentNameTakenError: its name was given to another document in the meantime.

    """
    if document.deleted_at is None:
        raise DocumentNotInTrashError
    if named is not None:
        raise DocumentNameTakenError
    after = replace(
        document, file_name=file_name, **asdict(spot), deleted_at=None, deleted_by_name=None
    )
    return Step(before=document, after=after, values_before=values, values_after=values)
