"""How the engines go about each shape of search: by an index, never through a whole large table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

import pytest
from sqlalchemy import text

from ringbinder.db.among import packed_ids
from ringbinder.db.prepared import Prepared
from ringbinder.db.sessions import Database
from ringbinder.features.metadata.types import DataType
from ringbinder.features.search.repository import prepare_items, prepare_page
from ringbinder.features.search.rules import (
    Counted,
    Plan,
    Way,
    known_keys,
    page_template,
    page_values,
    search_keys,
    template_of,
)
from ringbinder.features.search.types import (
    Criteria,
    Direction,
    HasValue,
    OneOf,
    Position,
    Slice,
    SortKey,
)
from tests.support.world import World

pytestmark = pytest.mark.db

ROOM = search_keys({"Rum": (100, DataType.TEXT)})["Rum"]
DISCIPLINE = HasValue(101, OneOf(("A",)), is_counted=True)
PHASE = HasValue(102, OneOf(("Bygg",)), is_counted=True)
ONE, SEVERAL = frozenset({7}), frozenset({7, 8, 9})
BY_ROOM = (SortKey(ROOM, Direction.DESC),)
BY_DATE = (SortKey(known_keys()["GLOBAL_Date"]),)
# Which of several indexes PostgreSQL takes in a table without rows is a matter of a hair.
CANDIDATES = "on documents candidates"
VALUES_KEY = "organisation_key=? AND element_key=? AND value=? AND binder_key=?"


@dataclass(frozen=True)
class Shape:
    """A search, and what must stand in its plan on SQLite and on PostgreSQL."""

    criteria: Criteria
    plan: Plan
    sqlite: str
    postgresql: str
    order: tuple[SortKey, ...] = ()


SHAPES = {
    "everything": Shape(
        Criteria(), Plan(Way.WALK_NAMES), "INDEX ix_documents_by_name ", CANDIDATES
    ),
    "binder": Shape(
        Criteria(binders=ONE),
        Plan(Way.WALK_NAMES),
        "ix_documents_by_name_in_binder (organisation_key=? AND binder_key=?",
        CANDIDATES,
    ),
    "folder": Shape(
        Criteria(binders=ONE, folders=frozenset({3})),
        Plan(Way.WALK_NAMES),
        "ix_documents_by_name_in_folder (organisation_key=? AND folder_key=?",
        CANDIDATES,
    ),
    "binder and tab": Shape(
        Criteria(binders=ONE, folders=SEVERAL),
        Plan(Way.GATHER),
        "ix_documents_by_name_in_folder (organisation_key=? AND folder_key=?",
        CANDIDATES,
    ),
    "binder and two keys": Shape(
        Criteria(binders=ONE, conditions=(DISCIPLINE, PHASE)),
        Plan(Way.GATHER, DISCIPLINE),
        f"entries USING PRIMARY KEY ({VALUES_KEY})",
        "pk_document_metadata",
    ),
    "rare key": Shape(
        Criteria(conditions=(DISCIPLINE,)),
        Plan(Way.GATHER, DISCIPLINE),
        "entries USING PRIMARY KEY (organisation_key=? AND element_key=? AND value=?)",
        "pk_document_metadata",
    ),
    "common key": Shape(
        Criteria(conditions=(DISCIPLINE,)),
        Plan(Way.WALK_NAMES, DISCIPLINE),
        f"probed USING PRIMARY KEY ({VALUES_KEY} AND document_key=?)",
        "pk_document_metadata",
    ),
    "term by parts": Shape(
        Criteria(term="pump"),
        Plan(Way.GATHER, by_parts=True),
        "document_names VIRTUAL TABLE",
        CANDIDATES,
    ),
    "common term": Shape(
        Criteria(term="plan"),
        Plan(Way.WALK_NAMES),
        "INDEX ix_documents_by_name ",
        CANDIDATES,
    ),
    "term in a binder": Shape(
        Criteria(binders=ONE, term="å"),
        Plan(Way.GATHER),
        "ix_documents_by_name_in_binder (organisation_key=? AND binder_key=?",
        CANDIDATES,
    ),
    "everything by a key": Shape(
        Criteria(),
        Plan(Way.WALK_VALUES),
        "entries USING PRIMARY KEY (organisation_key=? AND element_key=?",
        "pk_document_metadata",
        BY_ROOM,
    ),
    "binder by a key": Shape(
        Criteria(binders=ONE),
        Plan(Way.WALK_VALUES),
        "entries USING PRIMARY KEY (organisation_key=? AND element_key=?",
        "pk_document_metadata",
        BY_ROOM,
    ),
    "tab by date": Shape(
        Criteria(binders=ONE, folders=SEVERAL),
        Plan(Way.GATHER),
        "ix_documents_by_name_in_folder (organisation_key=? AND folder_key=?",
        CANDIDATES,
        BY_DATE,
    ),
}
PAGES = {
    "first": Slice(51),
    "deep": Slice(51, 50_000),
    "after a cursor": Slice(51, 0, Position(("plan",), 5)),
}
READS_ALL = {
    "sqlite": r"SCAN (candidates|own|entries|probed)\b",
    "postgresql": r"Seq Scan on (documents|document_metadata)\b",
}
EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}
# So that even in small tables a sequential scan shows that there is no other way.
AVOID_SCANS = Prepared("SET enable_seqscan = off", (), ())


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
async def test_no_shape_reads_all_of_a_large_table(world: World, shape: Shape, page: Slice) -> None:
    plan = await explained(world, shape, page)
    wanted = shape.sqlite if world.engine == "sqlite" else shape.postgresql
    assert wanted in plan, plan
    assert not re.search(READS_ALL[world.engine], plan), plan


@pytest.mark.parametrize(
    ("criteria", "keeps"),
    [
        (Criteria(), True),
        (Criteria(binders=ONE, conditions=(DISCIPLINE,)), True),
        (Criteria(binders=ONE, folders=frozenset({3})), True),
        (Criteria(binders=ONE, conditions=(DISCIPLINE, PHASE)), False),
        (Criteria(binders=ONE, folders=frozenset({3}), conditions=(PHASE,)), False),
    ],
)
def test_only_what_has_one_condition_keeps_its_plan(criteria: Criteria, *, keeps: bool) -> None:
    taken = template_of(criteria, (), Plan(Way.WALK_NAMES))
    assert taken is not None
    assert taken[0].is_steady is keeps


async def explained(world: World, shape: Shape, page: Slice) -> str:
    database = world.parts.database
    taken = template_of(shape.criteria, shape.order, shape.plan)
    assert taken is not None
    template = taken[0]
    wanted = page_template(template, page, lasts=True)
    assert wanted is not None
    prepared = prepare_page(database, template, wanted)
    values = (*taken[1], *page_values(page, 0, Counted(0, 0)))
    return await plan_of(world, prepared, values)


async def plan_of(world: World, prepared: Prepared, values: Sequence[object]) -> str:
    database = world.parts.database
    if world.engine == "postgresql" and prepared.is_steady:
        return await kept_plan_of(database, prepared)
    if world.engine == "postgresql":
        await database.ask(1, AVOID_SCANS, ())
    explain = replace(prepared, sql=f"{EXPLAIN[world.engine]} {prepared.sql}")
    return as_text(await database.ask(1, explain, values))


async def kept_plan_of(database: Database, prepared: Prepared) -> str:
    """Let PostgreSQL tell the plan that it makes without knowing any value."""
    unknown = ", ".join(["NULL"] * len(prepared.places))

    async def ask(sql: str) -> Sequence[Sequence[object]]:
        return await database.ask(1, Prepared(sql, (), (), is_steady=True), ())

    await ask(f"PREPARE asked AS {prepared.sql}")
    plan = as_text(await ask(f"EXPLAIN EXECUTE asked ({unknown})"))
    await ask("DEALLOCATE asked")
    assert "$" in plan, plan
    return plan


def as_text(rows: Sequence[Sequence[object]]) -> str:
    return "\n".join(str(row[-1]) for row in rows)


async def test_documents_are_written_without_reading_all_of_them(world: World) -> None:
    ids = packed_ids([uuid4().hex for _ in range(50)], world.engine)
    plan = await plan_of(world, prepare_items(world.parts.database), [ids])
    by_id = {"sqlite": "SEARCH own USING INDEX", "postgresql": "using uq_documents_id on documents"}
    assert by_id[world.engine] in plan, plan
    assert not re.search(READS_ALL[world.engine], plan), plan


async def test_postgresql_finds_parts_of_names_by_their_index(world: World) -> None:
    """In small tables the planner prefers other indexes; this asks what no other one can answer."""
    if world.engine != "postgresql":
        pytest.skip("SQLite's plan is among those above")
    asked = "EXPLAIN SELECT key FROM documents WHERE name_key LIKE '%pumpstation%'"
    async with world.parts.database.write(None) as session:
        await session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = await session.all(text(asked))
    assert "ix_documents_name_parts" in "\n".join(str(row[0]) for row in plan)
