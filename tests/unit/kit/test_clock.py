from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringbinder.kit.clock import Clock, FixedClock, SystemClock, parse_rfc3339, rfc3339

pytestmark = pytest.mark.unit

MORNING = datetime(2024, 1, 15, 8, 30, tzinfo=UTC)
STOCKHOLM = timezone(timedelta(hours=1))


def test_the_system_clock_is_aware_and_in_utc() -> None:
    clock: Clock = SystemClock()
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_fixed_clock_moves_only_when_told() -> None:
    clock = FixedClock(MORNING.astimezone(STOCKHOLM))
    assert clock.now() == clock.now() == MORNING
    assert clock.now().tzinfo is UTC
    clock.advance(timedelta(minutes=1))
    clock.advance(seconds=2)
    assert clock.now() == MORNING + timedelta(seconds=62)


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (MORNING, "2024-01-15T08:30:00Z"),
        (MORNING.replace(microsecond=123_000), "2024-01-15T08:30:00.123Z"),
        (MORNING.replace(microsecond=1_999), "2024-01-15T08:30:00.001Z"),
        (MORNING.replace(microsecond=999), "2024-01-15T08:30:00Z"),
        (MORNING.astimezone(STOCKHOLM), "2024-01-15T08:30:00Z"),
        (datetime(7, 1, 2, tzinfo=UTC), "0007-01-02T00:00:00Z"),
    ],
)
def test_moments_as_the_api_writes_them(moment: datetime, text: str) -> None:
    assert rfc3339(moment) == text


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-01-15T08:30:00Z", MORNING),
        ("2024-01-15t09:30:00+01:00", MORNING),
        ("2024-01-15T08:30:00.5z", MORNING.replace(microsecond=500_000)),
        ("2024-01-15T08:30:00.1234567Z", MORNING.replace(microsecond=123_456)),
        ("2024-01-15T08:30:00-00:00", MORNING),
    ],
)
def test_moments_are_read_with_their_offset(text: str, moment: datetime) -> None:
    assert parse_rfc3339(text) == moment
    assert parse_rfc3339(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024-01-15",
        "2024-01-15T08:30:00",
        "2024-01-15T08:30Z",
        "2024-01-15 08:30:00Z",
        "2024-13-15T08:30:00Z",
        "2024-01-15T08:30:60Z",
        "2024-01-15T08:30:00+0100",
        "2024-01-15T08:30:00+25:00",
        "2024-01-15T08:30:00Z\n",
        "0001-01-01T00:00:00+01:00",
        "٢٠٢٤-01-15T08:30:00Z",
    ],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_rfc3339(text)


@pytest.mark.parametrize("use", [rfc3339, FixedClock])
def test_a_moment_without_a_zone_is_refused(use: type[FixedClock]) -> None:
    with pytest.raises(ValueError, match="time zone"):
        use(MORNING.replace(tzinfo=None))


@given(st.datetimes(timezones=st.just(UTC)))
def test_milliseconds_come_back(moment: datetime) -> None:
    whole = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert parse_rfc3339(rfc3339(moment)) == whole
