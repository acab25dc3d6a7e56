"""Fill a data folder with the demo, by the same services as the API; a repetition goes on.

Each step looks first at what is there. A start that was interrupted, even by ``kill -9``, is thus
finished by the next one.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Final

from ringbinder.access.actor import Actor
from ringbinder.access.permissions import Role
from ringbinder.app import Parts
from ringbinder.db.sessions import WriteSession
from ringbinder.entrypoints.cli.demo.catalogue import demo_organisation
from ringbinder.entrypoints.cli.demo.credentials import ClientCredentials
from ringbinder.entrypoints.cli.demo.shapes import (
    DemoBinder,
    DemoDocument,
    DemoElement,
    DemoVersion,
)
from ringbinder.features.binders import service as binders
from ringbinder.features.binders.types import Binder, BinderType
from ringbinder.features.clients import service as clients
from ringbinder.features.clients.types import Client, IssuedSecret
from ringbinder.features.documents import service as documents
from ringbinder.features.folders import service as folders
from ringbinder.features.folders.types import Folder, FolderType
from ringbinder.features.metadata import service as metadata
from ringbinder.features.metadata.types import (
    RESERVED_PREFIX,
    DataType,
    GivenValue,
    ListedValue,
    Schema,
)
from ringbinder.features.organisations import service as organisations
from ringbinder.features.organisations.types import Organisation
from ringbinder.features.uploads.types import NewUpload

ROLES: Final = (Role.READER, Role.CREATOR, Role.ADMIN)

Place = tuple[str, ...]

Made = Callable[[str], None]
"""Hears the name of each version that is there now."""


async def ensure_clients(parts: Parts) -> tuple[Organisation, tuple[ClientCredentials, ...]]:
    """Give the demo's organisation and a client of each role, each with a new secret."""
    organisation = await _organisation(parts)
    async with parts.database.write(organisation.key) as session:
        known = {client.name: client for client in await clients.list_clients(session)}
        issued = [
            await _issue(session, organisation, role, known.get(_client_name(role)))
            for role in ROLES
        ]
    return organisation, tuple(
        ClientCredentials(str(one.client.role), str(one.client.id), one.secret) for one in issued
    )


async def _organisation(parts: Parts) -> Organisation:
    name = demo_organisation().name
    for known in await organisations.list_organisations(parts.database):
        if known.name == name:
            return known
    return await organisations.create_organisation(
        parts.database, name=name, api_clients_enabled=True
    )


def _client_name(role: Role) -> str:
    return f"Demo {role}"


async def _issue(
    session: WriteSession, organisation: Organisation, role: Role, known: Client | None
) -> IssuedSecret:
    actor = organisations.operator(organisation)
    if known is None:
        return await clients.create_client(
            session, actor, organisation=organisation, name=_client_name(role), role=role
        )
    # Its secret was shown to nobody: the start that made it ended before it could write it down.
    return await clients.rotate_secret(session, actor, client_id=known.id, overlap=timedelta())


def count_versions() -> int:
    """Tell how many versions :func:`ensure_binders` makes, and how often it calls ``made``."""
    return sum(
        len(document.versions)
        for binder in demo_organisation().binders
        for document in binder.documents
    )


async def ensure_binders(parts: Parts, organisation: Organisation, made: Made) -> None:
    """Make what is missing of the demo's binders."""
    actor = organisations.operator(organisation)
    for wanted in demo_organisation().binders:
        await _Seeding(parts, actor, wanted, made).run()


class _Seeding:
    """Makes one binder."""

    def __init__(self, parts: Parts, actor: Actor, wanted: DemoBinder, made: Made) -> None:
        self._parts = parts
        self._actor = actor
        self._wanted = wanted
        self._made = made

    async def run(self) -> None:
        async with self._changing() as session:
            binder = await self._binder(session)
        async with self._changing() as session:
            binder = await binders.lock_binder(session, binder_id=binder.id)
            await self._schema(session, binder)
        async with self._changing() as session:
            places = await self._folders(session, binder)
        async with self._changing() as session:
            schema = await metadata.load_schema(session, binder_key=binder.key)
        for document in self._wanted.documents:
            await self._document(schema, places[document.path], document)

    def _changing(self) -> AbstractAsyncContextManager[WriteSession]:
        return self._parts.database.write(self._actor.organisation_key)

    async def _binder(self, session: WriteSession) -> Binder:
        found, _ = await binders.list_binders(session)
        for binder, _ in found:
            if binder.name == self._wanted.name:
                return binder
        return await binders.create_binder(
            session,
            self._actor,
            name=self._wanted.name,
            type=BinderType(self._wanted.type),
            description=self._wanted.description,
            colour=self._wanted.colour,
        )

    async def _schema(self, session: WriteSession, binder: Binder) -> None:
        known = (await metadata.load_schema(session, binder_key=binder.key)).elements
        for element in self._wanted.elements:
            if element.metadata_element_id.startswith(RESERVED_PREFIX):
                await metadata.update_element(
                    session,
                    self._actor,
                    binder=binder,
                    metadata_element_id=element.metadata_element_id,
                    is_required=element.is_required,
                    values=_listed(element),
                )
            elif element.metadata_element_id not in known:
                await self._new_element(session, binder, element)

    async def _new_element(
        self, session: WriteSession, binder: Binder, element: DemoElement
    ) -> None:
        await metadata.create_element(
            session,
            self._actor,
            binder=binder,
            label=element.label_sv,
            labels={"sv": element.label_sv, "en": element.label_en},
            data_type=DataType(element.data_type),
            metadata_element_id=element.metadata_element_id,
            is_required=element.is_required,
            is_multi_value=element.is_multi_value,
            values=_listed(element),
        )

    async def _folders(self, session: WriteSession, binder: Binder) -> dict[Place, Folder]:
        places: dict[Place, Folder] = {}
        for path, wanted in self._wanted.iter_folders():
            parent = places.get(path[:-1])
            siblings, _ = await folders.list_folders(session, binder, parent)
            found = next((one for one in siblings if one.name == wanted.name), None)
            places[path] = found or await folders.create_folder(
                session,
                self._actor,
                binder_id=binder.id,
                name=wanted.name,
                type=FolderType(wanted.type),
                parent_id=parent.id if parent else None,
            )
        return places

    async def _document(self, schema: Schema, folder: Folder, wanted: DemoDocument) -> None:
        done = await self._versions_of(folder, wanted.file_name)
        for number, version in enumerate(wanted.versions, start=1):
            if number > done:
                await self._version(schema, folder, wanted.file_name, version)
            self._made(f"{wanted.file_name} {version.label}")

    async def _versions_of(self, folder: Folder, file_name: str) -> int:
        async with self._parts.database.read(self._actor.organisation_key) as session:
            found, _ = await documents.list_documents(
                session, folder, search_term=file_name, after=None, offset=0, limit=500
            )
        return max(
            (d.latest_version_number for d, _ in found if d.file_name == file_name), default=0
        )

    async def _version(
        self, schema: Schema, folder: Folder, file_name: str, version: DemoVersion
    ) -> None:
        content = await asyncio.to_thread(version.render)
        upload = NewUpload(
            binder_id=folder.binder_id,
            folder_id=folder.id,
            file_name=file_name,
            size_bytes=len(content),
            given=tuple(_given(schema, version)),
        )
        await self._parts.uploads.store(self._actor, upload, _in_one_piece(content))


async def _in_one_piece(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _listed(element: DemoElement) -> list[ListedValue]:
    return [
        ListedValue(value.label_sv, value.value_id, {"sv": value.label_sv, "en": value.label_en})
        for value in element.values
    ]


def _given(schema: Schema, version: DemoVersion) -> Iterator[GivenValue]:
    for key, value in {**version.metadata, **version.reserved_metadata}.items():
        is_listed = schema.elements[key].data_type is DataType.ENUMERATED
        for one in value if isinstance(value, tuple) else (value,):
            yield GivenValue(
                key,
                str(one) if is_listed else None,
                None if is_listed else one,
                path=f"metadata.{key}",
            )
