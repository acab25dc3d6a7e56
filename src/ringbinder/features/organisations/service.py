"""What an operator does with organisations."""

from collections.abc import Sequence
from uuid import UUID

from ringbinder.access.actor import Actor, ActorKind, Source
from ringbinder.access.permissions import Role
from ringbinder.db.sessions import Database, ReadSession, WriteSession
from ringbinder.features.evidence import service as evidence
from ringbinder.features.evidence.types import Action, Subject
from ringbinder.features.organisations import repository
from ringbinder.features.organisations.errors import OrganisationNotFoundError
from ringbinder.features.organisations.types import Organisation
from ringbinder.kit.ids import new_guid


async def create_organisation(
    database: Database, *, name: str, api_clients_enabled: bool
) -> Organisation:
    """Create an organisation, by the operator."""
    async with database.write(None) as session:
        return await add_organisation(session, name=name, api_clients_enabled=api_clients_enabled)


async def add_organisation(
    session: WriteSession, *, name: str, api_clients_enabled: bool
) -> Organisation:
    """Create an organisation within a transaction of the system's own."""
    organisation = await repository.add_organisation(
        session, organisation_id=new_guid(), name=name, api_clients_enabled=api_clients_enabled
    )
    own = session.act_for(organisation.key)
    await evidence.begin(own, organisation_id=organisation.id)
    evidence.record(
        own,
        operator(organisation),
        Action.ORGANISATION_CREATED,
        Subject(type="organisation", id=str(organisation.id), name=name),
        after={"name": name, "apiClientsEnabled": api_clients_enabled},
    )
    return organisation


async def list_organisations(database: Database) -> Sequence[Organisation]:
    """Give all organisations, oldest first."""
    async with database.read(None) as session:
        return await repository.list_organisations(session)


async def get_organisation(database: Database, organisation_id: UUID) -> Organisation:
    """Give one organisation.

    Raises:
        OrganisationNotFoundError: there is none with this id.

    """
    async with database.read(None) as session:
        found = await repository.find_organisation(session, organisation_id)
    if found is None:
        raise OrganisationNotFoundError
    return found


async def get_own_organisation(session: ReadSession) -> Organisation:
    """Give the organisation that a session belongs to.

    Raises:
        OrganisationNotFoundError: it is gone.

    """
    found = await repository.find_by_key(session, session.organisation_key)
    if found is None:
        raise OrganisationNotFoundError
    return found


async def switch_api_clients(session: WriteSession, actor: Actor, *, enabled: bool) -> Organisation:
    """Allow or forbid API clients in the session's organisation, by one of its owners."""
    before = await get_own_organisation(session)
    if before.api_clients_enabled is not enabled:
        await repository.set_api_clients_enabled(session, before.key, enabled=enabled)
        evidence.record(
            session,
            actor,
            Action.ORGANISATION_UPDATED,
            Subject(type="organisation", id=str(before.id), name=before.name),
            before={"apiClientsEnabled": before.api_clients_enabled},
            after={"apiClientsEnabled": enabled},
        )
    return await get_own_organisation(session)


async def enable_api_clients(
    database: Database, organisation: Organisation, *, enabled: bool
) -> None:
    """Allow or forbid API clients in an organisation; forbidding stops those that exist."""
    async with database.write(None) as session:
        await repository.set_api_clients_enabled(session, organisation.key, enabled=enabled)
        evidence.record(
            session.act_for(organisation.key),
            operator(organisation),
            Action.ORGANISATION_UPDATED,
            Subject(type="organisation", id=str(organisation.id), name=organisation.name),
            before={"apiClientsEnabled": organisation.api_clients_enabled},
            after={"apiClientsEnabled": enabled},
        )


def system(organisation: Organisation) -> Actor:
    """Give the actor that stands for what happens by itself, such as the end of the trash."""
    return Actor(
        kind=ActorKind.SYSTEM,
        source=Source.SYSTEM,
        id=None,
        name="system",
        role=Role.ADMIN,
        organisation_key=organisation.key,
        organisation_id=organisation.id,
    )


def operator(organisation: Organisation) -> Actor:
    """Give the actor that stands for the operator at the command line."""
    return Actor(
        kind=ActorKind.OPERATOR,
        source=Source.CLI,
        id=None,
        name="operator",
        role=Role.ADMIN,
        organisation_key=organisation.key,
        organisation_id=organisation.id,
    )
