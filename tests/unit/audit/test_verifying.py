"""Whatever is done to an export, the verifier names it."""

import io
import json
import re
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringbinder.features.audit.rules import writing
from ringbinder.features.audit.rules.reports import Fault, Problem, Report
from ringbinder.features.audit.rules.verifying import verify
from ringbinder.features.evidence.types import Action, Entry, Subject
from ringbinder.kit.chains import record_hash
from ringbinder.kit.ids import new_guid
from tests.factories.audit import PERSON, Trail, a_trail, an_actor

pytestmark = pytest.mark.unit

TRAIL = a_trail()
LINES = TRAIL.export()
WHOLE = b"".join(LINES)


def split(content: bytes) -> list[bytes]:
    """Cut into lines as a file does when it is read."""
    return io.BytesIO(content).readlines()


def problem_of(report: Report) -> Problem:
    assert report.problem is not None
    return report.problem


def event_of(line: bytes) -> int | None:
    """Give the sequence of the event that a line is."""
    parsed = json.loads(line)
    sequence: int | None = parsed["record"]["sequence"] if parsed["kind"] == "event" else None
    return sequence


def test_an_untouched_export_is_good() -> None:
    report = verify(LINES)
    assert report.problem is None
    assert (report.events, report.checkpoints, report.signed_until) == (12, 3, 12)
    assert report.keys == (TRAIL.key.thumbprint(),)
    assert TRAIL.key.thumbprint() in report.notes[0]


@settings(max_examples=1500)
@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_any_flipped_byte_is_found_and_its_event_named(position: int, flip: int) -> None:
    flipped = bytearray(WHOLE)
    flipped[position] ^= flip
    problem = problem_of(verify(split(bytes(flipped))))
    line, end = 0, len(LINES[0])
    while position >= end:
        line += 1
        end += len(LINES[line])
    sequence = event_of(LINES[line])
    if sequence is None:
        return
    # A line end that is gone takes the next line along; what it belongs to is still named.
    assert problem.sequence == sequence, problem


@pytest.mark.parametrize("digit", "0123456789")
def test_a_changed_number_is_named_by_its_place(digit: str) -> None:
    for number, line in enumerate(LINES):
        changed = re.sub(rb'"sequence":[0-9]', b'"sequence":' + digit.encode(), line)
        if changed == line:
            continue
        problem = problem_of(verify([*LINES[:number], changed, *LINES[number + 1 :]]))
        assert problem.sequence == event_of(line)


@pytest.mark.parametrize("number", range(len(LINES)))
def test_any_dropped_row_is_found(number: int) -> None:
    problem = problem_of(verify([*LINES[:number], *LINES[number + 1 :]]))
    sequence = event_of(LINES[number])
    if sequence is not None:
        assert (problem.fault, problem.sequence) == (Fault.MISSING, sequence), problem
    elif number == len(LINES) - 1:
        assert problem.fault is Fault.CUT
    elif number > 0:
        assert problem.fault is Fault.MISSING
        assert "checkpoint" in problem.sentence


@pytest.mark.parametrize("number", range(1, len(LINES) - 1))
def test_any_row_that_comes_twice_is_found(number: int) -> None:
    problem = problem_of(verify([*LINES[: number + 1], *LINES[number:]]))
    assert problem.sequence == event_of(LINES[number]) or event_of(LINES[number]) is None


@pytest.mark.parametrize(("one", "other"), list(combinations(range(len(LINES)), 2)))
def test_any_two_swapped_rows_are_found(one: int, other: int) -> None:
    swapped = list(LINES)
    swapped[one], swapped[other] = swapped[other], swapped[one]
    problem = problem_of(verify(swapped))
    events = [event_of(LINES[number]) for number in (one, other)]
    if one > 0 and other < len(LINES) - 1 and None not in events:
        assert problem.fault is Fault.REORDERED
        assert problem.sequence == events[0]
        assert f"Event {events[0]} " in problem.sentence


@pytest.mark.parametrize("kept", range(len(LINES)))
def test_a_cut_end_is_found(kept: int) -> None:
    problem = problem_of(verify(LINES[:kept]))
    assert problem.fault in {Fault.CUT, Fault.UNREADABLE}
    middle = [*LINES[:kept], LINES[kept][:-9]]
    assert not verify(middle).is_good


def test_something_behind_the_trailer_is_found() -> None:
    assert not verify([*LINES, b"\n"]).is_good
    assert not verify([*LINES, LINES[1]]).is_good


# ── What somebody does who knows how it works, but has no key ─────────────────────────────────────


def test_a_rehashed_event_does_not_follow() -> None:
    lines = list(LINES)
    line = json.loads(lines[4])
    line["record"]["action"] = "api:document:deleted"
    line["hash"] = record_hash(line["record"]).hex()
    lines[4] = writing.line(line)
    problem = problem_of(verify(lines))
    assert (problem.fault, problem.sequence) == (Fault.CHANGED, 4)


def test_a_rewritten_history_contradicts_its_checkpoints() -> None:
    forged = Trail(key=TRAIL.key)
    for _ in range(12):
        forged.add()
    forged.checkpoints = dict(TRAIL.checkpoints)
    problem = problem_of(verify(forged.export()))
    assert (problem.fault, problem.sequence) == (Fault.FORGED, 5)


def test_a_history_under_another_key_contradicts_what_was_taken_away() -> None:
    forged = a_trail()
    assert verify(forged.export()).is_good
    taken = TRAIL.checkpoints[10].signed
    problem = problem_of(verify(forged.export(), taken=[taken]))
    assert problem.fault is Fault.FORGED
    assert TRAIL.key.thumbprint() in problem.sentence
    pinned = problem_of(verify(forged.export(), fingerprints=[TRAIL.key.thumbprint()]))
    assert pinned.fault is Fault.FORGED


def test_even_the_owner_of_the_key_cannot_rewrite_what_was_taken_away() -> None:
    forged = Trail(key=TRAIL.key)
    for _ in range(12):
        forged.add()
    forged.vouch()
    assert verify(forged.export()).is_good
    problem = problem_of(verify(forged.export(), taken=[TRAIL.checkpoints[10].signed]))
    assert (problem.fault, problem.sequence) == (Fault.CHANGED, 10)


def test_even_the_owner_of_the_key_cannot_cut_what_was_taken_away() -> None:
    short = Trail(key=TRAIL.key, events=TRAIL.events[:8])
    short.vouch()
    assert verify(short.export()).is_good
    problem = problem_of(verify(short.export(), taken=[TRAIL.checkpoints[10].signed]))
    assert (problem.fault, problem.sequence) == (Fault.CUT, 9)


def test_a_longer_trail_contains_what_was_taken_away() -> None:
    longer = Trail(key=TRAIL.key, events=list(TRAIL.events), checkpoints=dict(TRAIL.checkpoints))
    for _ in range(5):
        longer.add()
    longer.vouch()
    taken = [checkpoint.signed for checkpoint in TRAIL.checkpoints.values()]
    report = verify(longer.export(), taken=taken, fingerprints=[TRAIL.key.thumbprint()])
    assert report.problem is None
    assert report.notes == ()


@pytest.mark.parametrize("place", range(3))
def test_a_taken_checkpoint_that_was_changed_is_refused(place: int) -> None:
    segments = TRAIL.checkpoints[10].signed.split(".")
    for end in (segments[place][:-1] + "A", segments[place][:-2] + "_" + segments[place][-1]):
        changed = [*segments[:place], end, *segments[place + 1 :]]
        if changed != segments:
            problem = problem_of(verify(LINES, taken=[".".join(changed)]))
            assert problem.fault is Fault.FORGED
    assert problem_of(verify(LINES, taken=["", "x"])).fault is Fault.FORGED


def test_a_checkpoint_signed_by_another_key_is_refused() -> None:
    other = a_trail()
    lines = [
        writing.line(writing.checkpoint_line(other.checkpoints[5]))
        if json.loads(line)["kind"] == "checkpoint"
        else line
        for line in LINES
    ]
    assert problem_of(verify(lines)).fault is Fault.FORGED


def test_another_organisation_is_named() -> None:
    other = Trail(organisation_id=new_guid(), key=TRAIL.key)
    for _ in range(12):
        other.add()
    other.vouch()
    problem = problem_of(verify(LINES, taken=[other.checkpoints[12].signed]))
    assert problem.fault is Fault.FOREIGN
    assert str(other.organisation_id) in problem.sentence
    mixed = list(LINES)
    mixed[3] = other.export()[3]
    problem = problem_of(verify(mixed))
    assert (problem.fault, problem.sequence) == (Fault.FOREIGN, 3)
    assert problem_of(verify([other.export()[0], *LINES[1:]])).fault is Fault.FOREIGN


# ── Erased persons ────────────────────────────────────────────────────────────────────────────────


def with_erased(*, told: bool) -> Trail:
    trail = Trail(key=TRAIL.key, events=[replace(event, actor=None) for event in TRAIL.events])
    if told:
        trail.add(
            Entry(
                actor=replace(an_actor(), id=None, name="operator"),
                action=Action.PERSON_ERASED,
                subject=Subject(type="person", id=str(PERSON)),
                before=None,
                after={"asActor": 12, "asObject": 0},
                trace_id=None,
            )
        )
    trail.vouch()
    return trail


def test_an_erased_person_leaves_the_chain_valid() -> None:
    report = verify(with_erased(told=True).export(), taken=[TRAIL.checkpoints[10].signed])
    assert report.problem is None
    assert report.erased_parts == 12


def test_what_is_gone_without_an_erasure_is_named() -> None:
    problem = problem_of(verify(with_erased(told=False).export()))
    assert (problem.fault, problem.sequence) == (Fault.UNEXPLAINED, 1)


def test_an_operator_cannot_have_been_erased() -> None:
    trail = Trail(key=TRAIL.key)
    trail.add(
        Entry(
            actor=replace(an_actor(), id=None, name="operator"),
            action=Action.ORGANISATION_UPDATED,
            subject=Subject(type="organisation", id="x"),
            before=None,
            after=None,
            trace_id=None,
        )
    )
    trail.events = [replace(event, actor=None) for event in trail.events]
    trail.vouch()
    problem = problem_of(verify(trail.export()))
    assert (problem.fault, problem.sequence) == (Fault.CHANGED, 1)


# ── What is no export ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"null\n",
        b"{}\n",
        b"[" * 100 + b"\n",
        b'{"kind":"event"}\n',
        b"\xff\xfe\n",
        b"sequence,at\r\n",
        LINES[1],
        LINES[-1],
    ],
)
def test_what_is_no_export_is_refused(content: bytes) -> None:
    problem = problem_of(verify(split(content)))
    assert problem.fault in {Fault.UNREADABLE, Fault.CUT}


@given(st.binary(max_size=200))
def test_any_garbage_is_refused_in_a_sentence(garbage: bytes) -> None:
    assert problem_of(verify(split(garbage))).sentence.endswith(".")
    assert problem_of(verify([LINES[0], garbage])).sentence.endswith(".")


# ── Cells ─────────────────────────────────────────────────────────────────────────────────────────


@given(st.text())
def test_no_cell_begins_a_formula_and_each_can_be_given_back(text: str) -> None:
    cell = writing.inert(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert cell.removeprefix("'") == text
