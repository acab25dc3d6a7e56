"""Two installations for looking at pages: one where people have worked, and one of this minute.

``make screenshots`` takes pictures there, and a journey looks at each page as axe does.
"""

import asyncio
import email
import email.policy
import io
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.async_api import Browser, Page

from ringbinder.access.permissions import MemberRole, Role
from ringbinder.entrypoints.cli.demo import seeding
from ringbinder.features.organisations.types import Organisation
from tests.factories.content import (
    add_participant,
    created,
    new_binder,
    new_document,
    new_element,
    new_folder,
)
from tests.factories.files import pdf
from tests.factories.people import GOOD_PASSWORD, add_member, add_person
from tests.support import scenes
from tests.support.browser import Served, Tab, served, tab
from tests.support.databases import new_database_url
from tests.support.world import AMPLE_LIMITS, Caller

PEOPLE: Final = {
    "owner": ("Anna Berg", MemberRole.OWNER),
    "reader": ("Rut Ek", MemberRole.READER),
    "guarded": ("Bo Åkerlund", MemberRole.ADMINISTRATOR),
    "leaving-1440": ("Siv Öberg", MemberRole.CREATOR),
    "leaving-360": ("Ulf Ström", MemberRole.CREATOR),
    "guest": ("Maja Lind", MemberRole.RESTRICTED_READER),
}
SHOWN: Final = ("reader-", "creator-", "admin-")
"""The limits that stay as they are, as a page shows them."""

PROVIDER: Final = {
    "id": "entra",
    "name": "Microsoft",
    "issuer": "http://127.0.0.1:9",
    "client_id": "ringbinder",
    "client_secret": "x" * 32,
}


@dataclass
class Site:
    """An installation that is served, with what stands in it and who has signed in."""

    served: Served
    stage: scenes.Stage
    sessions: dict[str, Any] = field(default_factory=dict)


async def _serve(stack: AsyncExitStack, folder: Path, **settings: Any) -> Served:
    await asyncio.to_thread(folder.mkdir)
    url = await asyncio.to_thread(new_database_url, "sqlite", None, folder)
    return await stack.enter_async_context(served(folder, url, with_sign_in=True, **settings))


async def new_site(stack: AsyncExitStack, folder: Path) -> Site:
    """Serve an installation that nobody owns yet; whoever signs in first becomes its owner."""
    limits = AMPLE_LIMITS | {"person-write": "1/1"}
    site = await _serve(stack, folder, limits=limits)
    return Site(site, scenes.Stage(site.base, {}, {}))


async def busy_site(stack: AsyncExitStack, folder: Path, browser: Browser) -> Site:
    """Serve the demo's organisation, where people have worked."""
    limits = {name: rate for name, rate in AMPLE_LIMITS.items() if not name.startswith(SHOWN)}
    site = await _serve(stack, folder, limits=limits, oidc_providers=[PROVIDER], zip_documents=3)
    organisation, _ = await seeding.ensure_clients(site.world.parts)
    await seeding.ensure_binders(site.world.parts, organisation, lambda _: None)
    admin = await site.world.new_caller(organisation, Role.ADMIN)
    members = await _let_people_in(site, organisation)
    ids = await _furnish(admin, members)
    stage = scenes.Stage(site.base, ids, {one: _address(one) for one in PEOPLE})
    stage.files = _delivery(folder)
    busy = Site(site, stage)
    ids["invitation"], ids["reset"] = await _letters(busy, browser, admin, folder / "mail")
    await _guard(busy, browser)
    await _read(busy, browser)
    return busy


def _address(who: str) -> str:
    name = PEOPLE[who][0].lower().translate(str.maketrans(" åäö", ".aao"))
    return f"{name}@kastanjen.example"


async def _let_people_in(site: Served, organisation: Organisation) -> Mapping[str, str]:
    found = {}
    for who, (name, role) in PEOPLE.items():
        key = await add_person(site.world, email=_address(who), name=name, password=GOOD_PASSWORD)
        found[who] = str(await add_member(site.world, organisation, key, role=str(role)))
    return found


async def _furnish(admin: Caller, members: Mapping[str, str]) -> dict[str, str]:
    """Do what an organisation does in a year: tabs that are hidden, groups, versions, a trash."""
    binders = (await admin.get("/binders")).json()
    binder = next(one for one in binders if one["type"] == "project")
    where = {"binderId": binder["id"]}
    body = {"MetadataFilters": [{"metadataElementId": "GLOBAL_BinderId", "valueId": binder["id"]}]}
    found = (await admin.post("/documents", json=body)).json()["items"]
    versions = {one["id"]: await _versions(admin, one["id"]) for one in found}
    document = max(found, key=lambda one: len(versions[one["id"]]))
    for other in [one for one in found if one["id"] != document["id"]][:2]:
        await admin.delete(f"/documents/{other['id']}")
    group = created(
        await admin.post(
            "/groups",
            json={"name": "Byggledning", "memberIds": [members["reader"], members["guest"]]},
        )
    )
    created(await admin.post("/groups", json={"name": "Konstruktörer", "memberIds": []}))
    await add_participant(admin, binder, group, "group")
    await add_participant(admin, binder, {"id": members["leaving-360"]}, role="administrator")
    hidden = await new_folder(admin, binder, "Avtal och ekonomi", type="documents") | where
    await new_document(admin, hidden, "Entreprenadkontrakt.pdf", pdf("Kontrakt"), metadata=_KINDS)
    base = f"/documents/drives/binders/{binder['id']}/folders/{hidden['id']}"
    await admin.patch(base, json={"isHidden": True})
    viewers = {"memberIds": [members["guarded"]], "groupIds": [group["id"]]}
    await admin.request("PUT", f"{base}/viewers", json=viewers)
    photos = await new_folder(admin, binder, "Foton", type="documents") | where
    photo = await new_document(admin, photos, "Schaktning.png", _photo(), metadata=_KINDS)
    model = await new_document(admin, photos, "Samordning.ifc", b"ISO-10303-21;", metadata=_KINDS)
    empty = await new_binder(admin, name="Kastanjen 6", colour="#7a4b00")
    plain = await new_binder(admin, name="Kastanjen 5 – Förstudie", colour="#5b3a86")
    plain_tab = await new_folder(admin, plain, "Underlag")
    await new_element(admin, plain, "Anmärkning")
    archived = await new_binder(admin, name="Kastanjen 2 – Ombyggnad", colour="#53626f")
    await new_folder(admin, archived, "Ritningar")
    await admin.patch(f"/binders/{archived['id']}", json={"state": "archived"})
    await admin.post("/audit/checkpoints")
    schema = (await admin.get(f"/binders/{binder['id']}/metadataelements")).json()
    lists = [
        one["metadataElementId"]
        for one in schema
        if one["dataType"] == "Enumerated" and not one["metadataElementId"].startswith("GLOBAL")
    ]
    return {
        "binder": binder["id"],
        "document": document["id"],
        "tab": document["folderId"],
        "version": versions[document["id"]][0]["id"],
        "superseded": versions[document["id"]][-1]["id"],
        "element": lists[0],
        "client": str(admin.client_id),
        "group": group["id"],
        "hidden": hidden["id"],
        "image": photo["document"]["id"],
        "model": model["document"]["id"],
        "empty": empty["id"],
        "plain": plain["id"],
        "plain_tab": plain_tab["id"],
        "archived": archived["id"],
    }


def _photo() -> bytes:
    """Draw something that looks like a photograph from afar: a sky, and the ground below it."""
    made = io.BytesIO()
    sky = Image.linear_gradient("L").resize((1200, 700))
    bands = [sky.point(lambda light, top=top: top - light * top // 600) for top in (150, 185, 225)]
    drawn = Image.merge("RGB", bands)
    drawn.paste((122, 98, 70), (0, 430, 1200, 700))
    drawn.paste((214, 158, 46), (520, 330, 760, 470))
    drawn.save(made, "PNG")
    return made.getvalue()


_KINDS: Final = [
    {"metadataElementId": "GLOBAL_Status", "valueId": "bygghandling"},
    {"metadataElementId": "Disciplin", "valueId": "A"},
    {"metadataElementId": "Handlingstyp", "valueId": "plan"},
]


async def _versions(caller: Caller, document_id: str) -> list[Any]:
    versions: list[Any] = (await caller.get(f"/documents/{document_id}/versions")).json()
    return versions


def _delivery(folder: Path) -> Mapping[str, str]:
    """Lay a consultant's delivery on the disk."""
    delivery = folder / "Leverans"
    rows = ["fil;Ritningsnummer;Disciplin;Handlingstyp;status;revision;kommentar"]
    for number in range(1, 7):
        path = f"A/A-40.1-10{number:02} Plan {number}.pdf"
        (delivery / path).parent.mkdir(parents=True, exist_ok=True)
        (delivery / path).write_bytes(pdf(f"Plan {number}"))
        rows.append(f"{path};A-40.1-10{number:02};A Arkitekt;Planritning;Bygghandling;B;skissad")
    (delivery / "Samordning.ifc").write_bytes(bytes(3 << 20))
    register = folder / "Ritningsförteckning.csv"
    register.write_text("\n".join([*rows, "A-99 saknas.pdf;A-99;;;;;"]), encoding="utf-8")
    odd = folder / "..fel namn\u2028.txt"
    odd.write_bytes(b"x")
    return {"folder": str(delivery), "register": str(register), "odd": str(odd)}


async def _letters(site: Site, browser: Browser, admin: Caller, mail: Path) -> tuple[str, str]:
    """Give the links of an invitation and of a letter for a new password."""
    body = {"email": "kim.lund@konsult.example", "name": "Kim Lund", "role": "restricted_creator"}
    created(await admin.post("/members", json=body))
    async with tab(browser, site.served, None) as opened:
        await opened.open("/reset")
        await scenes.fill(email=_address("guest"))(opened.page, site.stage)
    return (
        await _link(mail, site.stage.base, body["email"]),
        await _link(mail, site.stage.base, _address("guest")),
    )


async def _link(mail: Path, base: str, address: str) -> str:
    policy: Any = email.policy.default
    for _ in range(300):
        for content in await asyncio.to_thread(_files, mail):
            letter = email.message_from_bytes(content, policy=policy)
            found = re.search(rf"{re.escape(base)}(/\S+)", letter.get_content())
            if letter["To"] == address and found is not None:
                return found[1]
        await asyncio.sleep(0.1)
    raise AssertionError(address)


def _files(mail: Path) -> list[bytes]:
    return [path.read_bytes() for path in mail.glob("*.eml")]


async def _guard(site: Site, browser: Browser) -> None:
    """Let somebody turn the second factor on."""
    async with tab(browser, site.served, None) as opened:
        await _sign_in(site, opened.page, "guarded")
        await opened.open("/account/second-factor")
        await scenes.turn_second_factor_on(opened.page, site.stage)


async def _read(site: Site, browser: Browser) -> None:
    """Let somebody look at both versions of a document."""
    ids = site.stage.ids
    async with tab(browser, site.served, None) as opened:
        await _sign_in(site, opened.page, "reader")
        await opened.open(f"/documents/{ids['document']}?version={ids['superseded']}")
        await opened.open(f"/documents/{ids['document']}")
        await opened.page.wait_for_load_state("networkidle")


@asynccontextmanager
async def opened_for(
    site: Site, browser: Browser, shot: scenes.Shot, size: dict[str, int], **looks: Any
) -> AsyncIterator[Tab]:
    """Open the page of a scene for whoever looks at it, and do what is done before."""
    chosen = {"language": shot.language, "scheme": shot.scheme} | looks
    async with tab(browser, site.served, None, size=size, **chosen) as opened:
        page = opened.page
        if shot.who != "nobody":
            who = f"leaving-{size['width']}" if shot.who == "leaving" else shot.who
            await _remember(site, page, who)
        page.set_default_timeout(scenes.PATIENCE)
        await page.goto(f"{site.stage.base}{shot.path.format(**site.stage.ids)}")
        await page.wait_for_load_state("networkidle")
        if shot.act is not None:
            await shot.act(page, site.stage)
            await page.wait_for_load_state("networkidle")
        yield opened


async def _remember(site: Site, page: Page, who: str) -> None:
    """Sign in once, and then by the cookies of that time."""
    context = page.context
    if who not in site.sessions:
        await (_own(site, page) if not site.stage.emails else _sign_in(site, page, who))
        site.sessions[who] = await context.cookies()
    await context.add_cookies(site.sessions[who])


async def _sign_in(site: Site, page: Page, who: str) -> None:
    await page.goto(f"{site.stage.base}/sign-in")
    await scenes.sign_in_as(page, site.stage, who=who)
    await page.wait_for_selector(".topnav")
    site.sessions[who] = await page.context.cookies()


async def _own(site: Site, page: Page) -> None:
    """Own the installation that is new."""
    await page.goto(f"{site.stage.base}/welcome")
    await scenes.fill(
        code=site.served.world.parts.people.set_up.code,
        organisation="Kastanjen",
        name="Anna Berg",
        email=_address("owner"),
        new_password=GOOD_PASSWORD,
        repeated=GOOD_PASSWORD,
    )(page, site.stage)
    await page.wait_for_selector(".topnav")
