"""Uploads as the rest of the program sees them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from ringbinder.features.blobs.types import Blob
from ringbinder.features.documents.types import ConflictBehavior
from ringbinder.features.metadata.types import GivenValue
from ringbinder.kit.errors import RingbinderError


class UploadState(StrEnum):
    """How far an upload is. Committed, aborted and expired are final."""

    OPEN = "open"
    RECEIVED = "received"
    COMMITTED = "committed"
    ABORTED = "aborted"
    EXPIRED = "expired"

    @property
    def is_waiting(self) -> bool:
        """Tell whether the upload may still be committed."""
        return self in {UploadState.OPEN, UploadState.RECEIVED}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUpload:
    """What somebody wants to upload, and where to."""

    binder_id: str
    folder_id: UUID
    file_name: str
    size_bytes: int
    document_id: UUID | None = None
    sha256: str | None = None
    content_type: str | None = None
    """A media type; None guesses it from the file name."""
    version_label: str | None = None
    conflict_behavior: ConflictBehavior = ConflictBehavior.NEW_VERSION
    given: tuple[GivenValue, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file whose bytes are stored, and where it shall go; nothing refers to it yet."""

    wanted: NewUpload
    blob: Blob


@dataclass(frozen=True, slots=True)
class CommitAnswer:
    """What a commit answers: the same bytes for every repetition."""

    body: bytes
    document_id: UUID
    version_id: UUID
    is_repeated: bool = True
    """Whether an earlier transaction has done the work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An upload as it was last written; ask :meth:`state_at` for its true state."""

    id: UUID
    binder_id: str
    folder_id: UUID
    document_id: UUID | None
    file_name: str
    declared_size_bytes: int
    declared_sha256: str | None
    content_type: str
    given: tuple[GivenValue, ...]
    version_label: str | None
    conflict_behavior: ConflictBehavior
    state: UploadState
    received_size_bytes: int | None
    received_sha256: str | None
    created_at: datetime
    created_by_name: str
    expires_at: datetime
    finished_at: datetime | None
    answer: CommitAnswer | None
    """What the commit answered, kept for repetitions."""
    is_changeable: bool = True
    """Whether whoever looked it up may do in its binder what was asked for."""

    def state_at(self, now: datetime) -> UploadState:
        """Give the state as it truly is at a moment."""
        is_over = self.state.is_waiting and self.expires_at <= now
        return UploadState.EXPIRED if is_over else self.state


@dataclass(frozen=True, slots=True)
class ReceivedBytes:
    """What has arrived for an upload and is durable."""

    upload_id: UUID
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class SentPart:
    """Which bytes of how many a request says that it brings; without a first one, none."""

    first: int | None
    length: int
    total: int


@dataclass(frozen=True, slots=True)
class ArrivedBytes:
    """How many bytes of an upload, from its first one on, are durable while more must come."""

    upload_id: UUID
    size_bytes: int


@dataclass(frozen=True, slots=True)
class StoredPart:
    """A part of an upload in the storage, and the place of its first byte in the file."""

    key: str
    first: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class BegunUpload:
    """One of many that somebody wanted to upload: the upload, or why there is none."""

    upload: Upload | None
    error: RingbinderError | None = None


class CommitStatus(StrEnum):
    """What became of one upload of a batch, or would have become of it."""

    COMMITTED = "committed"
    REFUSED = "refused"
    WOULD_COMMIT = "would_commit"


@dataclass(frozen=True, slots=True)
class CommitResult:
    """What the commit of one upload of a batch answered: as alone, or why not."""

    upload_id: UUID
    answer: CommitAnswer | None
    error: RingbinderError | None = None


@dataclass(frozen=True, slots=True)
class CommitOutcome:
    """One result for each upload, in the order in which they were named."""

    results: tuple[CommitResult, ...]
    is_refused: bool
    """Whether nothing shall be done because all or nothing was asked for."""
