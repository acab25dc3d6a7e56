import csv
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from functools import partial
from html import unescape
from typing import BinaryIO

import pytest

from ringbinder.kit.sheets import CsvSheet, Row, Sheet, XlsxSheet

pytestmark = pytest.mark.unit

HOSTILE = ('=HYPERLINK("http://x";"y")', "+1", "-1+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", " =1")
HEADING = ("Namn", "Status")


def written(begin: Callable[[BinaryIO], Sheet], *parts: Sequence[Row]) -> bytes:
    """Write rows part by part; gives the file."""
    file = io.BytesIO()
    sheet = begin(file)
    for rows in parts:
        sheet.add(iter(rows))
    sheet.close()
    return file.getvalue()


def test_csv_is_read_back_with_its_mark_and_separator() -> None:
    made = written(
        partial(CsvSheet, heading=HEADING, separator=";"), [("Plan; 1 åäö.pdf", 'a "b"')], []
    ).decode()
    assert made.startswith("\ufeffNamn;Status\r\n")
    rows = list(csv.reader(io.StringIO(made[1:], newline=""), delimiter=";"))
    assert rows == [list(HEADING), ["Plan; 1 åäö.pdf", 'a "b"']]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_csv_is_a_formula(text: str) -> None:
    made = written(partial(CsvSheet, heading=(text,), separator=";"), [(text,)]).decode()[1:]
    for row in csv.reader(io.StringIO(made, newline=""), delimiter=";"):
        assert row == [f"'{text}"]


def test_no_cell_of_a_workbook_is_a_formula_or_a_link() -> None:
    texts = (*HOSTILE, "https://example.com/", "007")
    rows = [(text, "") for text in texts]
    made = written(partial(XlsxSheet, heading=HEADING, name="Lista"), rows[:3], rows[3:])
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    found = [unescape(text) for text in re.findall(r"<t[^>]*>([^<]*)</t>", sheet)]
    assert found == [*HEADING, *texts]
