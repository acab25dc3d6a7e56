import pytest

from ringbinder.kit.errors import (
    ConflictError,
    FieldErrors,
    FieldProblems,
    ForbiddenError,
    NotFoundError,
    RingbinderError,
    UnauthorizedError,
    all_error_types,
    field_path,
)
from ringbinder.kit.paging import BadCursor

pytestmark = pytest.mark.unit

# The classes made here take no new code: the registry would keep it for the other tests.


class BinderIsArchived(ConflictError):
    """The binder is archived.

    Nothing in it changes.
    """


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UnauthorizedError, 401),
        (ForbiddenError, 403),
        (NotFoundError, 404),
        (BinderIsArchived, 409),
        (RingbinderError, 500),
    ],
)
def test_statuses(error: type[RingbinderError], status: int) -> None:
    assert error().status == status


def test_the_detail_is_what_was_said_or_the_first_line_of_the_docstring() -> None:
    assert BinderIsArchived("Hus A is archived.").detail == "Hus A is archived."
    assert BinderIsArchived().detail == str(BinderIsArchived()) == "The binder is archived."


def test_headers_are_kept_and_cannot_be_changed() -> None:
    given = {"Retry-After": "1"}
    error = RingbinderError("Wait.", headers=given)
    given.clear()
    assert dict(error.headers) == {"Retry-After": "1"}
    assert dict(RingbinderError("Wait.").headers) == {}


def test_errors_with_a_code_are_registered_and_bases_are_not() -> None:
    registered = all_error_types()
    assert registered["request.invalid"] is FieldErrors
    assert registered["cursor.invalid"] is BadCursor
    assert list(registered) == sorted(registered)
    assert {ConflictError, NotFoundError, BinderIsArchived}.isdisjoint(registered.values())


def test_a_code_can_be_taken_once() -> None:
    with pytest.raises(TypeError, match=r"cursor\.invalid of BadCursor"):
        type("Other", (ConflictError,), {"code": "cursor.invalid"})
    assert all_error_types()["cursor.invalid"] is BadCursor


@pytest.mark.parametrize(
    ("parts", "path"),
    [
        (("MetadataFilters", 0, "metadataElementId"), "MetadataFilters[0].metadataElementId"),
        (("pageSize",), "pageSize"),
        (("a", 1, 2), "a[1][2]"),
        ((0, "a"), "[0].a"),
        ((), "$"),
    ],
)
def test_field_paths(parts: tuple[str | int, ...], path: str) -> None:
    assert field_path(parts) == path


def test_all_problems_are_raised_at_once() -> None:
    problems = FieldProblems()
    assert not problems
    problems.raise_if_any()
    problems.add("b", "First.")
    problems.add(("a", 0), "Second.")
    problems.add("b", "Third.")
    problems.add("b", "First.")
    assert problems
    with pytest.raises(FieldErrors) as caught:
        problems.raise_if_any()
    assert caught.value.status == 400
    assert caught.value.errors == {"b": ["First.", "Third."], "a[0]": ["Second."]}


def test_several_errors_are_joined() -> None:
    one = FieldErrors({"a": ["First."], "b": ["Second."]})
    other = FieldErrors({"a": ["Third.", "First."]})
    assert FieldErrors.joined([one, other]).errors == {"a": ["First.", "Third."], "b": ["Second."]}
    assert one.errors["a"] == ["First."]
