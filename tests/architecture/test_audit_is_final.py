"""Nothing in API, command line or code changes or deletes an audit event."""

import re
from pathlib import Path

import pytest

from ringbinder.access.permissions import Permission
from ringbinder.web.registry import operations_of
from tests.support.world import World

SOURCE = Path(__file__).parents[2] / "src" / "ringbinder"
MIGRATIONS = SOURCE / "db" / "migrations"
FINAL = r"audit_events|audit_checkpoints|audit_keys"

CHANGES = re.compile(
    rf"(?:update|delete|insert_or|dialect_insert)\(\s*(?:{FINAL}|audit_personal)\b"
    rf"|(?:{FINAL}|audit_personal)\.(?:update|delete)\("
    rf"|(?i:update\s+|delete\s+from\s+|truncate\s+|replace\s+into\s+)(?:{FINAL}|audit_personal)\b"
)

ALLOWED = {
    "features/audit/repository/checkpoints.py": ["insert_or(audit_checkpoints"],
    "features/audit/repository/personal.py": ["delete(audit_personal"],
}
"""A checkpoint that is there already stays as it is; erasing a person is what may be deleted."""


def changes_in(file: Path) -> list[str]:
    return ["".join(found.group().split()) for found in CHANGES.finditer(file.read_text())]


@pytest.mark.unit
def test_no_statement_changes_an_event() -> None:
    found = {
        str(file.relative_to(SOURCE)): changes
        for file in SOURCE.rglob("*.py")
        if MIGRATIONS not in file.parents and (changes := changes_in(file))
    }
    assert found == ALLOWED


@pytest.mark.unit
@pytest.mark.parametrize(
    "code",
    [
        "update(audit_events)",
        "delete(\n    audit_events",
        "audit_events.delete()",
        "session.insert_or(audit_events, rows)",
        'text("DELETE FROM audit_events")',
        'text("replace into  audit_checkpoints")',
    ],
)
def test_such_a_statement_would_be_seen(code: str) -> None:
    assert CHANGES.search(code)


@pytest.mark.api
@pytest.mark.db
def test_every_operation_on_the_audit_trail_only_looks(world: World) -> None:
    """What is not a GET is a search, or makes a further checkpoint."""
    audit = [one for one in operations_of(world.app) if one.id.startswith("Audit_")]
    assert {one.permission for one in audit} == {Permission.READ_AUDIT}
    others = {one.id for one in audit if one.method != "GET"}
    assert others == {"Audit_searchEvents", "Audit_createCheckpoint"}
    elsewhere = [one for one in operations_of(world.app) if "audit" in one.path.lower()]
    assert len(elsewhere) == len(audit)
