"""``ringbinder organisations``: the tenants."""

from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from ringbinder.entrypoints.cli.options import AsJson, Name
from ringbinder.entrypoints.cli.output import moment, say, show_table, write_json
from ringbinder.entrypoints.cli.running import run
from ringbinder.entrypoints.errors import (
    NoOrganisationError,
    NoSuchOrganisationError,
    OrganisationNotNamedError,
)
from ringbinder.kit.clock import rfc3339

if TYPE_CHECKING:
    from ringbinder.app import Parts
    from ringbinder.features.organisations.types import Organisation

app = typer.Typer(help="Create and list organisations.", no_args_is_help=True)

ApiClients = Annotated[
    bool,
    typer.Option("--api-clients/--no-api-clients", help="Whether API clients may be used."),
]


async def choose(parts: "Parts", wanted: str | None) -> "Organisation":
    """Find an organisation by id or name; without one, the only one that there is.

    Raises:
        NoOrganisationError, NoSuchOrganisationError, OrganisationNotNamedError: none, or several.

    """
    from ringbinder.features.organisations import service

    known = await service.list_organisations(parts.database)
    if not known:
        raise NoOrganisationError
    found = [one for one in known if wanted is None or _is_meant(one, wanted)]
    if not found:
        raise NoSuchOrganisationError(f"There is no organisation of the id or name {wanted}.")
    if len(found) > 1:
        raise OrganisationNotNamedError
    return found[0]


def _is_meant(organisation: "Organisation", wanted: str) -> bool:
    return wanted.casefold() in {str(organisation.id), organisation.name.casefold()}


@app.command("create")
def create(name: Name, *, api_clients: ApiClients = False, as_json: AsJson = False) -> None:
    """Create an organisation. API clients are off until they are enabled for it."""

    async def work(parts: "Parts") -> "Organisation":
        from ringbinder.features.organisations import service

        return await service.create_organisation(
            parts.database, name=name, api_clients_enabled=api_clients
        )

    _show(run(work, as_json=as_json), as_json=as_json)


@app.command("list")
def show_all(*, as_json: AsJson = False) -> None:
    """List the organisations, oldest first."""

    async def work(parts: "Parts") -> list["Organisation"]:
        from ringbinder.features.organisations import service

        return list(await service.list_organisations(parts.database))

    found = run(work, as_json=as_json)
    if as_json:
        write_json([_document(one) for one in found])
    else:
        rows = [(str(one.id), one.name, _on_or_off(one), rfc3339(one.created_at)) for one in found]
        show_table(("Id", "Name", "API clients", "Created"), rows)


@app.command("update")
def update(
    organisation_id: Annotated[UUID, typer.Argument(metavar="ID", help="Its id, as listed.")],
    *,
    api_clients: ApiClients,
    as_json: AsJson = False,
) -> None:
    """Allow API clients in an organisation, or forbid them; forbidding stops those that exist."""

    async def work(parts: "Parts") -> "Organisation":
        from ringbinder.features.organisations import service

        found = await service.get_organisation(parts.database, organisation_id)
        await service.enable_api_clients(parts.database, found, enabled=api_clients)
        return await service.get_organisation(parts.database, organisation_id)

    _show(run(work, as_json=as_json), as_json=as_json)


def _show(organisation: "Organisation", *, as_json: bool) -> None:
    if as_json:
        write_json(_document(organisation))
    else:
        say(f"{organisation.name}: {organisation.id}, API clients {_on_or_off(organisation)}")


def _document(organisation: "Organisation") -> dict[str, Any]:
    return {
        "id": str(organisation.id),
        "name": organisation.name,
        "apiClientsEnabled": organisation.api_clients_enabled,
        "createdAt": moment(organisation.created_at),
    }


def _on_or_off(organisation: "Organisation") -> str:
    return "on" if organisation.api_clients_enabled else "off"
