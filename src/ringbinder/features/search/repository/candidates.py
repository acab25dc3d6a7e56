"""The documents that meet the criteria, as the FROM and WHERE of a statement."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.sql.expression import FromClause

from ringbinder.db.among import among
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.search.repository.conditions import (
    DocumentRow,
    Manner,
    any_holds,
    has_indexed_part,
    holds,
    key_has_part,
    may_have_part,
    names_with_part,
    range_of,
    unindexed,
)
from ringbinder.features.search.repository.sources import CANDIDATES, ENTRIES
from ringbinder.features.search.repository.steps import Steps
from ringbinder.features.search.rules import is_single, needs_documents, term_forms
from ringbinder.features.search.types import Criteria, HasValue, Operator


@dataclass(frozen=True, slots=True)
class Candidates:
    """Where documents come from, and what they must meet."""

    source: FromClause
    row: DocumentRow
    conditions: tuple[ColumnElement[bool], ...]

    def select(self, *columns: ColumnElement[Any]) -> Select[Any]:
        """Begin a statement about them."""
        return select(*columns).select_from(self.source).where(*self.conditions)


def candidates_of(
    criteria: Criteria,
    manner: Manner,
    steps: Steps,
    *,
    driver: HasValue | None = None,
    count_only: bool = False,
) -> Candidates:
    """Give the documents that meet the criteria, each once.

    With a driver, the search begins in the range of the index of values that meets this condition.
    """
    if driver is None:
        return _from_documents(criteria, manner, steps)
    bare = count_only and not needs_documents(criteria)
    return _from_values(criteria, manner, steps, driver, bare=bare)


def _from_documents(criteria: Criteria, manner: Manner, steps: Steps) -> Candidates:
    own = CANDIDATES
    row = DocumentRow(own.c.key, own.c.binder_key, own)
    source: FromClause = own
    if manner.by_parts and manner.dialect == "sqlite":
        # As a step, or else SQLite reads every document and looks whether it is among those found.
        assert criteria.term is not None  # noqa: S101 - names are found by it
        forms = manner.forms or term_forms(criteria.term)
        found = steps.add("parts", names_with_part(forms.phrase))
        source = found.join(own, of_tenant(own) & (own.c.key == found.c.key))
    place = (of_tenant(own), own.c.deleted_at.is_(None), *_in_place(own, criteria, manner))
    return Candidates(source, row, (*place, *conditions_on(row, criteria, manner)))


def _in_place(
    source: FromClause, criteria: Criteria, manner: Manner
) -> Iterator[ColumnElement[bool]]:
    if criteria.binders is not None:
        # Folders are the smaller places: their index is the better one.
        inside = source.c.binder_key if criteria.folders is None else unindexed(source.c.binder_key)
        yield among(inside, criteria.binders)
    elif (criteria.conditions or criteria.groups) and not (
        criteria.folders or manner.walking or manner.by_parts
    ):
        # True of all, so that the index is read that knows the binder, which the conditions need.
        yield source.c.binder_key > 0


def _from_values(
    criteria: Criteria, manner: Manner, steps: Steps, driver: HasValue, *, bare: bool
) -> Candidates:
    values = ENTRIES
    conditions = list(range_of(values, driver, manner.dialect))
    if criteria.binders is not None:
        conditions.append(among(values.c.binder_key, criteria.binders))
    source: FromClause = values
    if not is_single(driver):
        columns = (values.c.document_key, values.c.binder_key)
        source = steps.add("entries_once", select(*columns).where(*conditions).distinct())
        conditions = []
    keys = DocumentRow(source.c.document_key, source.c.binder_key)
    if bare:
        rest = conditions_on(keys, criteria, manner, done=driver)
        return Candidates(source, keys, (*conditions, *rest))
    own = CANDIDATES
    row = DocumentRow(keys.key, keys.binder_key, own)
    joined = source.join(own, of_tenant(own) & (own.c.key == keys.key))
    rest = conditions_on(row, criteria, manner, done=driver)
    return Candidates(joined, row, (*conditions, *rest))


def conditions_on(
    row: DocumentRow, criteria: Criteria, manner: Manner, *, done: HasValue | None = None
) -> Iterator[ColumnElement[bool]]:
    """Say what a document must meet besides its binder and what is done already."""
    if criteria.folders is not None:
        yield among(_documents(row).c.folder_key, criteria.folders)
    for condition in criteria.conditions:
        if condition != done:
            yield holds(condition, row, manner)
    for group in criteria.groups:
        yield any_holds(group, row, manner)
    if criteria.term is not None:
        forms, documents = manner.forms or term_forms(criteria.term), _documents(row)
        if manner.by_parts:
            yield has_indexed_part(documents, forms, manner.dialect)
            return
        name = documents.c.sort_name
        yield may_have_part(name, forms)
        yield key_has_part(name, forms, Operator.CONTAINS, narrowed=True)


def _documents(row: DocumentRow) -> FromClause:
    assert row.documents is not None  # noqa: S101 - whoever needs them brings them
    return row.documents


def count_of(
    criteria: Criteria, manner: Manner, steps: Steps, driver: HasValue | None
) -> Select[Any]:
    """Ask how many documents meet the criteria."""
    found = candidates_of(criteria, manner, steps, driver=driver, count_only=True)
    return found.select(func.count())


def entries_of(element_key: int, manner: Manner) -> tuple[ColumnElement[bool], ...]:
    """Keep to the index entries of an element in the binders that are searched."""
    conditions = [of_tenant(ENTRIES), ENTRIES.c.element_key == element_key]
    if manner.binders is not None:
        conditions.append(among(ENTRIES.c.binder_key, manner.binders))
    return tuple(conditions)
