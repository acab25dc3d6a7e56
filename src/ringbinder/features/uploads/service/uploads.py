"""The verbs of uploads in one place."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.access.permissions import Permission
from ringbinder.adapters.storage import ObjectStore
from ringbinder.db.sessions import Database, ReadSession, WriteSession
from ringbinder.features.documents.types import Deposited
from ringbinder.features.evidence import service as evidence
from ringbinder.features.evidence.types import Action
from ringbinder.features.metadata.service import Checkers
from ringbinder.features.uploads import repository, rules
from ringbinder.features.uploads.errors import UploadCommittedError, UploadNotFoundError
from ringbinder.features.uploads.service import committing, creating, keeping, parts, receiving
from ringbinder.features.uploads.service.committing import AnswerWriter
from ringbinder.features.uploads.types import (
    ArrivedBytes,
    BegunUpload,
    CommitAnswer,
    CommitOutcome,
    CommitResult,
    KeptFile,
    NewUpload,
    ReceivedBytes,
    SentPart,
    Upload,
    UploadState,
)

PATIENCE: Final = timedelta(seconds=60)
"""How long a sender may be silent; the sweep of what a crash left relies on there being an end."""

COMMITTED_AT_ONCE: Final = 100
"""How many commits share a transaction, so that other writers do not wait long for it."""

_EXPIRED_AT_ONCE: Final = 500


class UploadService:
    """Uploads of one installation; used by the API, the importer and the demo alike."""

    def __init__(
        self,
        database: Database,
        storage: ObjectStore,
        *,
        write_answer: AnswerWriter,
        lifetime: timedelta,
        maximum_bytes: int,
        patience: timedelta = PATIENCE,
    ) -> None:
        """Let uploads wait for their commit for a lifetime, and be of at most so many bytes.

        ``write_answer`` gives a commit's answer as clients get it; it is stored with the upload.
        """
        self._database = database
        self._storage = storage
        self._write_answer = write_answer
        self._lifetime = lifetime
        self._maximum_bytes = maximum_bytes
        self._patience = patience
        self._checkers = Checkers()

    @property
    def maximum_bytes(self) -> int:
        """How large a file can be."""
        return self._maximum_bytes

    async def create_upload(self, session: WriteSession, actor: Actor, wanted: NewUpload) -> Upload:
        """Begin an upload, after checking everything that can be known before the bytes come.

        Raises:
            BinderNotFoundError, FolderNotFoundError: not there, or not in that binder.
            BinderArchivedError: the binder is read-only.
            DocumentNotFoundError, DocumentInTrashError: ``document_id`` cannot take a version.
            DocumentNameTakenError: the name is taken, and that is not to mean a new version.
            FieldErrors: too large, or metadata that the binder's schema does not allow.

        """
        return await creating.create_upload(
            session,
            actor,
            wanted,
            maximum_bytes=self._maximum_bytes,
            lifetime=self._lifetime,
        )

    async def create_uploads(
        self, session: WriteSession, actor: Actor, several: Sequence[NewUpload]
    ) -> list[BegunUpload]:
        """Begin many uploads; each gives what :meth:`create_upload` would give or raise.

        The paths of wrong fields begin with the place of the upload: ``uploads[3].metadata``.
        """
        return await creating.create_uploads(
            session,
            actor,
            several,
            maximum_bytes=self._maximum_bytes,
            lifetime=self._lifetime,
        )

    async def get_upload(self, session: ReadSession, *, upload_id: UUID) -> Upload:
        """Give an upload.

        Raises:
            UploadNotFoundError: the organisation has none with this id.

        """
        upload = await repository.find_upload(session, upload_id)
        if upload is None:
            raise UploadNotFoundError
        rules.assert_permitted(upload)
        return upload

    async def receive(
        self,
        upload_id: UUID,
        organisation_key: int,
        chunks: AsyncIterator[bytes],
        *,
        announced_bytes: int | None = None,
    ) -> ReceivedBytes:
        """Take in the bytes of an upload, in place of earlier ones; durable when it returns.

        They are never whole in memory. Whatever fails leaves the upload as it was. No session may
        be open around this: sending takes as long as it takes.

        Raises:
            UploadNotFoundError, UploadCommittedError, UploadAbortedError, UploadExpiredError:
                there is no upload that waits for bytes.
            UploadWrongSizeError: ``announced_bytes``, or what came, differs from the upload's size.
            UploadIncompleteError: the stream ended too early, or fell silent.
            UploadNoRoomError: the disk is full.

        """
        return await receiving.receive(
            self._database,
            self._storage,
            organisation_key=organisation_key,
            upload_id=upload_id,
            chunks=chunks,
            announced_bytes=announced_bytes,
            patience=self._patience,
        )

    async def receive_part(
        self,
        upload_id: UUID,
        organisation_key: int,
        chunks: AsyncIterator[bytes],
        *,
        part: SentPart,
        announced_bytes: int | None = None,
    ) -> ReceivedBytes | ArrivedBytes:
        """Take in the part that begins where the bytes that have arrived end; durable on return.

        The last one makes the upload received, as :meth:`receive` does. One without bytes only
        asks how many have arrived, and finishes what the last one could not. A part that fails
        leaves the earlier ones as they are.

        Raises:
            RingbinderError: whatever :meth:`receive` raises.
            UploadWrongOffsetError: there would be a gap or an overlap.
            UploadPartTooSmallError: it is small without being the last one.

        """
        return await parts.receive_part(
            self._database,
            self._storage,
            organisation_key=organisation_key,
            upload_id=upload_id,
            chunks=chunks,
            part=part,
            announced_bytes=announced_bytes,
            patience=self._patience,
        )

    async def arrived_bytes(self, upload: Upload) -> int:
        """Tell how many bytes of an upload, from its first one on, need not be sent again."""
        return await parts.arrived_bytes(self._storage, upload)

    async def commit_upload(
        self, session: WriteSession, actor: Actor, *, upload_id: UUID
    ) -> CommitAnswer:
        """Make the bytes a document or a version; a repetition only answers the same.

        After any error nothing has changed, and the commit can be tried again.

        Raises:
            UploadNotFoundError: the organisation has none with this id.
            UploadAbortedError, UploadExpiredError: it is over.
            UploadNotReceivedError, UploadSizeMismatchError, UploadDigestMismatchError: the bytes
                are not there, or not those that were announced.
            UploadFolderGoneError, UploadDocumentGoneError, DocumentInTrashError,
            BinderArchivedError, DocumentNameTakenError, UploadMetadataInvalidError: the place has
                changed since the upload was created.

        """
        return await committing.commit_upload(
            session, actor, upload_id=upload_id, write_answer=self._write_answer
        )

    async def commit_uploads(
        self, session: WriteSession, actor: Actor, *, upload_ids: Sequence[UUID], is_atomic: bool
    ) -> CommitOutcome:
        """Commit many uploads; each gives what :meth:`commit_upload` would give or raise.

        Not more than a hundred share a transaction, save where all or nothing is asked for. The
        last ones share that of the session; nothing may have been asked of it before. Where the
        outcome is a refusal, the caller must let the session fail.
        """
        at_once = len(upload_ids) if is_atomic else COMMITTED_AT_ONCE
        some = [upload_ids[i : i + at_once] for i in range(0, len(upload_ids), at_once)]
        results: list[CommitResult] = []
        for ids in some[:-1]:
            async with self._database.write(actor.organisation_key, session.sight) as own:
                results += await self._commit(own, actor, ids)
        results += await self._commit(session, actor, some[-1])
        is_refused = is_atomic and any(result.error for result in results)
        return CommitOutcome(tuple(results), is_refused=is_refused)

    async def _commit(
        self, session: WriteSession, actor: Actor, upload_ids: Sequence[UUID]
    ) -> list[CommitResult]:
        return await committing.commit_uploads(
            session, actor, upload_ids=upload_ids, write_answer=self._write_answer
        )

    async def abort_upload(self, session: WriteSession, actor: Actor, *, upload_id: UUID) -> Upload:
        """Give an upload up; one that is aborted or expired already stays as it is.

        Raises:
            UploadNotFoundError: the organisation has none with this id.
            UploadCommittedError: it has become a version.

        """
        upload = await repository.lock_upload(session, upload_id)
        if upload is None:
            raise UploadNotFoundError
        rules.assert_permitted(upload)
        if upload.state is UploadState.COMMITTED:
            raise UploadCommittedError
        if upload.state_at(session.now).is_waiting:
            await repository.change_upload(
                session, upload_id, state=str(UploadState.ABORTED), finished_at=session.now
            )
            evidence.record(session, actor, Action.UPLOAD_ABORTED, rules.subject_of(upload))
        return await self.get_upload(session, upload_id=upload_id)

    async def store(
        self, actor: Actor, wanted: NewUpload, chunks: AsyncIterator[bytes]
    ) -> CommitAnswer:
        """Create, receive and commit in one go, each in a transaction of its own.

        Raises:
            RingbinderError: whatever the three steps raise.

        """
        organisation, sight = actor.organisation_key, actor.sight_for(Permission.CREATE)
        async with self._database.write(organisation, sight) as session:
            upload = await self.create_upload(session, actor, wanted)
        await self.receive(upload.id, organisation, chunks)
        async with self._database.write(organisation, sight) as session:
            return await self.commit_upload(session, actor, upload_id=upload.id)

    def check_size(self, size_bytes: int) -> None:
        """Let a file through that is not too large.

        Raises:
            FieldErrors: it is.

        """
        rules.assert_size(size_bytes, self._maximum_bytes)

    async def keep_whole(self, files: Sequence[tuple[NewUpload, bytes, str]]) -> list[KeptFile]:
        """Store small files, each with its digest, for :meth:`put_all`; durable on return.

        What is never put is swept like what a crash left.

        Raises:
            UploadNoRoomError: the disk is full.

        """
        return await keeping.keep_whole(self._storage, files)

    async def keep_stream(self, wanted: NewUpload, chunks: AsyncIterator[bytes]) -> KeptFile:
        """Store a file's bytes, which are never whole in memory, as :meth:`keep_whole` does.

        Raises:
            UploadWrongSizeError, UploadIncompleteError, UploadDigestMismatchError: other bytes
                came than were announced.
            UploadNoRoomError: the disk is full.

        """
        return await keeping.keep_stream(self._storage, wanted, chunks, patience=self._patience)

    async def put_all(
        self, session: WriteSession, actor: Actor, files: Sequence[KeptFile]
    ) -> list[Deposited]:
        """Make kept files documents or versions, all in this session and in few statements.

        Each gives what the commit of an upload would come to, or why it alone was refused.
        """
        return await keeping.put_all(session, actor, files, self._checkers)

    async def expire_uploads(self) -> int:
        """End the uploads of all organisations whose time is over; gives their number."""
        total = 0
        while True:
            async with self._database.write(None) as session:
                expired = await repository.expire_uploads(session, limit=_EXPIRED_AT_ONCE)
            total += expired
            if expired < _EXPIRED_AT_ONCE:
                return total
