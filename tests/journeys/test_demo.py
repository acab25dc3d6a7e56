"""The demo as a newcomer meets it: programs of their own, and the printed text as it is printed."""

import asyncio
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPErrorProcessor, Request, build_opener, urlopen

import pytest

from ringbinder.app import assemble
from ringbinder.entrypoints.cli.demo.catalogue import demo_organisation
from ringbinder.entrypoints.cli.demo.quickstart import FIRST_LINE, LAST_LINE
from ringbinder.entrypoints.server import STOPPING_SECONDS
from ringbinder.settings import Settings
from tests.support.consistency import database_problems, storage_problems
from tests.support.real_server import free_port

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(240)]

COMMAND = "from ringbinder.entrypoints.cli import main; main()"
LAST_WORDS = "Ctrl-C stops it."


class Demo:
    """One start of the demo."""

    def __init__(self, data: Path, *arguments: str, port: int | None = None) -> None:
        self.port = port or free_port()
        own = {name: value for name, value in os.environ.items() if "RINGBINDER" not in name}
        self.process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, "demo", *arguments],
            env=own | {"RINGBINDER_DATA": str(data), "RINGBINDER_PORT": str(self.port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.said = ""
        self._ready = threading.Event()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if line.rstrip() in {LAST_WORDS, "}"}:
                self._ready.set()

    def wait(self) -> "Demo":
        """Wait until it has said all."""
        while not self._ready.wait(0.1):
            if self.process.poll() is not None:
                raise AssertionError(self.errors())
        return self

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        """Press Ctrl-C, or do worse, and wait; gives the exit code."""
        os.killpg(self.process.pid, how)
        return self.code()

    def code(self) -> int:
        code = self.process.wait(timeout=60)
        self._reader.join()
        return code

    def errors(self) -> str:
        assert self.process.stderr is not None
        return self.process.stderr.read()

    def close(self) -> None:
        if self.process.poll() is None:
            self.end(signal.SIGKILL)
        self._reader.join()
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()


@contextmanager
def started(data: Path, *arguments: str, port: int | None = None) -> Iterator[Demo]:
    demo = Demo(data, *arguments, port=port)
    try:
        yield demo
    finally:
        demo.close()


@pytest.fixture(scope="module")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Start once; gives the data folder and what was said."""
    data = tmp_path_factory.mktemp("demo") / "data"
    with started(data) as demo:
        demo.wait()
        steps = run_steps(demo.said, data.parent)
        assert demo.end() == 0
        assert demo.errors().startswith("Preparing the demo")
    return data, demo.said + steps


@pytest.fixture
def data(first_start: tuple[Path, str], tmp_path: Path) -> Path:
    """Give a copy of a data folder that has had its first start."""
    return Path(shutil.copytree(first_start[0], tmp_path / "data"))


def run_steps(said: str, folder: Path) -> str:
    """Paste what stands between the two lines into a shell."""
    if not (shutil.which("bash") and shutil.which("curl")):
        pytest.skip("the printed steps need bash and curl")
    text = said[said.index(FIRST_LINE) : said.index(LAST_LINE)]
    done = subprocess.run(  # noqa: S602 - the shell is what is tested
        text,
        shell=True,
        executable="/bin/bash",
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def read(data: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((data / "demo-credentials.json").read_text())
    return document


def fetch_token(document: dict[str, Any], role: str) -> str:
    (client,) = [one for one in document["clients"] if one["role"] == role]
    form = (
        "grant_type=client_credentials"
        f"&client_id={client['clientId']}&client_secret={client['clientSecret']}"
    )
    base = document["baseUrl"].removesuffix("/api")
    with urlopen(f"{base}/connect/token", data=form.encode(), timeout=30) as answer:  # noqa: S310 - ours
        token: str = json.load(answer)["access_token"]
    return token


def signs_in(document: dict[str, Any], person: dict[str, str]) -> bool:
    """Sign in on the page; tells whether the way leads on."""
    form = urlencode({"email": person["email"], "password": person["password"]})
    request = Request(document["baseUrl"].removesuffix("/api") + "/sign-in", data=form.encode())  # noqa: S310 - ours
    try:
        with build_opener(_Stay()).open(request, timeout=30) as answer:
            return answer.status == 303 and "ringbinder=" in answer.headers["set-cookie"]
    except HTTPError as error:
        if error.code != 403:
            raise
        return False


class _Stay(HTTPErrorProcessor):
    """Follow no redirection, and raise what is an error."""

    def http_response(self, request: Request, response: Any) -> Any:
        return response if response.status < 400 else super().http_response(request, response)


def test_the_printed_steps_work_as_printed(first_start: tuple[Path, str]) -> None:
    data, said = first_start
    assert str(data) in said
    assert f"rm -r {data}" in said
    for binder in demo_organisation().binders:
        assert binder.name in said
    assert "found; the first of them:" in said
    assert (data.parent / "ringbinder-demo.pdf").read_bytes().startswith(b"%PDF")


def test_the_credentials_are_for_their_owner_alone(first_start: tuple[Path, str]) -> None:
    data, said = first_start
    assert (data / "demo-credentials.json").stat().st_mode & 0o777 == 0o600
    assert data.stat().st_mode & 0o777 == 0o700
    document = read(data)
    assert document.keys() == {"baseUrl", "organisationId", "clients", "people"}
    assert [one["role"] for one in document["people"]] == [
        "owner",
        "administrator",
        "creator",
        "reader",
    ]
    for person in document["people"]:
        assert person.keys() == {"role", "name", "email", "password"}
        assert person["password"] in said
    assert document["baseUrl"].endswith("/api")
    assert [client["role"] for client in document["clients"]] == ["Reader", "Creator", "Admin"]
    for client in document["clients"]:
        assert client.keys() == {"role", "clientId", "clientSecret"}
        assert client["clientSecret"] in said


def test_everything_of_the_catalogue_is_there(data: Path) -> None:
    assert asyncio.run(contents(data)) == expected_contents()


def test_a_second_start_says_the_same_at_another_port(data: Path) -> None:
    before = read(data)
    with started(data, "--json") as demo:
        demo.wait()
        said = json.loads(demo.said)
        after = read(data)
        assert said.items() >= after.items()
        assert said["credentialsFile"] == str(data / "demo-credentials.json")
        assert after["clients"] == before["clients"]
        assert after["baseUrl"] == f"http://127.0.0.1:{demo.port}/api"
        for role in ("Reader", "Creator", "Admin"):
            assert fetch_token(after, role)
        assert after["people"] == before["people"]
        for person in after["people"]:
            assert signs_in(after, person)
            assert not signs_in(after, person | {"password": "guess"})
        assert len(ask(after, "/binders")) == 2
        assert demo.end(signal.SIGTERM) == 0
        assert demo.errors() == ""


def test_lost_credentials_are_made_anew(data: Path) -> None:
    (data / "demo-credentials.json").write_text("{half")
    with started(data) as demo:
        demo.wait()
        assert fetch_token(read(data), "Admin")
        assert demo.end() == 0


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_start_that_was_cut_off_is_finished_by_the_next(
    tmp_path: Path, how: signal.Signals
) -> None:
    data = tmp_path / "data"
    for documents in (0, 3):
        with started(data) as demo:
            wait_until(lambda wanted=documents: has_objects(data, wanted))  # type: ignore[misc]  # a bound default
            code = demo.end(how)
            assert code in {130, -signal.SIGKILL}
            assert (code == 130) == ("the next start goes on" in demo.errors())
    with started(data) as demo:
        demo.wait()
        assert fetch_token(read(data), "Reader")
        assert demo.end() == 0
    assert asyncio.run(contents(data)) == expected_contents()


def has_objects(data: Path, number: int) -> bool:
    """Tell whether so many files were stored; 0 asks for the clients only."""
    if number == 0:
        return (data / "demo-credentials.json").exists()
    return sum(path.is_file() for path in (data / "files" / "objects").rglob("*")) >= number


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def expected_contents() -> Counter[tuple[str, str, int]]:
    """Give binder, file and number of versions of everything in the catalogue."""
    return Counter(
        (binder.name, document.file_name, len(document.versions))
        for binder in demo_organisation().binders
        for document in binder.documents
    )


async def contents(data: Path) -> Counter[tuple[str, str, int]]:
    """Give the same of a data folder, after looking for anything that is wrong in it."""
    from sqlalchemy import text  # noqa: PLC0415 - one statement that leans on nothing of ours

    parts = assemble(Settings(data=data))
    try:
        assert await database_problems(parts.database) == []
        assert await storage_problems(parts.database, parts.storage) == []
        statement = text(
            "SELECT b.name, d.file_name, count(*) AS number FROM documents d "
            "JOIN binders b ON b.key = d.binder_key JOIN versions v ON v.document_key = d.key "
            "GROUP BY b.key, d.key"
        )
        async with parts.database.read(None) as session:
            rows = await session.all(statement)
    finally:
        await parts.close()
    return Counter((row.name, row.file_name, row.number) for row in rows)


def test_only_one_start_prepares_a_folder(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with (data / ".demo-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with started(data, "--json") as demo:
            assert demo.code() == 1
            assert json.loads(demo.errors())["error"]["code"] == "demo.being_prepared"


def test_a_busy_port_is_said_in_a_sentence(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with started(data, port=port) as demo:
            assert demo.code() == 1
            assert demo.errors().startswith(f"Port {port} is taken")
            assert demo.said == ""


def test_a_second_server_does_not_share_the_port(data: Path) -> None:
    with started(data) as demo:
        demo.wait()
        with started(data, port=demo.port) as second:
            assert second.code() == 1
            assert "is taken" in second.errors()
        assert demo.end() == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with started(tmp_path / "data") as demo:
        assert demo.code() == 1
        assert demo.errors().startswith("The data folder")


def test_running_requests_end_first(data: Path) -> None:
    with started(data) as demo:
        demo.wait()
        with socket.create_connection(("127.0.0.1", demo.port), timeout=30) as connection:
            body = b"grant_type=client_credentials"
            head = (
                "POST /connect/token HTTP/1.1\r\nhost: x\r\n"
                "content-type: application/x-www-form-urlencoded\r\n"
                f"content-length: {len(body)}\r\n\r\n"
            )
            connection.sendall(head.encode() + body[:5])
            time.sleep(0.5)
            os.killpg(demo.process.pid, signal.SIGINT)
            time.sleep(0.5)
            assert demo.process.poll() is None
            connection.sendall(body[5:])
            assert connection.recv(100).startswith(b"HTTP/1.1 40")
        assert demo.code() == 0


def test_an_import_runs_beside_the_server(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "leverans"
    folder.mkdir()
    for number in range(20):
        (folder / f"{number}.pdf").write_text(str(number))
    with started(data) as demo:
        demo.wait()
        document = read(data)
        (binder, *_) = ask(document, "/binders")
        command = [sys.executable, "-c", COMMAND, "import", str(folder), "--binder", binder["id"]]
        environment = os.environ | {"RINGBINDER_DATA": str(data)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (3, ""), "the demo's binder asks for a status"
        assert "The GLOBAL_Status field is required." in done.stdout
        register = tmp_path / "register.csv"
        rows = [f"{number}.pdf,Bygghandling,A,plan" for number in range(20)]
        register.write_text("\n".join(["path,status,disciplin,handlingstyp", *rows]))
        command += ["--register", str(register)]
        subprocess.run(command, env=environment, capture_output=True, check=True)
        found = ask(document, "/documents?pageSize=500", body=b"{}")
        assert {f"{number}.pdf" for number in range(20)} <= {
            item["fileName"] for item in found["items"]
        }
        assert demo.end() == 0


def ask(document: dict[str, Any], path: str, body: bytes | None = None) -> Any:
    """Call an operation as the Reader."""
    request = Request(  # noqa: S310 - ours
        f"{document['baseUrl']}{path}",
        data=body,
        headers={
            "authorization": f"Bearer {fetch_token(document, 'Reader')}",
            "x-ibinder-tenantid": document["organisationId"],
            "content-type": "application/json",
        },
    )
    with urlopen(request, timeout=30) as answer:  # noqa: S310 - ours
        return json.load(answer)


def test_who_asks_twice_does_not_wait(data: Path) -> None:
    with started(data) as demo:
        demo.wait()
        with socket.create_connection(("127.0.0.1", demo.port), timeout=30) as connection:
            connection.sendall(
                b"POST /connect/token HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n"
            )
            time.sleep(0.5)
            os.killpg(demo.process.pid, signal.SIGINT)
            time.sleep(0.5)
            assert demo.process.poll() is None
            began = time.monotonic()
            assert demo.end() == 0
            assert time.monotonic() - began < STOPPING_SECONDS / 2


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_start_can_be_stopped_before_it_is_ready(data: Path, how: signal.Signals) -> None:
    for moment in (0.0, 0.1, 0.3):
        with started(data) as demo:
            wait_until(lambda port=demo.port: not is_free(port))  # type: ignore[misc]  # a bound default
            time.sleep(moment)
            began = time.monotonic()
            assert demo.end(how) == 0
            assert time.monotonic() - began < STOPPING_SECONDS / 2


def test_workers_end_with_their_supervisor(data: Path) -> None:
    with started(data) as demo:
        demo.wait()
        demo.process.kill()
        demo.code()
        wait_until(lambda: is_free(demo.port))


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
