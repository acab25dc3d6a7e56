from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ringbinder.features.idempotency import rules
from ringbinder.features.idempotency.types import KnownKey
from ringbinder.kit.errors import RingbinderError
from ringbinder.kit.ids import new_guid
from ringbinder.web.keeping import KeptAnswer

pytestmark = pytest.mark.unit

NOW = datetime(2024, 1, 15, 8, 30, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def known(**facts: Any) -> KnownKey:
    running: dict[str, Any] = {
        "content_sha256": "same",
        "attempt_id": new_guid(),
        "lease_until": NOW + SECOND,
        "finished_at": None,
        "sealed_answer": None,
    }
    return KnownKey(**(running | facts))


def judged(key: KnownKey, content: str = "same") -> str | None:
    try:
        return rules.sealed_answer_to_give(key, content, now=NOW, kept_for=DAY)
    except RingbinderError as error:
        return error.code


@pytest.mark.parametrize(
    ("facts", "content", "expected"),
    [
        ({}, "same", "idempotency.in_progress"),
        ({}, "other", "idempotency.key_reused"),
        ({"lease_until": NOW}, "same", None),
        ({"lease_until": NOW}, "other", "idempotency.key_reused"),
        ({"finished_at": NOW, "sealed_answer": "x"}, "same", "x"),
        ({"finished_at": NOW, "sealed_answer": "x"}, "other", "idempotency.key_reused"),
        ({"finished_at": NOW}, "same", "idempotency.answer_not_kept"),
        ({"finished_at": NOW - DAY + SECOND, "sealed_answer": "x"}, "same", "x"),
        ({"finished_at": NOW - DAY, "sealed_answer": "x"}, "same", "idempotency.key_expired"),
        ({"finished_at": NOW - DAY}, "other", "idempotency.key_expired"),
    ],
)
def test_what_becomes_of_a_key_that_came_before(
    facts: dict[str, Any], content: str, expected: str | None
) -> None:
    assert judged(known(**facts), content) == expected


@pytest.mark.parametrize("body", [b"", b"{}", b'{"name":"\xc3\xa5"}', bytes(range(256))])
def test_an_answer_is_read_as_it_was_written(body: bytes) -> None:
    answer = KeptAnswer(status=201, headers={"etag": '"1"'}, body=body)
    written = rules.write_answer(answer)
    assert written is not None
    assert rules.read_answer(written) == answer


def test_an_answer_has_a_largest_size() -> None:
    answer = KeptAnswer(status=200, headers={}, body=b"x" * (rules.LARGEST_ANSWER_BYTES + 1))
    assert rules.write_answer(answer) is None
