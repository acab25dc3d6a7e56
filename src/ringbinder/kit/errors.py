"""Errors as named facts, each with a status and a stable code."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar, Final

_types_by_code: Final[dict[str, type["RingbinderError"]]] = {}


class RingbinderError(Exception):
    """A fact that the application names, answers and documents.

    A subclass sets ``code``, a stable machine word such as ``binder.archived``, and is thereby
    registered; ``status`` is the HTTP status of the answer. A subclass without a code of its own
    is a common base. ``detail`` is a sentence for people: the one given, or else the first line of
    the class's docstring.

    Raises:
        TypeError: when a class takes a code that another has.

    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = ""

    def __init_subclass__(cls, **keywords: object) -> None:
        super().__init_subclass__(**keywords)
        if "code" in vars(cls):
            _register(cls)

    def __init__(
        self,
        detail: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, object] | None = None,
    ) -> None:
        """State the fact, with headers and further members that the answer shall carry."""
        self.detail = detail or _sentence_of(type(self))
        self.headers: Mapping[str, str] = MappingProxyType(dict(headers or {}))
        self.members: Mapping[str, object] = MappingProxyType(dict(members or {}))
        super().__init__(self.detail)


def all_error_types() -> dict[str, type[RingbinderError]]:
    """Give every error with a code, by code, in alphabetical order, as far as it was imported."""
    return dict(sorted(_types_by_code.items()))


def _register(error: type[RingbinderError]) -> None:
    known = _types_by_code.setdefault(error.code, error)
    if known is not error:
        raise TypeError(f"{error.__qualname__} takes the code {error.code} of {known.__qualname__}")


def _sentence_of(error: type[RingbinderError]) -> str:
    lines = (error.__doc__ or "").strip().splitlines()
    return lines[0] if lines else error.code


class UnauthorizedError(RingbinderError):
    """Nobody, or nobody we know, is asking."""

    status = 401


class ForbiddenError(RingbinderError):
    """The caller may not do this."""

    status = 403


class NotFoundError(RingbinderError):
    """It does not exist, or not for this caller."""

    status = 404


class ConflictError(RingbinderError):
    """The present state does not allow it."""

    status = 409


class FieldErrors(RingbinderError):
    """One or more fields are wrong. ``errors`` holds messages by the client's field path."""

    status = 400
    code = "request.invalid"

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        """State what is wrong, by field path as :func:`field_path` writes it."""
        super().__init__("One or more validation errors occurred.")
        self.errors = {path: list(messages) for path, messages in errors.items()}

    @classmethod
    def joined(cls, several: Iterable["FieldErrors"]) -> "FieldErrors":
        """Make one of several; messages about the same field stand together, each once."""
        problems = FieldProblems()
        for one in several:
            problems.include(one)
        return FieldErrors(problems.errors)


class FieldProblems:
    """Collects what is wrong with fields, so that all of it is reported at once."""

    def __init__(self) -> None:
        """Begin with nothing wrong."""
        self._errors: dict[str, list[str]] = {}

    def __bool__(self) -> bool:
        return bool(self._errors)

    @property
    def errors(self) -> dict[str, list[str]]:
        """What was found so far: messages by field path, in the order of finding."""
        return {path: list(messages) for path, messages in self._errors.items()}

    def add(self, path: str | Sequence[str | int], message: str) -> None:
        """Note a sentence about a field; the same sentence about the same field counts once."""
        messages = self._errors.setdefault(path if isinstance(path, str) else field_path(path), [])
        if message not in messages:
            messages.append(message)

    def include(self, error: FieldErrors) -> None:
        """Note all that an error holds."""
        for path, messages in error.errors.items():
            for message in messages:
                self.add(path, message)

    def raise_if_any(self) -> None:
        """Do nothing where nothing is wrong.

        Raises:
            FieldErrors: with all that was noted.

        """
        if self._errors:
            raise FieldErrors(self._errors)


def field_path(parts: Iterable[str | int]) -> str:
    """Write a path as clients read it: ``MetadataFilters[0].metadataElementId``; ``$`` for none."""
    written = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return written.removeprefix(".") or "$"
