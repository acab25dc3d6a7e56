import hashlib

import pytest

from ringbinder.kit.merkle import Frontier

pytestmark = pytest.mark.unit


def of_rfc_9162(leaves: list[bytes]) -> bytes:
    """The definition of section 2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = of_rfc_9162(leaves[:split]), of_rfc_9162(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def test_it_is_the_tree_of_the_rfc_at_every_size() -> None:
    leaves = [str(number).encode() for number in range(70)]
    frontier = Frontier()
    for size in range(len(leaves) + 1):
        assert frontier.size == size
        assert frontier.root() == of_rfc_9162(leaves[:size])
        frontier = Frontier(size, frontier.peaks)
        if size < len(leaves):
            frontier.add(leaves[size])


def test_known_answers_of_certificate_transparency() -> None:
    leaves = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")
    frontier = Frontier()
    for leaf in leaves:
        frontier.add(bytes.fromhex(leaf))
    assert frontier.root().hex() == (
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"
    )


@pytest.mark.parametrize(("size", "peaks"), [(1, 0), (2, 2), (3, 1), (-1, 1)])
def test_peaks_that_do_not_fit_the_size_are_refused(size: int, peaks: int) -> None:
    with pytest.raises(ValueError, match="peaks"):
        Frontier(size, [b""] * peaks)
