"""Conditions on documents as SQL."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select
from sqlalchemy.sql.expression import FromClause

from ringbinder.db.among import among
from ringbinder.db.tables import document_names
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.search.repository.engines import PlaceIn, table_of
from ringbinder.features.search.repository.sources import PROBED, TYPED
from ringbinder.features.search.rules import (
    SEPARATOR,
    TermForms,
    part_pattern,
    prefix_of,
    term_forms,
)
from ringbinder.features.search.types import (
    Between,
    Condition,
    HasValue,
    InBinders,
    InFolders,
    InFolderTypes,
    Negated,
    OneOf,
    Operator,
    TextPart,
)
from ringbinder.features.search.types.criteria import ValueTest
from ringbinder.kit.slots import slot_place

_HEXADECIMAL = "0123456789abcdef"
_DIGEST_CHARACTERS = 32
_LAST_CHARACTER = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Manner:
    """How conditions are to be written: for which engine, and whether an index is walked in order.

    ``binders`` are those that are searched, None for all; ``by_parts`` tells that names are found
    by the index of their parts; ``forms`` are those of the term, where it
    has been looked at before.
    """

    dialect: str
    binders: frozenset[int] | None = None
    walking: bool = False
    by_parts: bool = False
    forms: TermForms | None = None


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document's columns, wherever they come from; ``documents`` where its own row is at hand."""

    key: ColumnElement[int]
    binder_key: ColumnElement[int]
    documents: FromClause | None = None


def holds(condition: Condition, row: DocumentRow, manner: Manner) -> ColumnElement[bool]:
    """Say that a document meets a condition."""
    match condition:
        case Negated(inner):
            return not_(holds(inner, row, manner))
        case InBinders(keys):
            return among(row.binder_key, keys)
        case InFolders(keys=keys):
            return among(_folder_key(row), keys)
        case InFolderTypes(types):
            return _in_folder_types(types, row)
        case HasValue():
            return _has_value(condition, row, manner)


def any_holds(
    group: tuple[Condition, ...], row: DocumentRow, manner: Manner
) -> ColumnElement[bool]:
    """Say that a document meets one condition of a group."""
    return or_(*(holds(condition, row, manner) for condition in group))


def _folder_key(row: DocumentRow) -> ColumnElement[int]:
    assert row.documents is not None  # noqa: S101 - whoever needs folders brings the documents
    return row.documents.c.folder_key


def _in_folder_types(types: frozenset[str], row: DocumentRow) -> ColumnElement[bool]:
    return exists().where(
        of_tenant(TYPED), TYPED.c.key == _folder_key(row), TYPED.c.type.in_(sorted(types))
    )


def _has_value(condition: HasValue, row: DocumentRow, manner: Manner) -> ColumnElement[bool]:
    values = PROBED
    entries = select(values.c.document_key).where(*range_of(values, condition, manner.dialect))
    if isinstance(condition.test, OneOf):
        # Every column of the primary key is known: this asks for one entry of the index.
        return _probe(_of_document(entries, values, row), manner)
    if manner.dialect == "sqlite":
        # SQLite would read the whole range again for each document.
        return row.key.in_(in_binders(entries, values, manner.binders))
    return _of_document(entries, values, row).exists()


def _of_document(entries: Select[Any], values: FromClause, row: DocumentRow) -> Select[Any]:
    return entries.where(values.c.binder_key == row.binder_key, values.c.document_key == row.key)


def _probe(entries: Select[Any], manner: Manner) -> ColumnElement[bool]:
    # OFFSET 0 keeps PostgreSQL from turning a walk that ends early into a join of everything.
    return (entries.offset(0) if manner.walking else entries).exists()


def in_binders(
    entries: Select[Any], values: FromClause, binders: frozenset[int] | None
) -> Select[Any]:
    """Keep to the entries of some binders."""
    return entries if binders is None else entries.where(among(values.c.binder_key, binders))


def unindexed(column: ColumnElement[int]) -> ColumnElement[int]:
    """Keep SQLite, which has no statistics, from choosing an index because of this column."""
    return column + 0


def range_of(
    values: FromClause, condition: HasValue, dialect: str
) -> tuple[ColumnElement[bool], ...]:
    """Say which entries of the index of values meet a condition."""
    return (
        of_tenant(values),
        values.c.element_key == condition.element_key,
        *_passes(values.c.value, condition.test, dialect),
    )


def _passes(
    value: ColumnElement[str], test: ValueTest, dialect: str
) -> tuple[ColumnElement[bool], ...]:
    match test:
        case OneOf((only,)):
            return (value == only,)
        case OneOf(several):
            return (value.in_(several),)
        case Between(operator, bound):
            return (_lies(value, operator, bound),)
        case TextPart():
            return _has_part(value, test, dialect)
        case _:
            return ()


def _lies(value: ColumnElement[str], operator: Operator, bound: str) -> ColumnElement[bool]:
    match operator:
        case Operator.LT:
            return value < bound
        case Operator.LTE:
            return value <= bound
        case Operator.GT:
            return value > bound
        case _:
            return value >= bound


def _has_part(
    value: ColumnElement[str], test: TextPart, dialect: str
) -> tuple[ColumnElement[bool], ...]:
    whole = and_(not_(is_cut(value)), key_has_part(value, term_forms(test.term), test.operator))
    if test.long_texts:
        texts = table_of(dialect, dict.fromkeys(test.long_texts, ""), "long_texts")
        whole = or_(whole, value.in_(select(texts.c.key)))
    return (*begins_with(value, test), whole)


def begins_with(value: ColumnElement[str], test: TextPart) -> tuple[ColumnElement[bool], ...]:
    """Narrow the range of the index to what can begin with a term."""
    prefix = prefix_of(test.term) if test.operator is Operator.STARTS_WITH else ""
    return (value >= prefix, value < prefix + _LAST_CHARACTER) if prefix else ()


def has_indexed_part(documents: FromClause, forms: TermForms, dialect: str) -> ColumnElement[bool]:
    """Say that a name contains a term, in the way for which PostgreSQL has an index of parts.

    SQLite's index has been asked before, perhaps for a part of the term only: here it looks at
    names one by one, for which it has a faster way than LIKE.
    """
    if dialect == "sqlite":
        return func.instr(documents.c.name_key, forms.term) > 0
    return _like(documents.c.name_key, forms.compared, Operator.CONTAINS)


def names_with_part(phrase: str) -> Select[Any]:
    """Ask SQLite's index of parts for the documents, anybody's, whose name contains a phrase."""
    names = document_names
    return select(names.c.rowid.label("key")).where(names.c.document_names.op("MATCH")(phrase))


def key_has_part(
    key: ColumnElement[str], forms: TermForms, operator: Operator, *, narrowed: bool = False
) -> ColumnElement[bool]:
    """Say that the text of a sort key, which was not cut, contains or begins with a term.

    ``narrowed`` tells that :func:`may_have_part` is asked as well.
    """
    separator = PlaceIn(key, SEPARATOR)
    behind = _like(func.substr(key, separator + 1), forms.compared, operator)
    if forms.sorted is None:
        return and_(behind, separator > 0)
    if forms.sorted == forms.compared:
        return or_(separator == 0, behind) if narrowed else behind
    return or_(behind, and_(_like(key, forms.sorted, operator), separator == 0))


def may_have_part(key: ColumnElement[str], forms: TermForms) -> ColumnElement[bool]:
    """Say, cheaply, what must hold of a sort key before it can contain a term."""
    found = _like(key, forms.compared, Operator.CONTAINS)
    if forms.sorted is None or forms.sorted == forms.compared:
        return found
    return or_(found, _like(key, forms.sorted, Operator.CONTAINS))


def _like(text: ColumnElement[str], part: str, operator: Operator) -> ColumnElement[bool]:
    pattern = part_pattern(part, operator) if slot_place(part) is None else part
    return text.like(pattern, escape="/")


def is_cut(key: ColumnElement[str]) -> ColumnElement[bool]:
    """Say that a sort key was cut: behind its first level stands a digest."""
    place = PlaceIn(key, SEPARATOR)
    digest = func.substr(key, place + 1)
    return and_(
        place > 0,
        func.length(digest) == _DIGEST_CHARACTERS,
        func.ltrim(digest, _HEXADECIMAL) == "",
    )
