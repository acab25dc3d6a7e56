"""An audit export as the server writes it, made without a server."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from joserfc.jwk import ECKey

from ringbinder.access.actor import Actor, ActorKind, Source
from ringbinder.access.permissions import Role
from ringbinder.features.audit.rules import statements, writing
from ringbinder.features.audit.types import (
    ActorPart,
    AuditEvent,
    Checkpoint,
    Coverage,
    Head,
    ObjectPart,
)
from ringbinder.features.evidence import rules
from ringbinder.features.evidence.types import Action, AuditRecord, Entry, PersonalPart, Subject
from ringbinder.kit.chains import genesis, new_salts
from ringbinder.kit.merkle import Frontier

ORGANISATION = UUID("0192f0c1-7e5a-7c3e-9d2b-0a1b2c3d4e5f")
PERSON = UUID("0192f0c1-7e5a-7c3e-9d2b-000000000001")
START = datetime(2024, 1, 15, 8, 30, tzinfo=UTC)


def an_actor(organisation_id: UUID = ORGANISATION) -> Actor:
    return Actor(
        kind=ActorKind.CLIENT,
        source=Source.API,
        id=PERSON,
        name="Åsa Öberg",
        role=Role.ADMIN,
        organisation_key=1,
        organisation_id=organisation_id,
        address="192.0.2.17",
    )


def an_entry(number: int, organisation_id: UUID = ORGANISATION) -> Entry:
    """Documents mostly, and now and then a client, which names a person."""
    names_person = number % 4 == 0
    return Entry(
        actor=an_actor(organisation_id),
        action=Action.CLIENT_CREATED if names_person else Action.DOCUMENT_RENAMED,
        subject=Subject(
            type="client" if names_person else "document",
            id=f"object-{number}",
            name=f"Plan {number}.pdf",
            names_person=names_person,
        ),
        before={"fileName": "a", "scale": 0.5} if number % 3 == 0 else None,
        after={"name": "Åsa", "number": number},
        trace_id=f"00-{number:032x}-{number:016x}-01",
    )


@dataclass
class Trail:
    """An organisation's events and checkpoints."""

    organisation_id: UUID = ORGANISATION
    key: ECKey = field(default_factory=statements.new_key)
    events: list[AuditEvent] = field(default_factory=list)
    checkpoints: dict[int, Checkpoint] = field(default_factory=dict)

    @property
    def head(self) -> bytes:
        return self.events[-1].hash if self.events else genesis(self.organisation_id)

    def add(self, entry: Entry | None = None) -> None:
        sequence = len(self.events) + 1
        draft = rules.drafted(
            entry or an_entry(sequence, self.organisation_id),
            id=UUID(int=sequence),
            at=START + timedelta(seconds=sequence, microseconds=sequence),
            salts=new_salts(2),
        )
        self.events.append(_event(draft.at(sequence, after=self.head)))

    def vouch(self) -> Checkpoint:
        """Make a checkpoint of all events."""
        frontier = Frontier()
        for event in self.events:
            frontier.add(event.hash)
        sequence, at, root = len(self.events), START, frontier.root()
        content = writing.checkpoint_content(
            organisation_id=self.organisation_id,
            sequence=sequence,
            root=root,
            head_hash=self.head,
            at=at,
        )
        made = Checkpoint(
            sequence=sequence,
            at=at,
            root=root,
            head_hash=self.head,
            peaks=frontier.peaks,
            key_id=self.key.thumbprint(),
            signed=statements.sign(statements.CHECKPOINT, content, self.key),
        )
        self.checkpoints[sequence] = made
        return made

    def export(self) -> list[bytes]:
        """Write a complete export."""
        lines = [
            writing.line(
                writing.header(
                    organisation_id=self.organisation_id,
                    coverage=Coverage.COMPLETE,
                    first=1,
                    starting_hash=genesis(self.organisation_id),
                    conditions=None,
                    exported_at=START,
                    keys=[dict(self.key.as_dict(private=False))],
                )
            )
        ]
        for event in self.events:
            lines.append(writing.line(writing.event_line(event, self.organisation_id)))
            if event.sequence in self.checkpoints:
                made = self.checkpoints[event.sequence]
                lines.append(writing.line(writing.checkpoint_line(made)))
        return [*lines, self.trailer(lines)]

    def trailer(self, lines: list[bytes]) -> bytes:
        """Sign what these lines hold."""
        line = writing.trailer(
            counted={"event": len(self.events), "checkpoint": len(self.checkpoints)},
            head=Head(len(self.events), self.head),
            sha256=hashlib.sha256(b"".join(lines)).hexdigest(),
        )
        stated = {name: value for name, value in line.items() if name != "kind"}
        stated["organisationId"] = str(self.organisation_id)
        signed = statements.sign(statements.EXPORT, stated, self.key)
        return writing.line({**line, "signed": signed})


def a_trail(events: int = 12) -> Trail:
    """Events with a checkpoint behind every fifth and at the end."""
    trail = Trail()
    for number in range(1, events + 1):
        trail.add()
        if number % 5 == 0 or number == events:
            trail.vouch()
    return trail


def _object(row: dict[str, Any]) -> ObjectPart:
    return ObjectPart(row["salt"], row["name"], row["before_json"], row["after_json"])


def _event(written: rules.Written) -> AuditEvent:
    columns: dict[str, Any] = {k: v for k, v in written.event.items() if k != "hash"}
    parts = {row["part"]: row for row in written.personal}
    actor, named = parts[PersonalPart.ACTOR], parts.get(PersonalPart.OBJECT)
    return AuditEvent(
        record=AuditRecord(**columns),
        hash=written.hash,
        actor=ActorPart(actor["salt"], actor["name"], actor["address"]),
        object=_object(named) if named else None,
    )
