"""The audit trail for people: people and integrations in one list, to look at and to take away."""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import Depends, Path, Response
from fastapi.responses import StreamingResponse

from ringbinder.access.permissions import Permission
from ringbinder.features.audit import schemas, service
from ringbinder.features.audit.rules.changes import changes_of
from ringbinder.features.audit.service import Checkpoints, Exports
from ringbinder.features.audit.types import AuditFilter, ExportFormat, ExportWish
from ringbinder.features.evidence.types import Action
from ringbinder.kit.errors import FieldErrors
from ringbinder.kit.headers import content_disposition
from ringbinder.kit.paging import Cursor, query_shape
from ringbinder.web.answers import encode
from ringbinder.web.dependencies import Caller, Reading, part
from ringbinder.web.pages import N_, Form, Notice, Page, PageRouter, View

router = PageRouter(area="organisation", prefix="/organisation/audit")

PAGE_SIZE: Final = 50
_CHECKPOINTS_SHOWN: Final = 50
_MEDIA_TYPES: Final = {ExportFormat.JSONL: "application/jsonl", ExportFormat.CSV: "text/csv"}
_NO_CONDITIONS: Final = {"cursor", "format"}

KINDS: Final[Mapping[str, str]] = {
    "person": N_("Person"),
    "client": N_("Integration"),
    "operator": N_("Operator"),
    "system": N_("By itself"),
}
SOURCES: Final[Mapping[str, str]] = {
    "web": N_("Web application"),
    "api": N_("API"),
    "cli": N_("Command line"),
    "system": N_("By itself"),
}
SUBJECTS: Final[Mapping[str, str]] = {
    "binder": N_("Binder"),
    "client": N_("API client"),
    "document": N_("Document"),
    "folder": N_("Tab"),
    "group": N_("Group"),
    "member": N_("Member"),
    "metadata_element": N_("Metadata"),
    "organisation": N_("Organisation"),
    "participant": N_("Participant"),
    "person": N_("Person"),
    "token": N_("Token"),
    "upload": N_("Upload of a file"),
    "version": N_("Version"),
    "webhook": N_("Webhook"),
}
VERBS: Final[Mapping[str, str]] = {
    "aborted": N_("aborted"),
    "added": N_("added"),
    "archived": N_("archived"),
    "copied": N_("copied"),
    "created": N_("created"),
    "deleted": N_("deleted"),
    "disabled": N_("disabled"),
    "enabled": N_("enabled"),
    "erased": N_("erased from the trail"),
    "identity_linked": N_("sign-in of another provider linked"),
    "invited": N_("invited"),
    "issued": N_("issued"),
    "joined": N_("joined"),
    "limits_changed": N_("limits changed"),
    "metadata_changed": N_("metadata changed"),
    "moved": N_("moved"),
    "password_changed": N_("password changed"),
    "password_reset": N_("password reset"),
    "paused": N_("paused"),
    "purged": N_("removed for good"),
    "recovery_codes_made": N_("recovery codes made"),
    "redelivered": N_("delivered again"),
    "refused": N_("refused"),
    "removed": N_("removed"),
    "renamed": N_("renamed"),
    "reopened": N_("reopened"),
    "reset_asked": N_("reset of the password asked for"),
    "restored": N_("restored"),
    "resumed": N_("resumed"),
    "revoked": N_("revoked"),
    "role_changed": N_("role changed"),
    "second_factor_disabled": N_("second factor turned off"),
    "second_factor_enabled": N_("second factor turned on"),
    "secret_rotated": N_("secret renewed"),
    "sessions_ended": N_("signed out everywhere"),
    "sign_in_failed": N_("sign-in failed"),
    "signed_in": N_("signed in"),
    "signed_out": N_("signed out"),
    "tested": N_("tested"),
    "updated": N_("changed"),
    "version_created": N_("new version"),
    "viewers_changed": N_("viewers changed"),
}
MEMBERS: Final[Mapping[str, str]] = {
    "apiClientsEnabled": N_("API access"),
    "by": N_("By what"),
    "colour": N_("Colour"),
    "dataType": N_("Kind of value"),
    "description": N_("Description"),
    "email": N_("E-mail"),
    "fileName": N_("File name"),
    "isDisabled": N_("Kept out"),
    "isHidden": N_("Hidden"),
    "isMultiValue": N_("Several values"),
    "isRequired": N_("Required"),
    "isRetired": N_("Retired"),
    "label": N_("Label"),
    "labels.en": N_("Label in English"),
    "labels.sv": N_("Label in Swedish"),
    "metadata": N_("Metadata"),
    "name": N_("Name"),
    "number": N_("Number"),
    "olderSecretsEndAt": N_("Older secrets end"),
    "position": N_("Place"),
    "role": N_("Role"),
    "sessions": N_("Sessions that ended"),
    "sha256": N_("Checksum (SHA-256)"),
    "sizeBytes": N_("Size in bytes"),
    "state": N_("State"),
    "type": N_("Type"),
    "values": N_("Values"),
}


@router.page("GET", "", "audit", permission=Permission.READ_AUDIT)
async def show_audit(page: View, session: Reading) -> Response:
    """Show what people and integrations did, newest first."""
    try:
        desk = _desk(page)
        problems: dict[str, list[str]] = {}
        wanted = _filter(page, desk)
        after = _position(desk)
    except FieldErrors as error:
        desk, wanted, after = schemas.AuditDesk(), AuditFilter(), None
        problems = page.problems(error)
    events, total = await service.search_events(
        session, wanted, newest_first=True, after=after, offset=0, limit=PAGE_SIZE
    )
    last = events[-1].sequence if len(events) == PAGE_SIZE else None
    return page.render(
        "organisation/audit.html",
        status=HTTPStatus.BAD_REQUEST if problems else HTTPStatus.OK,
        rows=[(event, changes_of(event)) for event in events],
        total=total,
        sent=page.request.query_params,
        problems=problems,
        is_filtered=not wanted.is_empty,
        is_first=after is None,
        words=Words(page),
        conditions=_address(desk),
        next_cursor=None if last is None else Cursor((last,)).encode(shape=_shape(desk)),
    )


@router.page("GET", "/export", "audit_export", permission=Permission.READ_AUDIT)
async def export_audit(
    page: View, actor: Caller, exports: Annotated[Exports, Depends(part(Exports))]
) -> Response:
    """Take away what the page shows, all pages of it, oldest first."""
    desk = _desk(page)
    wish = ExportWish(wanted=_filter(page, desk))
    lines = await exports.prepare(
        actor, wish, conditions=_conditions(desk) or None, kind=desk.format
    )
    name = f"audit-{actor.organisation_id}.{desk.format}"
    headers = {"content-disposition": content_disposition("attachment", name)}
    return StreamingResponse(lines, media_type=_MEDIA_TYPES[desk.format], headers=headers)


@router.page("GET", "/checkpoints", "audit_checkpoints", permission=Permission.READ_AUDIT)
async def show_checkpoints(page: View, session: Reading) -> Response:
    """Show the signed statements of how far the trail goes, newest first."""
    found, total = await service.list_checkpoints(
        session, after=None, offset=0, limit=_CHECKPOINTS_SHOWN
    )
    return page.render("organisation/checkpoints.html", checkpoints=found, total=total)


@router.page("POST", "/checkpoints", "audit_sign", permission=Permission.READ_AUDIT)
async def sign(
    page: View, actor: Caller, checkpoints: Annotated[Checkpoints, Depends(part(Checkpoints))]
) -> Response:
    """Sign how far the trail goes now."""
    made = await checkpoints.make(actor.organisation_key, actor.organisation_id)
    told = page.gettext(
        "Event %(number)s and all before it are signed.", number=page.formats.number(made.sequence)
    )
    return page.redirect("/organisation/audit/checkpoints", notice=Notice(told))


@router.page(
    "GET",
    "/checkpoints/{sequence}.json",
    "audit_checkpoint",
    permission=Permission.READ_AUDIT,
)
async def take_checkpoint(
    session: Reading, sequence: Annotated[int, Path(ge=1, le=schemas.LARGEST)]
) -> Response:
    """Give one checkpoint as the API does, to keep it somewhere else."""
    made = await service.get_checkpoint(session, sequence=sequence)
    name = content_disposition("attachment", f"checkpoint-{sequence}.json")
    return Response(
        encode(schemas.checkpoint_answer(made)),
        media_type="application/json",
        headers={"content-disposition": name},
    )


class Words:
    """What the codes of the trail are called in the reader's language."""

    def __init__(self, page: Page) -> None:
        """Speak to the reader of a page."""
        self._page = page

    def action(self, action: str) -> str:
        """Name what was done, with or without the source before it."""
        subject, _, verb = _without_source(action).partition(":")
        return f"{self._of(SUBJECTS, subject)}: {self._of(VERBS, verb)}"

    def kind(self, kind: str) -> str:
        """Name what kind of actor it was."""
        return self._of(KINDS, kind)

    def source(self, action: str) -> str:
        """Name the door by which it was done."""
        return self._of(SOURCES, action.partition(":")[0])

    def subject(self, subject: str) -> str:
        """Name a kind of object."""
        return self._of(SUBJECTS, subject)

    def member(self, name: str) -> str:
        """Name a member of what was before and after."""
        return self._of(MEMBERS, name)

    def kinds(self) -> list[tuple[str, str]]:
        """Give the kinds of actors to choose from."""
        return [(kind, self.kind(kind)) for kind in KINDS]

    def sources(self) -> list[tuple[str, str]]:
        """Give the doors to choose from."""
        return [(source, self._of(SOURCES, source)) for source in SOURCES]

    def actions(self) -> list[tuple[str, str]]:
        """Give the actions to choose from, by their names."""
        named = [(str(action), self.action(action)) for action in Action]
        return sorted(named, key=lambda one: one[1])

    def _of(self, names: Mapping[str, str], code: str) -> str:
        return self._page.gettext(names[code]) if code in names else code


def _without_source(action: str) -> str:
    source, _, rest = action.partition(":")
    return rest if source in SOURCES and ":" in rest else action


def _desk(page: Page) -> schemas.AuditDesk:
    return Form(page.request.query_params.multi_items()).read(schemas.AuditDesk)


def _filter(page: Page, desk: schemas.AuditDesk) -> AuditFilter:
    begin_of = page.formats.begin_of
    return AuditFilter(
        since=None if desk.from_ is None else begin_of(desk.from_),
        until=None if desk.to is None else begin_of(desk.to + timedelta(days=1)),
        actor_id=desk.actor,
        actor_kind=desk.kind,
        source=desk.source,
        actions=None if desk.action is None else [desk.action],
        object_id=desk.object,
        binder_id=desk.binder,
        search_term=desk.q,
    )


def _conditions(desk: schemas.AuditDesk) -> dict[str, Any]:
    return desk.model_dump(mode="json", by_alias=True, exclude_none=True, exclude=_NO_CONDITIONS)


def _address(desk: schemas.AuditDesk) -> str:
    return urlencode(_conditions(desk))


def _shape(desk: schemas.AuditDesk) -> str:
    return query_shape("audit page", _conditions(desk))


def _position(desk: schemas.AuditDesk) -> int | None:
    if desk.cursor is None:
        return None
    (sequence,) = Cursor.decode(desk.cursor, shape=_shape(desk), types=(int,)).values
    return int(str(sequence))
