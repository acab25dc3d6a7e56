"""Search for documents."""

from dataclasses import replace

from ringbinder.db.sessions import ReadSession
from ringbinder.features.metadata import service as metadata
from ringbinder.features.search import repository, rules
from ringbinder.features.search.types import Found, Names, SearchQuery, Slice
from ringbinder.kit.errors import FieldErrors


async def understand(session: ReadSession, body: object) -> SearchQuery | FieldErrors:
    """Read what a client asks for by the metadata keys of its organisation, or say what is wrong.

    Errors name fields by the names and indices that the client sent.
    """
    keys = rules.known_keys()
    if rules.named_elements(body) - keys.keys():
        keys = rules.search_keys(await metadata.data_types(session))
    try:
        return rules.read_query(body, keys)
    except FieldErrors as errors:
        return errors


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
    after = None if cursor is None else rules.read_cursor(cursor, query)
    names = await _look_up(session, query)
    criteria = rules.criteria_of(await _as_shown(session, query), names)
    if criteria is None:
        return Found((), 0, None)
    questions = rules.questions_of(criteria, query.order)
    sizes = await repository.measure(session, questions, criteria.binders, few)
    # One more than wanted tells whether there is a next page.
    documents, total = await repository.find_page(
        session,
        criteria,
        order=query.order,
        creators=names.creators,
        plan=rules.choose_plan(criteria, query.order, sizes, few),
        wanted=Slice(limit + 1, 0 if after else offset, after),
    )
    page = tuple(documents[:limit])
    is_last = len(documents) <= limit
    return Found(page, total, None if is_last else rules.write_cursor(page[-1].position, query))


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
