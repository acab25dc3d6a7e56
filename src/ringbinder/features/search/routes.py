"""The door to the search for documents."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Body, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import WrapValidator

from ringbinder.access.permissions import Permission
from ringbinder.features.search import schemas, service
from ringbinder.features.search.types import SearchQuery
from ringbinder.kit.errors import FieldErrors
from ringbinder.web.answers import ok, raw
from ringbinder.web.bodies import read_plain
from ringbinder.web.dependencies import Reading
from ringbinder.web.operations import OperationRouter, admit
from ringbinder.web.paging import Paging, page, plain_page
from ringbinder.web.problems import messages_by_path
from ringbinder.web.registry import DECLARATION, Operation
from ringbinder.web.state import actor_of, sight_of, state_of
from ringbinder.web.tenant import names_tenant

router = OperationRouter(tag="Documents", prefix="/documents")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a body asks for, or else what is wrong with it."""

    outcome: SearchQuery | FieldErrors

    @property
    def query(self) -> SearchQuery:
        """Give what is asked for.

        Raises:
            FieldErrors: something is wrong with it.

        """
        if isinstance(self.outcome, FieldErrors):
            raise self.outcome
        return self.outcome


def _as_sent(value: Any, _validate: object) -> Any:  # noqa: ANN401 - a validator sees whatever was sent
    """Leave the body to the rules, which know the organisation's metadata keys."""
    if isinstance(value, ValueError):
        raise value  # it stands in place of a body that is no JSON
    return value


async def _asked(
    session: Reading,
    body: Annotated[schemas.SearchRequest | None, WrapValidator(_as_sent), Body()] = None,
) -> AsyncIterator[Asked]:
    """Read the body; its problems are reported together with those of query and headers."""
    asked = Asked(await service.understand(session, body))
    try:
        yield asked
    except RequestValidationError as error:
        if not isinstance(asked.outcome, FieldErrors):
            raise
        others = FieldErrors(messages_by_path(error.errors()))
        raise FieldErrors.joined([others, asked.outcome]) from error


@router.operation(
    "POST",
    "",
    "searchDocuments",
    permission=Permission.READ,
    answer=schemas.DocumentPage,
)
async def search_documents(
    session: Reading, paging: Paging, asked: Annotated[Asked, Depends(_asked, scope="function")]
) -> Response:
    """Search the organisation's documents by metadata and name; the trash is left out."""
    query = asked.query.about(paging.search_term)
    found = await service.search_documents(
        session, query, cursor=paging.cursor, offset=paging.offset, limit=paging.size
    )
    items = schemas.found_answers(found.documents)
    return ok(page(items, total=found.total, query=paging, next_cursor=found.next_cursor))


_OPERATION: Final[Operation] = getattr(search_documents, DECLARATION)


async def search_fast(request: Request, body: bytes) -> Response | None:
    """Do the same for a request that is plain, past the framework; others are left to the route."""
    paging, content = plain_page(request), read_plain(request, body)
    if paging is None or content is None or not names_tenant(request):
        return None
    await admit(request, _OPERATION)
    searches: service.HotSearches = state_of(request).parts[service.HotSearches]
    asked = service.Asked(
        body, content.value, paging.search_term, paging.cursor, paging.offset, paging.size
    )
    found = await searches.find(actor_of(request).organisation_key, sight_of(request), asked)
    return raw(
        schemas.found_page(
            found.items_json,
            total=found.total,
            number=paging.number,
            size=paging.size,
            next_cursor=found.next_cursor,
        )
    )


FAST_DOORS: Final = {(_OPERATION.method, _OPERATION.path): search_fast}
