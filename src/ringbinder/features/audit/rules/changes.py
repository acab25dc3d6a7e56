"""What an event says of before and after, put side by side for people."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from ringbinder.features.audit.types import AuditEvent


class Named(Enum):
    """What an id in an event can be of."""

    BINDER = auto()
    FOLDER = auto()
    PARTY = auto()
    """A member, or a group of members."""


NAMED_BY: Final[Mapping[str, Named]] = {
    "binderId": Named.BINDER,
    "folderId": Named.FOLDER,
    "parentId": Named.FOLDER,
    "memberIds": Named.PARTY,
    "viewers": Named.PARTY,
}
"""The members of what was before and after that hold ids."""

_LONGEST: Final = 300
_SEPARATOR: Final = " · "
_NO_NAMES: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Change:
    """One member of what was before and after; None where it was not there."""

    name: str
    before: str | None
    after: str | None


def changes_of(event: AuditEvent, called: Mapping[str, str] = _NO_NAMES) -> list[Change]:
    """Give what an event changed, member by member; ``called`` says what ids are of."""
    before, after = members_of(event.before_json, called), members_of(event.after_json, called)
    names = dict.fromkeys([*before, *after])
    return [Change(name, before.get(name), after.get(name)) for name in names]


def ids_in(events: Iterable[AuditEvent]) -> Mapping[Named, set[str]]:
    """Give the ids that events name without a name, by what they are of."""
    found: dict[Named, set[str]] = {kind: set() for kind in Named}
    for event in events:
        found[Named.BINDER].update(_ids(event.record.binder_id))
        for text in (event.before_json, event.after_json):
            told: dict[str, Any] = {} if text is None else json.loads(text)
            for name in NAMED_BY.keys() & told.keys():
                found[NAMED_BY[name]].update(_ids(told[name]))
    return found


def _ids(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str):
            yield _id_in(one)


def _id_in(text: str) -> str:
    """Give an id without the kind that may stand before it."""
    return text.rpartition(":")[2]


def members_of(text: str | None, called: Mapping[str, str] = _NO_NAMES) -> dict[str, str]:
    """Give the members of what was before or after, those inside of others by their path."""
    if text is None:
        return {}
    return {name: _written(value, called) for name, value in _flat("", json.loads(text))}


def _flat(path: str, value: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - any JSON
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat(f"{path}.{name}" if path else name, inner)
    else:
        yield path or "value", value


def _written(value: Any, called: Mapping[str, str]) -> str:  # noqa: ANN401 - any JSON
    several = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    text = _SEPARATOR.join(called.get(_id_in(short), short) for short in map(_short, several))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _short(value: Any) -> str:  # noqa: ANN401 - any JSON
    """Write one value; of an object that has them, its key and its label."""
    if isinstance(value, Mapping):
        shown = [value[name] for name in ("metadataElementId", "label", "value") if value.get(name)]
        return ": ".join(map(str, shown)) or json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    return str(value)
