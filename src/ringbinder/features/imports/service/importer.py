"""Import a folder."""

import asyncio

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import Database
from ringbinder.features.imports import rules
from ringbinder.features.imports.service import files as file_system
from ringbinder.features.imports.service.errand import Errand
from ringbinder.features.imports.service.run import Run
from ringbinder.features.imports.types import ImportOrder, ImportReport, Register, Watcher
from ringbinder.features.uploads.service import UploadService


class Importer:
    """Imports folders of this machine into binders, by the same rules as the API."""

    def __init__(self, database: Database, uploads: UploadService) -> None:
        """Import into this database, and upload by this service."""
        self._database = database
        self._uploads = uploads

    async def run(self, actor: Actor, order: ImportOrder, watcher: Watcher) -> ImportReport:
        """Import every file of a folder that the binder does not have already.

        Files are written in lots of up to three hundred, each as a whole: what was done stays done,
        and a repetition goes on where the last one stopped. A file that cannot be imported is in
        the report, with a reason; the others of its lot are imported.

        Raises:
            FolderUnreadableError: there is no folder to import.
            RegisterUnreadableError, RegisterWithoutPathsError, RegisterColumnTwiceError: there is
                no register to read.
            BinderNotFoundError, BinderArchivedError: there is no binder to import into.
            RingbinderError: the binder's schema cannot take what the register needs.

        """
        found, refused = await asyncio.to_thread(file_system.find_files, order.folder)
        register = await _register(order)
        root = order.folder.absolute().parts[1:]
        matches = rules.match_rows([file.relative for file in found], register.rows, root=root)
        errand = Errand(self._database, self._uploads, actor, order, watcher)
        return await Run(errand).go(found, refused, matches)


async def _register(order: ImportOrder) -> Register:
    if order.register is None:
        return Register()
    return await asyncio.to_thread(file_system.load_register, order.register)
