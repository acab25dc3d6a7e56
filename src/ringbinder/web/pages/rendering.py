"""Templates in the reader's language, and the answers that are made of them."""

from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit
from zoneinfo import ZoneInfo

from fastapi import Depends, Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ringbinder.access.permissions import Permission
from ringbinder.kit.errors import FieldErrors
from ringbinder.kit.sealing import Sealer
from ringbinder.web.callers import PageCaller
from ringbinder.web.pages.assets import static
from ringbinder.web.pages.formats import Formats
from ringbinder.web.pages.icons import icon
from ringbinder.web.pages.languages import DEFAULT_LANGUAGE, LANGUAGES, language_of, translations
from ringbinder.web.pages.notices import COOKIE, SECONDS, Notice, open_notice, seal_notice
from ringbinder.web.pages.registry import pages_by_id
from ringbinder.web.pages.saying import say
from ringbinder.web.state import state_of

TEMPLATES: Final = Path(__file__).parent.parent / "templates"
HTML: Final = "text/html; charset=utf-8"
LANGUAGE_COOKIE: Final = "ringbinder_language"
THEME_COOKIE: Final = "ringbinder_theme"
THEMES: Final = ("light", "dark")
TEXTS: Final = 4096
"""How many texts of a language are kept as pages say them."""

PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
"""What a page may load: what comes from this server, and no script or style inside the page."""


class Pages:
    """What all pages of an installation share."""

    def __init__(self, sealer: Sealer, *, public_url: str, time_zone: str) -> None:
        """Write times in this zone; seal what waits in a cookie for the next page.

        Raises:
            ZoneInfoNotFoundError: there is no such zone.

        """
        self.sealer = sealer
        self.zone = ZoneInfo(time_zone)
        self.is_secure = public_url.startswith("https:")

    @cached_property
    def environments(self) -> Mapping[str, Environment]:
        """One set of compiled templates for each language."""
        return {language: _environment(language) for language in LANGUAGES}

    @cached_property
    def formats(self) -> Mapping[str, Formats]:
        """How values are written, by language."""
        return {language: Formats(language, self.zone) for language in LANGUAGES}


def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
    gettext = _quick_gettext(language)
    environment.globals |= {"static": static, "icon": icon, "gettext": gettext, "_": gettext}
    environment.filters["path_segment"] = lambda text: quote(str(text), safe="")
    return environment


def _quick_gettext(language: str) -> Callable[..., Markup]:
    """Give what Jinja's own does too, which makes each text anew wherever a page says it."""

    def fill(message: str, /, **values: object) -> Markup:
        return Markup(translations(language).gettext(message)) % values  # noqa: S704 - a text of ours

    whole = lru_cache(maxsize=TEXTS)(fill)

    def gettext(message: str, /, **values: object) -> Markup:
        return fill(message, **values) if values else whole(message)

    return gettext


class Page:
    """The page that one request asks for: who looks, in which language, and what can be answered.

    Templates know it as ``page``; ``fmt`` there is its ``formats``.
    """

    def __init__(self, request: Request, pages: Pages, caller: PageCaller | None) -> None:
        """Begin the answer to a request."""
        self.request = request
        self.caller = caller
        self.language = language_of(
            request.headers.get("accept-language", ""),
            None if caller is None else caller.language,
            request.cookies.get(LANGUAGE_COOKIE),
        )
        self.formats = pages.formats[self.language]
        self._pages = pages
        self._translations = translations(self.language)

    @property
    def is_fragment(self) -> bool:
        """Tell whether a part of a page was asked for, to be put into one that is there."""
        headers = self.request.headers
        return "hx-request" in headers and "hx-history-restore-request" not in headers

    @property
    def theme(self) -> str | None:
        """Give ``light`` or ``dark`` where that was chosen, else None."""
        chosen = self.request.cookies.get(THEME_COOKIE)
        return chosen if chosen in THEMES else None

    @property
    def address(self) -> str:
        """Give path and query of the request, for the way back."""
        path, query = quote(self.request.url.path), self.request.url.query
        return f"{path}?{query}" if query else path

    def back(self, *, without: str | None = None) -> str:
        """Give the address of the page that sent this request, less one field of its query."""
        sender = self.request.headers.get("hx-current-url") or self.request.headers.get("referer")
        found = urlsplit(sender or "")
        pairs = [(name, value) for name, value in parse_qsl(found.query) if name != without]
        path = local_path(found.path)
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def gettext(self, message: str, **values: object) -> str:
        """Translate a text, and put values in its ``%(name)s``."""
        return self._translations.gettext(message) % values

    def ngettext(self, one: str, many: str, count: int, **values: object) -> str:
        """Translate a text about a number of things; ``%(num)s`` is the number, written out."""
        text = self._translations.ngettext(one, many, count)
        return text % {"num": self.formats.number(count), **values}

    def problems(self, error: FieldErrors) -> dict[str, list[str]]:
        """Translate what is wrong with the fields of a form, for the macros of forms.

        What is wrong with one value of a list is told at the field that holds the list.
        """
        found: dict[str, list[str]] = {}
        for name, texts in error.errors.items():
            said = found.setdefault(name.partition("[")[0], [])
            said += [text for text in map(self.told, texts) if text not in said]
        return found

    def told(self, text: str) -> str:
        """Say a sentence of a rule in the reader's language, at least that something is wrong."""
        known = say(self.gettext, text)
        if known is not None or "%" in text:
            return known or text
        translated = self.gettext(text)
        is_foreign = translated == text and self.language != DEFAULT_LANGUAGE
        return self.gettext("The value has the wrong form.") if is_foreign else translated

    def link_to(self, page_id: str, **parts: object) -> str | None:
        """Give the address of a page, or None where it is not there or not for this person."""
        found = pages_by_id(self.request.app).get(page_id)
        if found is None or not self._may_see(found.permission):
            return None
        return found.path.format(
            **{name: quote(str(part), safe="") for name, part in parts.items()}
        )

    def may_in(self, permission: str, binder_key: int) -> bool:
        """Tell whether the person may do something in a binder, by the name of the permission."""
        caller = self.caller
        return caller is not None and caller.actor.may_in(Permission(permission), binder_key)

    def _may_see(self, permission: Permission | None) -> bool:
        return permission is None or (self.caller is not None and self.caller.actor.may(permission))

    def render(
        self, template: str, *, status: int = 200, policy: str = PAGE_POLICY, **context: object
    ) -> Response:
        """Answer with a page, or with a part of one; a notice that waits is told by whole pages."""
        waiting = None if self.is_fragment else self.request.cookies.get(COOKIE)
        body = self.html(template, notice=open_notice(self._pages.sealer, waiting), **context)
        headers = {
            "content-security-policy": policy,
            # Forms without a script are answered with the way back to where they stood.
            "referrer-policy": "same-origin",
            "vary": "HX-Request, Cookie, Accept-Language",
        }
        answer = Response(body, status_code=status, media_type=HTML, headers=headers)
        if waiting is not None:
            answer.delete_cookie(COOKIE)
        return answer

    def html(self, template: str, **context: object) -> str:
        """Fill a template in."""
        found = self._pages.environments[self.language].get_template(template)
        return found.render(page=self, fmt=self.formats, **context)

    def redirect(self, to: str, *, notice: Notice | None = None) -> Response:
        """Answer with the way to another page, which then tells the notice."""
        answer = Response(status_code=204 if self.is_fragment else 303)
        answer.headers["hx-redirect" if self.is_fragment else "location"] = to
        sealed = None if notice is None else seal_notice(self._pages.sealer, notice)
        if sealed is not None:
            self.set_cookie(answer, COOKIE, sealed, seconds=SECONDS)
        return answer

    def tell(self, notice: Notice, *, status: int = 200) -> Response:
        """Answer a page that is there with nothing but a notice."""
        answer = self.render("components/told.html", status=status, told=notice)
        answer.headers["hx-retarget"] = "#notices"
        answer.headers["hx-reswap"] = "beforeend"
        return answer

    def set_cookie(self, answer: Response, name: str, value: str, *, seconds: int) -> None:
        """Let the browser keep a value; scripts do not see it."""
        answer.set_cookie(
            name,
            value,
            max_age=seconds,
            path="/",
            secure=self._pages.is_secure,
            httponly=True,
            samesite="lax",
        )


def page_for(request: Request, caller: PageCaller | None) -> Page:
    """Begin a page."""
    pages: Pages = state_of(request).parts[Pages]
    return Page(request, pages, caller)


async def _page(request: Request) -> Page:
    page: Page = request.state.page
    return page


View = Annotated[Page, Depends(_page)]
"""What a route asks for to answer with pages."""


def local_path(text: str | None, *, default: str = "/") -> str:
    """Give a path of this site for the way back, and the default for anything else."""
    is_local = text is not None and text.startswith("/") and text[1:2] not in ("/", "\\")
    return text if text and is_local and text.isprintable() else default
