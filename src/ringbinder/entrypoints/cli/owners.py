"""``ringbinder owners``: who owns an organisation, for an operator without a browser."""

from typing import TYPE_CHECKING, Annotated

import typer

from ringbinder.entrypoints.cli.options import AsJson, Name, OfOrganisation
from ringbinder.entrypoints.cli.organisations import choose
from ringbinder.entrypoints.cli.output import say, write_json
from ringbinder.entrypoints.cli.running import run

if TYPE_CHECKING:
    from ringbinder.app import Parts
    from ringbinder.features.members.types import Member

app = typer.Typer(help="Make the first owner of an organisation.", no_args_is_help=True)

Email = Annotated[str, typer.Option(help="The address with which the person signs in.")]


@app.command("create")
def create(
    name: Name,
    email: Email,
    *,
    organisation: OfOrganisation = None,
    as_json: AsJson = False,
) -> None:
    """Make a person an owner, and show a link by which it chooses a password; nothing is mailed."""

    async def work(parts: "Parts") -> "tuple[Member, str]":
        from ringbinder.access.permissions import MemberRole
        from ringbinder.features.members import service as members
        from ringbinder.features.organisations.service import operator

        found = await choose(parts, organisation)
        async with parts.database.write(found.key) as session:
            member = await members.invite_member(
                session, operator(found), email=email, name=name, role=MemberRole.OWNER
            )
            link = await parts.people.invitations.new_invitation_link(
                session, person_key=member.person_key, member_key=member.key
            )
        return member, link

    member, link = run(work, as_json=as_json)
    if as_json:
        write_json({"memberId": str(member.id), "email": member.email, "invitation": link})
        return
    say(f"{member.name} ({member.email}) becomes an owner by opening")
    say(f"  {link}")
    say("It works once, and is not shown again.")


@app.command("setup-code")
def setup_code(*, as_json: AsJson = False) -> None:
    """Show the code that the first page of a fresh installation asks for."""

    async def work(parts: "Parts") -> dict[str, str | bool]:
        set_up = parts.people.set_up
        return {
            "isOpen": await set_up.is_open(),
            "code": set_up.code,
            "page": f"{parts.settings.effective_public_url}/welcome",
        }

    found = run(work, as_json=as_json)
    if as_json:
        write_json(found)
    elif found["isOpen"]:
        say(f"Open {found['page']} and type the code {found['code']}")
    else:
        say("The installation has people already; the first page is closed.")
