"""The bytes of a zip file whose entries are stored as they are (APPNOTE 6.3.10, ISO/IEC 21320-1).

Sizes are known before, so each record has its length before its CRC-32 is known: where everything
stands in the file can be told at once, and any part of it can be written by itself.
"""

import struct
from dataclasses import dataclass
from datetime import datetime
from typing import Final

_LOCAL: Final = struct.Struct("<IHHHHHIIIHH")
_CENTRAL: Final = struct.Struct("<IHHHHHHIIIHHHHHII")
_END: Final = struct.Struct("<IHHHHIIH")
_END_64: Final = struct.Struct("<IQHHIIQQQQ")
_LOCATOR_64: Final = struct.Struct("<IIQI")
_LARGEST_32: Final = 0xFFFFFFFF
_LARGEST_16: Final = 0xFFFF
_UTF8: Final = 1 << 11
_PLAIN: Final = 20  # the version that is needed to extract
_ZIP64: Final = 45
_MADE_ON_UNIX: Final = (3 << 8) | _ZIP64
_ORDINARY_FILE: Final = 0o100644 << 16
_FIRST_YEAR: Final = 1980
_LAST_YEAR: Final = 2107


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """One file: its whole name, with slashes between folders, its size, and its time in UTC."""

    name: str
    size_bytes: int
    modified_at: datetime


def local_header(entry: ZipEntry, crc32: int) -> bytes:
    """Write what stands before an entry's bytes; its length does not depend on the CRC."""
    name = entry.name.encode()
    large = entry.size_bytes >= _LARGEST_32
    size = _LARGEST_32 if large else entry.size_bytes
    extra = struct.pack("<HHQQ", 1, 16, entry.size_bytes, entry.size_bytes) if large else b""
    day, time = _dos_moment(entry.modified_at)
    return (
        _LOCAL.pack(
            0x04034B50,
            _ZIP64 if large else _PLAIN,
            _UTF8,
            0,
            time,
            day,
            crc32,
            size,
            size,
            len(name),
            len(extra),
        )
        + name
        + extra
    )


def central_header(entry: ZipEntry, crc32: int, offset: int) -> bytes:
    """Write an entry's place in the directory at the end of the file."""
    name = entry.name.encode()
    large, far = entry.size_bytes >= _LARGEST_32, offset >= _LARGEST_32
    size = _LARGEST_32 if large else entry.size_bytes
    values = [entry.size_bytes] * 2 * large + [offset] * far
    extra = struct.pack(f"<HH{len(values)}Q", 1, 8 * len(values), *values) if values else b""
    day, time = _dos_moment(entry.modified_at)
    return (
        _CENTRAL.pack(
            0x02014B50,
            _MADE_ON_UNIX,
            _ZIP64 if values else _PLAIN,
            _UTF8,
            0,
            time,
            day,
            crc32,
            size,
            size,
            len(name),
            len(extra),
            0,
            0,
            0,
            _ORDINARY_FILE,
            _LARGEST_32 if far else offset,
        )
        + name
        + extra
    )


def end_records(count: int, size_bytes: int, offset: int) -> bytes:
    """Write what stands behind a directory of so many entries, bytes, and at this place."""
    needs_64 = count >= _LARGEST_16 or size_bytes >= _LARGEST_32 or offset >= _LARGEST_32
    end = _END.pack(
        0x06054B50,
        0,
        0,
        min(count, _LARGEST_16),
        min(count, _LARGEST_16),
        min(size_bytes, _LARGEST_32),
        min(offset, _LARGEST_32),
        0,
    )
    if not needs_64:
        return end
    end_64 = _END_64.pack(
        0x06064B50, 44, _MADE_ON_UNIX, _ZIP64, 0, 0, count, count, size_bytes, offset
    )
    return end_64 + _LOCATOR_64.pack(0x07064B50, 0, offset + size_bytes, 1) + end


def _dos_moment(moment: datetime) -> tuple[int, int]:
    year = min(max(moment.year, _FIRST_YEAR), _LAST_YEAR)
    day = (year - _FIRST_YEAR) << 9 | moment.month << 5 | moment.day
    return day, moment.hour << 11 | moment.minute << 5 | moment.second // 2
