"""Addresses to which an upload's bytes are sent without a token."""

from ringbinder.access.addresses import SignedAddress, SignedAddresses
from ringbinder.features.uploads.types import Upload


class UploadAddresses(SignedAddresses):
    """For uploads that wait for bytes."""

    path = "/transfer/uploads"
    purpose = "PUT upload"

    def make(self, *, organisation_key: int, upload: Upload) -> SignedAddress | None:
        """Make an address that ends no later than the upload; None where no bytes can come."""
        if not upload.state_at(self._clock.now()).is_waiting:
            return None
        return self.sign(
            organisation_key=organisation_key, subject=upload.id, until=upload.expires_at
        )
