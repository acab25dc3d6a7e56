"""What can go wrong with the bytes."""


class StorageError(Exception):
    """Any failure of a store."""


class ObjectNotFound(StorageError):
    """Nothing is stored under this key."""

    def __init__(self, key: str) -> None:
        super().__init__(f"Nothing is stored under {key!r}.")
        self.key = key


class TooManyBytes(StorageError):
    """More bytes came than the caller allowed."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__(f"More than {max_bytes} bytes came.")
        self.max_bytes = max_bytes


class StorageFull(StorageError):
    """There is no room for these bytes; less may still fit."""


class StorageUnavailable(StorageError):
    """The store doesn't do its work at the moment; the cause is chained."""
