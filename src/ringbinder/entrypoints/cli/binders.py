"""``ringbinder binders``: the binders of an organisation."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ringbinder.entrypoints.cli.options import AsJson, OfOrganisation
from ringbinder.entrypoints.cli.organisations import choose
from ringbinder.entrypoints.cli.output import moment, say, show_table, write_json
from ringbinder.entrypoints.cli.running import run
from ringbinder.kit.errors import FieldErrors

if TYPE_CHECKING:
    from ringbinder.app import Parts
    from ringbinder.features.binders.schemas.binders import BinderCreate
    from ringbinder.features.binders.types import Binder

app = typer.Typer(help="Create and list binders.", no_args_is_help=True)


@app.command("create")
def create(
    name: Annotated[str, typer.Option(help="What people shall read.")],
    *,
    type_: Annotated[
        str, typer.Option("--type", help="project, facility, tender or organisation.")
    ] = "project",
    description: Annotated[str | None, typer.Option(help="What the binder is about.")] = None,
    colour: Annotated[str | None, typer.Option(help="As #rrggbb.")] = None,
    template: Annotated[
        str | None,
        typer.Option(help="Begin with the tabs and schema of project, facility or tender."),
    ] = None,
    organisation: OfOrganisation = None,
    as_json: AsJson = False,
) -> None:
    """Create a binder with the reserved metadata keys and their usual lists of values."""
    given = {"name": name, "type": type_, "description": description, "colour": colour}

    async def work(parts: "Parts") -> "Binder":
        from ringbinder.features.organisations.service import operator
        from ringbinder.features.templates import service

        wanted = _checked(given)
        found = await choose(parts, organisation)
        async with parts.database.write(found.key) as session:
            return await service.create_binder(
                session, operator(found), **dict(wanted), template_id=template
            )

    _show(run(work, as_json=as_json), as_json=as_json)


def _checked(given: dict[str, Any]) -> "BinderCreate":
    from pydantic import ValidationError

    from ringbinder.features.binders.schemas.binders import BinderCreate

    try:
        return BinderCreate.model_validate(given)
    except ValidationError as error:
        raise FieldErrors(
            {".".join(map(str, wrong["loc"])): [wrong["msg"]] for wrong in error.errors()}
        ) from error


@app.command("list")
def show_all(*, organisation: OfOrganisation = None, as_json: AsJson = False) -> None:
    """List an organisation's binders by name."""

    async def work(parts: "Parts") -> "list[Binder]":
        from ringbinder.features.binders import service

        found = await choose(parts, organisation)
        async with parts.database.read(found.key) as session:
            binders, _ = await service.list_binders(session)
        return [binder for binder, _ in binders]

    found = run(work, as_json=as_json)
    if as_json:
        write_json([_document(binder) for binder in found])
    else:
        rows = [(binder.id, binder.name, str(binder.type), str(binder.state)) for binder in found]
        show_table(("Id", "Name", "Type", "State"), rows)


def _show(binder: "Binder", *, as_json: bool) -> None:
    if as_json:
        write_json(_document(binder))
    else:
        say(f"{binder.name}: {binder.id}")


def _document(binder: "Binder") -> dict[str, Any]:
    return {
        "id": binder.id,
        "name": binder.name,
        "type": str(binder.type),
        "state": str(binder.state),
        "description": binder.description,
        "colour": binder.colour,
        "createdAt": moment(binder.created_at),
        "createdBy": binder.created_by_name,
    }
