"""Today's API differs from each released one only by additions."""

import json
from pathlib import Path

import pytest

from tests.support.breaking import breaking_changes

DOCS = Path(__file__).parents[2] / "docs"
RELEASED = sorted((DOCS / "reference" / "released").glob("*.json"))


@pytest.mark.unit
@pytest.mark.parametrize("released", RELEASED, ids=lambda path: path.stem)
def test_nothing_breaks_since(released: Path) -> None:
    today = json.loads((DOCS / "reference" / "openapi.json").read_text())
    breaks = breaking_changes(json.loads(released.read_text()), today)
    assert not breaks, "\n".join(breaks)
