"""``ringbinder serve`` and ``ringbinder migrate``."""

from typing import TYPE_CHECKING, Annotated

import typer

from ringbinder.entrypoints.cli.options import AsJson
from ringbinder.entrypoints.cli.output import say, tell, write_json
from ringbinder.entrypoints.cli.running import bring_up_to_date, plainly, read_settings

if TYPE_CHECKING:
    from ringbinder.settings import Settings


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("serve")(serve)
    app.command("migrate")(migrate)


def serve(
    *,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")
    ] = None,
    workers: Annotated[
        int,
        typer.Option(min=1, max=64, help="Processes that answer; SQLite is quickest with one."),
    ] = 1,
    as_json: AsJson = False,
) -> None:
    """Bring the database to the newest schema, then serve until Ctrl-C.

    Everything else is set in the environment: see docs/reference/settings.md.
    """
    with plainly(as_json=as_json):
        from ringbinder.entrypoints import server

        settings = server.claim_address(read_settings(host=host, port=port))
        bring_up_to_date(settings)

        def announce() -> None:
            _announce(settings, as_json=as_json)

        server.serve(settings, workers=workers, when_ready=announce)


def _announce(settings: "Settings", *, as_json: bool) -> None:
    if as_json:
        write_json({"baseUrl": f"{settings.effective_public_url}/api"})
    else:
        tell(f"Ringbinder serves {settings.effective_public_url}/api. Ctrl-C stops it.")


def migrate(*, as_json: AsJson = False) -> None:
    """Bring the database to the newest schema; nothing happens where it has it already."""
    with plainly(as_json=as_json):
        from ringbinder.db.migrate import HEAD

        bring_up_to_date(read_settings())
        if as_json:
            write_json({"schema": HEAD})
        else:
            say(f"The database has schema {HEAD}.")
