from collections.abc import Sequence
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringbinder.features.imports.rules import assign_names, may_be_unchanged
from ringbinder.features.imports.types import Present
from ringbinder.kit.names import comparison_key

pytestmark = pytest.mark.unit

Files = Sequence[tuple[str, str | None]]


def present(*documents: tuple[str, str]) -> list[Present]:
    return [
        Present(UUID(int=number), name, comparison_key(name), sha256, 1, "[]")
        for number, (name, sha256) in enumerate(documents)
    ]


def after(files: Files, before: Sequence[Present]) -> list[Present]:
    """Give the documents as an import leaves them."""
    documents = {document.id: document for document in before}
    for (_, sha256), found in zip(files, assign_names(files, before), strict=True):
        key = comparison_key(found.file_name)
        own_id = found.present.id if found.present else UUID(int=1000 + len(documents))
        documents[own_id] = Present(own_id, found.file_name, key, sha256 or "", 1, "[]")
    return list(documents.values())


def names(files: Files, before: Sequence[Present] = ()) -> list[tuple[str, int | None]]:
    """Give each file's name and the number of the document that it is."""
    return [
        (found.file_name, int(found.present.id) if found.present else None)
        for found in assign_names(files, before)
    ]


def test_names_that_count_as_the_same_are_both_kept() -> None:
    files = [("PLAN 1.PDF", "a"), ("Plan 1.pdf", "b")]
    assert names(files) == [("PLAN 1.PDF", None), ("Plan 1 (2).pdf", None)]


def test_a_repetition_finds_the_same_documents() -> None:
    files = [("PLAN 1.PDF", "a"), ("Plan 1.pdf", "b")]
    documents = after(files, [])
    assert [found.present for found in assign_names(files, documents)] == documents


def test_both_changed_at_once_find_their_own_documents() -> None:
    documents = present(("PLAN 1.PDF", "a"), ("Plan 1 (2).pdf", "b"))
    files = [("PLAN 1.PDF", "c"), ("Plan 1.pdf", "d")]
    assert names(files, documents) == [("PLAN 1.PDF", 0), ("Plan 1 (2).pdf", 1)]


def test_the_one_that_is_left_finds_its_own_document() -> None:
    documents = present(("PLAN 1.PDF", "a"), ("Plan 1 (2).pdf", "b"))
    assert names([("Plan 1.pdf", "b")], documents) == [("Plan 1 (2).pdf", 1)]


def test_a_newcomer_does_not_take_anothers_document() -> None:
    documents = present(("Plan 1.pdf", "b"))
    files = [("PLAN 1.PDF", "a"), ("Plan 1.pdf", "b")]
    assert names(files, documents) == [("PLAN 1 (2).PDF", None), ("Plan 1.pdf", 0)]


def test_of_two_with_the_same_name_the_bytes_tell_whose_document_it_is() -> None:
    documents = present(("x.pdf", "b"), ("x (2).pdf", "c"))
    files = [("x.pdf", "a"), ("x.pdf", "b"), ("x.pdf", "c")]
    assert names(files, documents) == [("x (3).pdf", None), ("x.pdf", 0), ("x (2).pdf", 1)]


def test_a_number_that_is_another_files_own_name_is_left_to_it() -> None:
    files = [("PLAN 1.PDF", "a"), ("Plan 1 (2).pdf", "b"), ("Plan 1.pdf", "c")]
    assert names(files) == [
        ("PLAN 1.PDF", None),
        ("Plan 1 (2).pdf", None),
        ("Plan 1 (3).pdf", None),
    ]


def test_a_number_that_is_somebody_elses_document_is_left_to_it() -> None:
    documents = present(("PLAN 1 (2).pdf", "x"))
    files = [("PLAN 1.PDF", "a"), ("Plan 1.pdf", "b")]
    assert names(files, documents)[1] == ("Plan 1 (3).pdf", None)


def test_a_changed_file_is_a_new_version_of_its_document() -> None:
    documents = present(("Plan 1.pdf", "a"), ("Plan 1 (2).pdf", "b"))
    assert names([("Plan 1.pdf", "b")], documents) == [("Plan 1.pdf", 0)]


def test_a_name_in_other_letters_is_the_same_document() -> None:
    assert names([("plan 1.pdf", "b")], present(("Plan 1.pdf", "a"))) == [("plan 1.pdf", 0)]


def test_unread_files_are_told_apart_by_name() -> None:
    documents = present(("a.pdf", "x"))
    assert names([("a.pdf", None), ("b.pdf", None)], documents) == [("a.pdf", 0), ("b.pdf", None)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Plan 1.pdf", True), ("PLAN 1.pdf", True), ("Plan 2.pdf", False), ("Plan.pdf", False)],
)
def test_a_digest_is_wanted_where_a_document_may_be_the_same(name: str, *, expected: bool) -> None:
    assert may_be_unchanged(name, present(("plan 1.pdf", "a"))) is expected
    assert may_be_unchanged(name, present((f"{name[:-4]} (7).pdf", "a")))
    assert not may_be_unchanged(name, [])


FILE_NAMES = st.sampled_from(["a.pdf", "A.pdf", "a (2).pdf", "A (2).PDF", "å.pdf", "a\u030a.pdf"])
FILES = st.lists(st.tuples(FILE_NAMES, st.sampled_from("abcd")), max_size=7)


@given(FILES, FILES)
def test_no_two_files_ever_become_one_document(files: Files, earlier: Files) -> None:
    documents = after(earlier, [])
    found = [comparison_key(one.file_name) for one in assign_names(files, documents)]
    assert len(set(found)) == len(found)


@given(FILES, FILES)
def test_a_second_run_changes_nothing(files: Files, earlier: Files) -> None:
    documents = after(files, after(earlier, []))
    again = assign_names(files, documents)
    by_id = {document.id: document for document in documents}
    for (_, sha256), found in zip(files, again, strict=True):
        assert found.present is not None
        assert by_id[found.present.id].sha256 == sha256


@given(FILES, FILES)
def test_every_content_is_there_afterwards(files: Files, earlier: Files) -> None:
    documents = after(files, after(earlier, []))
    assert {sha256 for _, sha256 in files} <= {document.sha256 for document in documents}
