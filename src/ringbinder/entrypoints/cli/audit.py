"""``ringbinder audit``: check an export anywhere; vouch for a trail, and erase persons from it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from ringbinder.entrypoints.cli.options import AsJson, OfOrganisation
from ringbinder.entrypoints.cli.organisations import choose
from ringbinder.entrypoints.cli.output import moment, printable, say, tell, write_json
from ringbinder.entrypoints.cli.running import FAILED, plainly, run
from ringbinder.kit.errors import RingbinderError

if TYPE_CHECKING:
    from ringbinder.app import Parts
    from ringbinder.features.audit.rules.reports import Report
    from ringbinder.features.audit.types import Checkpoint, Erased
    from ringbinder.features.organisations.types import Organisation

app = typer.Typer(
    help="Check exports of the audit trail, vouch for it, erase persons.", no_args_is_help=True
)

LARGEST_CHECKPOINT_BYTES = 100_000


class FileUnusableError(RingbinderError):
    """A file cannot be read or written."""

    code = "file.unusable"


@app.command("verify")
def verify(
    export: Annotated[Path, typer.Argument(help="An export in JSON Lines.")],
    *,
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="A checkpoint that you took away earlier; the export must contain it unchanged.",
        ),
    ] = None,
    key: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FINGERPRINT", help="Only keys of these fingerprints may have signed."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check an export offline: no database, no network, no settings.

    Ends with 1 and a sentence that names the first event that is wrong, missing or out of order.
    """
    with plainly(as_json=as_json):
        from ringbinder.features.audit.rules.verifying import verify as check

        try:
            taken = [_statement_in(path) for path in checkpoint or ()]
            with export.open("rb") as lines:
                report = check(lines, taken=taken, fingerprints=key or ())
        except OSError as error:
            raise FileUnusableError(f"{error.filename}: {error.strerror}.") from error
    _show_report(report, as_json=as_json)
    if not report.is_good:
        raise typer.Exit(FAILED)


def _statement_in(path: Path) -> str:
    """Take the signed statement out of a file: an answer of the API, or the statement alone."""
    import json

    with path.open("rb") as file:
        content = file.read(LARGEST_CHECKPOINT_BYTES).decode(errors="replace").strip()
    try:
        document = json.loads(content)
    except ValueError:
        return content
    return str(document.get("signed", "")) if isinstance(document, dict) else content


def _show_report(report: "Report", *, as_json: bool) -> None:
    if as_json:
        write_json(report.document())
        return
    if report.problem is not None:
        tell(printable(report.problem.sentence))
        return
    say(f"{_events(report)} of organisation {report.organisation_id}: as recorded.")
    if report.signed_until is not None:
        say(f"{report.checkpoints} signed checkpoints, the last of event {report.signed_until}.")
    if report.erased_parts:
        say(f"{report.erased_parts} names were erased.")
    for note in report.notes:
        say(printable(note))


def _events(report: "Report") -> str:
    if not report.events:
        return "No event"
    return f"{report.events} events, from {report.first_sequence} to {report.last_sequence},"


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="Where to write it; must not be there yet.")],
    *,
    csv: Annotated[bool, typer.Option("--csv", help="CSV, which cannot be verified.")] = False,
    organisation: OfOrganisation = None,
    as_json: AsJson = False,
) -> None:
    """Write the whole audit trail to a file, as JSON Lines."""

    async def work(parts: "Parts") -> int:
        from ringbinder.features.audit.service import Exports
        from ringbinder.features.audit.types import AuditFilter, ExportFormat, ExportWish
        from ringbinder.features.organisations.service import operator

        found = await choose(parts, organisation)
        exports = Exports(parts.database, parts.checkpoints, parts.audit_keys, parts.clock)
        lines = await exports.prepare(
            operator(found),
            ExportWish(wanted=AuditFilter()),
            conditions=None,
            kind=ExportFormat.CSV if csv else ExportFormat.JSONL,
        )
        try:
            with file.open("xb") as target:
                return sum([target.write(chunk) async for chunk in lines])
        except OSError as error:
            raise FileUnusableError(f"{file}: {error.strerror}.") from error

    written = run(work, as_json=as_json)
    if as_json:
        write_json({"file": str(file), "bytes": written})
    else:
        say(f"{printable(str(file))}: {written} bytes.")


@app.command("checkpoint")
def checkpoint(*, organisation: OfOrganisation = None, as_json: AsJson = False) -> None:
    """Sign how far the audit trail goes now. Keep what is printed somewhere else."""

    async def work(parts: "Parts") -> "tuple[Organisation, Checkpoint]":
        found = await choose(parts, organisation)
        return found, await parts.checkpoints.make(found.key, found.id)

    found, made = run(work, as_json=as_json)
    if as_json:
        write_json(_document(found, made))
        return
    tell(f"{made.sequence} events of {printable(found.name)}, signed by key {made.key_id}.")
    say(made.signed)


def _document(organisation: "Organisation", made: "Checkpoint") -> dict[str, Any]:
    return {
        "organisationId": str(organisation.id),
        "sequence": made.sequence,
        "at": moment(made.at),
        "root": made.root.hex(),
        "headHash": made.head_hash.hex(),
        "keyId": made.key_id,
        "signed": made.signed,
    }


@app.command("erase-person")
def erase_person(
    actor: Annotated[
        UUID, typer.Option(metavar="ID", help="The id of the person or client, as events have it.")
    ],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    organisation: OfOrganisation = None,
    as_json: AsJson = False,
) -> None:
    """Erase names and addresses of one person from the audit trail, for good.

    Every event stays, and so does the proof that none was changed; the erasure is an event itself.
    """
    if not yes:
        typer.confirm("What is erased cannot be brought back. Go on?", abort=True, err=True)

    async def work(parts: "Parts") -> "Erased":
        from ringbinder.features.audit.service import erase_person as erase
        from ringbinder.features.organisations.service import operator

        found = await choose(parts, organisation)
        async with parts.database.write(found.key) as session:
            return await erase(session, operator(found), person_id=actor)

    erased = run(work, as_json=as_json)
    if as_json:
        write_json({"asActor": erased.as_actor, "asObject": erased.as_object})
    else:
        say(f"Erased from {erased.as_actor} events by them and {erased.as_object} about them.")


@app.command("new-key")
def new_key(*, as_json: AsJson = False) -> None:
    """Sign checkpoints with a new key from now on; the older ones stay published."""

    async def work(parts: "Parts") -> str:
        return await parts.audit_keys.add()

    fingerprint = run(work, as_json=as_json)
    if as_json:
        write_json({"keyId": fingerprint})
    else:
        say(f"The new key's fingerprint: {fingerprint}")
