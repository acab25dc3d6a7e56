"""One JSON line for each thing that happened, on standard error."""

import logging
import sys
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
import structlog

from ringbinder.entrypoints.errors import SettingsInvalidError

ACCESS: Final = "ringbinder.access"
"""The logger with one line for each request."""


def configure_logging(level: str) -> None:
    """Send every logger of the process through one JSON formatter, in place of what was there.

    Raises:
        SettingsInvalidError: there is no such level.

    """
    if level.upper() not in logging.getLevelNamesMapping():
        raise SettingsInvalidError(f"RINGBINDER_LOG_LEVEL: There is no level {level}.")
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            # Without local variables: a secret may stand in any of them.
            structlog.processors.ExceptionRenderer(
                structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
            ),
            structlog.processors.JSONRenderer(serializer=_as_json),
        ],
    )
    root = logging.getLogger()
    root.handlers[:] = [_handler(formatter)]
    root.setLevel(level.upper())
    access = logging.getLogger(ACCESS)
    access.handlers[:] = [_handler(_AccessFormatter())]
    access.propagate = False


def _handler(formatter: logging.Formatter) -> logging.Handler:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    return handler


class _AccessFormatter(logging.Formatter):
    """Writes the same line as the other formatter in half the time; every request has one."""

    def format(self, record: logging.LogRecord) -> str:
        line = {"event": record.msg, "level": record.levelname.lower(), "logger": record.name}
        line |= {name: value for name, value in vars(record).items() if name not in _OF_ANY_RECORD}
        line["timestamp"] = datetime.fromtimestamp(record.created, UTC).isoformat()
        return _as_json(line)


_OF_ANY_RECORD: Final = vars(logging.makeLogRecord({})).keys() | {"message", "asctime"}


def _as_json(line: dict[str, Any], **_options: object) -> str:
    return msgspec.json.encode(line, enc_hook=str).decode()
