"""New documents and new versions: what the commit of an upload comes down to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import WriteSession
from ringbinder.features.blobs import service as blobs
from ringbinder.features.blobs.errors import BlobMissingError
from ringbinder.features.blobs.types import Blob
from ringbinder.features.documents import repository, rules
from ringbinder.features.documents.service.steps import (
    Step,
    Values,
    add_to_index,
    described,
    take_steps,
)
from ringbinder.features.documents.service.targets import Targets, place_of
from ringbinder.features.documents.types import (
    Aim,
    Deposit,
    Deposited,
    Document,
    NewContent,
    Target,
    Version,
)
from ringbinder.features.evidence import service as evidence
from ringbinder.features.evidence.types import Action
from ringbinder.features.folders.types import Folder
from ringbinder.features.metadata import service as metadata
from ringbinder.features.metadata.service import Checker, Checkers
from ringbinder.features.metadata.types import DataType
from ringbinder.kit.errors import RingbinderError
from ringbinder.kit.ids import new_guid


async def check_content(
    session: WriteSession,
    actor: Actor,
    *,
    folder: Folder,
    target: Document | None,
    content: NewContent,
) -> None:
    """Say beforehand what :func:`put_content` would say of the metadata; nothing is written.

    Raises:
        FieldErrors: metadata that the binder's schema does not allow.

    """
    await _Desk(session, actor).plan(folder, Target(target, content.file_name), content)


async def put_content(
    session: WriteSession,
    actor: Actor,
    *,
    folder: Folder,
    target: Target,
    content: NewContent,
    copied_from: Document | None = None,
) -> tuple[Document, Version]:
    """Make stored bytes a document, or the next version of one, with checked metadata.

    The folder must be locked, and the target as :func:`resolve_target` gave it.

    Raises:
        FieldErrors: metadata that the binder's schema does not allow.

    """
    await blobs.reference_blob(session, sha256=content.sha256)
    plan = await _Desk(session, actor).plan(folder, target, content)
    (made,) = await _write(session, actor, [replace(plan, copied_from=copied_from)])
    return made


async def put_contents(
    session: WriteSession,
    actor: Actor,
    deposits: Sequence[Deposit],
    *,
    new_blobs: Sequence[Blob] = (),
    checkers: Checkers | None = None,
) -> list[Deposited]:
    """Do for each deposit what it would come to alone, one after the other, in few statements.

    The folders must be locked. Documents are locked here, then bytes, each in the order of keys. A
    deposit is refused before anything of it is written: the others stay as they are. Where
    ``new_blobs`` are given, they are the bytes of all deposits, and become those of their contents.
    Whoever does this again and again keeps the ``checkers``, which remember what they have seen.
    """
    desk = _Desk(session, actor, checkers)
    for binder_key in {deposit.aim.folder.binder_key for deposit in deposits}:
        await desk.checker(binder_key)  # while the database has nothing else to do
    targets = await Targets.lock(session, [deposit.aim for deposit in deposits])
    adoption = await blobs.begin_to_adopt(session, new_blobs) if new_blobs else None
    contents = {deposit.content.sha256 for deposit in deposits}
    held = (
        await blobs.reference_blobs(session, sha256s=sorted(contents))
        if adoption is None
        else {blob.sha256 for blob in new_blobs}
    )
    several = _Several(session, actor, desk, targets, held)
    for number, deposit in enumerate(deposits):
        await several.take(number, deposit)
    await several.write()
    if adoption is not None:
        await adoption.finish()
    return [several.results[number] for number in range(len(deposits))]


@dataclass(frozen=True, slots=True)
class _Plan:
    """A version that will be written, and the document that it makes or moves on."""

    folder: Folder
    target: Document | None
    content: NewContent
    values: Values
    values_before: Values
    metadata_json: str
    document_id: UUID
    number: int
    version_id: UUID = field(default_factory=new_guid)
    copied_from: Document | None = None


class _Desk:
    """Checks metadata, and asks for each schema once."""

    def __init__(
        self, session: WriteSession, actor: Actor, checkers: Checkers | None = None
    ) -> None:
        self._session = session
        self._remembered = checkers or Checkers()
        self._creator = metadata.created_by(str(actor.id or actor.kind), actor.name)
        self._checkers: dict[int, Checker] = {}
        self._types: Mapping[str, tuple[int, DataType]] | None = None

    async def plan(self, folder: Folder, target: Target, content: NewContent) -> _Plan:
        document = target.document
        number = 1 if document is None else document.latest_version_number + 1
        checker = await self.checker(folder.binder_key)
        before = (self._creator,) if document is None else await self._values_of(document)
        given = rules.given_with_label(content, number)
        values = checker.check(given, current=before)
        return _Plan(
            folder=folder,
            target=document,
            content=_named(content, target.file_name),
            values=values,
            values_before=before,
            metadata_json=metadata.to_json(values),
            document_id=new_guid() if document is None else document.id,
            number=number,
        )

    async def checker(self, binder_key: int) -> Checker:
        """Give what checks metadata by the schema of a binder."""
        if binder_key not in self._checkers:
            schema = await metadata.load_schema(self._session, binder_key=binder_key)
            self._checkers[binder_key] = self._remembered.of(schema)
        return self._checkers[binder_key]

    async def _values_of(self, document: Document) -> Values:
        if self._types is None:
            self._types = await metadata.data_types(self._session)
        return metadata.from_json(document.metadata_json, self._types)


@dataclass(slots=True)
class _Several:
    """Takes deposit after deposit, and writes when one meets another that is not written yet."""

    session: WriteSession
    actor: Actor
    desk: _Desk
    targets: Targets
    held: set[str]
    results: dict[int, Deposited] = field(default_factory=dict)
    waiting: dict[int, _Plan] = field(default_factory=dict)
    touched: set[object] = field(default_factory=set)

    async def take(self, number: int, deposit: Deposit) -> None:
        """Plan a deposit, or refuse it."""
        aim = deposit.aim
        is_alone = self.targets.renames(aim)
        if is_alone or not self.touched.isdisjoint((place_of(aim), aim.document_id)):
            await self.write()
        try:
            plan = await self._plan(aim, deposit.content)
        except RingbinderError as error:
            self.results[number] = Deposited(None, None, error)
            return
        self.waiting[number] = plan
        self.touched |= {place_of(aim), plan.document_id}
        if is_alone:
            await self.write()

    async def _plan(self, aim: Aim, content: NewContent) -> _Plan:
        target = await self.targets.resolve(self.session, aim)
        if content.sha256 not in self.held:
            raise BlobMissingError
        return await self.desk.plan(aim.folder, target, content)

    async def write(self) -> None:
        """Write what waits."""
        made = await _write(self.session, self.actor, list(self.waiting.values()))
        for number, (document, version) in zip(self.waiting, made, strict=True):
            self.results[number] = Deposited(document, version)
            self.targets.put(document)
        self.waiting.clear()
        self.touched.clear()


async def _write(
    session: WriteSession, actor: Actor, plans: Sequence[_Plan]
) -> list[tuple[Document, Version]]:
    """Write plans whose documents and names are distinct, and record them in their order."""
    if not plans:
        return []
    found = await _add_documents(session, actor, plans) | await _move_on(session, plans)
    made = [
        (found[plan.document_id], _version(session, actor, plan, found[plan.document_id]))
        for plan in plans
    ]
    await repository.add_versions(
        session, [_version_row(document.key, version) for document, version in made]
    )
    for plan, (document, version) in zip(plans, made, strict=True):
        _record(session, actor, plan, document, version)
    return made


async def _add_documents(
    session: WriteSession, actor: Actor, plans: Iterable[_Plan]
) -> dict[UUID, Document]:
    new = [plan for plan in plans if plan.target is None]
    keys = await repository.add_documents(session, [_row(session, actor, plan) for plan in new])
    made = {
        plan.document_id: _document(session, actor, plan, key)
        for plan, key in zip(new, keys, strict=True)
    }
    await add_to_index(session, [(made[plan.document_id], plan.values) for plan in new])
    return made


async def _move_on(session: WriteSession, plans: Iterable[_Plan]) -> dict[UUID, Document]:
    steps = [_step(plan, plan.target) for plan in plans if plan.target is not None]
    if not steps:
        return {}
    return {document.id: document for document in await take_steps(session, steps)}


def _named(content: NewContent, file_name: str) -> NewContent:
    return content if content.file_name == file_name else replace(content, file_name=file_name)


def _row(session: WriteSession, actor: Actor, plan: _Plan) -> dict[str, Any]:
    return {
        "id": plan.document_id,
        "binder_key": plan.folder.binder_key,
        "folder_key": plan.folder.key,
        **rules.name_columns(plan.content.file_name),
        **rules.value_columns(plan.values),
        "created_by_id": actor.id,
        "created_by_name": actor.name,
        "created_at": session.now,
        "updated_at": session.now,
        "latest_version_id": plan.version_id,
        "latest_version_number": plan.number,
        "metadata_json": plan.metadata_json,
        "revision": 1,
    }


def _document(session: WriteSession, actor: Actor, plan: _Plan, key: int) -> Document:
    columns = rules.value_columns(plan.values)
    return Document(
        key=key,
        id=plan.document_id,
        binder_key=plan.folder.binder_key,
        binder_id=plan.folder.binder_id,
        folder_key=plan.folder.key,
        folder_id=plan.folder.id,
        file_name=plan.content.file_name,
        metadata_json=plan.metadata_json,
        latest_version_id=plan.version_id,
        latest_version_number=plan.number,
        version_label=columns["version_label"],
        status=columns["status"],
        created_by_id=actor.id,
        created_by_name=actor.name,
        created_at=session.now,
        updated_at=session.now,
        revision=1,
        deleted_at=None,
        deleted_by_name=None,
    )


def _step(plan: _Plan, document: Document) -> Step:
    moved_on = replace(
        document,
        file_name=plan.content.file_name,
        latest_version_id=plan.version_id,
        latest_version_number=plan.number,
    )
    return Step(
        before=document,
        after=described(moved_on, plan.values),
        values_before=plan.values_before,
        values_after=plan.values,
    )


def _version(session: WriteSession, actor: Actor, plan: _Plan, document: Document) -> Version:
    return Version(
        id=plan.version_id,
        document_id=document.id,
        number=plan.number,
        label=document.version_label,
        status=document.status,
        file_name=plan.content.file_name,
        size_bytes=plan.content.size_bytes,
        content_type=plan.content.content_type,
        sha256=plan.content.sha256,
        created_at=session.now,
        created_by_id=actor.id,
        created_by_name=actor.name,
        metadata_json=plan.metadata_json,
    )


def _version_row(document_key: int, version: Version) -> dict[str, Any]:
    return {
        "id": version.id,
        "document_key": document_key,
        "number": version.number,
        "label": version.label,
        "status": version.status,
        "file_name": version.file_name,
        "size_bytes": version.size_bytes,
        "content_type": version.content_type,
        "sha256": version.sha256,
        "created_at": version.created_at,
        "created_by_id": version.created_by_id,
        "created_by_name": version.created_by_name,
        "metadata_json": version.metadata_json,
    }


def _record(
    session: WriteSession, actor: Actor, plan: _Plan, document: Document, version: Version
) -> None:
    action = Action.DOCUMENT_CREATED if plan.target is None else Action.DOCUMENT_VERSION_CREATED
    facts = {
        "fileName": version.file_name,
        "number": version.number,
        "label": version.label,
        "sizeBytes": version.size_bytes,
        "sha256": version.sha256,
    }
    if plan.copied_from is not None:
        action = Action.DOCUMENT_COPIED
        facts["copiedFrom"] = str(plan.copied_from.id)
    evidence.record(session, actor, action, rules.subject_of(document), after=facts)
