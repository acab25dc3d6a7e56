"""Addresses from which a version's bytes are fetched without a token."""

from ringbinder.access.addresses import SignedAddresses


class DownloadAddresses(SignedAddresses):
    """For versions: whoever has one can fetch these bytes until it expires."""

    path = "/transfer/downloads"
    purpose = "download"
