"""Calls to identity providers, to a real server."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from ringbinder.adapters.identity import ProviderCaller, ProviderUnavailable
from ringbinder.adapters.identity.web import MAXIMUM_BYTES, WebProviderCaller
from tests.support.real_server import free_port
from tests.support.receiver import Received, Receiver, always, answer, receiving

pytestmark = pytest.mark.contract


@pytest.fixture
async def caller() -> AsyncIterator[ProviderCaller]:
    caller = WebProviderCaller(timeout_seconds=2)
    yield caller
    await caller.close()


@pytest.fixture
async def server() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


async def test_an_object_is_fetched(caller: ProviderCaller, server: Receiver) -> None:
    server.behave = always(answer(200, json.dumps({"issuer": "å"}).encode()))
    assert await caller.get(server.url) == {"issuer": "å"}
    [request] = server.received
    assert request.headers["accept"] == "application/json"
    assert "authorization" not in request.headers


async def test_a_form_is_sent_with_user_and_password(
    caller: ProviderCaller, server: Receiver
) -> None:
    server.behave = always(answer(200, b"{}"))
    assert await caller.post(server.url, {"code": "a&b"}, user="me:", password="å") == {}
    assert await caller.post(server.url, {"code": "a&b"}) == {}
    with_user, without = server.received
    assert with_user.body == without.body == b"code=a%26b"
    # Both parts are form-encoded before they become Basic (RFC 6749, section 2.3.1).
    assert with_user.headers["authorization"] == "Basic bWUlM0E6JUMzJUE1"
    assert "authorization" not in without.headers


@pytest.mark.parametrize(
    "response",
    [
        answer(404, b"{}"),
        answer(302, b"{}", location="/elsewhere"),
        answer(200, b"[]"),
        answer(200, b"<html>"),
        answer(200, b" " * (MAXIMUM_BYTES + 1) + b"{}"),
        b"nonsense",
    ],
    ids=["status", "redirection", "list", "page", "long", "no-http"],
)
async def test_anything_else_is_refused(
    caller: ProviderCaller, server: Receiver, response: bytes
) -> None:
    server.behave = always(response)
    with pytest.raises(ProviderUnavailable):
        await caller.get(server.url)
    assert len(server.received) == 1


async def test_a_provider_that_hangs_is_left(server: Receiver) -> None:
    async def hang(_received: Received) -> bytes:
        await asyncio.sleep(30)
        return b""

    server.behave = hang
    hasty = WebProviderCaller(timeout_seconds=0.1)
    with pytest.raises(ProviderUnavailable):
        await hasty.get(server.url)
    await hasty.close()


async def test_nobody_listens(caller: ProviderCaller) -> None:
    with pytest.raises(ProviderUnavailable):
        await caller.get(f"http://127.0.0.1:{free_port()}/")
