"""The command line: ``ringbinder``."""

import sys

import typer

from ringbinder.entrypoints.cli import (
    audit,
    binders,
    clients,
    importing,
    members,
    organisations,
    owners,
    serving,
)
from ringbinder.entrypoints.cli.demo import command as demo

app = typer.Typer(
    name="ringbinder",
    help="Ringbinder: a document-binder server, compatible with the public iBinder File API.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they would show local variables, secrets among them
)
serving.add_commands(app)
demo.add_commands(app)
importing.add_commands(app)
app.add_typer(organisations.app, name="organisations")
app.add_typer(owners.app, name="owners")
app.add_typer(clients.app, name="clients")
app.add_typer(binders.app, name="binders")
app.add_typer(members.app, name="members")
app.add_typer(audit.app, name="audit")


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        # A file's name may hold letters that the terminal cannot show.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # both are text files
    app()
