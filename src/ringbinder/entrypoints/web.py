"""The web application as an ASGI server starts it."""

from fastapi import FastAPI

from ringbinder.app import assemble, create_app
from ringbinder.entrypoints.logs import configure_logging
from ringbinder.settings import Settings


def application(settings: Settings | None = None) -> FastAPI:
    """Make the application of this process; without settings, those of the environment.

    The database must be migrated already.
    """
    settings = settings or Settings()
    configure_logging(settings.log_level)
    return create_app(assemble(settings))
