"""Read a register: a CSV or XLSX file as spreadsheets of the world write it."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from ringbinder.features.imports.errors import (
    RegisterColumnTwiceError,
    RegisterUnreadableError,
    RegisterWithoutPathsError,
)
from ringbinder.features.imports.rules.workbooks import is_workbook, sheet_records
from ringbinder.features.imports.types import Place, Register, RegisterRow

PATH_COLUMNS: Final = ("path", "fil", "file", "filnamn", "file_name", "filename", "sökväg")
"""The columns that name files; where there are several, the first of these does."""

TAB_COLUMNS: Final = ("tab", "flik")

_DELIMITERS: Final = ",;\t"
_RECORDS_BEFORE_HEAD: Final = 20
_DECLARED: Final = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_BETWEEN_WORDS: Final = re.compile(r"[\s._-]+")
_PROBE: Final = 4096

_Record = tuple[int, list[str]]


def read_register(data: bytes) -> Register:
    """Read an XLSX file's first sheet, or a text separated by comma, semicolon or tab.

    The text is in UTF-8, UTF-16 or Windows-1252. The head is the first record that has a column
    for paths; titles may stand above it.

    Raises:
        RegisterUnreadableError: no text and no workbook, or no CSV.
        RegisterWithoutPathsError: no column names files.
        RegisterColumnTwiceError: a name stands above two columns.

    """
    for records in _readings(data):
        for _, head in islice(records, _RECORDS_BEFORE_HEAD):
            if _path_column(head) is not None:
                return _read_rows(head, records)
    raise RegisterWithoutPathsError(
        f"The register has no column named {', '.join(PATH_COLUMNS[:4])} that names the files."
    )


def _readings(data: bytes) -> Iterator[Iterator[_Record]]:
    """Give the records in every way that the data can be read."""
    if is_workbook(data):
        yield sheet_records(data)
        return
    text, delimiters = _declared_delimiter(_decode(data))
    for delimiter in delimiters:
        yield _records(text, delimiter)


def normal_name(column: str) -> str:
    """Give the name of a column without regard to case and to what stands between its words."""
    return _BETWEEN_WORDS.sub("_", column.strip().casefold()).strip("_")


def _decode(data: bytes) -> str:
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise RegisterUnreadableError("The register is no text in UTF-8, UTF-16 or Windows-1252.")


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    probe = data[:_PROBE]
    if probe.count(0) * 4 > len(probe):
        # Western text in UTF-16: every other byte is zero, and which of the two tells the order.
        return ("utf-16-be",) if probe[::2].count(0) > probe[1::2].count(0) else ("utf-16-le",)
    return ("utf-8-sig", "cp1252")


def _declared_delimiter(text: str) -> tuple[str, str]:
    """Take off the line ``sep=;`` that some spreadsheets write and all of them read."""
    match = _DECLARED.match(text)
    return (text[match.end() :], match[1]) if match else (text, _DELIMITERS)


def _records(text: str, delimiter: str) -> Iterator[_Record]:
    """Give the records that are not blank, each with the line where it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begin = 1
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                yield begin, record
            begin = reader.line_num + 1
    except csv.Error as error:
        raise RegisterUnreadableError(
            f"The register is no CSV file from line {begin} on: {error}."
        ) from error


def _path_column(head: Sequence[str]) -> int | None:
    names = [normal_name(column) for column in head]
    return next((names.index(wanted) for wanted in PATH_COLUMNS if wanted in names), None)


def _read_rows(head: Sequence[str], records: Iterator[_Record]) -> Register:
    path = _path_column(head)
    assert path is not None  # noqa: S101 - the caller has looked
    names = [normal_name(column) for column in head]
    tab = next((names.index(wanted) for wanted in TAB_COLUMNS if wanted in names), None)
    columns = {
        index: column.strip()
        for index, column in enumerate(head)
        if column.strip() and index not in {path, tab}
    }
    _assert_distinct(columns.values())
    rows = tuple(
        _row(line, record, path, tab, columns)
        for line, record in records
        if path < len(record) and record[path].strip()
    )
    return Register(tuple(columns.values()), rows)


def _assert_distinct(columns: Iterable[str]) -> None:
    seen: set[str] = set()
    for column in columns:
        name = normal_name(column)
        if name in seen:
            raise RegisterColumnTwiceError(f"The register has two columns named {column}.")
        seen.add(name)


def _row(
    line: int, record: Sequence[str], path: int, tab: int | None, columns: Mapping[int, str]
) -> RegisterRow:
    cells = {
        column: record[index].strip()
        for index, column in columns.items()
        if index < len(record) and record[index].strip()
    }
    place = _place(record[tab]) if tab is not None and tab < len(record) else None
    # A file's name may begin or end with blanks, so the path is taken as it is.
    return RegisterRow(line, record[path], place, cells)


def _place(cell: str) -> Place | None:
    names = tuple(name.strip() for name in cell.replace("\\", "/").split("/") if name.strip())
    return names or None
