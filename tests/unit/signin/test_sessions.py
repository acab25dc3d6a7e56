"""How long sessions last."""

from datetime import UTC, datetime, timedelta

import pytest

from ringbinder.features.signin.rules.sessions import (
    Lifetimes,
    cookie_name,
    is_news,
)

pytestmark = pytest.mark.unit

NOW = datetime(2024, 1, 15, 8, 30, tzinfo=UTC)
LIFETIMES = Lifetimes(idle=timedelta(hours=8), absolute=timedelta(days=7))


@pytest.mark.parametrize(
    ("seen_ago", "ends_in", "is_over"),
    [
        (timedelta(), timedelta(days=7), False),
        (timedelta(hours=8) - timedelta(seconds=1), timedelta(seconds=1), False),
        (timedelta(hours=8), timedelta(days=1), True),
        (timedelta(), timedelta(), True),
    ],
)
def test_a_session_ends(seen_ago: timedelta, ends_in: timedelta, is_over: bool) -> None:  # noqa: FBT001 - a case
    assert (
        LIFETIMES.is_over(last_seen_at=NOW - seen_ago, expires_at=NOW + ends_in, now=NOW) is is_over
    )


def test_use_is_written_down_once_a_minute() -> None:
    assert not is_news(NOW, NOW + timedelta(seconds=59))
    assert is_news(NOW, NOW + timedelta(seconds=60))


def test_only_https_can_bind_a_cookie_to_its_host() -> None:
    assert cookie_name("https://a.example") == "__Host-ringbinder"
    assert cookie_name("http://127.0.0.1:8080") == "ringbinder"
