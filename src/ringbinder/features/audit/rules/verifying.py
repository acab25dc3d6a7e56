"""The verifier: reads an export once, in memory that does not grow, and names what is wrong.

It trusts nothing but the fingerprints and checkpoints that it is given. Without them it shows that
the export is whole and as its own keys signed it; with them, that these are the right keys and that
an earlier state is contained unchanged.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from joserfc.jwk import ECKey

from ringbinder.features.audit.rules import statements
from ringbinder.features.audit.rules.reading import (
    AnyLine,
    CheckpointLine,
    EventLine,
    HeaderLine,
    Record,
    TrailerLine,
    hash_of,
    read_line,
    read_record,
)
from ringbinder.features.audit.rules.reports import Fault, ProblemFound, Report
from ringbinder.features.audit.rules.writing import (
    FORMAT,
    VERSION,
    actor_members,
    object_members,
)
from ringbinder.features.audit.types import Coverage
from ringbinder.features.evidence.types import Action
from ringbinder.kit.canonical import canonical_json
from ringbinder.kit.chains import commitment, content_digest, genesis, record_hash
from ringbinder.kit.merkle import Frontier


def verify(
    lines: Iterable[bytes], *, taken: Sequence[str] = (), fingerprints: Sequence[str] = ()
) -> Report:
    """Check an export, line by line with their line ends.

    ``taken`` are checkpoints that were taken away before: the export must contain what they cover,
    unchanged. ``fingerprints`` are of the keys that may have signed; without any, those that the
    export itself names.
    """
    reading = _Reading(iter(lines))
    try:
        _Verifier(reading, taken, fingerprints).run()
    except ProblemFound as found:
        reading.report.problem = found.problem
    return reading.report


@dataclass(slots=True)
class _Reading:
    """The lines, where we are, and what was found so far."""

    lines: Iterator[bytes]
    report: Report = field(default_factory=Report)
    number: int = 0
    digest: Any = field(default_factory=hashlib.sha256)
    digest_before: str = ""

    def next(self) -> AnyLine | None:
        """Give the next line, or None behind the last."""
        raw = next(self.lines, None)
        if raw is None:
            return None
        self.number += 1
        self.digest_before = self.digest.hexdigest()
        self.digest.update(raw)
        try:
            return read_line(raw)
        except ValueError:
            raise self.unreadable() from None

    def unreadable(self) -> ProblemFound:
        """Name the line that cannot be read by the event that should be there."""
        last = self.report.last_sequence
        if self.number == 1:
            return ProblemFound(
                Fault.UNREADABLE,
                "This is no audit export in JSON Lines, or its first line was changed.",
            )
        after = "the header" if last is None else f"event {last}"
        return ProblemFound(
            Fault.UNREADABLE,
            f"Line {self.number}, behind {after}, is not as an export writes it.",
            sequence=(last or (self.report.first_sequence or 1) - 1) + 1,
        )

    def comes_later(self, sequence: int) -> bool:
        """Look through all that is left for an event."""
        sought = b'"sequence":%d,' % sequence
        return any(sought in raw for raw in self.lines)


class _Verifier:
    def __init__(
        self, reading: _Reading, taken: Sequence[str], fingerprints: Sequence[str]
    ) -> None:
        self._reading = reading
        self._report = reading.report
        self._taken_statements = taken
        self._fingerprints = fingerprints
        self._keys: Mapping[str, ECKey] = {}
        self._signers: set[str] = set()
        self._hash = b""
        self._frontier: Frontier | None = None
        self._awaited: dict[int, list[dict[str, Any]]] = {}
        self._erased: dict[str, int] = {}
        self._explained: set[str] = set()

    def run(self) -> None:
        header = self._reading.next()
        if not isinstance(header, HeaderLine):
            raise self._reading.unreadable()
        self._begin(header)
        while not isinstance(line := self._reading.next(), TrailerLine):
            if isinstance(line, EventLine):
                self._event(line)
            elif isinstance(line, CheckpointLine):
                self._checkpoint(line)
            elif line is None:
                raise self._cut()
            else:
                raise self._reading.unreadable()
        self._trailer(line)
        self._conclude()

    # ── The header ────────────────────────────────────────────────────────────────────────────────

    def _begin(self, header: HeaderLine) -> None:
        if header.format != FORMAT or header.version != VERSION:
            raise ProblemFound(Fault.UNREADABLE, "The export's format is not known here.")
        self._header = header
        self._report.organisation_id = str(header.organisation_id)
        self._report.coverage = str(header.coverage)
        self._is_whole = header.coverage is not Coverage.FILTERED
        self._take_keys(header)
        try:
            self._hash = hash_of(header.starting_hash)
        except ValueError:
            raise ProblemFound(Fault.CHANGED, "The header's starting hash is none.") from None
        if header.coverage is Coverage.COMPLETE:
            self._frontier = Frontier()
        self._check_beginning(header)
        self._expect_taken()

    def _check_beginning(self, header: HeaderLine) -> None:
        begins_at_first = header.first_sequence == 1
        is_genesis = self._hash == genesis(header.organisation_id)
        if begins_at_first != is_genesis or (self._frontier and not begins_at_first):
            raise ProblemFound(
                Fault.CHANGED, "The chain does not begin with its organisation, as the header says."
            )

    def _take_keys(self, header: HeaderLine) -> None:
        try:
            self._keys = statements.public_keys(header.keys)
        except statements.StatementError as error:
            raise ProblemFound(Fault.FORGED, f"The header {error}.") from error
        unknown = [one for one in self._fingerprints if one not in self._keys]
        if self._fingerprints and len(unknown) == len(self._fingerprints):
            raise ProblemFound(
                Fault.FORGED, f"The export does not know the key {', '.join(unknown)}."
            )

    def _expect_taken(self) -> None:
        for statement in self._taken_statements:
            content = self._stated(statements.CHECKPOINT, statement, "The checkpoint that you gave")
            if content["organisationId"] != str(self._header.organisation_id):
                raise ProblemFound(
                    Fault.FOREIGN,
                    f"The checkpoint that you gave is of organisation {content['organisationId']}, "
                    f"the export of {self._header.organisation_id}.",
                )
            self._awaited.setdefault(content["sequence"], []).append(content)

    # ── Events ────────────────────────────────────────────────────────────────────────────────────

    def _event(self, line: EventLine) -> None:
        try:
            record = read_record(line.record)
        except ValueError:
            raise self._reading.unreadable() from None
        found = self._own_hash(line, record)
        self._check_place(record)
        self._check_owner(record)
        self._check_link(record)
        self._hash = found
        self._check_contents(line, record)
        self._check_actor(line, record)
        self._check_object(line, record)
        if record.action.endswith(f":{Action.PERSON_ERASED}"):
            self._explained.add(record.object_id)
        self._move_on(record)

    def _move_on(self, record: Record) -> None:
        report = self._report
        report.events += 1
        if report.first_sequence is None:
            report.first_sequence = record.sequence
        report.last_sequence, report.last_hash = record.sequence, self._hash.hex()
        if self._frontier is not None:
            self._frontier.add(self._hash)
        for content in self._awaited.pop(record.sequence, ()):
            self._check_covered(content, "The checkpoint that you gave", Fault.CHANGED)

    def _expected(self) -> int:
        last = self._report.last_sequence
        return self._header.first_sequence if last is None else last + 1

    def _check_place(self, record: Record) -> None:
        expected, found = self._expected(), record.sequence
        if found == expected or (not self._is_whole and found > expected):
            return
        if found < expected:
            raise ProblemFound(
                Fault.REPEATED,
                f"Event {found} stands where {expected} belongs: it comes too late or twice.",
                sequence=found,
            )
        if self._reading.comes_later(expected):
            raise ProblemFound(
                Fault.REORDERED,
                f"Event {expected} is not in its place: {found} stands there.",
                sequence=expected,
            )
        raise self._missing(expected, f"event {found} stands in its place")

    def _missing(self, sequence: int, instead: str) -> ProblemFound:
        return ProblemFound(
            Fault.MISSING, f"Event {sequence} is missing: {instead}.", sequence=sequence
        )

    def _check_owner(self, record: Record) -> None:
        if record.organisation_id != self._report.organisation_id:
            raise ProblemFound(
                Fault.FOREIGN,
                f"Event {record.sequence} is of organisation {record.organisation_id}, the export "
                f"of {self._report.organisation_id}.",
                sequence=record.sequence,
            )

    def _own_hash(self, line: EventLine, record: Record) -> bytes:
        """Give the event's hash, which must be the one that stands beside it.

        If it is not, even its number may be wrong, so it is named by its place.
        """
        found = record_hash(line.record)
        if found.hex() != line.hash:
            sequence = self._expected() if self._is_whole else record.sequence
            raise self._changed(sequence, "what was recorded")
        return found

    def _check_link(self, record: Record) -> None:
        if self._is_whole and record.previous_hash != self._hash.hex():
            before = record.sequence - 1
            raise ProblemFound(
                Fault.CHANGED,
                f"Event {record.sequence} does not follow from event {before}: "
                "one of them is not what was recorded.",
                sequence=max(before, self._header.first_sequence),
            )

    def _check_contents(self, line: EventLine, record: Record) -> None:
        for name, content, digest in (
            ("was before", line.before, record.before),
            ("came after", line.after, record.after),
        ):
            found = None if content is None else content_digest(canonical_json(content)).hex()
            if found != digest:
                raise self._changed(record.sequence, f"what {name}")

    def _check_actor(self, line: EventLine, record: Record) -> None:
        actor = line.actor
        if actor is None:
            self._note_erased(record, record.actor_id)
            return
        members = actor_members(actor.name, actor.address)
        if not _is_committed(actor.salt, members, record.actor_commitment):
            raise self._changed(record.sequence, "who acted, by name and address")

    def _check_object(self, line: EventLine, record: Record) -> None:
        named = line.object
        if named is None:
            if record.object_commitment is not None:
                self._note_erased(record, record.object_id)
            return
        members = object_members(named.name, named.before, named.after)
        if not _is_committed(named.salt, members, record.object_commitment):
            raise self._changed(record.sequence, "who the object was")

    def _note_erased(self, record: Record, person_id: str | None) -> None:
        if person_id is None:
            raise self._changed(record.sequence, "who acted, which nothing erases here")
        self._report.erased_parts += 1
        self._erased.setdefault(person_id, record.sequence)

    def _changed(self, sequence: int, what: str) -> ProblemFound:
        return ProblemFound(
            Fault.CHANGED,
            f"Event {sequence} was changed: {what} is not what was hashed.",
            sequence=sequence,
        )

    # ── Checkpoints ───────────────────────────────────────────────────────────────────────────────

    def _checkpoint(self, line: CheckpointLine) -> None:
        name = f"The checkpoint behind event {self._report.last_sequence or 0}"
        content = self._stated(statements.CHECKPOINT, line.signed, name)
        if content["organisationId"] != self._report.organisation_id:
            raise ProblemFound(Fault.FOREIGN, f"{name} is of another organisation.")
        self._check_order(content["sequence"])
        self._check_covered(content, name, Fault.FORGED)
        self._report.checkpoints += 1
        self._report.signed_until = content["sequence"]

    def _check_order(self, sequence: int) -> None:
        last = self._report.last_sequence
        if last is not None and sequence == last:
            return
        if last is not None and sequence < last:
            raise ProblemFound(
                Fault.REORDERED,
                f"The checkpoint of event {sequence} stands behind event {last}.",
                sequence=sequence,
            )
        expected = self._expected()
        if self._reading.comes_later(expected):
            raise ProblemFound(
                Fault.REORDERED,
                f"Event {expected} is not in its place: a checkpoint of event {sequence} is there.",
                sequence=expected,
            )
        raise self._missing(expected, f"a checkpoint of event {sequence} follows")

    def _check_covered(self, content: Mapping[str, Any], name: str, fault: Fault) -> None:
        root = self._frontier and self._frontier.root().hex()
        if content["headHash"] != self._hash.hex() or root not in {None, content["root"]}:
            raise ProblemFound(
                fault,
                f"{name} covers other events than these: up to event {content['sequence']} at "
                "least one was changed since, with all that follows it.",
                sequence=content["sequence"],
            )

    def _stated(self, kind: str, statement: str, name: str) -> dict[str, Any]:
        try:
            signer, content = statements.content_of(kind, statement, self._keys)
        except statements.StatementError as error:
            raise ProblemFound(Fault.FORGED, f"{name} {error}.") from error
        if self._fingerprints and signer not in self._fingerprints:
            raise ProblemFound(
                Fault.FORGED, f"{name} is signed by the key {signer}, which you did not name."
            )
        if kind == statements.CHECKPOINT and not _is_checkpoint(content):
            raise ProblemFound(Fault.FORGED, f"{name} says nothing that can be checked.")
        self._signers.add(signer)
        return content

    # ── The end ───────────────────────────────────────────────────────────────────────────────────

    def _cut(self) -> ProblemFound:
        last = self._report.last_sequence
        behind = "the header" if last is None else f"event {last}"
        return ProblemFound(
            Fault.CUT,
            f"The export ends behind {behind}, without its trailer: its end was cut off.",
            sequence=self._expected(),
        )

    def _trailer(self, line: TrailerLine) -> None:
        if self._reading.next() is not None:
            raise ProblemFound(Fault.CHANGED, "Something stands behind the trailer.")
        self._check_counts(line)
        stated = self._stated(statements.EXPORT, line.signed, "The trailer")
        said = {
            "organisationId": self._report.organisation_id,
            "events": line.events,
            "checkpoints": line.checkpoints,
            "lastSequence": line.last_sequence,
            "lastHash": line.last_hash,
            "sha256": line.sha256,
        }
        if stated != said:
            raise ProblemFound(Fault.FORGED, "The trailer says something else than was signed.")
        if line.sha256 != self._reading.digest_before:
            raise ProblemFound(
                Fault.CHANGED,
                "The events are in order, but something else in the export, such as its header, "
                "is not as it was signed.",
            )

    def _check_counts(self, line: TrailerLine) -> None:
        report = self._report
        last = report.last_sequence
        if line.last_sequence is not None and line.last_sequence != last:
            sequence = self._expected() if self._is_whole else line.last_sequence
            raise self._missing(sequence, f"the trailer says that {line.last_sequence} is the last")
        if line.events != report.events or line.last_hash != report.last_hash:
            raise ProblemFound(
                Fault.MISSING,
                f"The trailer counts {line.events} events, but there are {report.events}.",
            )
        if line.checkpoints != report.checkpoints:
            raise ProblemFound(
                Fault.MISSING,
                f"The trailer counts {line.checkpoints} checkpoints, but there are "
                f"{report.checkpoints}.",
            )

    def _conclude(self) -> None:
        self._report.keys = tuple(sorted(self._signers))
        self._check_taken_were_met()
        if self._header.coverage is Coverage.COMPLETE:
            self._check_erasures()
            if self._report.signed_until != self._report.last_sequence:
                raise ProblemFound(
                    Fault.CUT, "A complete export ends with a checkpoint, and this one does not."
                )
        self._report.notes = tuple(self._notes())

    def _check_taken_were_met(self) -> None:
        last = self._report.last_sequence or 0
        beyond = [sequence for sequence in self._awaited if sequence > last]
        if beyond and self._header.coverage is Coverage.COMPLETE:
            raise ProblemFound(
                Fault.CUT,
                f"Event {last + 1} is missing: the checkpoint that you gave covers {min(beyond)} "
                f"events, but the export ends with event {last}.",
                sequence=last + 1,
            )

    def _check_erasures(self) -> None:
        for person_id, sequence in self._erased.items():
            if person_id not in self._explained:
                raise ProblemFound(
                    Fault.UNEXPLAINED,
                    f"Event {sequence} no longer says who {person_id} was, but no event tells that "
                    "this person was erased.",
                    sequence=sequence,
                )

    def _notes(self) -> Iterator[str]:
        if self._header.coverage is Coverage.FILTERED:
            yield "The export is filtered: what is in it is genuine, what is missing is not known."
        if self._header.coverage is Coverage.RANGE:
            yield "The export is a range: nothing is missing within it."
        if self._awaited:
            outside = ", ".join(map(str, sorted(self._awaited)))
            yield f"Not in this export, so not checked: the checkpoint of event {outside}."
        if not self._fingerprints and not self._taken_statements:
            keys = ", ".join(self._report.keys)
            yield f"Compare the fingerprint of the signing key with one that you noted: {keys}"


def _is_committed(salt: str, members: Mapping[str, Any], expected: str | None) -> bool:
    try:
        return commitment(hash_of(salt), members).hex() == expected
    except ValueError:
        return False


def _is_checkpoint(content: Mapping[str, Any]) -> bool:
    texts = ("organisationId", "root", "headHash", "at")
    sequence = content.get("sequence")
    return (
        all(isinstance(content.get(name), str) for name in texts)
        and isinstance(sequence, int)
        and not isinstance(sequence, bool)
    )
