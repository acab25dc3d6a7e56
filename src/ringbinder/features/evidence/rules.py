"""How something that was done becomes an event of the chain, without input or output."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from ringbinder.features.evidence.types import (
    PERSONAL_MEMBERS,
    AuditRecord,
    Entry,
    PersonalPart,
    Subject,
)
from ringbinder.kit.canonical import canonical_json
from ringbinder.kit.chains import commitment, new_salt, record_hash

Members = Mapping[str, Any] | None

_RECORDED: Final = tuple(column.name for column in fields(AuditRecord))


@dataclass(frozen=True, slots=True)
class Written:
    """The rows of one event, and its hash."""

    event: dict[str, Any]
    personal: list[dict[str, Any]]
    hash: bytes


@dataclass(frozen=True, slots=True)
class _Personal:
    """What an event says of a person, under a salt."""

    part: PersonalPart
    salt: bytes
    members: dict[str, Any]

    @property
    def commitment(self) -> bytes:
        return commitment(self.salt, self.members)

    def row(self, sequence: int) -> dict[str, Any]:
        return {
            "sequence": sequence,
            "part": int(self.part),
            "salt": self.salt,
            "name": self.members["name"],
            "address": self.members.get("address"),
            "before_json": _json(self.members.get("before")),
            "after_json": _json(self.members.get("after")),
        }


def written(entry: Entry, *, id: UUID, sequence: int, at: datetime, after: bytes) -> Written:  # noqa: A002 - what the column is called
    """Put an entry behind the event of this hash."""
    actor, subject = entry.actor, entry.subject
    of_actor = _Personal(
        PersonalPart.ACTOR, new_salt(), {"address": actor.address, "name": actor.name}
    )
    was, became = _plain(entry.before), _plain(entry.after)
    of_object = _of_object(subject, was, became)
    record = AuditRecord(
        id=id,
        sequence=sequence,
        at=at,
        action=f"{actor.source}:{entry.action}",
        actor_kind=str(actor.kind),
        actor_id=actor.id,
        actor_commitment=of_actor.commitment,
        object_type=subject.type,
        object_id=subject.id,
        object_name=None if subject.names_person else subject.name,
        object_commitment=of_object.commitment if of_object else None,
        binder_id=subject.binder_id,
        before_json=_json(_impersonal(was, subject)),
        after_json=_json(_impersonal(became, subject)),
        trace_id=entry.trace_id,
        previous_hash=after,
    )
    digest = record_hash(record.members(actor.organisation_id))
    personal = [part.row(sequence) for part in (of_actor, of_object) if part]
    return Written(event={**_columns(record), "hash": digest}, personal=personal, hash=digest)


def _columns(record: AuditRecord) -> dict[str, Any]:
    return {name: getattr(record, name) for name in _RECORDED}


def _plain(members: Members) -> Members:
    """Make texts of what JSON does not know, such as GUIDs."""
    plain: Members = msgspec.to_builtins(members)
    return plain


def _of_object(subject: Subject, was: Members, became: Members) -> _Personal | None:
    if not subject.names_person:
        return None
    members = {"after": _naming(became), "before": _naming(was), "name": subject.name}
    return _Personal(PersonalPart.OBJECT, new_salt(), members)


def _naming(members: Members) -> dict[str, Any] | None:
    return dict(_chosen(members, personal=True)) or None


def _impersonal(members: Members, subject: Subject) -> Members:
    if members is None or not subject.names_person:
        return members
    return dict(_chosen(members, personal=False))


def _chosen(members: Members, *, personal: bool) -> Iterator[tuple[str, Any]]:
    for name, value in (members or {}).items():
        if (name in PERSONAL_MEMBERS) is personal:
            yield name, value


def _json(members: Members) -> str | None:
    return None if members is None else canonical_json(members).decode()
