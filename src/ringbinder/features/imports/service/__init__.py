"""What people do with imports."""

from ringbinder.features.imports.service.batches import (
    BETWEEN_NAMES,
    make_places,
    plan_batch,
    settable,
)
from ringbinder.features.imports.service.beginning import (
    begin_uploads,
    give_up_uploads,
    look_at_uploads,
)
from ringbinder.features.imports.service.importer import Importer

__all__ = [
    "BETWEEN_NAMES",
    "Importer",
    "begin_uploads",
    "give_up_uploads",
    "look_at_uploads",
    "make_places",
    "plan_batch",
    "settable",
]
