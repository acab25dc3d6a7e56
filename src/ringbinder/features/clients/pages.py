"""API clients for owners: what integrations sign in as, and when they last did."""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Response

from ringbinder.access.limits import CLIENT_TYPE_OF, OVERRIDABLE, Rate, RequestType
from ringbinder.access.permissions import Permission, Role
from ringbinder.db.sessions import ReadSession
from ringbinder.features.clients import schemas, service
from ringbinder.features.clients.types import Client, IssuedSecret
from ringbinder.features.organisations import service as organisations
from ringbinder.kit.errors import FieldErrors
from ringbinder.web.budgets import Budgets
from ringbinder.web.dependencies import Caller, Reading, Writing, part
from ringbinder.web.pages import N_, Form, Notice, Page, PageRouter, Submitted, View

router = PageRouter(area="organisation", prefix="/organisation/clients")

BudgetsPart = Annotated[Budgets, Depends(part(Budgets))]

HERE: Final = "/organisation/clients"
MANAGE: Final = Permission.MANAGE_CLIENTS
ROLES: Final = {
    Role.READER: N_("Reader: looks at everything"),
    Role.CREATOR: N_("Creator: also sends documents"),
    Role.ADMIN: N_("Admin: also changes and administers"),
}
REQUESTS: Final = {
    RequestType.READ: N_("Look at something"),
    RequestType.SEARCH: N_("Search"),
    RequestType.WRITE: N_("Change something"),
}
OVERLAPS: Final = {
    24: N_("For a day"),
    24 * 7: N_("For a week"),
    24 * 30: N_("For 30 days"),
    0: N_("Not at all: they end now"),
}


@router.page("GET", "", "clients", permission=MANAGE)
async def show_clients(page: View, session: Reading) -> Response:
    """Show the organisation's API clients."""
    return await _clients(page, session, Form([]), {})


@router.page("POST", "", "create_client", permission=MANAGE)
async def create_client(page: View, session: Writing, actor: Caller, form: Submitted) -> Response:
    """Make an API client, and show its secret this once."""
    try:
        wanted = form.read(schemas.NewClient)
    except FieldErrors as error:
        return await _clients(page, session, form, page.problems(error))
    issued = await service.create_client(
        session,
        actor,
        organisation=await organisations.get_own_organisation(session),
        name=wanted.name,
        role=wanted.role,
    )
    return _secret(page, issued, overlap=None)


@router.page("POST", "/access", "switch_api_access", permission=MANAGE)
async def switch_access(page: View, session: Writing, actor: Caller, form: Submitted) -> Response:
    """Allow or forbid API clients in the organisation."""
    is_on = form.read(schemas.Access).access == "on"
    await organisations.switch_api_clients(session, actor, enabled=is_on)
    on, off = page.gettext("API access is on."), page.gettext("API access is off.")
    return page.redirect(HERE, notice=Notice(on if is_on else off))


@router.page("POST", "/{client_id}/rotate", "rotate_client", permission=MANAGE)
async def rotate(
    page: View, session: Writing, actor: Caller, form: Submitted, client_id: UUID
) -> Response:
    """Give an API client a new secret, and show it this once."""
    overlap = timedelta(hours=form.read(schemas.Rotation).overlap)
    issued = await service.rotate_secret(session, actor, client_id=client_id, overlap=overlap)
    return _secret(page, issued, overlap=overlap)


@router.page("POST", "/{client_id}/disable", "disable_client", permission=MANAGE)
async def disable(page: View, session: Writing, actor: Caller, client_id: UUID) -> Response:
    """Stop an API client."""
    client = await service.disable_client(session, actor, client_id=client_id)
    text = page.gettext("%(name)s is disabled; its tokens end within seconds.", name=client.name)
    return page.redirect(HERE, notice=Notice(text, undo=f"{HERE}/{client.id}/enable"))


@router.page("POST", "/{client_id}/enable", "enable_client", permission=MANAGE)
async def enable(page: View, session: Writing, actor: Caller, client_id: UUID) -> Response:
    """Let a stopped API client work again."""
    client = await service.enable_client(session, actor, client_id=client_id)
    told = page.gettext("%(name)s can work again.", name=client.name)
    return page.redirect(HERE, notice=Notice(told))


@router.page("GET", "/{client_id}/limits", "client_limits", permission=MANAGE)
async def show_limits(
    page: View, session: Reading, budgets: BudgetsPart, client_id: UUID
) -> Response:
    """Show how often an API client may do what."""
    client = await service.get_client(session, client_id=client_id)
    return _limits(page, budgets, client, Form([]), {})


@router.page("POST", "/{client_id}/limits", "limit_client", permission=MANAGE)
async def limit(
    page: View,
    session: Writing,
    actor: Caller,
    form: Submitted,
    budgets: BudgetsPart,
    client_id: UUID,
) -> Response:
    """Let an API client do less than its role may, or as much again."""
    client = await service.get_client(session, client_id=client_id)
    try:
        wanted = form.read(schemas.OwnLimits)
        await service.tighten_client(
            session,
            actor,
            client_id=client_id,
            wanted=wanted.by_request,
            usual=_usual(budgets, client),
        )
    except FieldErrors as error:
        return _limits(page, budgets, client, form, page.problems(error))
    told = page.gettext("The limits of %(name)s hold within seconds.", name=client.name)
    return page.redirect(HERE, notice=Notice(told))


def _usual(budgets: Budgets, client: Client) -> Mapping[RequestType, Rate]:
    """Give what the role of a client may."""
    kind = CLIENT_TYPE_OF[client.role]
    policies = {request: budgets.policies[kind, request] for request in OVERRIDABLE}
    return {request: Rate(one.per_minute, one.burst) for request, one in policies.items()}


def _limits(
    page: Page, budgets: Budgets, client: Client, sent: Form, problems: dict[str, list[str]]
) -> Response:
    return page.render(
        "organisation/client_limits.html",
        status=HTTPStatus.BAD_REQUEST if problems else HTTPStatus.OK,
        client=client,
        usual=_usual(budgets, client),
        names={request: page.gettext(name) for request, name in REQUESTS.items()},
        sent=sent,
        problems=problems,
    )


async def _clients(
    page: Page, session: ReadSession, sent: Form, problems: dict[str, list[str]]
) -> Response:
    organisation = await organisations.get_own_organisation(session)
    return page.render(
        "organisation/clients.html",
        status=HTTPStatus.BAD_REQUEST if problems else HTTPStatus.OK,
        clients=await service.list_clients(session),
        is_on=organisation.api_clients_enabled,
        organisation=organisation,
        sent=sent,
        problems=problems,
        roles=[(str(role), page.gettext(name)) for role, name in ROLES.items()],
        overlaps=[(hours, page.gettext(name)) for hours, name in OVERLAPS.items()],
    )


def _secret(page: Page, issued: IssuedSecret, *, overlap: timedelta | None) -> Response:
    answer = page.render("organisation/secret.html", issued=issued, overlap=overlap)
    answer.headers["cache-control"] = "no-store"
    return answer
