import csv
import io
import re
import zipfile
from html import unescape

import pytest

from ringbinder.kit.sheets import csv_file, xlsx_file

pytestmark = pytest.mark.unit

HOSTILE = ('=HYPERLINK("http://x";"y")', "+1", "-1+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", " =1")
HEADING = ("Namn", "Status")


def test_csv_is_read_back_with_its_mark_and_separator() -> None:
    made = csv_file(HEADING, [("Plan; 1 åäö.pdf", 'a "b"')], separator=";").decode()
    assert made.startswith("\ufeffNamn;Status\r\n")
    rows = list(csv.reader(io.StringIO(made[1:], newline=""), delimiter=";"))
    assert rows == [list(HEADING), ["Plan; 1 åäö.pdf", 'a "b"']]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_csv_is_a_formula(text: str) -> None:
    made = csv_file((text,), [(text,)], separator=";").decode()[1:]
    for row in csv.reader(io.StringIO(made, newline=""), delimiter=";"):
        assert row == [f"'{text}"]


def test_no_cell_of_a_workbook_is_a_formula_or_a_link() -> None:
    texts = (*HOSTILE, "https://example.com/", "007")
    made = xlsx_file("Lista", HEADING, [(text, "") for text in texts])
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        strings = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    found = [unescape(text) for text in re.findall(r"<t[^>]*>([^<]*)</t>", strings)]
    assert found == [*HEADING, *texts]
