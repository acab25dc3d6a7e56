"""``ringbinder clients``: the API clients of an organisation."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from ringbinder.access.limits import Rate, RequestType
from ringbinder.access.permissions import Role
from ringbinder.entrypoints.cli.options import AsJson, Name, OfOrganisation
from ringbinder.entrypoints.cli.organisations import choose
from ringbinder.entrypoints.cli.output import moment, say, show_table, write_json
from ringbinder.entrypoints.cli.running import run

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ringbinder.access.actor import Actor
    from ringbinder.app import Parts
    from ringbinder.db.sessions import WriteSession
    from ringbinder.features.clients.types import Client, IssuedSecret
    from ringbinder.features.organisations.types import Organisation

app = typer.Typer(help="Create, list and stop API clients.", no_args_is_help=True)

ClientId = Annotated[UUID, typer.Argument(metavar="CLIENT_ID", help="Its id, as listed.")]
OwnLimit = Annotated[
    Rate | None,
    typer.Option(
        parser=Rate.parse,
        metavar="PER_MINUTE/BURST",
        help="Requests a minute, and how many of them at once, such as 600/100.",
    ),
]


@app.command("create")
def create(
    name: Name,
    role: Annotated[Role, typer.Option(case_sensitive=False, help="What the client may do.")],
    *,
    organisation: OfOrganisation = None,
    as_json: AsJson = False,
) -> None:
    """Create an API client. Its secret is shown this once and never again."""

    async def work(parts: "Parts") -> "tuple[Organisation, IssuedSecret]":
        from ringbinder.features.clients import service
        from ringbinder.features.organisations.service import operator

        found = await choose(parts, organisation)
        async with parts.database.write(found.key) as session:
            issued = await service.create_client(
                session, operator(found), organisation=found, name=name, role=role
            )
        return found, issued

    _show_secret(*run(work, as_json=as_json), as_json=as_json)


@app.command("list")
def show_all(*, organisation: OfOrganisation = None, as_json: AsJson = False) -> None:
    """List an organisation's API clients, oldest first."""

    async def work(parts: "Parts") -> "list[Client]":
        from ringbinder.features.clients import service

        found = await choose(parts, organisation)
        async with parts.database.read(found.key) as session:
            return list(await service.list_clients(session))

    found = run(work, as_json=as_json)
    if as_json:
        write_json([_document(client) for client in found])
    else:
        rows = [
            (
                str(client.id),
                client.name,
                str(client.role),
                _state(client),
                moment(client.last_token_at) or "never",
            )
            for client in found
        ]
        show_table(("Client id", "Name", "Role", "State", "Last token"), rows)


@app.command("disable")
def disable(
    client_id: ClientId, *, organisation: OfOrganisation = None, as_json: AsJson = False
) -> None:
    """Stop an API client: no new tokens, and those that it has end within seconds."""

    async def change(session: "WriteSession", actor: "Actor") -> "Client":
        from ringbinder.features.clients import service

        return await service.disable_client(session, actor, client_id=client_id)

    _change(change, organisation, as_json=as_json)


@app.command("enable")
def enable(
    client_id: ClientId, *, organisation: OfOrganisation = None, as_json: AsJson = False
) -> None:
    """Let a stopped API client work again."""

    async def change(session: "WriteSession", actor: "Actor") -> "Client":
        from ringbinder.features.clients import service

        return await service.enable_client(session, actor, client_id=client_id)

    _change(change, organisation, as_json=as_json)


@app.command("limit")
def limit(
    client_id: ClientId,
    *,
    read: OwnLimit = None,
    search: OwnLimit = None,
    write: OwnLimit = None,
    organisation: OfOrganisation = None,
    as_json: AsJson = False,
) -> None:
    """Give an API client limits of its own; what is not named is limited as for its role."""
    given = {RequestType.READ: read, RequestType.SEARCH: search, RequestType.WRITE: write}
    limits = {request: rate for request, rate in given.items() if rate is not None}

    async def change(session: "WriteSession", actor: "Actor") -> "Client":
        from ringbinder.features.clients import service

        return await service.limit_client(session, actor, client_id=client_id, limits=limits)

    _change(change, organisation, as_json=as_json)


@app.command("rotate")
def rotate(
    client_id: ClientId,
    *,
    overlap: Annotated[
        float,
        typer.Option(min=0, max=24 * 90, help="For how many hours the older secrets stay valid."),
    ] = 24,
    organisation: OfOrganisation = None,
    as_json: AsJson = False,
) -> None:
    """Give an API client a new secret, shown this once; the older ones stay valid for a while."""

    async def work(parts: "Parts") -> "tuple[Organisation, IssuedSecret]":
        from ringbinder.features.clients import service
        from ringbinder.features.organisations.service import operator

        found = await choose(parts, organisation)
        async with parts.database.write(found.key) as session:
            issued = await service.rotate_secret(
                session, operator(found), client_id=client_id, overlap=timedelta(hours=overlap)
            )
        return found, issued

    _show_secret(*run(work, as_json=as_json), as_json=as_json)


def _change(
    change: "Callable[[WriteSession, Actor], Awaitable[Client]]",
    organisation: str | None,
    *,
    as_json: bool,
) -> None:
    async def work(parts: "Parts") -> "Client":
        from ringbinder.features.organisations.service import operator

        found = await choose(parts, organisation)
        async with parts.database.write(found.key) as session:
            return await change(session, operator(found))

    client = run(work, as_json=as_json)
    if as_json:
        write_json(_document(client))
    else:
        say(f"{client.name} ({client.id}) is {_state(client)}.")


def _show_secret(organisation: "Organisation", issued: "IssuedSecret", *, as_json: bool) -> None:
    if as_json:
        secret = {"organisationId": str(organisation.id), "clientSecret": issued.secret}
        write_json(_document(issued.client) | secret)
        return
    say(f"{issued.client.name}, {issued.client.role} of {organisation.name}")
    say(f"  organisation   {organisation.id}")
    say(f"  client id      {issued.client.id}")
    say(f"  client secret  {issued.secret}")
    say("Keep the secret now: it is not shown again.")


def _document(client: "Client") -> dict[str, Any]:
    return {
        "clientId": str(client.id),
        "name": client.name,
        "role": str(client.role),
        "createdAt": moment(client.created_at),
        "disabledAt": moment(client.disabled_at),
        "lastTokenAt": moment(client.last_token_at),
        "ownLimits": {str(request): str(rate) for request, rate in client.own_limits.items()},
    }


def _state(client: "Client") -> str:
    return "enabled" if client.disabled_at is None else "disabled"
