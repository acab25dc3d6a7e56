"""What every store of limits promises."""

from collections.abc import Callable
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringbinder.adapters.limits import Decision, LimitStore, Policy
from ringbinder.adapters.limits.memory import MemoryLimitStore
from tests.fakes.ticks import Ticks

pytestmark = pytest.mark.contract

SECOND = 1_000_000_000
SLOW = Policy("slow", per_minute=60, burst=3)
"""One unit a second, three at once."""


MakeStore = Callable[[Ticks], LimitStore]
STORES: dict[str, MakeStore] = {"memory": MemoryLimitStore}


@pytest.fixture(params=sorted(STORES))
def make_store(request: pytest.FixtureRequest) -> MakeStore:
    return STORES[request.param]


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def store(make_store: MakeStore, ticks: Ticks) -> LimitStore:
    return make_store(ticks)


def facts(decision: Decision) -> tuple[bool, int, float, float, float]:
    return (
        decision.allowed,
        decision.remaining,
        decision.more_after_seconds,
        decision.reset_seconds,
        decision.retry_after_seconds,
    )


async def test_a_burst_then_one_for_each_interval(store: LimitStore, ticks: Ticks) -> None:
    assert [facts(await store.take("k", SLOW)) for _ in range(4)] == [
        (True, 2, 1, 1, 0),
        (True, 1, 1, 2, 0),
        (True, 0, 1, 3, 0),
        (False, 0, 1, 3, 1),
    ]
    ticks.advance(0.25)
    assert facts(await store.take("k", SLOW)) == (False, 0, 0.75, 2.75, 0.75)
    ticks.advance(0.75)
    assert facts(await store.take("k", SLOW)) == (True, 0, 1, 3, 0)
    ticks.advance(100)
    assert facts(await store.take("k", SLOW)) == (True, 2, 1, 1, 0)


async def test_a_cost_is_taken_whole_or_not(store: LimitStore, ticks: Ticks) -> None:
    assert facts(await store.take("k", SLOW, cost=2)) == (True, 1, 1, 2, 0)
    assert facts(await store.take("k", SLOW, cost=2)) == (False, 1, 1, 2, 1)
    assert facts(await store.take("k", SLOW, cost=1)) == (True, 0, 1, 3, 0)
    ticks.advance(2)
    assert (await store.take("k", SLOW, cost=2)).allowed


@pytest.mark.parametrize("cost", [-1, 4])
async def test_a_cost_that_never_fits_is_refused(store: LimitStore, cost: int) -> None:
    with pytest.raises(ValueError, match="burst of 3"):
        await store.take("k", SLOW, cost=cost)


async def test_looking_takes_nothing(store: LimitStore) -> None:
    assert facts(await store.take("k", SLOW, cost=0)) == (True, 3, 0, 0, 0)
    await store.take("k", SLOW)
    for _ in range(5):
        assert facts(await store.take("k", SLOW, cost=0)) == (True, 2, 1, 1, 0)


async def test_what_is_given_back_can_be_taken_again(store: LimitStore, ticks: Ticks) -> None:
    for _ in range(3):
        await store.take("k", SLOW)
    assert facts(await store.give_back("k", SLOW)) == (True, 1, 1, 2, 0)
    assert (await store.take("k", SLOW)).allowed
    assert not (await store.take("k", SLOW)).allowed
    ticks.advance(60)
    assert facts(await store.give_back("k", SLOW)) == (True, 3, 0, 0, 0)


async def test_keys_do_not_touch_each_other(store: LimitStore) -> None:
    for _ in range(5):
        await store.take("one", SLOW)
    assert (await store.take("other", SLOW)).remaining == 2


async def test_a_lowered_limit_holds_at_once(store: LimitStore) -> None:
    high = Policy("k", per_minute=60, burst=10)
    for _ in range(10):
        await store.take("k", high)
    assert facts(await store.take("k", SLOW)) == (False, 0, 8, 10, 8)


policies = st.builds(
    Policy,
    name=st.just("p"),
    per_minute=st.integers(1, 100_000),
    burst=st.integers(1, 1000),
)
waits = st.lists(st.floats(0, 30), max_size=60)


@pytest.mark.parametrize("name", sorted(STORES))
@given(policy=policies, waits=waits)
async def test_a_client_that_waits_is_not_refused_twice_in_a_row(
    name: str, policy: Policy, waits: list[float]
) -> None:
    ticks = Ticks()
    store = STORES[name](ticks)
    for wait in waits:
        ticks.advance(wait / policy.per_minute)
        decision = await store.take("k", policy)
        if not decision.allowed:
            assert decision.retry_after_seconds > 0
            ticks.advance(ceil(decision.retry_after_seconds))
            assert (await store.take("k", policy)).allowed


@pytest.mark.parametrize("name", sorted(STORES))
@given(policy=policies, callers=st.integers(2, 20), rounds=st.integers(1, 20))
async def test_of_callers_who_share_a_budget_as_many_succeed_as_units_came_back(
    name: str, policy: Policy, callers: int, rounds: int
) -> None:
    """Of those who waited together one succeeds at least, and nobody takes what is not there."""
    ticks = Ticks()
    store = STORES[name](ticks)
    while (await store.take("k", policy)).allowed:
        pass
    for _ in range(rounds):
        told = [await store.take("k", policy) for _ in range(callers)]
        seconds = max(ceil(decision.retry_after_seconds) for decision in told)
        ticks.advance(seconds)
        expected = min(callers, (await store.take("k", policy, cost=0)).remaining)
        answers = [(await store.take("k", policy)).allowed for _ in range(callers)]
        assert sum(answers) == expected >= 1
        while (await store.take("k", policy)).allowed:
            pass


@pytest.mark.parametrize("name", sorted(STORES))
@given(policy=policies, waits=waits, given_back=st.sets(st.integers(0, 59)))
async def test_never_more_than_the_burst_and_what_came_back(
    name: str, policy: Policy, waits: list[float], given_back: set[int]
) -> None:
    ticks = Ticks()
    store = STORES[name](ticks)
    began, granted = ticks.now, 0
    for number, wait in enumerate(waits):
        ticks.advance(wait / policy.per_minute)
        if (await store.take("k", policy)).allowed:
            granted += 1
            if number in given_back:
                granted -= 1
                await store.give_back("k", policy)
    came_back = (ticks.now - began) * policy.per_minute / (60 * SECOND)
    assert granted <= policy.burst + came_back + 1e-6


async def test_memory_is_bounded_by_the_keys_in_use() -> None:
    ticks = Ticks()
    store = MemoryLimitStore(ticks)
    most = 0
    for number in range(20_000):
        await store.take(f"address {number}", SLOW)
        ticks.advance(0.01)
        most = max(most, store.held)
    assert most <= 2 * 300 + 2
    ticks.advance(1000)
    await store.take("k", SLOW)
    assert store.held == 1


async def test_memory_forgets_nobody_who_still_owes() -> None:
    ticks = Ticks()
    store = MemoryLimitStore(ticks)
    patient = Policy("patient", per_minute=1, burst=3)
    for _ in range(3):
        await store.take("k", patient)
    for number in range(2000):
        await store.take(f"address {number}", SLOW)
        ticks.advance(0.0299)
    assert not (await store.take("k", patient)).allowed
    ticks.advance(0.3)
    assert (await store.take("k", patient)).allowed
