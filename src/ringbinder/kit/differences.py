"""What differs between two states."""

from collections.abc import Mapping
from typing import Any


def changed_only(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Keep of two states only the fields that differ; one that a state lacks is left out of it."""
    differing = [
        name
        for name in {**before, **after}
        if (name in before) != (name in after) or before.get(name) != after.get(name)
    ]
    return (
        {name: before[name] for name in differing if name in before},
        {name: after[name] for name in differing if name in after},
    )
