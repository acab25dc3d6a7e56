"""Views of a binder's list that people keep."""

from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import Response

from ringbinder.access.permissions import Permission
from ringbinder.features.views import rules, schemas, service
from ringbinder.features.views.pages.binder import BinderId
from ringbinder.web.dependencies import Caller, Writing
from ringbinder.web.pages import Notice, PageRouter, Submitted, View

router = PageRouter(area="views", prefix="/binders/{binder_id}/views")


@router.page("POST", "", "save", permission=Permission.READ)
async def save(
    page: View, session: Writing, actor: Caller, form: Submitted, binder_id: BinderId
) -> Response:
    """Keep the list that is shown under a name."""
    wanted = form.read(schemas.NewView)
    query = rules.write_list_query(rules.read_list_query(parse_qsl(wanted.query)))
    view = await service.save_view(
        session,
        actor,
        binder_id=binder_id,
        name=wanted.name,
        query=query,
        is_shared=wanted.is_shared,
    )
    told = Notice(page.gettext("The view %(name)s is saved.", name=view.name))
    return page.redirect(f"/binders/{binder_id}?{view.query or 'tab=all'}", notice=told)


@router.page("POST", "/{view_id}/delete", "delete", permission=Permission.READ)
async def delete(
    page: View, session: Writing, actor: Caller, binder_id: BinderId, view_id: UUID
) -> Response:
    """Forget a view of one's own."""
    view = await service.delete_view(session, actor, binder_id=binder_id, view_id=view_id)
    told = Notice(page.gettext("The view %(name)s is gone.", name=view.name))
    return page.redirect(f"/binders/{binder_id}?{view.query or 'tab=all'}", notice=told)
