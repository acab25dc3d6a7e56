"""Tables as files that office programs open: CSV and XLSX."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

BYTE_ORDER_MARK: Final = "\ufeff"
"""Lets a spreadsheet read UTF-8 as such."""

_BEGINS_FORMULA: Final = frozenset("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - the wide signs are meant
_WIDEST: Final = 60
_NARROWEST: Final = 8

Row = Sequence[str]


def csv_file(heading: Row, rows: Iterable[Row], *, separator: str) -> bytes:
    """Write CSV in UTF-8 with a byte order mark; no cell can become a formula where it is opened.

    A text that would be one begins with an apostrophe, as spreadsheets hide it.
    """
    made = io.StringIO(newline="")
    writer = csv.writer(made, delimiter=separator, lineterminator="\r\n")
    for row in (heading, *rows):
        writer.writerow([_harmless(cell) for cell in row])
    return (BYTE_ORDER_MARK + made.getvalue()).encode()


def _harmless(cell: str) -> str:
    text = cell.replace("\x00", "")
    return f"'{text}" if text.lstrip(" ")[:1] in _BEGINS_FORMULA and text.strip() else text


def xlsx_file(name: str, heading: Row, rows: Iterable[Row]) -> bytes:
    """Write a workbook of one sheet: texts only, the heading frozen, every column to be filtered.

    ``name`` is at most 31 characters of what a sheet may be called.
    """
    # Loaded when needed, so that no start waits for it; it brings no types.
    import xlsxwriter  # type: ignore[import-untyped]  # noqa: PLC0415 - see above

    made = io.BytesIO()
    options = {
        "in_memory": True,
        "constant_memory": False,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(made, options) as book:
        sheet = book.add_worksheet(name)
        bold = book.add_format({"bold": True, "bottom": 1})
        widths = [len(text) for text in heading]
        sheet.write_row(0, 0, heading, bold)
        number = 0
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, column, cell)
                    widths[column] = max(widths[column], len(cell))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(max(width + 2, _NARROWEST), _WIDEST))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, number, len(heading) - 1)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
    return made.getvalue()
