"""What a verifier finds."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Fault(StrEnum):
    """What kind of wrong something is."""

    UNREADABLE = "unreadable"
    """Not an export, or a line that nobody wrote so."""
    CHANGED = "changed"
    MISSING = "missing"
    REORDERED = "reordered"
    REPEATED = "repeated"
    FOREIGN = "foreign"
    """Of another organisation."""
    CUT = "cut"
    """The end is not there."""
    FORGED = "forged"
    """A signature, or what it vouches for, is wrong."""
    UNEXPLAINED = "unexplained"
    """Something is erased, and no event tells of it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """The first thing that is wrong, in one sentence; ``sequence`` is the event's, if it is one."""

    fault: Fault
    sequence: int | None
    sentence: str


class ProblemFound(Exception):
    """Ends the reading of an export."""

    def __init__(self, fault: Fault, sentence: str, *, sequence: int | None = None) -> None:
        """State it."""
        super().__init__(sentence)
        self.problem = Problem(fault, sequence, sentence)


@dataclass(slots=True)
class Report:
    """What an export was found to be."""

    organisation_id: str | None = None
    coverage: str | None = None
    events: int = 0
    first_sequence: int | None = None
    last_sequence: int | None = None
    last_hash: str | None = None
    checkpoints: int = 0
    signed_until: int | None = None
    keys: tuple[str, ...] = ()
    erased_parts: int = 0
    notes: tuple[str, ...] = ()
    problem: Problem | None = None

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong."""
        return self.problem is None

    def document(self) -> dict[str, Any]:
        """Give it for programs."""
        problem = self.problem and {
            "fault": str(self.problem.fault),
            "sequence": self.problem.sequence,
            "sentence": self.problem.sentence,
        }
        return {
            "valid": self.is_good,
            "problem": problem,
            "organisationId": self.organisation_id,
            "coverage": self.coverage,
            "events": self.events,
            "firstSequence": self.first_sequence,
            "lastSequence": self.last_sequence,
            "lastHash": self.last_hash,
            "checkpoints": self.checkpoints,
            "signedUntil": self.signed_until,
            "keys": list(self.keys),
            "erasedParts": self.erased_parts,
            "notes": list(self.notes),
        }
