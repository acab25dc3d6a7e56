import unicodedata

import pytest

from ringbinder.features.imports.rules import match_rows
from ringbinder.features.imports.types import RegisterRow

pytestmark = pytest.mark.unit

ROOT = ("home", "leverans", "files")


def matched(files: list[str], paths: list[str]) -> dict[str, str]:
    """Match, and give the row's path for each file that has one."""
    rows = [RegisterRow(line, path, None, {"n": str(line)}) for line, path in enumerate(paths, 2)]
    found = match_rows([tuple(file.split("/")) for file in files], rows, root=ROOT)
    assert not found.refused
    return {files[number]: row.path for number, row in found.rows.items()}


@pytest.mark.parametrize(
    "path",
    [
        "A/Plan 1.pdf",
        "./A/Plan 1.pdf",
        "A\\Plan 1.pdf",
        "files/A/Plan 1.pdf",
        "/home/leverans/files/A/Plan 1.pdf",
        "C:\\Projekt\\A\\Plan 1.pdf",
        "a/plan 1.PDF",
        "Plan 1.pdf",
        " plan 1.pdf ",
        "elsewhere/Plan 1.pdf",
    ],
)
def test_a_path_is_found_however_it_is_written(path: str) -> None:
    assert matched(["A/Plan 1.pdf", "A/Plan 2.pdf"], [path]) == {"A/Plan 1.pdf": path}


def test_exact_letters_come_first() -> None:
    files = ["PLAN 1.PDF", "Plan 1.pdf", unicodedata.normalize("NFD", "å.pdf"), "å.pdf"]
    assert matched(files, files[::-1]) == {name: name for name in files}


def test_a_path_comes_before_a_name() -> None:
    files = ["ritningar/Plan 1.pdf", "arkiv/plan 1.pdf"]
    assert matched(files, ["Ritningar/plan 1.pdf"]) == {files[0]: "Ritningar/plan 1.pdf"}


def test_the_file_beside_the_register_comes_before_one_below() -> None:
    files = ["x.pdf", "a/x.pdf"]
    assert matched(files, ["files/x.pdf"]) == {"x.pdf": "files/x.pdf"}


def test_a_name_that_several_files_have_finds_none() -> None:
    rows = [RegisterRow(2, "x.pdf", None, {})]
    found = match_rows([("a", "x.pdf"), ("b", "x.pdf")], rows)
    assert found.rows == {}
    assert [row.reason for row in found.without_file] == [
        "Line 2: Several files have this name; give the path."
    ]


def test_a_row_is_not_taken_for_another_rows_file() -> None:
    rows = [RegisterRow(2, "a/x.pdf", None, {}), RegisterRow(3, "b/x.pdf", None, {})]
    found = match_rows([("a", "x.pdf")], rows)
    assert found.rows == {0: rows[0]}
    assert [(row.shown, row.reason) for row in found.without_file] == [
        ("b/x.pdf", "Line 3: There is no such file.")
    ]


def test_rows_that_differ_leave_the_file_refused() -> None:
    rows = [RegisterRow(line, "x.pdf", None, {"title": str(line)}) for line in (5, 9)]
    found = match_rows([("x.pdf",)], rows)
    assert found.rows == {}
    assert found.refused == {0: "The register says different things about it in the lines 5, 9."}


def test_rows_that_say_the_same_are_one() -> None:
    rows = [RegisterRow(line, "x.pdf", ("A",), {"title": "t"}) for line in (5, 9)]
    assert match_rows([("x.pdf",)], rows).rows == {0: rows[0]}


def test_a_path_of_slashes_names_no_file() -> None:
    found = match_rows([("x.pdf",)], [RegisterRow(2, "/./", None, {})])
    assert [row.reason for row in found.without_file] == ["Line 2: The path names no file."]
