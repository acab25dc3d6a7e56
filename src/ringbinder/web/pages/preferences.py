"""How the pages look to one browser: language and light or dark, kept in cookies."""

from typing import Final

from fastapi import Response

from ringbinder.web.pages.forms import Submitted
from ringbinder.web.pages.languages import LANGUAGES
from ringbinder.web.pages.rendering import (
    LANGUAGE_COOKIE,
    THEME_COOKIE,
    THEMES,
    View,
    local_path,
)
from ringbinder.web.pages.router import PageRouter

router = PageRouter(area="preferences")

_A_YEAR: Final = 365 * 24 * 60 * 60
_CHOICES: Final = {"language": (LANGUAGE_COOKIE, LANGUAGES), "theme": (THEME_COOKIE, THEMES)}


@router.page("POST", "/preferences", "choose", permission=None, is_public=True)
async def choose(page: View, form: Submitted) -> Response:
    """Keep what was chosen; a choice of anything else forgets the earlier one."""
    answer = page.redirect(local_path(form.optional("next")))
    for field in form.keys() & _CHOICES.keys():
        cookie, choices = _CHOICES[field]
        if form[field] in choices:
            page.set_cookie(answer, cookie, form[field], seconds=_A_YEAR)
        else:
            answer.delete_cookie(cookie)
    return answer
