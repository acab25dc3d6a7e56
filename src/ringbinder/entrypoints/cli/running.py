"""Run a command's work with the parts of the application, and say plainly what went wrong."""

import asyncio
import gc
import traceback
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from ringbinder.entrypoints.cli.output import tell, write_error_json
from ringbinder.entrypoints.errors import DatabaseUnusableError, SettingsInvalidError
from ringbinder.kit.errors import FieldErrors, RingbinderError

if TYPE_CHECKING:
    from ringbinder.app import Parts
    from ringbinder.settings import Settings

Result = TypeVar("Result")
Work = Callable[["Parts"], Awaitable[Result]]

_MADE_BETWEEN_SEARCHES = 200_000
"""How many objects more there are, some ten megabytes, when the young ones are looked through."""

FAILED = 1
INTERRUPTED = 130


def run(work: Work[Result], *, as_json: bool) -> Result:
    """Do a command's work on an up-to-date database; a failure ends the command plainly."""
    with plainly(as_json=as_json):
        settings = read_settings()
        bring_up_to_date(settings)
        return asyncio.run(with_parts(settings, work))


async def with_parts(settings: "Settings", work: Work[Result]) -> Result:
    """Do work with the parts of the application, and give them back."""
    from ringbinder.app import assemble

    parts = assemble(settings)
    tidy_seldom()
    try:
        return await work(parts)
    finally:
        await parts.close()


def tidy_seldom() -> None:
    """Let the search for garbage take little time of whoever makes many objects, as an import does.

    What was loaded stays to the end, and is not looked through any more; what is made is looked
    through when there is much of it. Together they took up to half of the time of an import.
    """
    gc.freeze()
    gc.set_threshold(_MADE_BETWEEN_SEARCHES)


def read_settings(**chosen: Any) -> "Settings":  # noqa: ANN401 - settings are of many types
    """Read the settings of the environment; what a command's options say comes first.

    Raises:
        SettingsInvalidError: with every setting that is wrong.

    """
    from pydantic import ValidationError

    from ringbinder.settings import Settings

    try:
        return Settings(**{name: value for name, value in chosen.items() if value is not None})
    except ValidationError as error:
        wrong = (f"{_variable(one['loc'])}: {one['msg']}." for one in error.errors())
        raise SettingsInvalidError(" ".join(wrong)) from error


def _variable(location: tuple[int | str, ...]) -> str:
    name = str(location[0]) if location else ""
    return f"RINGBINDER_{name.upper().removeprefix('RINGBINDER_')}"


def bring_up_to_date(settings: "Settings") -> None:
    """Give the database the newest schema; nothing happens where it has it already.

    Raises:
        DatabaseUnusableError: it cannot be opened or changed.

    """
    from ringbinder.db.migrate import upgrade

    try:
        upgrade(settings.effective_database_url)
    except RingbinderError:
        raise
    except Exception as error:
        # Whichever driver it comes from: without a database there is nothing to go on with.
        raise DatabaseUnusableError(f"The database cannot be used: {error}") from error


@contextmanager
def plainly(*, as_json: bool) -> Iterator[None]:
    """End the command with a sentence, or with JSON, where its work fails.

    Raises:
        typer.Exit: with 1 for what failed, 130 for an interruption.

    """
    try:
        yield
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except RingbinderError as error:
        _show(error, as_json=as_json)
        raise typer.Exit(FAILED) from None
    except Exception as error:
        if not as_json or isinstance(error, typer.Exit | typer.Abort):
            raise
        detail = "".join(traceback.format_exception(error))
        write_error_json({"code": "internal_error", "detail": detail})
        raise typer.Exit(FAILED) from None


def _show(error: RingbinderError, *, as_json: bool) -> None:
    if as_json:
        errors = {"errors": error.errors} if isinstance(error, FieldErrors) else {}
        write_error_json({"code": error.code, "detail": error.detail} | errors)
    else:
        for sentence in sentences(error):
            tell(sentence)


def sentences(error: RingbinderError) -> list[str]:
    """Say an error in sentences; each wrong field has one of its own."""
    if isinstance(error, FieldErrors):
        return [f"{path}: {text}" for path, texts in error.errors.items() for text in texts]
    return [error.detail]
