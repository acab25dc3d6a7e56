"""How something that was done becomes an event of the chain, without input or output."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
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
from ringbinder.kit.chains import commitment_of, record_hash

Members = Mapping[str, Any] | None

_RECORDED: Final = tuple(column.name for column in fields(AuditRecord))
_recorded: Final = attrgetter(*_RECORDED)

_NOWHERE: Final = 0
"""Stands for the number of an event until it has one."""


@dataclass(frozen=True, slots=True)
class Written:
    """The rows of one event, and its hash."""

    event: dict[str, Any]
    personal: list[dict[str, Any]]
    hash: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """An event that has everything but its place in the chain."""

    event: dict[str, Any]
    personal: list[dict[str, Any]]
    members: dict[str, Any]
    """What is hashed."""

    def at(self, sequence: int, *, after: bytes) -> Written:
        """Put it behind the event of this hash; it is used up by this."""
        self.members.update(sequence=sequence, previousHash=after.hex())
        digest = record_hash(self.members)
        self.event.update(sequence=sequence, previous_hash=after, hash=digest)
        for row in self.personal:
            row["sequence"] = sequence
        return Written(self.event, self.personal, digest)


@dataclass(frozen=True, slots=True)
class _Personal:
    """What an event says of a person, under a salt."""

    part: PersonalPart
    salt: bytes
    members: dict[str, Any]

    canonical: bytes

    @property
    def commitment(self) -> bytes:
        return commitment_of(self.salt, self.canonical)

    def row(self) -> dict[str, Any]:
        return {
            "sequence": _NOWHERE,
            "part": int(self.part),
            "salt": self.salt,
            "name": self.members["name"],
            "address": self.members.get("address"),
            "before_json": _json(self.members.get("before")),
            "after_json": _json(self.members.get("after")),
        }


def drafted(
    entry: Entry,
    *,
    id: UUID,  # noqa: A002 - what the column is called
    at: datetime,
    salts: Iterator[bytes],
) -> Draft:
    """Make an event of an entry; it takes at most two salts."""
    actor, subject = entry.actor, entry.subject
    names, canonical = _names_of_actor(actor.address, actor.name)
    of_actor = _Personal(PersonalPart.ACTOR, next(salts), names, canonical)
    was, became = _plain(entry.before), _plain(entry.after)
    of_object = _of_object(subject, was, became, salts)
    record = AuditRecord(
        id=id,
        sequence=_NOWHERE,
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
        previous_hash=b"",
    )
    personal = [part.row() for part in (of_actor, of_object) if part]
    return Draft(_columns(record), personal, record.members(actor.organisation_id))


def _columns(record: AuditRecord) -> dict[str, Any]:
    return dict(zip(_RECORDED, _recorded(record), strict=True))


def _plain(members: Members) -> Members:
    """Make texts of what JSON does not know, such as GUIDs."""
    plain: Members = msgspec.to_builtins(members)
    return plain


@lru_cache(maxsize=16)
def _names_of_actor(address: str | None, name: str) -> tuple[dict[str, Any], bytes]:
    members = {"address": address, "name": name}
    return members, canonical_json(members)


def _of_object(
    subject: Subject, was: Members, became: Members, salts: Iterator[bytes]
) -> _Personal | None:
    if not subject.names_person:
        return None
    members = {"after": _naming(became), "before": _naming(was), "name": subject.name}
    return _Personal(PersonalPart.OBJECT, next(salts), members, canonical_json(members))


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
