"""What the server writes about itself."""

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ringbinder.entrypoints.logs import ACCESS, configure_logging
from tests.support.world import World

pytestmark = pytest.mark.api

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    """Give what was logged; afterwards all is as it was."""
    root, access = logging.getLogger(), logging.getLogger(ACCESS)
    before = (root.handlers[:], root.level, access.handlers[:], access.propagate)
    standard_error = io.StringIO()
    monkeypatch.setattr(sys, "stderr", standard_error)
    configure_logging("info")
    yield lambda: [json.loads(line) for line in standard_error.getvalue().splitlines()]
    root.handlers[:], root.level, access.handlers[:], access.propagate = before


@pytest.mark.parametrize("name", [ACCESS, "ringbinder.sweep"])
def test_a_line_is_one_json_object(lines: Lines, name: str) -> None:
    logging.getLogger(name).info("request", extra={"path": "/å\n", "ms": 1.5, "address": None})
    (line,) = lines()
    assert line.pop("timestamp").startswith("20")
    assert line == {
        "event": "request",
        "level": "info",
        "logger": name,
        "path": "/å\n",
        "ms": 1.5,
        "address": None,
    }


def test_what_is_less_important_than_asked_for_is_left_out(lines: Lines) -> None:
    logging.getLogger("ringbinder.sweep").debug("nothing")
    logging.getLogger(ACCESS).debug("nothing")
    assert lines() == []


def test_no_local_variable_stands_in_a_traceback(lines: Lines) -> None:
    def sign_in(secret: str) -> None:
        raise ValueError(len(secret))

    try:
        sign_in("correct horse battery staple")
    except ValueError:
        logging.getLogger("ringbinder.errors").exception("it failed")
    (line,) = lines()
    assert "battery" not in json.dumps(line)
    assert line["exception"][0]["exc_type"] == "ValueError"
    assert line["exception"][0]["frames"][-1]["name"] == "sign_in"


async def test_the_secret_of_a_link_is_in_no_line(lines: Lines, world: World) -> None:
    for path in ("/invitation/hush-hush", "/reset/hush-hush", "/reset"):
        await world.http.get(path)
    paths = [line["path"] for line in lines() if line["event"] == "request"]
    assert paths == ["/invitation/…", "/reset/…", "/reset"]
