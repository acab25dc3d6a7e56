"""Read the first sheet of an XLSX file, within bounds: anybody can send one."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time
from typing import Final

from ringbinder.features.imports.errors import RegisterUnreadableError

LARGEST_UNPACKED_BYTES: Final = 64 << 20
"""How much all parts of a workbook may be when unpacked; a million cells fit in this."""

MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 200
LONGEST_CELL: Final = 10_000

_ZIP: Final = b"PK\x03\x04"
_MIDNIGHT: Final = time(0)


def is_workbook(data: bytes) -> bool:
    """Tell whether data is packed as workbooks are, and as no text is."""
    return data.startswith(_ZIP)


def sheet_records(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Give the rows of the first sheet that are not blank, each with its number.

    Dates are written as 2024-01-15, formulas are what they last came to.

    Raises:
        RegisterUnreadableError: it is no workbook, or beyond the bounds.

    """
    _assert_bounded(data)
    try:
        # What a broken workbook makes the reader raise is not told beforehand by anybody.
        yield from _rows(data)
    except RegisterUnreadableError:
        raise
    except Exception as error:
        raise RegisterUnreadableError("The register is no XLSX file.") from error


def _assert_bounded(data: bytes) -> None:
    """Refuse a bomb: a part never unpacks to more than its size says, so the sizes can be trusted.

    What is longer than it says fails when it is read, by the length or by the checksum.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise RegisterUnreadableError("The register is no XLSX file.") from error
    if size > LARGEST_UNPACKED_BYTES:
        raise RegisterUnreadableError(
            f"The register is larger than {LARGEST_UNPACKED_BYTES >> 20} MiB when unpacked."
        )


def _rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook  # noqa: PLC0415 - few need it, and a start would wait for it

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    with closing(book):
        sheet = book.worksheets[0]
        # A sheet may say that it is smaller than it is, so its own word does not count.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_col=MOST_COLUMNS, max_row=MOST_ROWS, values_only=True)
        for number, row in enumerate(rows, start=1):
            cells = [_text(cell) for cell in row]
            if any(cell.strip() for cell in cells):
                yield number, cells


def _text(cell: object) -> str:
    """Write a cell as a person would type it."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == _MIDNIGHT:
            return cell.date().isoformat()
        case datetime() | date() | time():
            return cell.isoformat()
        case _:
            return str(cell)[:LONGEST_CELL]
