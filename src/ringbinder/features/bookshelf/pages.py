"""The bookshelf, and the making of binders."""

from typing import Final

from fastapi import Response

from ringbinder.access.permissions import Permission
from ringbinder.features.binders.types import BinderType
from ringbinder.features.bookshelf import schemas, service
from ringbinder.features.templates.service import list_templates
from ringbinder.features.templates.types import TemplateLanguage
from ringbinder.web.dependencies import Caller, Reading, Writing
from ringbinder.web.pages import N_, Notice, PageRouter, Submitted, View
from ringbinder.web.types import MAXIMUM_SEARCH_TERM

router = PageRouter(area="binders")

TYPE_NAMES: Final = {
    BinderType.PROJECT: N_("Project"),
    BinderType.FACILITY: N_("Facility"),
    BinderType.TENDER: N_("Tender"),
    BinderType.ORGANISATION: N_("Organisation"),
}


@router.page("GET", "/", "bookshelf", permission=Permission.READ)
async def bookshelf(page: View, session: Reading, q: str = "") -> Response:
    """Show the binders of a person."""
    term = q.strip()[:MAXIMUM_SEARCH_TERM] or None
    shelf = await service.show_shelf(session, search_term=term)
    template = "bookshelf/shelf.html" if page.is_fragment else "bookshelf/page.html"
    return page.render(
        template,
        shelf=shelf,
        term=term,
        type_names=TYPE_NAMES,
        type_choices=[(str(kind), page.gettext(name)) for kind, name in TYPE_NAMES.items()],
        templates=[(one.id, one.names[page.language]) for one in list_templates()],
        binders=[(one.binder.id, one.binder.name) for one in shelf.active],
    )


@router.page("POST", "/binders", "create", permission=Permission.CREATE_BINDERS)
async def create(page: View, session: Writing, actor: Caller, form: Submitted) -> Response:
    """Make a binder, and go to it."""
    wanted = form.read(schemas.NewBinder)
    binder = await service.create_binder(
        session,
        actor,
        name=wanted.name,
        type=wanted.type,
        description=wanted.description,
        colour=wanted.colour,
        template_id=wanted.template,
        language=TemplateLanguage(page.language),
    )
    told = Notice(page.gettext("The binder %(name)s has been made.", name=binder.name))
    return page.redirect(f"/binders/{binder.id}", notice=told)
