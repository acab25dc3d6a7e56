"""What a search can be narrowed by: the binders that somebody sees, and what stands in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import islice
from typing import Final

from ringbinder.db.sessions import ReadSession
from ringbinder.features.binders import service as binders
from ringbinder.features.binders.types import Binder
from ringbinder.features.metadata import service as metadata
from ringbinder.features.metadata.types import GLOBAL_CATEGORY, GLOBAL_STATUS
from ringbinder.features.search.service.standing import Standing
from ringbinder.kit.names import comparison_key

REMEMBERED_FIELDS: Final = 200
"""Each for those who see the same of an organisation, in one language."""


@dataclass(frozen=True)
class Fields:
    """Binders by name, and the statuses and categories that any of them knows, with labels."""

    binders: Sequence[Binder]
    statuses: Mapping[str, str]
    categories: Mapping[str, str]

    def binders_named(self, term: str, *, most: int) -> list[Binder]:
        """Give the first binders whose names contain a text, in whichever case."""
        wanted = comparison_key(term)
        found = (one for one, name in self._compared if wanted in name)
        return list(islice(found, most))

    @cached_property
    def _compared(self) -> Sequence[tuple[Binder, str]]:
        return [(binder, comparison_key(binder.name)) for binder in self.binders]


class SearchFields:
    """What was last found out in this process."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._known: Standing[Fields] = Standing(most=REMEMBERED_FIELDS)

    async def find(self, session: ReadSession, *, language: str) -> Fields:
        """Give what the session shows, labelled in a language."""
        return await self._known.find(session, language, partial(_look_up, session, language))


async def _look_up(session: ReadSession, language: str) -> Fields:
    found = [binder for binder, _ in (await binders.list_binders(session))[0]]
    statuses, categories = await metadata.list_choices(
        session,
        of=(GLOBAL_STATUS, GLOBAL_CATEGORY),
        binder_keys={one.key for one in found},
        language=language,
    )
    return Fields(found, statuses, categories)
