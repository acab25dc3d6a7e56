"""What the objects are called now that events name by their ids."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from ringbinder.db.sessions import ReadSession
from ringbinder.features.audit.rules.changes import Named, ids_in
from ringbinder.features.audit.types import AuditEvent
from ringbinder.features.binders import service as binders
from ringbinder.features.folders import service as folders
from ringbinder.features.groups import service as groups
from ringbinder.features.members import service as members


async def find_names(session: ReadSession, events: Iterable[AuditEvent]) -> Mapping[str, str]:
    """Give the names of what stands before and after in some events as ids, by id.

    What is there no more, or is not shown, has none.
    """
    wanted = ids_in(events)
    names: dict[str, str] = {}
    if wanted[Named.BINDER]:
        found = await binders.find_binders(session, binder_ids=wanted[Named.BINDER])
        names |= {binder.id: binder.name for binder in found.values()}
    if folder_ids := _guids(wanted[Named.FOLDER]):
        tabs = await folders.find_folders(session, folder_ids=folder_ids)
        names |= {str(folder.id): folder.name for folder in tabs.values()}
    if party_ids := _guids(wanted[Named.PARTY]):
        people = await members.find_members(session, member_ids=party_ids)
        names |= {str(member.id): member.name for member in people.values()}
        if len(people) < len(party_ids):
            names |= {str(one.id): one.name for one in await groups.list_groups(session)}
    return names


def _guids(texts: Iterable[str]) -> set[UUID]:
    found = set()
    for text in texts:
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return found
