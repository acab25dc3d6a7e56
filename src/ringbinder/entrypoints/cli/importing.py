"""``ringbinder import``: a folder of files, with its register, into a binder."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ringbinder.entrypoints.cli.options import AsJson, OfOrganisation
from ringbinder.entrypoints.cli.organisations import choose
from ringbinder.entrypoints.cli.output import printable, say, show_table, tell, write_json
from ringbinder.entrypoints.cli.running import INTERRUPTED, run

if TYPE_CHECKING:
    from ringbinder.app import Parts
    from ringbinder.entrypoints.cli.watching import ProgressWatcher
    from ringbinder.features.imports.types import FileReport, ImportOrder, ImportReport
    from ringbinder.features.organisations.types import Organisation

SOME_REFUSED = 3


def add_commands(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command("import")(import_folder)


def import_folder(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Its folders become tabs.")],
    binder: Annotated[str, typer.Option(metavar="ID", help="The binder to import into.")],
    *,
    register: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Document list: a column path, fil, file or filnamn, and metadata for each file.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would happen, and change nothing.")
    ] = False,
    create_elements: Annotated[
        bool,
        typer.Option(
            "--create-elements",
            help="Create the metadata elements and list values that the register needs.",
        ),
    ] = False,
    organisation: OfOrganisation = None,
    as_json: AsJson = False,
) -> None:
    """Import a folder of files. Run it again for what is new or has changed.

    Ctrl-C ends after the files at hand. The exit code is 3 where files were refused, 130 after
    Ctrl-C.
    """

    async def work(parts: "Parts") -> "ImportReport":
        from ringbinder.features.imports.types import ImportOrder

        order = ImportOrder(
            folder=folder,
            binder_id=binder,
            register=register,
            dry_run=dry_run,
            create_elements=create_elements,
        )
        return await _import(parts, organisation, order)

    report = run(work, as_json=as_json)
    if as_json:
        write_json(_document(report))
    else:
        _show(report, created=create_elements)
    if report.stopped:
        raise typer.Exit(INTERRUPTED)
    if report.refused:
        raise typer.Exit(SOME_REFUSED)


async def _import(parts: "Parts", organisation: str | None, order: "ImportOrder") -> "ImportReport":
    from ringbinder.entrypoints.cli.watching import ProgressWatcher
    from ringbinder.features.imports.service import Importer
    from ringbinder.features.organisations.service import operator

    owner = await _owner(parts, organisation, order.binder_id)
    with ProgressWatcher() as watcher, _stopping(watcher):
        importer = Importer(parts.database, parts.uploads)
        return await importer.run(operator(owner), order, watcher)


async def _owner(parts: "Parts", wanted: str | None, binder_id: str) -> "Organisation":
    """Find the organisation that a binder belongs to, unless it was named."""
    from ringbinder.features.binders import service as binders
    from ringbinder.features.binders.errors import BinderNotFoundError
    from ringbinder.features.organisations import service as organisations

    if wanted is not None:
        return await choose(parts, wanted)
    for one in await organisations.list_organisations(parts.database):
        async with parts.database.read(one.key) as session:
            try:
                await binders.get_binder(session, binder_id=binder_id)
            except BinderNotFoundError:
                continue
        return one
    raise BinderNotFoundError(f"There is no binder {binder_id}.")


@contextmanager
def _stopping(watcher: "ProgressWatcher") -> Iterator[None]:
    """Let the first Ctrl-C stop after the files at hand; a second one interrupts."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        loop.remove_signal_handler(signal.SIGINT)
        watcher.stop()
        tell("Stopping after the files at hand …")

    loop.add_signal_handler(signal.SIGINT, stop)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)


def _document(report: "ImportReport") -> dict[str, Any]:
    from ringbinder.features.imports.types import Outcome

    return {
        "dryRun": report.dry_run,
        "stopped": report.stopped,
        "counts": {str(outcome): report.counts[outcome] for outcome in Outcome},
        "elements": list(report.needs.elements),
        "values": {key: list(labels) for key, labels in report.needs.values.items()},
        "files": [_file_document(file) for file in report.files],
        "rowsWithoutFile": [
            {"path": row.shown, "reason": row.reason} for row in report.rows_without_file
        ],
    }


def _file_document(file: "FileReport") -> dict[str, Any]:
    return {
        "path": file.shown,
        "outcome": str(file.outcome),
        "folder": list(file.place),
        "fileName": file.file_name,
        "documentId": None if file.document_id is None else str(file.document_id),
        "reason": file.reason,
    }


def _show(report: "ImportReport", *, created: bool) -> None:
    from ringbinder.features.imports.types import Outcome

    words = {
        Outcome.ADDED: "New documents",
        Outcome.NEW_VERSION: "New versions",
        Outcome.UPDATED: "Metadata updated",
        Outcome.SKIPPED: "Unchanged, skipped",
        Outcome.REFUSED: "Refused",
    }
    if report.refused:
        show_table(
            ("Refused", "Reason"), [(file.shown, file.reason or "") for file in report.refused]
        )
    if report.rows_without_file:
        rows = [(row.shown, row.reason) for row in report.rows_without_file]
        show_table(("Row of the register without a file", "Reason"), rows)
    show_table(
        ("Dry run: nothing was changed" if report.dry_run else "Result", "Files"),
        [(word, str(report.counts[outcome])) for outcome, word in words.items()],
    )
    _show_needs(report, created=created)
    if report.stopped:
        say("Stopped. The same command goes on where this one ended.")


def _show_needs(report: "ImportReport", *, created: bool) -> None:
    lines = [f"element {printable(name)}" for name in report.needs.elements]
    for key, labels in report.needs.values.items():
        lines.append(f"values of {key}: {', '.join(map(printable, labels))}")
    if not lines:
        return
    would = report.dry_run and created
    say(("Would create:" if would else "Created:") if created else "The binder lacks:")
    for entry in lines:
        say(f"  {entry}")
    if not created:
        say("Run it again with --create-elements to create them.")
