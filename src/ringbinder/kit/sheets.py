"""Tables as files that office programs open: CSV and XLSX."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import BinaryIO, Final, Protocol

BYTE_ORDER_MARK: Final = "\ufeff"
"""Lets a spreadsheet read UTF-8 as such."""

_BEGINS_FORMULA: Final = frozenset("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - the wide signs are meant
_WIDEST: Final = 60
_NARROWEST: Final = 8

Row = Sequence[str]


class Sheet(Protocol):
    """A table that is being written; its rows are added a part at a time, and none is kept."""

    def add(self, rows: Iterable[Row]) -> None:
        """Write rows below those that there are."""

    def close(self) -> None:
        """Write what belongs to the end; the file itself stays open."""


class CsvSheet:
    """CSV in UTF-8 with a byte order mark; no cell can become a formula where it is opened.

    A text that would be one begins with an apostrophe, as spreadsheets hide it.
    """

    def __init__(self, target: BinaryIO, heading: Row, *, separator: str) -> None:
        """Begin a table in a file."""
        self._text = io.TextIOWrapper(target, encoding="utf-8", newline="")
        self._text.write(BYTE_ORDER_MARK)
        self._writer = csv.writer(self._text, delimiter=separator, lineterminator="\r\n")
        self.add([heading])

    def add(self, rows: Iterable[Row]) -> None:
        """Write rows below those that there are."""
        self._writer.writerows([_harmless(cell) for cell in row] for row in rows)

    def close(self) -> None:
        """Write what belongs to the end; the file itself stays open."""
        self._text.detach()


def _harmless(cell: str) -> str:
    text = cell.replace("\x00", "")
    return f"'{text}" if text.lstrip(" ")[:1] in _BEGINS_FORMULA and text.strip() else text


class XlsxSheet:
    """A workbook of one sheet: texts only, the heading frozen, every column to be filtered."""

    def __init__(self, target: BinaryIO, heading: Row, *, name: str) -> None:
        """Begin a table in a file; ``name`` is at most 31 characters of what a sheet may be called.

        Rows lie in a temporary file until the end.
        """
        # Loaded when needed, so that no start waits for it; it brings no types.
        import xlsxwriter  # type: ignore[import-untyped]  # noqa: PLC0415 - see above

        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = xlsxwriter.Workbook(target, options)
        self._sheet = self._book.add_worksheet(name)
        self._widths = [len(text) for text in heading]
        self._rows = 1
        self._sheet.write_row(0, 0, heading, self._book.add_format({"bold": True, "bottom": 1}))

    def add(self, rows: Iterable[Row]) -> None:
        """Write rows below those that there are."""
        for number, row in enumerate(rows, start=self._rows):
            for column, cell in enumerate(row):
                if cell:
                    self._sheet.write_string(number, column, cell)
                    self._widths[column] = max(self._widths[column], len(cell))
            self._rows = number + 1

    def close(self) -> None:
        """Write what belongs to the end; the file itself stays open."""
        sheet = self._sheet
        for column, width in enumerate(self._widths):
            sheet.set_column(column, column, min(max(width + 2, _NARROWEST), _WIDEST))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, self._rows - 1, len(self._widths) - 1)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        self._book.close()
