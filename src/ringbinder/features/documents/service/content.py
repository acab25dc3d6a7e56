"""New documents and new versions: what the commit of an upload comes down to."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import WriteSession
from ringbinder.features.blobs import service as blobs
from ringbinder.features.blobs.errors import BlobMissingError
from ringbinder.features.blobs.types import Blob
from ringbinder.features.documents.service.desk import Desk, Plan
from ringbinder.features.documents.service.targets import Targets, place_of
from ringbinder.features.documents.service.writing import Writer
from ringbinder.features.documents.types import (
    Aim,
    Deposit,
    Deposited,
    Document,
    NewContent,
    Target,
    Version,
)
from ringbinder.features.folders.types import Folder
from ringbinder.features.metadata.service import Checkers
from ringbinder.kit.errors import RingbinderError


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
    await Desk(session, actor).plan(folder, Target(target, content.file_name), content)


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
    plan = await Desk(session, actor).plan(folder, target, content)
    (made,) = await Writer(session, actor).write([replace(plan, copied_from=copied_from)])
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
    desk = Desk(session, actor, checkers)
    for binder_key in {deposit.aim.folder.binder_key for deposit in deposits}:
        await desk.checker(binder_key)  # while the database has nothing else to do
    targets = await Targets.lock(session, [deposit.aim for deposit in deposits])
    writer = Writer(session, actor)
    await writer.expect(sum(targets.is_free(deposit.aim) for deposit in deposits))
    adoption = await blobs.begin_to_adopt(session, new_blobs) if new_blobs else None
    contents = {deposit.content.sha256 for deposit in deposits}
    held = (
        await blobs.reference_blobs(session, sha256s=sorted(contents))
        if adoption is None
        else {blob.sha256 for blob in new_blobs}
    )
    several = _Several(session, desk, targets, writer, held)
    for number, deposit in enumerate(deposits):
        await several.take(number, deposit)
    await several.write()
    if adoption is not None:
        await adoption.finish()
    return [several.results[number] for number in range(len(deposits))]


@dataclass(slots=True)
class _Several:
    """Takes deposit after deposit, and writes when one meets another that is not written yet."""

    session: WriteSession
    desk: Desk
    targets: Targets
    writer: Writer
    held: set[str]
    results: dict[int, Deposited] = field(default_factory=dict)
    waiting: dict[int, Plan] = field(default_factory=dict)
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

    async def _plan(self, aim: Aim, content: NewContent) -> Plan:
        target = await self.targets.resolve(self.session, aim)
        if content.sha256 not in self.held:
            raise BlobMissingError
        return await self.desk.plan(aim.folder, target, content)

    async def write(self) -> None:
        """Write what waits."""
        made = await self.writer.write(list(self.waiting.values()))
        for number, (document, version) in zip(self.waiting, made, strict=True):
            self.results[number] = Deposited(document, version)
            self.targets.put(document)
        self.waiting.clear()
        self.touched.clear()
