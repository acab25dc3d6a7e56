"""What went wrong, for people: a page of its own, or a notice on the page that is there."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from inspect import isawaitable
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from ringbinder.kit.errors import FieldErrors, RingbinderError
from ringbinder.web.pages.guarding import find_caller
from ringbinder.web.pages.notices import Notice, NoticeKind
from ringbinder.web.pages.rendering import Page, page_for
from ringbinder.web.pages.sentences import (
    SENTENCES,
    STATUS_SENTENCES,
    TITLES,
    TITLES_BY_CODE,
)

_MACHINES: Final = ("/api/", "/connect/", "/transfer/", "/health", "/.well-known/", "/static/")
Handler = Callable[[Request, Any], Response | Awaitable[Response]]


def error_page(request: Request, error: RingbinderError) -> Response:
    """Answer a page's request that was refused."""
    page = _page_of(request)
    answer = _answer(
        page, error.status, sentence(page, error), title=TITLES_BY_CODE.get(error.code)
    )
    answer.headers.update(error.headers)
    return answer


def sentence(page: Page, error: RingbinderError) -> str:
    """Say in the reader's language what an error says."""
    if isinstance(error, FieldErrors):
        return " ".join(
            page.told(message) for messages in error.errors.values() for message in messages
        )
    known = SENTENCES.get(error.code) or STATUS_SENTENCES.get(error.status)
    return error.detail if known is None else page.gettext(known)


def page_of_validation_error(request: Request, error: RequestValidationError) -> Response:
    """Answer where the address or the form cannot be read."""
    is_about_address = any(found["loc"][0] == "path" for found in error.errors())
    status = HTTPStatus.NOT_FOUND if is_about_address else HTTPStatus.BAD_REQUEST
    return _plain(_page_of(request), status)


def page_of_http_error(request: Request, error: HTTPException) -> Response:
    """Answer what the framework refuses."""
    answer = _plain(_page_of(request), error.status_code)
    answer.headers.update(error.headers or {})
    return answer


def _page_of(request: Request) -> Page:
    page: Page | None = getattr(request.state, "page", None)
    return page_for(request, None) if page is None else page


def _plain(page: Page, status: int) -> Response:
    text = STATUS_SENTENCES.get(status) or STATUS_SENTENCES[HTTPStatus.BAD_REQUEST]
    return _answer(page, status, page.gettext(text))


def _answer(page: Page, status: int, text: str, *, title: str | None = None) -> Response:
    if page.is_fragment:
        return page.tell(Notice(text, NoticeKind.ERROR), status=status)
    title = page.gettext(title or TITLES.get(status) or TITLES[HTTPStatus.BAD_REQUEST])
    return page.render("errors/error.html", status=status, title=title, text=text, code=status)


def install_page_errors(app: FastAPI) -> None:
    """Let people see pages where the application refuses what no page is responsible for."""
    for kind in (HTTPException, Exception):
        app.add_exception_handler(kind, _for_people(app.exception_handlers[kind]))


def _for_people(others: Handler) -> Handler:
    async def handle(request: Request, error: Exception) -> Response:
        given = others(request, error)
        answer = await given if isawaitable(given) else given
        return await _as_page(request, answer) if _is_for_people(request) else answer

    return handle


async def _as_page(request: Request, answer: Response) -> Response:
    is_ours = answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
    # Who has signed in finds the way on. What has just failed is not asked once more.
    who = _page_of(request) if is_ours else page_for(request, await find_caller(request))
    page = _plain(who, answer.status_code)
    if "allow" in answer.headers:
        page.headers["allow"] = answer.headers["allow"]
    return page


def _is_for_people(request: Request) -> bool:
    is_machine = request.url.path.startswith(_MACHINES)
    return not is_machine and "text/html" in request.headers.get("accept", "")
