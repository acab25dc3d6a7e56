"""What every other part stands on."""

from dataclasses import dataclass

from ringbinder.adapters.storage import ObjectStore
from ringbinder.db.sessions import Database
from ringbinder.kit.clock import Clock
from ringbinder.kit.sealing import Sealer
from ringbinder.settings import Settings


@dataclass(frozen=True, slots=True)
class Foundation:
    """What every other part stands on: where things are kept, what seals them, what time it is."""

    settings: Settings
    clock: Clock
    database: Database
    storage: ObjectStore
    sealer: Sealer
