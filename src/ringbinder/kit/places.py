"""Places among siblings that stand in an order."""

from collections.abc import Hashable, Sequence
from typing import Literal


def position_after_move(
    places: Sequence[tuple[Hashable, int]], moved: Hashable, to: Literal["up", "down"]
) -> int | None:
    """Give the position that one of several in their order takes; None where it stays."""
    names = [name for name, _ in places]
    index = names.index(moved) if moved in names else -1
    if to == "up" and index > 0:
        return places[index - 1][1]
    if to == "down" and 0 <= index < len(places) - 1:
        return places[index + 1][1] + 1
    return None
