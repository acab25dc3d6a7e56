"""Progress on standard error."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from ringbinder.entrypoints.cli.output import printable
from ringbinder.features.imports.types import FileReport, FoundFile

SHOWN_LETTERS = 40
BETWEEN_SECONDS = 0.05
"""How long what is shown stays as it is, at least."""


class ProgressWatcher:
    """Shows how far an import is, by bytes; nothing where standard error is no terminal."""

    def __init__(self) -> None:
        """Begin with nothing to do."""
        console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(binary_units=True),
            TimeRemainingColumn(),
            TextColumn("{task.fields[files]}", markup=False),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._task = self._progress.add_task("Looking for files", total=None, files="")
        self._files = self._finished_files = self._finished_bytes = self._completed_bytes = 0
        self._file: FoundFile | None = None
        self._next_at = 0.0
        self._stop = False

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._progress.stop()

    def stop(self) -> None:
        """Let no further file be begun."""
        self._stop = True

    def planned(self, *, files: int, size_bytes: int) -> None:
        """Show how much there is to do."""
        self._files = files
        self._progress.update(self._task, total=size_bytes, files=f"0/{files}")

    def began(self, file: FoundFile) -> None:
        """Show which file is at hand."""
        self._file = file
        self._show()

    def read(self, size_bytes: int) -> None:
        """Show that bytes were sent."""
        self._completed_bytes += size_bytes
        self._show()

    def finished(self, file: FoundFile | None, report: FileReport) -> None:
        """Show that a file is done; what was refused on the way is shown at the end."""
        del report
        if file is not None:
            self._finished_files += 1
            self._finished_bytes += file.size_bytes
            self._completed_bytes = self._finished_bytes
            self._show()

    def _show(self) -> None:
        """Show all that is known, unless it was shown a moment ago: that costs more than a file."""
        now = monotonic()
        if now < self._next_at or self._file is None:
            return
        self._next_at = now + BETWEEN_SECONDS
        name = printable(self._file.name)
        shown = name if len(name) <= SHOWN_LETTERS else f"{name[: SHOWN_LETTERS - 1]}…"
        self._progress.update(
            self._task,
            description=f"{shown:{SHOWN_LETTERS}}",
            completed=self._completed_bytes,
            files=f"{self._finished_files}/{self._files}",
        )

    def wants_to_stop(self) -> bool:
        """Tell whether Ctrl-C was pressed."""
        return self._stop


@contextmanager
def counting(what: str, total: int) -> Iterator[Callable[[str], None]]:
    """Show how many of so many things are done; gives what hears the name of each."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, console=console, disable=not console.is_terminal, transient=True
    ) as progress:
        task = progress.add_task(what, total=total)

        def count(_name: str) -> None:
            progress.advance(task)

        yield count
