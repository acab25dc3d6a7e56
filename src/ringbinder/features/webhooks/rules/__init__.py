"""Decisions about webhooks: what is sent, to where, and when again."""

from ringbinder.features.webhooks.rules.addresses import url_problems
from ringbinder.features.webhooks.rules.messages import (
    change_message,
    event_type_problem,
    gap_message,
    is_wanted,
    test_message,
)
from ringbinder.features.webhooks.rules.retrying import Verdict, judge
from ringbinder.features.webhooks.rules.signing import new_webhook_secret, signed_headers

__all__ = [
    "Verdict",
    "change_message",
    "event_type_problem",
    "gap_message",
    "is_wanted",
    "judge",
    "new_webhook_secret",
    "signed_headers",
    "test_message",
    "url_problems",
]
