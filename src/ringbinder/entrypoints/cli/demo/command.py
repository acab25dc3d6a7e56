"""``ringbinder demo``."""

import asyncio
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from ringbinder.entrypoints.cli.demo import credentials as credentials_file
from ringbinder.entrypoints.cli.demo import quickstart
from ringbinder.entrypoints.cli.demo.credentials import Credentials
from ringbinder.entrypoints.cli.options import AsJson
from ringbinder.entrypoints.cli.output import say, tell, write_json
from ringbinder.entrypoints.cli.running import (
    bring_up_to_date,
    plainly,
    read_settings,
    with_parts,
)
from ringbinder.entrypoints.errors import DataFolderUnusableError, DemoBeingPreparedError

if TYPE_CHECKING:
    from ringbinder.app import Parts
    from ringbinder.settings import Settings

DEFAULT_DATA: Final = Path("data/demo")
SEEDED: Final = ".demo-seeded"
"""Stands in the data folder as soon as all of the demo is there."""


def add_commands(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command("demo")(demo)


def demo(*, as_json: AsJson = False) -> None:
    """Start a server with example data, and print what to paste. Ctrl-C stops it.

    RINGBINDER_DATA names the data folder (data/demo by default), RINGBINDER_PORT the port.
    """
    with plainly(as_json=as_json):
        from ringbinder.entrypoints import server

        settings = server.claim_address(_settings())
        _make_folder(settings.data)
        found = _ready(settings) or _prepare(settings)

        def announce() -> None:
            _announce(settings, found, as_json=as_json)

        server.serve(settings, when_ready=announce)


def _settings() -> "Settings":
    """Read the settings; the demo keeps everything in its own folder, and its terminal readable."""
    data = Path(os.environ.get("RINGBINDER_DATA") or DEFAULT_DATA).absolute()
    quiet = None if "RINGBINDER_LOG_LEVEL" in os.environ else "WARNING"
    return read_settings(
        data=data, database_url=f"sqlite:///{data / 'ringbinder.sqlite3'}", log_level=quiet
    )


def _make_folder(data: Path) -> None:
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not os.access(data, os.W_OK | os.X_OK):
            raise PermissionError(None, "permission denied")
    except OSError as error:
        raise DataFolderUnusableError(
            f"The data folder {data} cannot be used: {error.strerror}."
        ) from error


def _ready(settings: "Settings") -> Credentials | None:
    """Give the credentials of a data folder that has everything; None where something is to do."""
    found = credentials_file.load(settings.data)
    is_whole = (settings.data / SEEDED).exists() and (settings.data / "ringbinder.sqlite3").exists()
    if found is None or not found.people or not is_whole:
        return None
    bring_up_to_date(settings)
    return _with_address(settings, found)


def _with_address(settings: "Settings", found: Credentials) -> Credentials:
    base_url = f"{settings.effective_public_url}/api"
    if found.base_url == base_url:
        return found
    moved = replace(found, base_url=base_url)
    credentials_file.save(settings.data, moved)
    return moved


def _prepare(settings: "Settings") -> Credentials:
    """Make what is missing; an interrupted start is finished by the next one."""
    with _alone(settings.data):
        tell(f"Preparing the demo in {settings.data}; this takes some seconds, and only once.")
        try:
            bring_up_to_date(settings)
            return asyncio.run(with_parts(settings, _seed))
        except KeyboardInterrupt:
            tell("Interrupted; the next start goes on from here.")
            raise


async def _seed(parts: "Parts") -> Credentials:
    from ringbinder.entrypoints.cli.demo import seeding
    from ringbinder.entrypoints.cli.demo.people import ensure_people
    from ringbinder.entrypoints.cli.watching import counting

    data = parts.settings.data
    organisation, clients = await seeding.ensure_clients(parts)
    made = Credentials(
        f"{parts.settings.effective_public_url}/api",
        str(organisation.id),
        clients,
        await ensure_people(parts, organisation),
    )
    credentials_file.save(data, made)
    if not (data / SEEDED).exists():
        with counting("Drawing and filing documents", seeding.count_versions()) as count:
            await seeding.ensure_binders(parts, organisation, count)
        (data / SEEDED).touch()
    return made


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Let no other process prepare the same folder meanwhile; the lock ends with the process.

    Raises:
        DemoBeingPreparedError: another one does.

    """
    with (data / ".demo-lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoBeingPreparedError from None
        yield


def _announce(settings: "Settings", found: Credentials, *, as_json: bool) -> None:
    if as_json:
        write_json(quickstart.document(settings.data, found))
    else:
        say(quickstart.page(settings.data, found))
