"""The Merkle tree of RFC 9162, section 2.1, grown leaf by leaf in memory that is logarithmic."""

import hashlib
from collections.abc import Sequence
from typing import Final, Self

_LEAF: Final = b"\x00"
_NODE: Final = b"\x01"


class Frontier:
    """The roots of the whole subtrees of a tree, largest first: all that its growth needs."""

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        """Go on from a size and its peaks; without them, begin with no leaf.

        Raises:
            ValueError: a tree of this size has another number of peaks.

        """
        if size < 0 or size.bit_count() != len(peaks):
            raise ValueError("these are not the peaks of a tree of this size")
        self.size = size
        self._peaks = list(peaks)

    @property
    def peaks(self) -> tuple[bytes, ...]:
        """The roots of the whole subtrees, largest first."""
        return tuple(self._peaks)

    def add(self, leaf: bytes) -> Self:
        """Add a leaf at the end."""
        node = hashlib.sha256(_LEAF + leaf).digest()
        # Each trailing one in the size is a whole subtree as large as what has just become whole.
        size = self.size
        while size & 1:
            node = _joined(self._peaks.pop(), node)
            size >>= 1
        self._peaks.append(node)
        self.size += 1
        return self

    def root(self) -> bytes:
        """Give the root: of no leaf, the hash of nothing."""
        if not self._peaks:
            return hashlib.sha256().digest()
        *others, root = self._peaks
        for peak in reversed(others):
            root = _joined(peak, root)
        return root


def _joined(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()
