"""What people and integrations do with uploads."""

from ringbinder.features.uploads.service.addresses import UploadAddresses
from ringbinder.features.uploads.service.committing import AnswerWriter
from ringbinder.features.uploads.service.uploads import UploadService

__all__ = ["AnswerWriter", "UploadAddresses", "UploadService"]
