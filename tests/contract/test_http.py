"""Calls to servers of strangers: the real one and the one in memory keep the same promises."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from ringbinder.adapters.http import (
    KEPT_BYTES,
    AddressRefused,
    CallFailed,
    CallTimedOut,
    ConnectionFailed,
    HttpAnswer,
    HttpCaller,
    NameNotFound,
    TlsFailed,
)
from ringbinder.adapters.http.memory import Call, MemoryHttpCaller
from ringbinder.adapters.http.pinned import PinnedHttpCaller
from ringbinder.kit.networks import NetworkPolicy, read_networks
from tests.support.certificates import certificate
from tests.support.real_server import free_port
from tests.support.receiver import Received, Receiver, answer, receiving

pytestmark = pytest.mark.contract

LOOPBACK = NetworkPolicy(read_networks(["127.0.0.1/32"]))
NAMES: dict[str, Sequence[str]] = {
    "here.example": ["127.0.0.1"],
    "mixed.example": ["127.0.0.1", "10.0.0.1"],
    "metadata.example": ["169.254.169.254"],
    "mapped.example": ["::ffff:10.0.0.1"],
    "other-loopback.example": ["127.0.0.2"],
    "strange.example": ["not an address"],
    "public.example": ["8.8.8.8"],
}

Answerer = Callable[[], Awaitable[HttpAnswer]]


@dataclass
class Bench:
    """A caller, and a server on a port that it can reach."""

    caller: HttpCaller
    port: int
    calls: list[Call]
    set_answer: Callable[[Answerer], None]
    asked: list[str]


async def resolve(host: str, _port: int) -> Sequence[str]:
    return NAMES.get(host, [])


@pytest.fixture(params=["pinned", "memory"])
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    if request.param == "memory":
        yield memory_bench()
        return
    async with receiving() as receiver:
        yield pinned_bench(receiver)


def memory_bench() -> Bench:
    calls: list[Call] = []
    answers: list[Answerer] = [_ok]

    async def serve(call: Call) -> HttpAnswer:
        calls.append(call)
        return await answers[-1]()

    hosts = [*NAMES, "127.0.0.1"]
    caller = MemoryHttpCaller(
        LOOPBACK,
        NAMES,
        servers={f"{host}:80": serve for host in hosts},
        total_timeout=timedelta(seconds=0.5),
    )
    return Bench(caller, 80, calls, answers.append, [])


def pinned_bench(receiver: Receiver) -> Bench:
    calls: list[Call] = []
    asked: list[str] = []

    def set_answer(make: Answerer) -> None:
        async def behave(received: Received) -> bytes:
            calls.append(Call(received.target, received.headers, received.body))
            made = await make()
            headers = {name.replace("-", "_"): value for name, value in made.headers.items()}
            return answer(made.status, made.body, **headers)

        receiver.behave = behave

    async def resolve_and_note(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return await resolve(host, port)

    set_answer(_ok)
    caller = PinnedHttpCaller(
        LOOPBACK, resolve=resolve_and_note, total_timeout=timedelta(seconds=2)
    )
    return Bench(caller, receiver.port, calls, set_answer, asked)


async def _ok() -> HttpAnswer:
    return HttpAnswer(200, b"fine")


def _answering(
    status: int, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> Answerer:
    async def make() -> HttpAnswer:
        return HttpAnswer(status, body, headers or {})

    return make


async def post(bench: Bench, host: str, path: str = "/hook?a=b%20c") -> HttpAnswer:
    url = f"http://{host}:{bench.port}{path}"
    return await bench.caller.post(url, headers={"x-mine": "1"}, body=b'{"a":1}')


async def test_a_call_arrives_as_it_was_made(bench: Bench) -> None:
    found = await post(bench, "here.example")
    assert (found.status, found.body) == (200, b"fine")
    [call] = bench.calls
    assert call.url.endswith("/hook?a=b%20c")
    assert call.body == b'{"a":1}'
    assert call.headers["x-mine"] == "1"
    expected = "here.example" if bench.port == 80 else f"here.example:{bench.port}"
    assert call.headers["host"] == expected


@pytest.mark.parametrize("status", [204, 302, 404, 410, 500])
async def test_every_status_is_an_answer(bench: Bench, status: int) -> None:
    headers = {"location": f"http://127.0.0.1:{bench.port}/next", "retry-after": "7"}
    bench.set_answer(_answering(status, headers=headers))
    found = await post(bench, "127.0.0.1")
    assert found.status == status
    assert found.headers["retry-after"] == "7"
    assert len(bench.calls) == 1, "nobody follows a redirection"


async def test_of_a_long_body_the_beginning_is_kept(bench: Bench) -> None:
    bench.set_answer(_answering(200, b"x" * 3_000_000))
    assert (await post(bench, "here.example")).body == b"x" * KEPT_BYTES


@pytest.mark.parametrize(
    ("host", "error"),
    [
        ("mixed.example", AddressRefused),
        ("metadata.example", AddressRefused),
        ("mapped.example", AddressRefused),
        ("other-loopback.example", AddressRefused),
        ("strange.example", AddressRefused),
        ("public.example", AddressRefused),  # by plain http
        ("127.0.0.2", AddressRefused),
        ("[::1]", AddressRefused),
        ("10.0.0.1", AddressRefused),
        ("nowhere.example", NameNotFound),
    ],
)
async def test_what_may_not_be_called_is_not(
    bench: Bench, host: str, error: type[CallFailed]
) -> None:
    with pytest.raises(error):
        await post(bench, host)
    assert bench.calls == []


@pytest.mark.parametrize("url", ["ftp://here.example/", "file:///etc/passwd", "http:///x"])
async def test_other_schemes_are_refused(bench: Bench, url: str) -> None:
    with pytest.raises(AddressRefused):
        await bench.caller.post(url, headers={}, body=b"")


async def test_nobody_listens(bench: Bench) -> None:
    with pytest.raises(ConnectionFailed):
        await bench.caller.post(f"http://here.example:{free_port()}/", headers={}, body=b"")


async def test_a_server_that_hangs_is_left(bench: Bench) -> None:
    async def hang() -> HttpAnswer:
        await asyncio.sleep(30)
        return HttpAnswer(200)

    bench.set_answer(hang)
    with pytest.raises(CallTimedOut):
        await post(bench, "here.example")


# What only the real one can do wrong


async def test_a_name_is_asked_for_once_and_never_again() -> None:
    answers = [["127.0.0.1"], ["10.0.0.1"]]

    async def rebinding(_host: str, _port: int) -> Sequence[str]:
        return answers.pop(0)

    async with receiving() as receiver:
        caller = PinnedHttpCaller(LOOPBACK, resolve=rebinding)
        url = f"http://rebinding.example:{receiver.port}/"
        assert (await caller.post(url, headers={}, body=b"")).status == 200
        assert len(answers) == 1
        with pytest.raises(AddressRefused):
            await caller.post(url, headers={}, body=b"")
        assert receiver.connections == 1


async def test_no_connection_is_kept() -> None:
    async with receiving() as receiver:
        caller = PinnedHttpCaller(LOOPBACK)
        for _ in range(3):
            await caller.post(receiver.url, headers={}, body=b"")
        assert receiver.connections == 3


async def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    async with receiving() as receiver:
        caller = PinnedHttpCaller(LOOPBACK)
        assert (await caller.post(receiver.url, headers={}, body=b"")).status == 200


async def test_a_resolver_that_hangs_ends_with_the_call() -> None:
    async def hang(_host: str, _port: int) -> Sequence[str]:
        await asyncio.sleep(30)
        return []

    caller = PinnedHttpCaller(LOOPBACK, resolve=hang, total_timeout=timedelta(seconds=0.1))
    with pytest.raises(CallTimedOut):
        await caller.post("http://here.example/", headers={}, body=b"")


async def test_a_server_that_drips_is_left() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        try:
            while True:
                writer.write(b"H")
                await writer.drain()
                await asyncio.sleep(0.02)
        except ConnectionError:
            writer.close()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    caller = PinnedHttpCaller(LOOPBACK, total_timeout=timedelta(seconds=0.3))
    async with server:
        with pytest.raises(CallFailed):
            await caller.post(f"http://127.0.0.1:{port}/", headers={}, body=b"")


@pytest.mark.parametrize("host", ["here.example", "other.example"])
async def test_the_certificate_is_checked_by_the_name(tmp_path: Path, host: str) -> None:
    made = certificate(tmp_path, "here.example")
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(made)
    asked_for: list[str | None] = []
    serving.sni_callback = lambda _socket, name, _context: asked_for.append(name)
    trusting = ssl.create_default_context(cafile=str(made))

    async def at_home(_host: str, _port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    async with receiving(tls=serving) as receiver:
        caller = PinnedHttpCaller(LOOPBACK, resolve=at_home, tls=trusting)
        url = f"https://{host}:{receiver.port}/"
        if host == "here.example":
            assert (await caller.post(url, headers={}, body=b"")).status == 200
            [received] = receiver.received
            assert received.headers["host"] == f"here.example:{receiver.port}"
        else:
            with pytest.raises(TlsFailed):
                await caller.post(url, headers={}, body=b"")
            assert receiver.received == []
    assert asked_for == [host]


async def test_the_system_finds_this_machine() -> None:
    async with receiving() as receiver:
        caller = PinnedHttpCaller(NetworkPolicy(read_networks(["127.0.0.0/8", "::1"])))
        url = f"http://localhost:{receiver.port}/"
        assert (await caller.post(url, headers={}, body=b"")).status == 200
        with pytest.raises(AddressRefused):
            await PinnedHttpCaller(NetworkPolicy()).post(url, headers={}, body=b"")
        await caller.close()
