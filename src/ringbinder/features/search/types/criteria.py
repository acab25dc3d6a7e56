"""What the database is asked: conditions on documents, with numbers in place of names."""

from dataclasses import dataclass

from ringbinder.features.evidence.types import Counted
from ringbinder.features.search.types.asked import Operator


@dataclass(frozen=True, slots=True)
class OneOf:
    """The value is one of these."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """The value lies before or behind a bound."""

    operator: Operator
    bound: str


@dataclass(frozen=True, slots=True)
class TextPart:
    """The text contains or begins with a term, compared without case.

    ``term`` is a comparison key. ``long_texts`` are the cut index values that match as well.
    """

    operator: Operator
    term: str
    long_texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Anything:
    """There is a value."""


ValueTest = OneOf | Between | TextPart | Anything


@dataclass(frozen=True, slots=True)
class InBinders:
    """The document is in one of these binders."""

    keys: frozenset[int]


@dataclass(frozen=True, slots=True)
class InFolders:
    """The document is directly in one of these folders, which are in these binders."""

    keys: frozenset[int]
    binders: frozenset[int]


@dataclass(frozen=True, slots=True)
class InFolderTypes:
    """The document's folder is of one of these types."""

    types: frozenset[str]


@dataclass(frozen=True, slots=True)
class HasValue:
    """The document has a value of an element that passes the test.

    ``is_counted`` tells that the counters know each value of the element.
    """

    element_key: int
    test: ValueTest
    is_counted: bool = False


Positive = InBinders | InFolders | InFolderTypes | HasValue


@dataclass(frozen=True, slots=True)
class Negated:
    """The document does not meet the condition."""

    condition: Positive


Condition = Positive | Negated


@dataclass(frozen=True, slots=True)
class Criteria:
    """What a document must meet: the place, all conditions, one of each group, and the name.

    ``binders`` and ``folders`` are None for all of them. ``term`` is a comparison key.
    """

    binders: frozenset[int] | None = None
    folders: frozenset[int] | None = None
    conditions: tuple[Condition, ...] = ()
    groups: tuple[tuple[Condition, ...], ...] = ()
    term: str | None = None


@dataclass(frozen=True, slots=True)
class CounterSum:
    """Counters whose sum is wanted; None stands for every binder or subject."""

    kind: Counted
    binders: frozenset[int] | None = None
    subjects: frozenset[int] | None = None
    value: str | None = None
