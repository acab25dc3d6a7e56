"""The web application's shell: what every page is made with. See docs/mechanisms/pages.md."""

from ringbinder.web.callers import OrganisationChoice, PageCaller
from ringbinder.web.pages.errors import sentence
from ringbinder.web.pages.forms import Form, Submitted
from ringbinder.web.pages.languages import LANGUAGES, N_
from ringbinder.web.pages.notices import Notice, NoticeKind
from ringbinder.web.pages.rendering import PAGE_POLICY, Page, Pages, View, local_path
from ringbinder.web.pages.router import PageRouter
from ringbinder.web.pages.saying import say

__all__ = [
    "LANGUAGES",
    "N_",
    "PAGE_POLICY",
    "Form",
    "Notice",
    "NoticeKind",
    "OrganisationChoice",
    "Page",
    "PageCaller",
    "PageRouter",
    "Pages",
    "Submitted",
    "View",
    "local_path",
    "say",
    "sentence",
]
