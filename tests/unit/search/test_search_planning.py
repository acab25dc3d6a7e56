"""Which way a search takes, and which counters are its total."""

import pytest

from ringbinder.features.evidence.types import Counted
from ringbinder.features.metadata.types import DataType
from ringbinder.features.search.rules import (
    FEW,
    Plan,
    Questions,
    Sizes,
    Way,
    choose_plan,
    counters_of,
    known_keys,
    needs_documents,
    questions_of,
)
from ringbinder.features.search.rules.planning import SPARE
from ringbinder.features.search.types import (
    Anything,
    Between,
    CounterSum,
    Criteria,
    Direction,
    HasValue,
    InFolderTypes,
    Negated,
    OneOf,
    Operator,
    SearchKey,
    SortKey,
    TextPart,
)
from ringbinder.features.search.types.asked import KeyKind

pytestmark = pytest.mark.unit

STATUS = HasValue(8, OneOf(("Bygghandling",)), is_counted=True)
ROOM = HasValue(100, OneOf(("a",)))
EARLY = HasValue(6, Between(Operator.LT, "2024-01-01"))
BEGINS = HasValue(100, TextPart(Operator.STARTS_WITH, "a"))
HAS_PART = HasValue(100, TextPart(Operator.CONTAINS, "a"))
EVERYTHING = Criteria()
BY_DATE = (SortKey(known_keys()["GLOBAL_Date"], Direction.DESC),)
BY_ROOM = (SortKey(SearchKey("Rum", 100, DataType.TEXT, KeyKind.PLAIN)),)
BY_BINDER = (SortKey(known_keys()["GLOBAL_BinderId"]),)
ONE, TWO = frozenset({1}), frozenset({1, 2})
PUMP = Criteria(term="pump")


@pytest.mark.parametrize(
    ("criteria", "counted"),
    [
        (EVERYTHING, CounterSum(Counted.ORGANISATION)),
        (Criteria(binders=TWO), CounterSum(Counted.BINDER, TWO)),
        (Criteria(folders=TWO), CounterSum(Counted.FOLDER, None, TWO)),
        (Criteria(binders=ONE, folders=TWO), CounterSum(Counted.FOLDER, ONE, TWO)),
        (
            Criteria(conditions=(STATUS,)),
            CounterSum(Counted.VALUE, None, frozenset({8}), "Bygghandling"),
        ),
        (
            Criteria(binders=ONE, conditions=(STATUS,)),
            CounterSum(Counted.VALUE_IN_BINDER, ONE, frozenset({8}), "Bygghandling"),
        ),
        (Criteria(folders=ONE, conditions=(STATUS,)), None),
        (Criteria(conditions=(STATUS, ROOM)), None),
        (Criteria(conditions=(ROOM,)), None),
        (Criteria(conditions=(Negated(STATUS),)), None),
        (Criteria(conditions=(HasValue(8, OneOf(("a", "b")), is_counted=True),)), None),
        (Criteria(groups=((STATUS, ROOM),)), None),
        (Criteria(term="a"), None),
    ],
)
def test_totals_that_are_counters(criteria: Criteria, counted: CounterSum | None) -> None:
    assert counters_of(criteria) == counted


@pytest.mark.parametrize(
    ("criteria", "order", "questions"),
    [
        (EVERYTHING, (), Questions()),
        (Criteria(folders=ONE), (), Questions()),
        (Criteria(folders=TWO), (), Questions(folders=CounterSum(Counted.FOLDER, None, TWO))),
        (
            Criteria(conditions=(STATUS, EARLY, BEGINS, HAS_PART, Negated(ROOM))),
            (),
            Questions(drivers=(STATUS, EARLY, BEGINS)),
        ),
        (EVERYTHING, BY_ROOM, Questions(sorted_by=100)),
        (EVERYTHING, BY_DATE, Questions()),
        (EVERYTHING, BY_BINDER, Questions()),
    ],
)
def test_no_more_is_measured_than_needed(
    criteria: Criteria, order: tuple[SortKey, ...], questions: Questions
) -> None:
    assert questions_of(criteria, order) == questions


@pytest.mark.parametrize(
    ("criteria", "order", "sizes", "plan"),
    [
        (EVERYTHING, (), Sizes(), Plan(Way.WALK_NAMES)),
        (EVERYTHING, BY_DATE, Sizes(), Plan(Way.WALK_VALUES)),
        (EVERYTHING, BY_ROOM, Sizes(has_several=True), Plan(Way.GATHER)),
        (EVERYTHING, BY_BINDER, Sizes(), Plan(Way.GATHER)),
        (EVERYTHING, BY_DATE + BY_ROOM, Sizes(), Plan(Way.GATHER)),
        (Criteria(term="a"), (), Sizes(), Plan(Way.GATHER)),
        (Criteria(folders=ONE), (), Sizes(), Plan(Way.WALK_NAMES)),
        (Criteria(folders=TWO), (), Sizes(folders=FEW), Plan(Way.GATHER)),
        (Criteria(folders=TWO), (), Sizes(folders=FEW + 1), Plan(Way.WALK_NAMES)),
        (
            Criteria(conditions=(STATUS, ROOM)),
            (),
            Sizes({STATUS: FEW + 1, ROOM: 5}),
            Plan(Way.GATHER, ROOM),
        ),
        (
            Criteria(conditions=(STATUS, ROOM)),
            (),
            Sizes({STATUS: FEW + 1, ROOM: FEW + 1}),
            Plan(Way.WALK_NAMES, STATUS),
        ),
        (Criteria(conditions=(STATUS,), term="a"), (), Sizes({STATUS: FEW + 1}), Plan(Way.GATHER)),
        (
            Criteria(conditions=(STATUS,), term="a"),
            (),
            Sizes({STATUS: FEW}),
            Plan(Way.GATHER, STATUS),
        ),
        (PUMP, (), Sizes(names=FEW + 1), Plan(Way.WALK_NAMES)),
        (PUMP, (), Sizes(names=9), Plan(Way.GATHER, by_parts=True)),
        # A part is asked for where another one is common, and it is hardly in more names.
        (PUMP, (), Sizes(names=9, parts={"pum": FEW, "ump": 9}), Plan(Way.GATHER, by_parts=True)),
        (
            PUMP,
            (),
            Sizes(names=9, parts={"pum": FEW + 1, "ump": 18 + SPARE}),
            Plan(Way.GATHER, by_parts=True, part="ump"),
        ),
        (
            PUMP,
            (),
            Sizes(names=9, parts={"pum": FEW + 1, "ump": 19 + SPARE}),
            Plan(Way.GATHER, by_parts=True),
        ),
    ],
)
def test_plans(criteria: Criteria, order: tuple[SortKey, ...], sizes: Sizes, plan: Plan) -> None:
    assert choose_plan(criteria, order, sizes) == plan


@pytest.mark.parametrize(
    ("criteria", "needed"),
    [
        (Criteria(binders=ONE, conditions=(STATUS, Negated(ROOM)), groups=((ROOM,),)), False),
        (Criteria(folders=ONE), True),
        (Criteria(term="a"), True),
        (Criteria(conditions=(InFolderTypes(frozenset({"a"})),)), True),
        (Criteria(groups=((STATUS, Negated(InFolderTypes(frozenset({"a"})))),)), True),
        (Criteria(conditions=(HasValue(8, Anything()),)), False),
    ],
)
def test_the_documents_themselves_are_read_only_where_needed(
    criteria: Criteria, *, needed: bool
) -> None:
    assert needs_documents(criteria) is needed
