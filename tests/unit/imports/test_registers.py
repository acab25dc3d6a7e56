from pathlib import Path

import pytest

from ringbinder.features.imports.errors import (
    RegisterColumnTwiceError,
    RegisterUnreadableError,
    RegisterWithoutPathsError,
)
from ringbinder.features.imports.rules import read_register
from ringbinder.features.imports.types import Register

pytestmark = pytest.mark.unit

TEXT = "Fil;Kategori;Titel\r\nPlan 1.pdf;Ritning;Översikt åäö\r\n"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TEXT.encode(), id="utf-8"),
        pytest.param(TEXT.encode("utf-8-sig"), id="utf-8 with mark"),
        pytest.param(TEXT.encode("utf-16"), id="utf-16 with mark"),
        pytest.param(b"\xfe\xff" + TEXT.encode("utf-16-be"), id="utf-16 the other way round"),
        pytest.param(TEXT.encode("utf-16-le"), id="utf-16 without mark"),
        pytest.param(TEXT.encode("utf-16-be"), id="utf-16 the other way round without mark"),
        pytest.param(TEXT.encode("cp1252"), id="windows-1252"),
        pytest.param(TEXT.replace(";", ",").encode(), id="comma"),
        pytest.param(TEXT.replace(";", "\t").encode(), id="tab"),
        pytest.param(TEXT.replace("\r\n", "\n").encode(), id="line feeds"),
        pytest.param(TEXT.replace("\r\n", "\r").encode(), id="carriage returns"),
        pytest.param(b"sep=;\r\n" + TEXT.encode(), id="declared delimiter"),
        pytest.param(("Projekt Kastanjen\r\n\r\n" + TEXT).encode(), id="titles above"),
        pytest.param(TEXT.replace("Fil", " FIL ").encode(), id="head in capitals"),
    ],
)
def test_what_spreadsheets_write_is_read(data: bytes) -> None:
    register = read_register(data)
    assert register.columns == ("Kategori", "Titel")
    (row,) = register.rows
    assert (row.path, row.place) == ("Plan 1.pdf", None)
    assert row.cells == {"Kategori": "Ritning", "Titel": "Översikt åäö"}


def lines(*texts: str) -> Register:
    return read_register("\n".join(texts).encode())


def test_a_delimiter_inside_quotes_does_not_divide() -> None:
    register = lines("path,title,tab", '"a,b.pdf","Plan; ""ny""\nrad 2",A/B', "c.pdf,,")
    first, second = register.rows
    assert (first.line, first.path, first.place) == (2, "a,b.pdf", ("A", "B"))
    assert first.cells == {"title": 'Plan; "ny"\nrad 2'}
    assert (second.line, second.cells, second.place) == (4, {}, None)


def test_blanks_around_a_path_belong_to_it() -> None:
    assert lines("path,title", "  a.pdf ,  b ").rows[0].path == "  a.pdf "
    assert lines("path,title", "  a.pdf ,  b ").rows[0].cells == {"title": "b"}


def test_rows_without_a_path_are_left_out() -> None:
    assert [row.path for row in lines("path,title", ",x", "  ,y", "a,z", "", "b").rows] == [
        "a",
        "b",
    ]


def test_the_path_column_comes_before_the_file_name() -> None:
    register = lines("Filnamn,path,tab", "a.pdf,x/a.pdf,\\Ritningar\\ A \\")
    assert register.rows[0].path == "x/a.pdf"
    assert register.rows[0].cells == {"Filnamn": "a.pdf"}
    assert register.rows[0].place == ("Ritningar", "A")


def test_a_column_without_a_name_is_left_out() -> None:
    assert lines("path,,title", "a,b,c").rows[0].cells == {"title": "c"}


def test_a_register_must_name_files() -> None:
    with pytest.raises(RegisterWithoutPathsError, match="filnamn"):
        lines("title,number", "a,b")


def test_an_empty_register_names_no_files() -> None:
    with pytest.raises(RegisterWithoutPathsError):
        read_register(b"")


def test_a_name_cannot_stand_above_two_columns() -> None:
    with pytest.raises(RegisterColumnTwiceError, match="Revision date"):
        lines("path,revision_date,Revision date", "a,b,c")


@pytest.mark.parametrize("data", [b"\x00\x01\x02", bytes(range(256)), b"path\x00,a\n"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(RegisterUnreadableError):
        read_register(data)


def test_a_cell_that_never_ends_is_refused_with_its_line() -> None:
    with pytest.raises(RegisterUnreadableError, match="line 3"):
        lines("path,title", "a,b", '"' + "x" * 200_000)


def test_the_example_projects_register_is_read() -> None:
    path = Path(__file__).parents[4] / "shared" / "corpus" / "register.csv"
    if not path.exists():
        pytest.skip("the corpus of example files is not on this machine")
    register = read_register(path.read_bytes())
    assert len(register.rows) == 143
    assert "revision_date" in register.columns
