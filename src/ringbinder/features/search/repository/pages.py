"""Find one page of documents and the exact total, in one statement where that can be."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    TableClause,
    Text,
    case,
    cast,
    func,
    literal,
    null,
    select,
    true,
)
from sqlalchemy.sql.expression import FromClause, ScalarSelect

from ringbinder.db.sessions import ReadSession
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.search.repository.candidates import (
    Candidates,
    candidates_of,
    conditions_on,
    count_of,
)
from ringbinder.features.search.repository.conditions import DocumentRow, Manner
from ringbinder.features.search.repository.items import STAMP, stamps_of
from ringbinder.features.search.repository.ordering import (
    Sorter,
    in_index_order,
    in_key_order,
    in_order,
    lies_behind,
    lies_behind_in_index,
    sorted_candidates,
    values_in_order,
)
from ringbinder.features.search.repository.sizes import sum_of
from ringbinder.features.search.repository.sources import (
    BINDERS,
    CANDIDATES,
    ENTRIES,
    FOLDERS,
    OWN,
)
from ringbinder.features.search.repository.states import state_since
from ringbinder.features.search.repository.steps import Steps
from ringbinder.features.search.rules import (
    PageTemplate,
    Plan,
    Template,
    Way,
    counters_of,
    needs_documents,
    term_forms,
)
from ringbinder.features.search.types import (
    Anything,
    Creator,
    Criteria,
    FoundDocument,
    HasValue,
    Negated,
    Position,
    Slice,
    SortKey,
)

Page = tuple[list[FoundDocument], int]

_ANSWERED: Final = (
    STAMP.label("stamp"),
    OWN.c.id,
    OWN.c.file_name,
    FOLDERS.c.id.label("folder_id"),
    BINDERS.c.id.label("binder_id"),
    OWN.c.metadata_json,
    OWN.c.latest_version_id,
    OWN.c.created_at,
    OWN.c.updated_at,
)


async def find_page(
    session: ReadSession,
    criteria: Criteria,
    *,
    order: Sequence[SortKey],
    creators: Sequence[Creator],
    plan: Plan,
    wanted: Slice,
) -> Page:
    """Give the documents of a slice in order, and how many there are in all."""
    walking = plan.way is not Way.GATHER
    manner = Manner(
        session.dialect_name,
        criteria.binders,
        walking=walking,
        by_parts=plan.by_parts,
        forms=None if criteria.term is None else term_forms(criteria.term, plan.part),
    )
    sorter = Sorter(order, creators, manner, Steps())
    if plan.way is Way.WALK_VALUES:
        return await _walk_values(session, criteria, sorter, plan, wanted)
    if plan.way is Way.WALK_NAMES:
        page = _walk_names(criteria, sorter, wanted)
        return await _read(session, page, _total(criteria, sorter, plan), sorter)
    hits = _hits(criteria, sorter, plan)
    return await _read(session, _gathered(hits, sorter, wanted), _count_of(hits), sorter)


def _hits(criteria: Criteria, sorter: Sorter, plan: Plan) -> FromClause:
    found = candidates_of(criteria, sorter.manner, sorter.steps, driver=plan.driver)
    return sorted_candidates(found, sorter)


def page_of(template: Template, page: PageTemplate, dialect: str) -> Select[Any]:
    """Give the statement of a page and its total, as long as what was looked up for it holds.

    It gives one row: the total, the number of the organisation's last change, the stamps of the
    documents, how many there are, one more than wanted if there is a next page, then key and
    sorting columns of the last that is wanted. Where something has changed that was looked up, the
    total is null, there is no document, and nothing was looked for.
    """
    way = template.plan.way
    manner = Manner(
        dialect,
        template.criteria.binders,
        walking=way is not Way.GATHER,
        by_parts=template.plan.by_parts,
        forms=template.forms,
    )
    sorter = Sorter(template.order, (), manner, Steps())
    known = sorter.steps.add("known", state_since(page.sequence, lasts=page.lasts))
    rows, total = _rows_and_total(template, page, sorter, known)
    found = sorter.steps.add("page", _if_known(rows, known, page, dialect))
    labels = ("key", *sorter.labels)
    columns = [found.c[label] for label in labels]
    in_page_order = in_order(columns[1:], found.c.key, sorter)
    wanted = select(found.c.key).order_by(*in_page_order).limit(page.size).subquery("wanted")
    last = select(*columns).order_by(*in_page_order).limit(1).offset(page.last).subquery("last")
    statement = select(
        case((known.c.holds, total)),
        known.c.now,
        stamps_of(wanted),
        _count_of(found),
        *(last.c[label] for label in labels),
    ).select_from(known.outerjoin(last, true()))
    return sorter.steps.before(statement)


def _if_known(
    rows: Select[Any], known: TableClause, page: PageTemplate, dialect: str
) -> Select[Any]:
    """Look for nothing where what was looked up holds no more."""
    if dialect == "postgresql":
        return rows.where(select(known.c.holds).scalar_subquery())
    # SQLite would ask it of each row in turn, after what costs more, and so read all of them.
    wanted = case((known.c.holds, page.wanted.limit), else_=0)
    return rows.limit(select(wanted).scalar_subquery())


def _rows_and_total(
    template: Template, page: PageTemplate, sorter: Sorter, known: TableClause
) -> tuple[Select[Any], ColumnElement[int]]:
    criteria, plan, wanted = template.criteria, template.plan, page.wanted
    if plan.way is Way.GATHER:
        hits = _hits(criteria, sorter, plan)
        return _gathered(hits, sorter, wanted), _count_of(hits)
    walk = _walk_names if plan.way is Way.WALK_NAMES else _with_value
    rows = walk(criteria, sorter, wanted)
    total: ColumnElement[int] = _total(criteria, sorter, plan)
    if counters_of(criteria) is None:
        # It takes the longest of all, so it is counted anew only after a change.
        is_same = known.c.now == literal(page.counted.sequence, BigInteger)
        total = case((is_same, literal(page.counted.total, BigInteger)), else_=total)
    return rows, total


def _count_of(hits: FromClause) -> ScalarSelect[int]:
    return select(func.count()).select_from(hits).scalar_subquery()


def _with_answer(source: FromClause, page: FromClause) -> FromClause:
    return (
        source.outerjoin(OWN, of_tenant(OWN) & (OWN.c.key == page.c.key))
        .outerjoin(BINDERS, of_tenant(BINDERS) & (BINDERS.c.key == OWN.c.binder_key))
        .outerjoin(FOLDERS, of_tenant(FOLDERS) & (FOLDERS.c.key == OWN.c.folder_key))
    )


def _gathered(hits: FromClause, sorter: Sorter, wanted: Slice) -> Select[Any]:
    columns = [hits.c[label] for label in sorter.labels]
    page = select(hits.c.key, *columns).order_by(*in_order(columns, hits.c.key, sorter))
    if wanted.after is not None:
        page = page.where(lies_behind(columns, hits.c.key, sorter, wanted.after))
    return _cut(page, wanted)


def _walk_names(criteria: Criteria, sorter: Sorter, wanted: Slice) -> Select[Any]:
    found = candidates_of(criteria, sorter.manner, sorter.steps)
    assert found.row.documents is not None  # noqa: S101 - without a driver they come from there
    name, key, direction = found.row.documents.c.sort_name, found.row.key, sorter.directions[0]
    page = found.select(key.label("key"), name.label(sorter.labels[0]))
    if wanted.after is not None:
        page = page.where(lies_behind_in_index(name, key, direction, wanted.after))
    return _cut(page.order_by(*in_index_order(name, key, direction)), wanted)


async def _walk_values(
    session: ReadSession, criteria: Criteria, sorter: Sorter, plan: Plan, wanted: Slice
) -> Page:
    """Walk the documents that have a value; then, where the page goes on, those that have none."""
    total = _total(criteria, sorter, plan)
    if wanted.after is not None and wanted.after.values[0] is None:
        return await _read(session, _without_value(criteria, sorter, wanted), total, sorter)
    found, count = await _read(session, _with_value(criteria, sorter, wanted), total, sorter)
    if len(found) == wanted.limit:
        return found, count
    skipped = 0
    if wanted.after is None and wanted.offset and not found:
        skipped = wanted.offset - await _count_valued(session, criteria, sorter)
    rest = Slice(limit=wanted.limit - len(found), offset=skipped)
    sorter = replace(sorter, steps=Steps())
    page = _without_value(criteria, sorter, rest)
    return found + (await _read(session, page, literal(count), sorter))[0], count


def _with_value(criteria: Criteria, sorter: Sorter, wanted: Slice) -> Select[Any]:
    found, value = _valued(criteria, sorter)
    key, direction = found.row.key, sorter.directions[0]
    page = found.select(key.label("key"), value.label(sorter.labels[0]))
    if wanted.after is not None:
        page = page.where(lies_behind_in_index(value, key, direction, wanted.after))
    return _cut(page.order_by(*in_index_order(value, key, direction)), wanted)


async def _count_valued(session: ReadSession, criteria: Criteria, sorter: Sorter) -> int:
    sorter = replace(sorter, steps=Steps())
    found, _ = _valued(criteria, sorter)
    count: int = await session.scalar(sorter.steps.before(found.select(func.count())))
    return count


def _valued(criteria: Criteria, sorter: Sorter) -> tuple[Candidates, ColumnElement[str]]:
    """Give the candidates that have a value of the first sorting key, and that value."""
    source, value, conditions = values_in_order(sorter.order[0].key, sorter)
    row = DocumentRow(ENTRIES.c.document_key, ENTRIES.c.binder_key)
    if needs_documents(criteria):
        source = source.join(CANDIDATES, of_tenant(CANDIDATES) & (CANDIDATES.c.key == row.key))
        row = DocumentRow(row.key, row.binder_key, CANDIDATES)
    rest = conditions_on(row, criteria, sorter.manner)
    return Candidates(source, row, (*conditions, *rest)), value


def _without_value(criteria: Criteria, sorter: Sorter, wanted: Slice) -> Select[Any]:
    missing = Negated(HasValue(sorter.order[0].key.element_key, Anything()))
    narrowed = replace(criteria, conditions=(*criteria.conditions, missing))
    found = candidates_of(narrowed, sorter.manner, sorter.steps)
    key = found.row.key
    columns = [cast(null(), Text).label(sorter.labels[0])]
    page = found.select(key.label("key"), *columns)
    if wanted.after is not None:
        page = page.where(lies_behind(columns, key, sorter, wanted.after))
    return _cut(page.order_by(in_key_order(key, sorter)), wanted)


def _cut(page: Select[Any], wanted: Slice) -> Select[Any]:
    cut = page.limit(wanted.limit)
    return cut.offset(wanted.offset) if wanted.offset else cut


def _total(criteria: Criteria, sorter: Sorter, plan: Plan) -> ScalarSelect[int]:
    summed = counters_of(criteria)
    if summed is not None:
        return sum_of(summed).scalar_subquery()
    manner = replace(sorter.manner, walking=False)
    return count_of(criteria, manner, sorter.steps, plan.driver).scalar_subquery()


async def _read(
    session: ReadSession, rows: Select[Any], total: ColumnElement[int], sorter: Sorter
) -> Page:
    """Join the page's keys, in their order, with what is answered of the documents."""
    page = sorter.steps.add("page", rows)
    count = sorter.steps.add("count", select(total.label("total")))
    source = _with_answer(count.outerjoin(page, true()), page)
    columns = [page.c[label] for label in sorter.labels]
    statement = (
        select(count.c.total, page.c.key, *columns, *_ANSWERED)
        .select_from(source)
        .order_by(*in_order(columns, page.c.key, sorter))
    )
    found = await session.all(sorter.steps.before(statement))
    return [_found(row, sorter) for row in found if row.key is not None], found[0].total


def _found(row: Row[Any], sorter: Sorter) -> FoundDocument:
    values = tuple(getattr(row, label) for label in sorter.labels)
    return FoundDocument(
        stamp=row.stamp,
        id=row.id,
        file_name=row.file_name,
        folder_id=row.folder_id,
        binder_id=row.binder_id,
        metadata_json=row.metadata_json,
        latest_version_id=row.latest_version_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        position=Position(values, row.key),
    )
