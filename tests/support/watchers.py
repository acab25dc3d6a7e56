"""Somebody who looks on while an import runs."""

from collections.abc import Callable

from ringbinder.features.imports.types import FileReport, FoundFile


class Onlooker:
    """Remembers what it hears; stops the import, or meddles once it is planned, where asked to."""

    def __init__(
        self, *, stop_after: int | None = None, meddle: Callable[[], object] | None = None
    ) -> None:
        self.files = self.size_bytes = self.read_bytes = 0
        self.finished_names: list[str] = []
        self._begun_names: set[str] = set()
        self._stop_after = stop_after
        self._meddle = meddle

    def planned(self, *, files: int, size_bytes: int) -> None:
        self.files, self.size_bytes = files, size_bytes
        if self._meddle is not None:
            self._meddle()

    def began(self, file: FoundFile) -> None:
        self._begun_names.add(file.shown)

    def read(self, size_bytes: int) -> None:
        self.read_bytes += size_bytes

    def finished(self, file: FoundFile | None, report: FileReport) -> None:
        del file
        self.finished_names.append(report.shown)

    def wants_to_stop(self) -> bool:
        return self._stop_after is not None and len(self._begun_names) >= self._stop_after
