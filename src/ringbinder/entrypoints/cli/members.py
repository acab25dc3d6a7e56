"""``ringbinder members``: the people of an organisation."""

from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from ringbinder.access.permissions import MemberRole
from ringbinder.entrypoints.cli.options import AsJson, Name, OfOrganisation
from ringbinder.entrypoints.cli.organisations import choose
from ringbinder.entrypoints.cli.output import moment, say, show_table, write_json
from ringbinder.entrypoints.cli.running import run

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ringbinder.access.actor import Actor
    from ringbinder.app import Parts
    from ringbinder.db.sessions import WriteSession
    from ringbinder.features.members.types import Member

app = typer.Typer(help="Make, list, change and remove members.", no_args_is_help=True)

MemberId = Annotated[UUID, typer.Argument(metavar="MEMBER_ID", help="Its id, as listed.")]
Role = Annotated[
    MemberRole, typer.Option(case_sensitive=False, help="What the member may do and see.")
]


@app.command("create")
def create(
    name: Name,
    email: Annotated[str, typer.Option(help="The address that the person signs in with.")],
    role: Role,
    *,
    organisation: OfOrganisation = None,
    as_json: AsJson = False,
) -> None:
    """Invite a person, such as the first owner, and show the link to accept; nothing is mailed."""

    async def work(parts: "Parts") -> "tuple[Member, str]":
        from ringbinder.features.members import service
        from ringbinder.features.organisations.service import operator

        found = await choose(parts, organisation)
        async with parts.database.write(found.key) as session:
            member = await service.invite_member(
                session, operator(found), email=email, name=name, role=role
            )
            link = await parts.people.invitations.new_invitation_link(
                session, person_key=member.person_key, member_key=member.key
            )
        return member, link

    member, link = run(work, as_json=as_json)
    if as_json:
        write_json(_document(member) | {"invitation": link})
        return
    say(f"{member.name} ({member.email}) becomes {role} by opening")
    say(f"  {link}")
    say("It works once, and is not shown again.")


@app.command("list")
def show_all(*, organisation: OfOrganisation = None, as_json: AsJson = False) -> None:
    """List an organisation's members by name."""

    async def work(parts: "Parts") -> "list[Member]":
        from ringbinder.features.members import service

        found = await choose(parts, organisation)
        async with parts.database.read(found.key) as session:
            members, _ = await service.list_members(session)
        return [member for member, _ in members]

    found = run(work, as_json=as_json)
    if as_json:
        write_json([_document(member) for member in found])
    else:
        rows = [
            (
                str(member.id),
                member.name,
                member.email,
                str(member.role),
                str(member.state),
                moment(member.last_seen_at) or "never",
            )
            for member in found
        ]
        show_table(("Member id", "Name", "Address", "Role", "State", "Last seen"), rows)


@app.command("role")
def change_role(
    member_id: MemberId,
    role: Role,
    *,
    organisation: OfOrganisation = None,
    as_json: AsJson = False,
) -> None:
    """Give a member another role; the last owner stays one."""

    async def change(session: "WriteSession", actor: "Actor") -> "Member":
        from ringbinder.features.members import service

        return await service.change_role(session, actor, member_id=member_id, role=role)

    _change(change, organisation, f"is {role} now", as_json=as_json)


@app.command("remove")
def remove(
    member_id: MemberId, *, organisation: OfOrganisation = None, as_json: AsJson = False
) -> None:
    """Take a member out of the organisation, its groups, binders and hidden folders, at once."""

    async def change(session: "WriteSession", actor: "Actor") -> "Member":
        from ringbinder.features.members import service

        return await service.remove_member(session, actor, member_id=member_id)

    _change(change, organisation, "is no member any more", as_json=as_json)


def _change(
    change: "Callable[[WriteSession, Actor], Awaitable[Member]]",
    organisation: str | None,
    what: str,
    *,
    as_json: bool,
) -> None:
    async def work(parts: "Parts") -> "Member":
        from ringbinder.features.organisations.service import operator

        found = await choose(parts, organisation)
        async with parts.database.write(found.key) as session:
            return await change(session, operator(found))

    member = run(work, as_json=as_json)
    if as_json:
        write_json(_document(member))
    else:
        say(f"{member.name} {what} ({member.id}).")


def _document(member: "Member") -> dict[str, Any]:
    return {
        "memberId": str(member.id),
        "name": member.name,
        "email": member.email,
        "role": str(member.role),
        "state": str(member.state),
        "invitedAt": member.invited_at.isoformat(),
        "joinedAt": member.joined_at and member.joined_at.isoformat(),
        "lastSeenAt": member.last_seen_at and member.last_seen_at.isoformat(),
    }
