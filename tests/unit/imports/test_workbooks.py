"""Registers as XLSX: the same rows as CSV, and nothing that a hostile file could do."""

import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from ringbinder.features.imports.errors import RegisterUnreadableError, RegisterWithoutPathsError
from ringbinder.features.imports.rules import read_register
from ringbinder.features.imports.rules.workbooks import LARGEST_UNPACKED_BYTES

pytestmark = pytest.mark.unit


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.create_sheet("Annat").append(["fil", "annat"])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def packed(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def test_the_first_sheet_is_read_as_people_see_it() -> None:
    register = read_register(
        workbook(
            ["Ritningsförteckning Åkern"],
            [],
            ["Fil", "Nummer", "Flik", "Datum", "Granskad", "Skala"],
            ["Plan 1.pdf", 101.0, "Ritningar/El", datetime(2024, 1, 15), True, 0.5],  # noqa: DTZ001
            ["Plan 2.pdf", "007", None, date(2024, 2, 1), False, None],
        )
    )
    first, second = register.rows
    assert register.columns == ("Nummer", "Datum", "Granskad", "Skala")
    assert (first.line, first.path, first.place) == (4, "Plan 1.pdf", ("Ritningar", "El"))
    assert first.cells == {
        "Nummer": "101",
        "Datum": "2024-01-15",
        "Granskad": "true",
        "Skala": "0.5",
    }
    assert second.cells == {"Nummer": "007", "Datum": "2024-02-01", "Granskad": "false"}


def test_a_sheet_without_paths_is_said_to_have_none() -> None:
    with pytest.raises(RegisterWithoutPathsError):
        read_register(workbook(["a", "b"], [1, 2]))


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 and then nothing of the kind",
        packed(readme=b"a zip, but no workbook"),
        workbook(["fil"], ["a.pdf"])[:-400],
    ],
)
def test_what_is_no_workbook_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(RegisterUnreadableError):
        read_register(data)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = packed(**{"xl/workbook.xml": bytes(LARGEST_UNPACKED_BYTES + 1)})
    assert len(bomb) < 1 << 20
    with pytest.raises(RegisterUnreadableError, match="when unpacked"):
        read_register(bomb)
