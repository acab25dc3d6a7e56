"""What commands say: sentences and tables for people, one JSON document for scripts."""

import json
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import typer

from ringbinder.kit.clock import rfc3339

if TYPE_CHECKING:
    from rich.table import Table

Document = Mapping[str, Any] | Sequence[Mapping[str, Any]]

_WIDTH_OF_FILES = 160
_SHOWN_SEPARATORS = frozenset({" ", "\u200d", "\ufe0f"})
"""A blank, and what joins the parts of one emoji."""


def write_json(document: Document) -> None:
    """Write the one document that a script asked for."""
    typer.echo(json.dumps(document, ensure_ascii=_is_ascii(sys.stdout), indent=2))


def write_error_json(error: Mapping[str, Any]) -> None:
    """Write an error for a script, on standard error."""
    typer.echo(json.dumps({"error": error}, ensure_ascii=True), err=True)


def say(text: str = "") -> None:
    """Say something to people."""
    typer.echo(text)


def tell(text: str) -> None:
    """Say something beside the result, on standard error."""
    typer.echo(text, err=True)


def show_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Show a table to people."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else _WIDTH_OF_FILES
    Console(width=width).print(make_table(columns, rows))


def make_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> "Table":
    """Make a table of plain texts; nothing in them is taken for markup or moves the cursor."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    return table


def printable(text: str) -> str:
    """Give a text in which nothing steers a terminal or turns the direction of reading."""
    return "".join(character if _is_shown(character) else _escaped(character) for character in text)


def moment(at: datetime | None) -> str | None:
    """Write a moment as the API does."""
    return None if at is None else rfc3339(at)


def _is_shown(character: str) -> bool:
    return character in _SHOWN_SEPARATORS or unicodedata.category(character)[0] not in "CZ"


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode()


def _is_ascii(stream: Any) -> bool:  # noqa: ANN401 - tests put in streams of their own
    return (getattr(stream, "encoding", None) or "ascii").lower().replace("-", "") != "utf8"
