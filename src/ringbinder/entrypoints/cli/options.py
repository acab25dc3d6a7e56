"""Options that several commands have, and what they take."""

import unicodedata
from typing import Annotated

import typer

MAXIMUM_LINE = 200


def line(text: str) -> str:
    """Accept one line of 1 to 200 characters, with something to read in it."""
    if not text.strip() or len(text) > MAXIMUM_LINE:
        raise typer.BadParameter(f"must have 1 to {MAXIMUM_LINE} characters")
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        raise typer.BadParameter("must not contain control characters")
    return text


AsJson = Annotated[
    bool, typer.Option("--json", help="One JSON document on standard output, for scripts.")
]
Name = Annotated[str, typer.Option(help="What people shall read.", callback=line)]
OfOrganisation = Annotated[
    str | None,
    typer.Option(
        "--organisation",
        metavar="ID|NAME",
        help="The organisation, by id or by name. Not needed where there is only one.",
    ),
]
