"""The pictures of ``make screenshots``: which pages, in which states, and what is done before.

A test demands of every page that people can open that a picture shows it, or that `UNPICTURED`
says why none does.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Final

from playwright.async_api import Page, expect

from ringbinder.features.signin.rules.totp import code_at, step_at
from tests.factories.people import GOOD_PASSWORD

PATIENCE: Final = 20_000


@dataclass
class Stage:
    """What stands ready to be pictured; ``ids`` fill the addresses in."""

    base: str
    ids: Mapping[str, str]
    emails: Mapping[str, str]
    files: Mapping[str, str] = field(default_factory=dict)


Act = Callable[[Page, Stage], Awaitable[None]]


@dataclass(frozen=True)
class Shot:
    """A picture: its name, the page that it shows, where it is taken, and what is done before.

    ``who`` is signed in: the ``owner``, a ``reader``, or ``nobody``. The ``site`` is the one where
    much is going on, or one that was installed this minute.
    """

    name: str
    shows: str
    path: str
    act: Act | None = None
    language: str = "sv-SE"
    scheme: str = "light"
    who: str = "owner"
    site: str = "busy"
    is_for_phones: bool = True


def click(*selectors: str) -> Act:
    """Click on one thing after another."""

    async def act(page: Page, stage: Stage) -> None:
        for selector in selectors:
            await page.locator(selector.format(**stage.ids)).first.click()
            await page.wait_for_load_state("networkidle")

    return act


def fill(send: str = "main .button.primary >> nth=-1", **fields: str) -> Act:
    """Fill fields in and send them."""

    async def act(page: Page, _stage: Stage) -> None:
        for name, value in fields.items():
            one = page.locator(f"main [name='{name}']").first
            is_choice = await one.evaluate("(one) => one.tagName === 'SELECT'")
            await (one.select_option(value) if is_choice else one.fill(value))
        await page.locator(send).click()
        await page.wait_for_load_state("networkidle")

    return act


def scroll(selector: str) -> Act:
    """Bring something into sight, when all that comes late is there."""

    async def act(page: Page, _stage: Stage) -> None:
        await page.wait_for_load_state("networkidle")
        place = page.locator(selector).first
        await place.evaluate("(one) => one.scrollIntoView({block: 'start'})")

    return act


def after(*acts: Act) -> Act:
    """Do one after another."""

    async def act(page: Page, stage: Stage) -> None:
        for one in acts:
            await one(page, stage)

    return act


async def turn_second_factor_on(page: Page, _stage: Stage) -> None:
    """Answer with the code that belongs to the key on the page."""
    key = (await page.locator("code.key").inner_text()).replace(" ", "")
    await page.locator("[name=code]").fill(code_at(key, step_at(datetime.now(UTC))))
    await page.locator("main .button.primary").click()
    await page.wait_for_selector(".recovery-codes")


async def sign_in_as(page: Page, stage: Stage, *, who: str) -> None:
    """Type an address and the password."""
    await page.locator("input[name=email]").fill(stage.emails[who])
    await page.locator("input[name=password]").fill(GOOD_PASSWORD)
    await page.locator("main form button").first.click()
    await page.wait_for_load_state("networkidle")


async def see_pages(page: Page, _stage: Stage) -> None:
    """Wait until the first page is drawn."""
    await page.wait_for_selector(".pdf-sheet canvas", timeout=PATIENCE)
    await page.wait_for_load_state("networkidle")


async def see_preview(page: Page, _stage: Stage) -> None:
    """Wait for the picture that a process of its own draws."""
    await page.wait_for_selector(".preview img", timeout=PATIENCE)
    await page.wait_for_load_state("networkidle")


async def choose_files(page: Page, stage: Stage) -> None:
    """Choose a folder of drawings with its register."""
    await page.locator("#folder").set_input_files(stage.files["folder"])
    await page.locator("#register").set_input_files(stage.files["register"])
    await expect(page.locator("#register-report")).to_be_visible(timeout=PATIENCE)
    await page.wait_for_load_state("networkidle")


async def send_files(page: Page, stage: Stage) -> None:
    """Choose the files and send them, without publishing any."""
    await choose_files(page, stage)
    await page.locator("#send").click()
    await expect(page.locator("#publish")).to_be_visible(timeout=PATIENCE)


async def sign_too_often(page: Page, _stage: Stage) -> None:
    """Go on until the limit refuses."""
    for _ in range(5):
        await page.locator("main form button").first.click()
        await page.wait_for_load_state("networkidle")
        if await page.locator(".error-code").count():
            return
    raise AssertionError("no limit refused")


async def look_at_file(page: Page, stage: Stage) -> None:
    """Give a file with a wrong register, of which the page says what is wrong."""
    await page.locator("#files").set_input_files(stage.files["odd"])
    await page.wait_for_selector(".upload-row .problem:not([hidden])", timeout=PATIENCE)


BINDER: Final = "/binders/{binder}"
ALL: Final = BINDER + "?tab=all"
DETAIL: Final = ALL + "&document={document}"
SETTINGS: Final = BINDER + "/settings"
ELEMENT: Final = SETTINGS + "/schema/{element}"

PEOPLE: Final = (
    Shot("sign-in", "sign_in.page", "/sign-in", who="nobody"),
    Shot(
        "sign-in-en-dark",
        "sign_in.page",
        "/sign-in",
        who="nobody",
        language="en-GB",
        scheme="dark",
    ),
    Shot(
        "sign-in-refused",
        "sign_in.page",
        "/sign-in",
        fill(email="anna.berg@kastanjen.example", password="fel"),
        who="nobody",
    ),
    Shot(
        "sign-in-code",
        "sign_in.code",
        "/sign-in",
        partial(sign_in_as, who="guarded"),
        who="nobody",
    ),
    Shot("reset", "links.ask", "/reset", who="nobody"),
    Shot(
        "reset-sent", "links.ask", "/reset", fill(email="anna.berg@kastanjen.example"), who="nobody"
    ),
    Shot("reset-link", "links.reset", "{reset}", who="nobody"),
    Shot(
        "reset-link-wrong",
        "links.reset",
        "{reset}",
        fill(new_password="kort", repeated="annat"),
        who="nobody",
    ),
    Shot("reset-gone", "links.reset", "/reset/none", who="nobody"),
    Shot("invitation", "links.invitation", "{invitation}", who="nobody"),
    Shot("invitation-gone", "links.invitation", "/invitation/none", who="nobody"),
    Shot("welcome", "welcome.page", "/welcome", who="nobody", site="new"),
    Shot("account", "account.page", "/account"),
    Shot("account-en-dark", "account.page", "/account", language="en-GB", scheme="dark"),
    Shot("account-guarded", "account.page", "/account", who="guarded"),
    Shot("second-factor", "account.second_factor", "/account/second-factor"),
    Shot(
        "second-factor-dark",
        "account.second_factor",
        "/account/second-factor",
        scheme="dark",
    ),
)

READING: Final = (
    Shot("bookshelf", "binders.bookshelf", "/"),
    Shot("bookshelf-en-dark", "binders.bookshelf", "/", language="en-GB", scheme="dark"),
    Shot("bookshelf-new", "binders.bookshelf", "/", click("[data-opens=new-binder]")),
    Shot("bookshelf-menu", "binders.bookshelf", "/", click(".topmenu > summary")),
    Shot("bookshelf-none", "binders.bookshelf", "/?q=zzz"),
    Shot("binder", "binders.binder", BINDER),
    Shot("binder-list", "binders.binder", BINDER + "?tab={tab}"),
    Shot("binder-list-en-dark", "binders.binder", ALL, language="en-GB", scheme="dark"),
    Shot("binder-filtered", "binders.binder", ALL + "&f.in.GLOBAL_Status=bygghandling&q=plan"),
    Shot("binder-filters", "binders.binder", ALL, click("[data-opens=filters]")),
    Shot(
        "binder-columns",
        "binders.binder",
        ALL,
        click("summary:has-text('Kolumner')"),
        is_for_phones=False,
    ),
    Shot("binder-views", "binders.binder", ALL, click("summary:has-text('Vyer')")),
    Shot("binder-selected", "binders.binder", ALL, click("#rows input[type=checkbox]")),
    Shot("binder-nothing", "binders.binder", ALL + "&q=zzz"),
    Shot("binder-empty", "binders.binder", "/binders/{empty}"),
    Shot("binder-empty-tab", "binders.binder", "/binders/{plain}?tab={plain_tab}"),
    Shot("binder-archived", "binders.binder", "/binders/{archived}"),
    Shot("binder-reader", "binders.binder", DETAIL, see_preview, who="reader"),
    Shot("detail", "binders.binder", DETAIL, see_preview),
    Shot("detail-en-dark", "binders.binder", DETAIL, see_preview, language="en-GB", scheme="dark"),
    Shot(
        "detail-superseded",
        "binders.binder",
        DETAIL,
        after(click(".versions li.superseded .actions a >> nth=0"), see_preview),
    ),
    Shot("detail-menu", "binders.binder", DETAIL, click("#detail summary")),
    Shot(
        "detail-metadata",
        "binders.binder",
        DETAIL,
        click("#detail summary", "[data-opens='describe-{document}']"),
    ),
    Shot(
        "detail-compared",
        "binders.binder",
        DETAIL,
        after(click(".compare-more a"), scroll(".versions")),
    ),
    Shot("detail-reads", "binders.binder", DETAIL, scroll(".reads")),
    Shot("detail-image", "binders.binder", ALL + "&document={image}", see_preview),
    Shot("detail-no-preview", "binders.binder", ALL + "&document={model}"),
    Shot("document", "documents.document", "/documents/{document}", see_preview),
    Shot(
        "document-reader-en-dark",
        "documents.document",
        "/documents/{document}",
        see_preview,
        who="reader",
        language="en-GB",
        scheme="dark",
    ),
    Shot("compare", "documents.compare", "/documents/{document}/compare"),
    Shot(
        "compare-en-dark",
        "documents.compare",
        "/documents/{document}/compare",
        language="en-GB",
        scheme="dark",
    ),
    Shot("reads", "readlog.reads", "/documents/{document}/reads"),
    Shot("reads-none", "readlog.reads", "/documents/{model}/reads"),
    Shot(
        "reads-en-dark",
        "readlog.reads",
        "/documents/{document}/reads",
        language="en-GB",
        scheme="dark",
    ),
    Shot(
        "pages",
        "previews.pages",
        "/documents/{document}/versions/{version}/pages",
        see_pages,
    ),
    Shot(
        "pages-superseded",
        "previews.pages",
        "/documents/{document}/versions/{superseded}/pages",
        see_pages,
    ),
    Shot("search", "search.page", "/search?q=plan"),
    Shot("search-en-dark", "search.page", "/search?q=plan", language="en-GB", scheme="dark"),
    Shot("search-conditions", "search.page", "/search?q=plan&status=bygghandling"),
    Shot("search-none", "search.page", "/search?q=zzz"),
    Shot("search-empty", "search.page", "/search"),
    Shot("trash", "documents.trash", "/trash"),
    Shot("trash-en-dark", "documents.trash", "/trash", language="en-GB", scheme="dark"),
    Shot("list-print", "lists.print", BINDER + "/print"),
    Shot("zip-too-large", "lists.zip", BINDER + "/zip"),
    Shot("not-found", "", "/nowhere"),
    Shot("forbidden", "", "/organisation/members", who="reader"),
)

WRITING: Final = (
    Shot("upload", "uploads.page", BINDER + "/upload"),
    Shot("upload-chosen", "uploads.page", BINDER + "/upload?tab={tab}", choose_files),
    Shot(
        "upload-chosen-en-dark",
        "uploads.page",
        BINDER + "/upload?tab={tab}",
        choose_files,
        language="en-GB",
        scheme="dark",
    ),
    Shot("upload-sent", "uploads.page", BINDER + "/upload?tab={tab}", send_files),
    Shot("upload-refused", "uploads.page", BINDER + "/upload?tab={tab}", look_at_file),
    Shot("upload-version", "uploads.page", BINDER + "/upload?document={document}"),
    Shot("upload-no-tabs", "uploads.page", "/binders/{empty}/upload"),
    Shot("settings", "binders.settings", SETTINGS),
    Shot("settings-en-dark", "binders.settings", SETTINGS, language="en-GB", scheme="dark"),
    Shot("settings-archived", "binders.settings", "/binders/{archived}/settings"),
    Shot("schema", "binders.schema", SETTINGS + "/schema"),
    Shot("schema-en-dark", "binders.schema", SETTINGS + "/schema", language="en-GB", scheme="dark"),
    Shot(
        "schema-wrong",
        "binders.schema",
        SETTINGS + "/schema",
        fill(label_sv="Etapp", data_type="Enumerated", values="Etapp 1\nEtapp 1"),
    ),
    Shot("element", "binders.element", ELEMENT),
    Shot("element-en-dark", "binders.element", ELEMENT, language="en-GB", scheme="dark"),
    Shot(
        "impact",
        "binders.element",
        ELEMENT,
        after(click("[name=required]", "[name=several]", "[name^='retired.'] >> nth=1"), fill()),
    ),
    Shot("impact-refused", "binders.element", ELEMENT, after(click("[name^='remove.']"), fill())),
    Shot("tabs", "binders.tabs", SETTINGS + "/tabs"),
    Shot("tabs-en-dark", "binders.tabs", SETTINGS + "/tabs", language="en-GB", scheme="dark"),
    Shot("tabs-none", "binders.tabs", "/binders/{empty}/settings/tabs"),
    Shot("tab", "binders.tab", SETTINGS + "/tabs/{tab}"),
    Shot("viewers", "binders.viewers", SETTINGS + "/tabs/{hidden}/viewers"),
    Shot(
        "viewers-en-dark",
        "binders.viewers",
        SETTINGS + "/tabs/{hidden}/viewers",
        language="en-GB",
        scheme="dark",
    ),
    Shot("participants", "binders.participants", SETTINGS + "/participants"),
    Shot("participants-none", "binders.participants", "/binders/{empty}/settings/participants"),
)

ORGANISATION: Final = (
    Shot("members", "organisation.members", "/organisation/members"),
    Shot(
        "members-en-dark",
        "organisation.members",
        "/organisation/members",
        language="en-GB",
        scheme="dark",
    ),
    Shot("members-none", "organisation.members", "/organisation/members?q=zzz"),
    Shot(
        "members-role",
        "organisation.members",
        "/organisation/members",
        click("[data-opens^='role-']"),
    ),
    Shot(
        "members-remove",
        "organisation.members",
        "/organisation/members",
        click("[data-opens^='remove-']"),
    ),
    Shot(
        "members-wrong",
        "organisation.members",
        "/organisation/members",
        fill(email="anna.berg@kastanjen.example", name="Anna"),
    ),
    Shot("groups", "organisation.groups", "/organisation/groups"),
    Shot("groups-none", "organisation.groups", "/organisation/groups", site="new"),
    Shot("group", "organisation.group", "/organisation/groups/{group}"),
    Shot("clients", "organisation.clients", "/organisation/clients"),
    Shot(
        "clients-en-dark",
        "organisation.clients",
        "/organisation/clients",
        language="en-GB",
        scheme="dark",
    ),
    Shot("clients-none", "organisation.clients", "/organisation/clients", site="new"),
    Shot("client-limits", "organisation.client_limits", "/organisation/clients/{client}/limits"),
    Shot(
        "client-limits-wrong",
        "organisation.client_limits",
        "/organisation/clients/{client}/limits",
        fill(search="9999999"),
    ),
    Shot(
        "clients-rotate",
        "organisation.clients",
        "/organisation/clients",
        click("[data-opens^='rotate-']"),
    ),
    Shot(
        "client-secret",
        "organisation.clients",
        "/organisation/clients",
        fill(name="Affärssystemet"),
    ),
    Shot("audit", "organisation.audit", "/organisation/audit"),
    Shot(
        "audit-en-dark",
        "organisation.audit",
        "/organisation/audit",
        language="en-GB",
        scheme="dark",
    ),
    Shot("audit-none", "organisation.audit", "/organisation/audit?q=zzz"),
    Shot("audit-wrong", "organisation.audit", "/organisation/audit?from=2026-13-99"),
    Shot("checkpoints", "organisation.audit_checkpoints", "/organisation/audit/checkpoints"),
    Shot(
        "checkpoints-none",
        "organisation.audit_checkpoints",
        "/organisation/audit/checkpoints",
        site="new",
    ),
    Shot("limits", "organisation.limits", "/organisation/limits"),
    Shot(
        "limits-en-dark",
        "organisation.limits",
        "/organisation/limits",
        language="en-GB",
        scheme="dark",
    ),
    Shot("health", "organisation.health", "/organisation/health"),
    Shot(
        "health-en-dark",
        "organisation.health",
        "/organisation/health",
        language="en-GB",
        scheme="dark",
    ),
    Shot("health-none", "organisation.health", "/organisation/health", site="new"),
    Shot("bookshelf-empty", "binders.bookshelf", "/", site="new"),
    Shot("trash-empty", "documents.trash", "/trash", site="new"),
    Shot("too-many", "", "/organisation/audit/checkpoints", sign_too_often, site="new"),
    # What cannot be undone stands last.
    Shot(
        "recovery-codes",
        "account.second_factor",
        "/account/second-factor",
        turn_second_factor_on,
        who="leaving",
    ),
)

SHOTS: Final = (*PEOPLE, *READING, *WRITING, *ORGANISATION)

UNPICTURED: Final = {
    "binders.rows": "rows that the list of a binder fetches while it is scrolled",
    "lists.csv": "a file",
    "lists.xlsx": "a file",
    "organisation.audit_checkpoint": "a file",
    "organisation.audit_export": "a file",
    "previews.file": "a file",
    "previews.picture": "an image",
    "previews.preview": "the part of a document's page that shows its image",
    "previews.thumbnail": "an image",
    "search.suggestions": "the list below the field of the search, while somebody types",
    "sign_in.ask_provider": "leads to the provider",
    "sign_in.hear_provider": "where the provider sends back to",
}
"""The pages that no picture shows, and why."""
