"""The doors to templates and to new binders, which may begin with one."""

from fastapi import Response

from ringbinder.access.permissions import Permission
from ringbinder.features.metadata.errors import MetadataTypeConflictError
from ringbinder.features.templates import schemas, service
from ringbinder.features.templates.errors import TemplateNotFoundError
from ringbinder.kit.headers import etag
from ringbinder.web.answers import created, ok
from ringbinder.web.dependencies import Caller, Writing
from ringbinder.web.operations import OperationRouter

router = OperationRouter(tag="Binders", prefix="/binders")


@router.operation(
    "GET",
    "/templates",
    "listTemplates",
    permission=Permission.READ,
    answer=list[schemas.TemplateAnswer],
)
async def list_templates() -> Response:
    """List the templates that a new binder can begin with."""
    return ok([schemas.template_answer(template) for template in service.list_templates()])


@router.operation(
    "POST",
    "",
    "createBinder",
    permission=Permission.CREATE_BINDERS,
    answer=schemas.BinderAnswer,
    etag=True,
    status=201,
    errors=(TemplateNotFoundError, MetadataTypeConflictError),
)
async def create_binder(session: Writing, actor: Caller, binder: schemas.BinderCreate) -> Response:
    """Create a binder, with the reserved metadata keys and their usual lists of values."""
    made = await service.create_binder(
        session,
        actor,
        name=binder.name,
        type=binder.type,
        description=binder.description,
        colour=binder.colour,
        template_id=binder.templateId,
        language=binder.templateLanguage,
    )
    return created(
        schemas.binder_answer(made), headers={"etag": etag(f"{made.id}-{made.revision}")}
    )
