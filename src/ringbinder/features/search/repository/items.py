"""Documents as JSON, written by the database, and the stamps by which written ones are known.

A stamp is a document's id and revision. Of the same stamp it has the same JSON, so a page says the
stamps of its documents, and only those that nobody has written yet are written. That the database
does: fetching fifty rows and writing them in Python takes longer than finding them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, LargeBinary, Select, Text, cast, func, literal, select
from sqlalchemy.sql.expression import FromClause, ScalarSelect

from ringbinder.db.among import among_packed_ids
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.search.repository.sources import BINDERS, FOLDERS, OWN
from ringbinder.kit.slots import text_slot

_ITEM: Final = (
    '{{"id":"{guid}","fileName":%s,"folderId":"{guid}","binderId":"%s","metadata":%s,'
    '"latestVersionId":"{guid}","createdAt":"%s","updatedAt":"%s","deletedAt":null}}'
)


@dataclass(frozen=True, slots=True)
class _Writer:
    """How an engine writes values into a format: GUIDs as so many texts, and what needs escapes."""

    fill: Callable[..., ColumnElement[str]]
    guid_format: str
    guid: Callable[[ColumnElement[Any]], tuple[ColumnElement[Any], ...]]
    text: Callable[[ColumnElement[str]], ColumnElement[Any]]
    moment: Callable[[ColumnElement[Any]], ColumnElement[str]]
    utf8: Callable[[ColumnElement[str]], ColumnElement[bytes]]


def _whole_seconds(moment: ColumnElement[str]) -> ColumnElement[str]:
    """Leave milliseconds away when there are none, as :func:`ringbinder.kit.clock.rfc3339` does."""
    return func.replace(moment, ".000Z", "Z")


_WRITERS: Final = {
    "sqlite": _Writer(
        fill=func.printf,
        guid_format="%.8s-%.4s-%.4s-%.4s-%s",
        guid=lambda id_: (id_, *(func.substr(id_, place) for place in (9, 13, 17, 21))),
        text=func.json_quote,
        moment=lambda at: _whole_seconds(func.printf("%.23sZ", at)),
        utf8=lambda text: cast(text, LargeBinary),
    ),
    "postgresql": _Writer(
        fill=func.format,
        guid_format="%s",
        guid=lambda id_: (id_,),
        text=lambda text: cast(func.to_json(text), Text),
        moment=lambda at: _whole_seconds(
            func.to_char(func.timezone("UTC", at), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
        ),
        utf8=lambda text: func.convert_to(text, "UTF8"),
    ),
}


STAMP: Final = cast(OWN.c.id, Text) + ":" + cast(OWN.c.revision, Text)
"""What stands for a document as it is."""


def id_of(stamp: str) -> str:
    """Give the id in a stamp, as the engine casts it to a text."""
    return stamp.partition(":")[0]


def stamps_of(wanted: FromClause) -> ScalarSelect[str]:
    """Give the stamps of the documents with some keys, in the order of these, between commas."""
    stamp = (
        select(STAMP)
        .where(of_tenant(OWN), OWN.c.key == wanted.c.key)
        .correlate(wanted)
        .scalar_subquery()
    )
    return select(func.aggregate_strings(stamp, ",")).select_from(wanted).scalar_subquery()


def items_among(dialect: str) -> Select[str, bytes]:
    """Write the documents with some ids, which have a slot; gives the stamp of each beside it.

    It is what the wire format of searches says, byte by byte.
    """
    writer = _WRITERS[dialect]
    source = OWN.join(BINDERS, BINDERS.c.key == OWN.c.binder_key)
    source = source.join(FOLDERS, FOLDERS.c.key == OWN.c.folder_key)
    wanted = among_packed_ids(OWN.c.id, text_slot(0))
    return (
        select(STAMP, writer.utf8(_item(writer)))
        .select_from(source)
        .where(of_tenant(OWN), of_tenant(BINDERS), of_tenant(FOLDERS), wanted)
    )


def _item(writer: _Writer) -> ColumnElement[str]:
    return writer.fill(
        literal(_ITEM.format(guid=writer.guid_format), Text),
        *writer.guid(OWN.c.id),
        writer.text(OWN.c.file_name),
        *writer.guid(FOLDERS.c.id),
        BINDERS.c.id,
        OWN.c.metadata_json,
        *writer.guid(OWN.c.latest_version_id),
        writer.moment(OWN.c.created_at),
        writer.moment(OWN.c.updated_at),
    )
