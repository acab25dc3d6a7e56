"""Sign in by an identity provider."""

from typing import Final

from fastapi import Request, Response

from ringbinder.features.signin.errors import (
    NotInvitedError,
    ProviderAnswerError,
    TicketExpiredError,
)
from ringbinder.features.signin.pages.browsers import (
    ThisBrowser,
    drop,
    keep,
    kept,
    let_in,
)
from ringbinder.features.signin.pages.signing import Providers
from ringbinder.web.limits import guarding_sign_in
from ringbinder.web.pages import N_, Notice, NoticeKind, Page, PageRouter, View, local_path

router = PageRouter(area="sign_in")

ASKED: Final = "provider"
_FAILED: Final = N_("Signing in there did not work. Try again, or sign in with your password.")
_NOT_INVITED: Final = N_("Nobody with that address has been invited here.")
_EXPIRED: Final = N_("That took too long. Sign in again.")


# A link and not a form: the policy of our pages lets no form lead to another site.
@router.page(
    "GET", "/sign-in/providers/{provider_id}", "ask_provider", permission=None, is_public=True
)
async def ask(
    request: Request,
    page: View,
    providers: Providers,
    provider_id: str,
    next: str | None = None,  # noqa: A002 - the name in the address
) -> Response:
    """Go to a provider."""
    try:
        async with guarding_sign_in(request):
            address, asked = await providers.begin(provider_id, next_path=local_path(next))
    except ProviderAnswerError:
        return _failed(request, page, _FAILED)
    answer = page.redirect(address)
    keep(request, page, answer, ASKED, asked)
    return answer


@router.page(
    "GET",
    "/sign-in/providers/{provider_id}/answer",
    "hear_provider",
    permission=None,
    is_public=True,
)
async def hear(
    request: Request, page: View, providers: Providers, provider_id: str, browser: ThisBrowser
) -> Response:
    """Come back from a provider, and be signed in."""
    try:
        async with guarding_sign_in(request):
            found, next_path = await providers.finish(
                provider_id, dict(request.query_params), kept(request, ASKED), browser
            )
    except TicketExpiredError:
        return _failed(request, page, _EXPIRED)
    except NotInvitedError:
        return _failed(request, page, _NOT_INVITED)
    except ProviderAnswerError:
        return _failed(request, page, _FAILED)
    answer = await let_in(request, page, found, to=next_path)
    drop(request, answer, ASKED)
    return answer


def _failed(request: Request, page: Page, message: str) -> Response:
    notice = Notice(page.gettext(message), NoticeKind.ERROR)
    answer = page.redirect("/sign-in", notice=notice)
    drop(request, answer, ASKED)
    return answer
