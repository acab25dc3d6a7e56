"""Today's API differs from each released one only by additions."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.breaking import breaking_changes, broken_promises

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
RELEASED = sorted((REFERENCE / "released").iterdir())
ADVICE = "Add instead, or see docs/decisions/0060-promises.md:"

pytestmark = pytest.mark.unit


def read(folder: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / name).read_text())
    return found


def test_there_is_something_to_compare_with() -> None:
    assert RELEASED


@pytest.mark.parametrize("released", RELEASED, ids=lambda folder: folder.name)
def test_nothing_breaks_since(released: Path) -> None:
    breaks = [
        *breaking_changes(read(released, "openapi.json"), read(REFERENCE, "openapi.json")),
        *broken_promises(read(released, "promises.json"), read(REFERENCE, "promises.json")),
    ]
    assert not breaks, "\n".join([ADVICE, *breaks])
