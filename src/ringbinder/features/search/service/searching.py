"""Search for documents, looking up everything anew."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ringbinder.db.sessions import ReadSession
from ringbinder.features.metadata import service as metadata
from ringbinder.features.search import repository, rules
from ringbinder.features.search.types import Criteria, Found, Names, SearchKey, SearchQuery, Slice
from ringbinder.kit.errors import FieldErrors


@dataclass(frozen=True, slots=True)
class Way:
    """How a search was answered."""

    criteria: Criteria
    plan: rules.Plan


async def understand(session: ReadSession, body: object) -> SearchQuery | FieldErrors:
    """Read what a client asks for by the metadata keys of its organisation, or say what is wrong.

    Errors name fields by the names and indices that the client sent.
    """
    try:
        return rules.read_query(body, await keys_for(session, body))
    except FieldErrors as errors:
        return errors


async def keys_for(session: ReadSession, body: object) -> Mapping[str, SearchKey]:
    """Give the keys that a body may name: the reserved ones, and the organisation's if need be."""
    keys = rules.known_keys()
    if rules.named_elements(body) - keys.keys():
        keys = rules.search_keys(await metadata.data_types(session))
    return keys


async def search_documents(
    session: ReadSession,
    query: SearchQuery,
    *,
    cursor: str | None,
    offset: int,
    limit: int,
    few: int = rules.FEW,
) -> Found:
    """Give one page of the live documents that a query finds, and how many it finds in all.

    The page begins behind the cursor, or else behind the first ``offset`` documents. What does not
    exist finds nothing, and neither does what belongs to another organisation. The answer does not
    depend on ``few``, which is how many documents are gathered rather than walked to.

    Raises:
        BadCursor: it was garbled, or belongs to another query.

    """
    found, _ = await find(session, query, cursor=cursor, offset=offset, limit=limit, few=few)
    return found


async def find(
    session: ReadSession,
    query: SearchQuery,
    *,
    cursor: str | None,
    offset: int,
    limit: int,
    few: int = rules.FEW,
) -> tuple[Found, Way | None]:
    """Do the same, and tell how it was done; None where it was clear that nothing can be found."""
    after = None if cursor is None else rules.read_cursor(cursor, query)
    names = await _look_up(session, query)
    criteria = rules.criteria_of(await _as_shown(session, query), names)
    if criteria is None:
        return Found((), 0, None), None
    questions = rules.questions_of(criteria, query.order)
    sizes = await repository.measure(session, questions, criteria.binders, few)
    plan = rules.choose_plan(criteria, query.order, sizes, few)
    # One more than wanted tells whether there is a next page.
    documents, total = await repository.find_page(
        session,
        criteria,
        order=query.order,
        creators=names.creators,
        plan=plan,
        wanted=Slice(limit + 1, 0 if after else offset, after),
    )
    page = tuple(documents[:limit])
    is_last = len(documents) <= limit
    next_cursor = None if is_last else rules.write_cursor(page[-1].position, query)
    return Found(page, total, next_cursor), Way(criteria, plan)


async def _as_shown(session: ReadSession, query: SearchQuery) -> SearchQuery:
    """Keep a query to what the session shows; it keeps its cursors when that changes."""
    sight = session.sight
    if sight.hidden_folders:
        shown = await repository.list_shown_folders(session)
        query = replace(query, visible_folders=shown)
    return replace(query, visible_binders=sight.binders) if sight.binders is not None else query


async def _look_up(session: ReadSession, query: SearchQuery) -> Names:
    wanted = rules.lookups_of(query)
    return Names(
        binders=await repository.find_binders(session, wanted.binder_ids),
        folders=await repository.find_folders(session, wanted.folder_ids),
        labels=await repository.find_labels(session, wanted.labels),
        creators=await repository.list_creators(session) if wanted.creators else (),
        long_texts={part: await repository.find_long_texts(session, part) for part in wanted.parts},
    )
