"""What an event says of before and after, put side by side for people."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ringbinder.features.audit.types import AuditEvent

_LONGEST: Final = 300
_SEPARATOR: Final = " · "


@dataclass(frozen=True, slots=True)
class Change:
    """One member of what was before and after; None where it was not there."""

    name: str
    before: str | None
    after: str | None


def changes_of(event: AuditEvent) -> list[Change]:
    """Give what an event changed, member by member."""
    before, after = members_of(event.before_json), members_of(event.after_json)
    names = dict.fromkeys([*before, *after])
    return [Change(name, before.get(name), after.get(name)) for name in names]


def members_of(text: str | None) -> dict[str, str]:
    """Give the members of what was before or after, those inside of others by their path."""
    return {} if text is None else dict(_flat("", json.loads(text)))


def _flat(path: str, value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat(f"{path}.{name}" if path else name, inner)
    else:
        yield path or "value", _written(value)


def _written(value: Any) -> str:  # noqa: ANN401 - any JSON
    if isinstance(value, Sequence) and not isinstance(value, str):
        text = _SEPARATOR.join(_short(item) for item in value)
    else:
        text = _short(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _short(value: Any) -> str:  # noqa: ANN401 - any JSON
    """Write one value; of an object that has them, its key and its label."""
    if isinstance(value, Mapping):
        shown = [value[name] for name in ("metadataElementId", "label", "value") if value.get(name)]
        return ": ".join(map(str, shown)) or json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    return str(value)
