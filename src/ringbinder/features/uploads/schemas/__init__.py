"""The wire format of uploads, one or many."""

from ringbinder.features.uploads.schemas.batches import (
    CommitBatchAnswer,
    CommitBatchIn,
    UploadBatchAnswer,
    UploadBatchIn,
    begun_answer,
    committed_answer,
    new_uploads,
)
from ringbinder.features.uploads.schemas.uploads import (
    CommitAnswer,
    CommitIn,
    ReceivedAnswer,
    UploadAnswer,
    UploadIn,
    commit_answer,
    new_upload,
    part_answer,
    received_answer,
    sent_part,
    upload_answer,
)

__all__ = [
    "CommitAnswer",
    "CommitBatchAnswer",
    "CommitBatchIn",
    "CommitIn",
    "ReceivedAnswer",
    "UploadAnswer",
    "UploadBatchAnswer",
    "UploadBatchIn",
    "UploadIn",
    "begun_answer",
    "commit_answer",
    "committed_answer",
    "new_upload",
    "new_uploads",
    "part_answer",
    "received_answer",
    "sent_part",
    "upload_answer",
]
