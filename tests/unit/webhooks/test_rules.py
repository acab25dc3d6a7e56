"""Decisions about webhooks, as tables of cases."""

import base64
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from ringbinder.features.evidence.types import Action
from ringbinder.features.webhooks.rules import event_type_problem, is_wanted, url_problems
from ringbinder.features.webhooks.rules.retrying import waiting_time
from ringbinder.features.webhooks.rules.signing import new_webhook_secret, signed_headers
from ringbinder.kit.networks import NetworkPolicy, read_networks

pytestmark = pytest.mark.unit

NOBODY = NetworkPolicy()
INSIDE = NetworkPolicy(read_networks(["10.0.0.0/8"]))


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "https://example.com:8443/hooks/1?token=abc%20d",
        "https://xn--kern-poa.example/",
        "https://8.8.8.8/",
        "https://[2606:4700::1111]:443/",
        "https://example.com?x",
    ],
)
def test_urls_that_may_be(url: str) -> None:
    assert url_problems(url, NOBODY) == []


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "http://8.8.8.8/",
        "HTTPS://example.com/",
        "https:/example.com",
        "https://",
        "https://user@example.com/",
        "https://user:word@example.com/",
        "https://example.com/#part",
        "https://example.com:0/",
        "https://example.com:99999/",
        "https://exämple.com/",
        "https://example.com/ä",
        "https://example.com/a b",
        "https://example.com\\@10.0.0.1/",
        "https://example.com/\r\nx: y",
        "https://example.com/\n",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://10.0.0.1./",
        "https://[::1]/",
        "https://[::ffff:7f00:1]/",
        "https://[fe80::1%25eth0]/",
        "https://[example.com]/",
        "https://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "javascript:alert(1)",
        "https://example.com/" + "x" * 2000,
    ],
)
def test_urls_that_may_not_be(url: str) -> None:
    assert len(url_problems(url, NOBODY)) == 1


@pytest.mark.parametrize(
    ("url", "accepted"),
    [
        ("http://10.1.2.3/", True),
        ("https://10.1.2.3/", True),
        ("http://[::ffff:10.1.2.3]/", True),
        ("http://erp.internal/", True),
        ("http://8.8.8.8/", False),
        ("http://192.168.0.1/", False),
    ],
)
def test_what_the_operator_allows(url: str, *, accepted: bool) -> None:
    assert (url_problems(url, INSIDE) == []) is accepted


@pytest.mark.parametrize(
    ("change", "wanted", "expected"),
    [
        ("document.created", ["*"], True),
        ("document.created", ["document.*"], True),
        ("document.created", ["document.created"], True),
        ("document.created", ["folder.*", "document.created"], True),
        ("document.created", ["document.deleted"], False),
        ("document.created", ["folder.*"], False),
        ("metadata_element.created", ["metadata_element.*"], True),
    ],
)
def test_who_wants_what(change: str, wanted: list[str], *, expected: bool) -> None:
    assert is_wanted(change, wanted) is expected


@pytest.mark.parametrize("action", [action for action in Action if action.is_in_feed])
def test_every_type_of_the_feed_can_be_asked_for(action: Action) -> None:
    kind = action.change_type.partition(".")[0]
    assert event_type_problem(action.change_type) is None
    assert event_type_problem(f"{kind}.*") is None


@pytest.mark.parametrize("text", ["", "document", "document.", "*.created", "client.created", "**"])
def test_other_types_cannot(text: str) -> None:
    assert event_type_problem(text)


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [(1, 5), (2, 10), (3, 20), (8, 640), (10, 2560), (11, 3600), (99, 3600)],
)
def test_waiting_doubles_up_to_an_hour(attempts: int, seconds: int) -> None:
    assert waiting_time(attempts, chance=0.5) == timedelta(seconds=seconds)
    assert waiting_time(attempts, chance=0) == timedelta(seconds=seconds) * 0.8
    assert waiting_time(attempts, chance=1) == timedelta(seconds=seconds) * 1.2


def test_a_receiver_may_ask_for_longer_but_not_for_ever() -> None:
    assert waiting_time(1, chance=0.5, asked=timedelta(minutes=9)) == timedelta(minutes=9)
    assert waiting_time(1, chance=0.5, asked=timedelta(days=9)) == timedelta(hours=1)
    assert waiting_time(9, chance=0.5, asked=timedelta(0)) == timedelta(seconds=1280)


def test_a_known_signature() -> None:
    secret = "whsec_" + base64.b64encode(bytes(range(32))).decode()
    headers = signed_headers(
        UUID(int=7),
        b'{"test": 2432232314}',
        at=datetime.fromtimestamp(1614265330.9, UTC),
        with_secrets=[secret, secret],
    )
    # printf '%s' "$id.$timestamp.$body" | openssl dgst -sha256 -mac HMAC -macopt hexkey:0001…1f
    one = "v1,tMhtZ2egd83og/uZPmf3UuomgqwKKW7OGGz/F2x0J0Y="
    assert headers == {
        "webhook-id": "00000000-0000-0000-0000-000000000007",
        "webhook-timestamp": "1614265330",
        "webhook-signature": f"{one} {one}",
    }


def test_secrets_are_long_and_differ() -> None:
    secrets = {new_webhook_secret() for _ in range(100)}
    assert len(secrets) == 100
    assert all(len(base64.b64decode(one.removeprefix("whsec_"))) == 32 for one in secrets)


def test_the_sample_of_the_docs_verifies_what_we_sign() -> None:
    page = (Path(__file__).parents[3] / "docs" / "howto" / "receive-webhooks.md").read_text()
    [sample] = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, Any] = {}
    exec(sample, names)  # noqa: S102 - our own page
    old, new, body = new_webhook_secret(), new_webhook_secret(), b'{"a":1}'
    now = datetime.now(UTC)
    headers = signed_headers(UUID(int=7), body, at=now, with_secrets=[new, old])
    assert names["verify"](old, headers, body)
    assert names["verify"](new, headers, body)
    assert not names["verify"](new, headers, body + b" ")
    assert not names["verify"](new_webhook_secret(), headers, body)
    late = signed_headers(UUID(int=7), body, at=now - timedelta(minutes=6), with_secrets=[new])
    assert not names["verify"](new, late, body)
