"""An installation with one large binder, people, a trash and reads; and a server in front of it."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, build_opener
from uuid import UUID

import asyncpg

from benchmarks.suite import cluster, served
from benchmarks.suite.library import (
    FOLDERS_OF_TAB,
    TABS,
    Library,
    document_id,
    version_id,
)
from benchmarks.suite.loading import load
from benchmarks.suite.served import Installation, Server
from ringbinder.access.limits import DEFAULT_RATES, policy_name
from ringbinder.access.permissions import MemberRole
from ringbinder.app import Parts, assemble
from ringbinder.db.tables import document_reads
from ringbinder.features.documents import service as documents
from ringbinder.features.members import service as members
from ringbinder.features.members.types import MemberState
from ringbinder.features.organisations import service as organisations
from ringbinder.features.organisations.types import Organisation
from ringbinder.settings import Settings
from tests.factories.people import GOOD_PASSWORD, add_member, add_person
from tests.support.world import World

EMAIL: Final = "bench@ringbinder.example"
SIZE: Final = 100_000
SHARE: Final = 0.7
"""The part of all documents that the largest binder has: 70,000."""

LARGEST: Final = 1
MEMBERS: Final = 100
IN_TRASH: Final = 200
READS: Final = 200
_AMPLE: Final = {policy_name(pair): "60000000/1000000" for pair in DEFAULT_RATES}


@dataclass(frozen=True, slots=True)
class Site:
    """A prepared installation."""

    installation: Installation
    binder_id: str
    document_id: str

    def settings(self, **more: Any) -> Settings:  # noqa: ANN401 - of any setting
        """Give how it is run inside this process."""
        usual: dict[str, Any] = {
            "data": self.installation.folder,
            "database_url": self.installation.url,
            "limits": _AMPLE,
            "webhooks_enabled": False,
            "mail_enabled": False,
        }
        return Settings(**(usual | more))


@contextmanager
def prepared(engine: str, folder: Path, port: int) -> Iterator[Site]:
    """Give the installation of an engine, made if it is not there yet."""
    home = folder / f"pages-{engine}"
    home.mkdir(parents=True, exist_ok=True)
    if engine == "sqlite":
        yield _made(Installation(home, f"sqlite:///{home / 'ringbinder.sqlite3'}"))
        return
    with cluster.running(folder / "pages-postgres", port) as base:
        if not (home / "loaded").exists():
            asyncio.run(_recreate(base))
        yield _made(Installation(home, f"{base}/pages"))


async def _recreate(base: str) -> None:
    connection = await asyncpg.connect(f"{base}/postgres")
    await connection.execute("DROP DATABASE IF EXISTS pages")
    await connection.execute("CREATE DATABASE pages")
    await connection.close()


def _made(installation: Installation) -> Site:
    library = Library(SIZE, largest_share=SHARE)
    document = _document(library)
    site = Site(installation, library.binder_id(LARGEST), document["id"])
    loaded = installation.folder / "loaded"
    if not loaded.exists():
        for left in installation.folder.glob("ringbinder.sqlite3*"):
            left.unlink()
        asyncio.run(load(installation.url, library))
        asyncio.run(_furnish(site, document["key"]))
        loaded.touch()
    return site


def _document(library: Library) -> Any:  # noqa: ANN401 - a row
    """Give a document of the largest binder."""
    chunk = next(Library(library.size, largest_share=SHARE).chunks())
    row = next(row for row in chunk.documents if row["binder_key"] == LARGEST)
    return {"key": row["key"], "id": str(row["id"])}


def first_tab() -> UUID:
    """Give the first tab of the largest binder."""
    return Library(SIZE).folder_id((LARGEST - 1) * TABS * FOLDERS_OF_TAB + 1)


async def _furnish(site: Site, document_key: int) -> None:
    """Add an owner with a password, members, reads of a document, and a trash."""
    parts = assemble(site.settings())
    try:
        world: Any = World("", parts, None, None)  # type: ignore[arg-type]  # nobody calls it
        organisation = (await organisations.list_organisations(parts.database))[0]
        key = await add_person(world, email=EMAIL, name="Berit Bänk", password=GOOD_PASSWORD)
        await add_member(world, organisation, key, role="owner")
        operator = organisations.operator(organisation)
        async with parts.database.write(organisation.key) as session:
            for number in range(MEMBERS):
                await members.invite_member(
                    session,
                    operator,
                    email=f"person{number}@ringbinder.example",
                    name=f"Person {number:03}",
                    role=list(MemberRole)[number % 6],
                    state=MemberState.ACTIVE,
                )
        await _read_and_delete(parts, organisation, document_key)
    finally:
        await parts.close()


async def _read_and_delete(parts: Parts, organisation: Organisation, document_key: int) -> None:
    async with parts.database.write(organisation.key) as session:
        reads = [
            {
                "document_key": document_key,
                "version_id": version_id(document_key),
                "member_key": 1 + number % MEMBERS,
                "how": "view",
                "at": session.now,
            }
            for number in range(READS)
        ]
        await session.insert(document_reads, *reads)
        operator = organisations.operator(organisation)
        for key in range(SIZE - IN_TRASH + 1, SIZE + 1):
            await documents.delete_document(
                session, operator, document_id=document_id(key), precondition=lambda _: None
            )


@contextmanager
def running(site: Site, port: int) -> Iterator[Server]:
    """Run the server as it is run, with the cookie of a person who has signed in."""
    environment = {
        "RINGBINDER_DATA": str(site.installation.folder),
        "RINGBINDER_DATABASE_URL": site.installation.url,
        "RINGBINDER_PORT": str(port),
        "RINGBINDER_LIMITS": json.dumps(_AMPLE),
        "RINGBINDER_WEBHOOKS_ENABLED": "false",
        "RINGBINDER_MAIL_ENABLED": "false",
    }
    log = site.installation.folder / "server.log"
    with served.started(environment, log, port) as (pid, took):
        yield Server(port, pid, took, {"cookie": sign_in(port), "accept-language": "sv"})


class _NotOn(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def sign_in(port: int) -> str:
    """Sign in by the page's form and give the cookie."""
    form = urlencode({"email": EMAIL, "password": GOOD_PASSWORD}).encode()
    try:
        build_opener(_NotOn()).open(f"http://127.0.0.1:{port}/sign-in", form)
    except OSError as answer:
        cookies = answer.headers.get_all("set-cookie")  # type: ignore[attr-defined]  # an answer
        return str(cookies[0].partition(";")[0])
    message = "the sign-in was refused"
    raise RuntimeError(message)


@asynccontextmanager
async def assembled(site: Site) -> AsyncIterator[Parts]:
    """Put the parts of the application together in this process."""
    parts = assemble(site.settings())
    try:
        yield parts
    finally:
        await parts.close()
