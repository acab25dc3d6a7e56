import io
import zipfile
import zlib
from datetime import UTC, datetime

import pytest

from ringbinder.kit.headers import byte_range
from ringbinder.kit.zip_format import ZipEntry, central_header, end_records, local_header

pytestmark = pytest.mark.unit

AT = datetime(2024, 1, 15, 8, 30, 20, tzinfo=UTC)
FOUR_GIB = 1 << 32


def written(*files: tuple[str, bytes]) -> bytes:
    body, directory = b"", b""
    for name, content in files:
        entry, crc = ZipEntry(name, len(content), AT), zlib.crc32(content)
        directory += central_header(entry, crc, len(body))
        body += local_header(entry, crc) + content
    return body + directory + end_records(len(files), len(directory), len(body))


def test_the_standard_library_reads_what_was_written() -> None:
    files = (("Ritningar/Plan 1 åäö 🏗️.pdf", b"%PDF"), ("tom.txt", b""), ("b/c/d.txt", b"x" * 99))
    with zipfile.ZipFile(io.BytesIO(written(*files))) as archive:
        assert archive.testzip() is None
        assert [(one.filename, archive.read(one)) for one in archive.infolist()] == list(files)
        assert archive.infolist()[0].date_time == (2024, 1, 15, 8, 30, 20)
        assert all(one.flag_bits & 0x800 for one in archive.infolist())


@pytest.mark.parametrize("size", [0, 1, FOUR_GIB - 2, FOUR_GIB - 1, FOUR_GIB, 50 * FOUR_GIB])
def test_a_header_has_its_length_whatever_the_checksum(size: int) -> None:
    entry = ZipEntry("a.bin", size, AT)
    assert len(local_header(entry, 0)) == len(local_header(entry, 0xFFFFFFFF))
    assert len(central_header(entry, 0, 5)) == len(central_header(entry, 0xFFFFFFFF, 5))


def test_large_sizes_and_places_are_told_in_64_bits() -> None:
    entry = ZipEntry("a.bin", 6 * FOUR_GIB, AT)
    directory = central_header(entry, 7, 5 * FOUR_GIB)
    end = end_records(1, len(directory), 11 * FOUR_GIB)
    # The library looks for the directory before the end, and takes what is missing for a prefix.
    with zipfile.ZipFile(io.BytesIO(directory + end)) as archive:
        (found,) = archive.infolist()
    assert (found.file_size, found.CRC, found.extract_version) == (6 * FOUR_GIB, 7, 45)
    assert found.header_offset % (1 << 20) == (5 * FOUR_GIB - 11 * FOUR_GIB) % (1 << 20)


def test_many_entries_are_counted_in_64_bits() -> None:
    entry = ZipEntry("a", 0, AT)
    directory = central_header(entry, 0, 0) * 70_000
    with zipfile.ZipFile(io.BytesIO(directory + end_records(70_000, len(directory), 0))) as archive:
        assert len(archive.infolist()) == 70_000


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-", (0, 100)),
        ("bytes=10-19", (10, 20)),
        ("bytes=10-1000", (10, 100)),
        ("bytes=99-99", (99, 100)),
        ("bytes=100-", None),
        ("bytes=20-10", None),
        ("bytes=-5", None),
        ("bytes=0-1,5-6", None),
        ("items=0-1", None),
        (None, None),
    ],
)
def test_ranges_of_one_part_are_read(header: str | None, expected: tuple[int, int] | None) -> None:
    assert byte_range(header, 100) == expected
