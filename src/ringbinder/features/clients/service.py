"""What an owner or operator does with API clients."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.access.limits import Rate, RequestType
from ringbinder.access.permissions import Role
from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.features.clients import repository, rules
from ringbinder.features.clients.errors import ApiClientsDisabledError, ClientNotFoundError
from ringbinder.features.clients.types import Client, IssuedSecret
from ringbinder.features.evidence import service as evidence
from ringbinder.features.evidence.types import Action, Subject
from ringbinder.features.organisations.types import Organisation
from ringbinder.kit.ids import new_guid, new_secret, sha256_hex


async def create_client(
    session: WriteSession, actor: Actor, *, organisation: Organisation, name: str, role: Role
) -> IssuedSecret:
    """Create a client and give its secret, which is shown only now.

    Raises:
        ApiClientsDisabledError: the organisation has not enabled API clients.

    """
    if not organisation.api_clients_enabled:
        raise ApiClientsDisabledError
    client = await repository.add_client(session, client_id=new_guid(), name=name, role=role)
    secret = new_secret()
    await repository.add_secret(session, client.key, sha256_hex(secret))
    evidence.record(
        session,
        actor,
        Action.CLIENT_CREATED,
        _subject(client),
        after={"name": name, "role": str(role)},
    )
    return IssuedSecret(client=client, secret=secret)


async def list_clients(session: ReadSession) -> Sequence[Client]:
    """Give the organisation's clients, oldest first."""
    return await repository.list_clients(session)


async def get_client(session: ReadSession, *, client_id: UUID) -> Client:
    """Give one client of the organisation.

    Raises:
        ClientNotFoundError: the organisation has none with this id.

    """
    client = await repository.find_client(session, client_id)
    if client is None:
        raise ClientNotFoundError
    return client


async def disable_client(session: WriteSession, actor: Actor, *, client_id: UUID) -> Client:
    """Stop a client: no new tokens, and those that it has end within seconds."""
    client = await get_client(session, client_id=client_id)
    if client.disabled_at is None:
        await repository.set_disabled_at(session, client, session.now)
        evidence.record(session, actor, Action.CLIENT_DISABLED, _subject(client))
    return await get_client(session, client_id=client_id)


async def enable_client(session: WriteSession, actor: Actor, *, client_id: UUID) -> Client:
    """Let a disabled client sign in again."""
    client = await get_client(session, client_id=client_id)
    if client.disabled_at is not None:
        await repository.set_disabled_at(session, client, None)
        evidence.record(session, actor, Action.CLIENT_ENABLED, _subject(client))
    return await get_client(session, client_id=client_id)


async def limit_client(
    session: WriteSession, actor: Actor, *, client_id: UUID, limits: Mapping[RequestType, Rate]
) -> Client:
    """Give a client limits of its own within seconds; its role's hold for what is not named."""
    client = await get_client(session, client_id=client_id)
    if client.own_limits != limits:
        await repository.set_own_limits(session, client, limits)
        evidence.record(
            session,
            actor,
            Action.CLIENT_LIMITS_CHANGED,
            _subject(client),
            before=_written(client.own_limits),
            after=_written(limits),
        )
    return await get_client(session, client_id=client_id)


async def tighten_client(
    session: WriteSession,
    actor: Actor,
    *,
    client_id: UUID,
    wanted: Mapping[RequestType, int | None],
    usual: Mapping[RequestType, Rate],
) -> Client:
    """Give a client tighter limits than its role has, by times a minute; None is the role's.

    Raises:
        ClientNotFoundError: the organisation has none with this id.
        FieldErrors: about each number that is higher than that of the role.

    """
    client = await get_client(session, client_id=client_id)
    limits = rules.own_limits(wanted, present=client.own_limits, usual=usual)
    return await limit_client(session, actor, client_id=client_id, limits=limits)


async def rotate_secret(
    session: WriteSession, actor: Actor, *, client_id: UUID, overlap: timedelta
) -> IssuedSecret:
    """Give a client a new secret; the older ones stay valid for the overlap."""
    client = await get_client(session, client_id=client_id)
    ends_at = session.now + overlap
    await repository.end_secrets(session, client, ends_at)
    secret = new_secret()
    await repository.add_secret(session, client.key, sha256_hex(secret))
    evidence.record(
        session,
        actor,
        Action.CLIENT_SECRET_ROTATED,
        _subject(client),
        after={"olderSecretsEndAt": ends_at.isoformat()},
    )
    return IssuedSecret(client=client, secret=secret)


def _written(limits: Mapping[RequestType, Rate]) -> dict[str, str]:
    return {str(request): str(rate) for request, rate in limits.items()}


def _subject(client: Client) -> Subject:
    return Subject(type="client", id=str(client.id), name=client.name, names_person=True)
