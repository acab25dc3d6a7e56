"""How many documents there are at most, by counters and by the beginnings of index ranges."""

from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, literal_column, select

from ringbinder.db.among import among
from ringbinder.db.sessions import ReadSession
from ringbinder.db.tables import counters
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.search.repository.conditions import (
    has_indexed_part,
    names_with_part,
    range_of,
)
from ringbinder.features.search.repository.sources import CANDIDATES, ELEMENTS, ENTRIES
from ringbinder.features.search.rules import Questions, Sizes, parts_of, phrase_of, term_forms
from ringbinder.features.search.types import CounterSum, HasValue


async def measure(
    session: ReadSession, questions: Questions, binders: frozenset[int] | None, few: int
) -> Sizes:
    """Count the entries of index ranges, no further than needed, and what else a plan needs."""
    if not questions:
        return Sizes()
    columns: list[ColumnElement[Any]] = [
        _beginning_of(driver, binders, session.dialect_name, few).label(f"driver_{place}")
        for place, driver in enumerate(questions.drivers)
    ]
    if questions.folders is not None:
        columns.append(sum_of(questions.folders).scalar_subquery().label("folders"))
    if questions.term is not None:
        columns.append(
            _beginning_of_names(questions.term, session.dialect_name, few).label("names")
        )
    parts = parts_of(questions.term) if questions.term and session.dialect_name == "sqlite" else ()
    columns += [
        _beginning(names_with_part(phrase_of(part)), few).label(f"part_{place}")
        for place, part in enumerate(parts)
    ]
    if questions.sorted_by is not None:
        columns.append(_has_several(questions.sorted_by, binders).label("has_several"))
    row = await session.first(select(*columns))
    found = {} if row is None else row._asdict()
    return Sizes(
        drivers={
            driver: found[f"driver_{place}"] for place, driver in enumerate(questions.drivers)
        },
        folders=found.get("folders"),
        names=found.get("names"),
        parts={part: found[f"part_{place}"] for place, part in enumerate(parts)},
        has_several=bool(found.get("has_several")),
    )


def _beginning_of(
    driver: HasValue, binders: frozenset[int] | None, dialect: str, few: int
) -> ColumnElement[int]:
    entries = ENTRIES
    beginning: Select[Any] = select(literal_column("1")).where(*range_of(entries, driver, dialect))
    if binders is not None:
        beginning = beginning.where(among(entries.c.binder_key, binders))
    return _beginning(beginning, few)


def _beginning_of_names(term: str, dialect: str, few: int) -> ColumnElement[int]:
    """Count names with a part; those of others and of the trash may be among them, or not."""
    forms = term_forms(term)
    found = names_with_part(forms.phrase)
    if dialect == "postgresql":
        found = select(literal_column("1")).where(
            of_tenant(CANDIDATES),
            CANDIDATES.c.deleted_at.is_(None),
            has_indexed_part(CANDIDATES, forms, dialect),
        )
    return _beginning(found, few)


def _beginning(found: Select[Any], few: int) -> ColumnElement[int]:
    return select(func.count()).select_from(found.limit(few + 1).subquery()).scalar_subquery()


def _has_several(element_key: int, binders: frozenset[int] | None) -> ColumnElement[bool]:
    elements = ELEMENTS
    several = exists().where(
        of_tenant(elements),
        elements.c.element_key == element_key,
        elements.c.is_multi_value,
    )
    return several if binders is None else several.where(among(elements.c.binder_key, binders))


def sum_of(counted: CounterSum) -> Select[Any]:
    """Ask for the sum of counters; those that were never made count as zero."""
    conditions = [of_tenant(counters), counters.c.kind == int(counted.kind)]
    if counted.binders is not None:
        conditions.append(among(counters.c.binder_key, counted.binders))
    if counted.subjects is not None:
        conditions.append(among(counters.c.subject_key, counted.subjects))
    if counted.value is not None:
        conditions.append(counters.c.value == counted.value)
    return select(func.coalesce(func.sum(counters.c.count), 0)).where(*conditions)
