"""Whether what was found out about an organisation still holds, for whoever remembers it."""

from ringbinder.db.prepared import Prepared
from ringbinder.db.sessions import Database
from ringbinder.features.search import repository


class Standing:
    """Asks for changes of anything but documents."""

    def __init__(self, database: Database) -> None:
        """Prepare nothing yet."""
        self._database = database
        self._statement: Prepared | None = None

    async def since(self, organisation_key: int, sequence: int) -> repository.State:
        """Give the number of the last change, and tell whether what was known at one holds now."""
        if self._statement is None:
            self._statement = repository.prepare_state(self._database)
        return await repository.read_state(
            self._database, organisation_key, self._statement, sequence
        )
