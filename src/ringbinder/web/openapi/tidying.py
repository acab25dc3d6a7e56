"""Taking out of the framework's document what serves nobody, and giving the rest good names."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

Json = dict[str, Any]

_SCHEMAS: Final = "#/components/schemas/"
_NOT_SCHEMAS: Final = frozenset({"const", "default", "enum", "example", "examples"})


def operations_in(spec: Mapping[str, Any]) -> Iterator[Json]:
    """Give every operation of a document."""
    for methods in spec["paths"].values():
        yield from methods.values()


def drop_framework_validation_errors(spec: Json) -> None:
    """Take out the 422 that the framework documents and that we never answer."""
    for operation in operations_in(spec):
        operation["responses"].pop("422", None)
    for name in ("HTTPValidationError", "ValidationError"):
        spec["components"]["schemas"].pop(name, None)


def name_inline_bodies(spec: Json) -> None:
    """Give a request body that is written out in place to the schemas, under its title."""
    for operation in operations_in(spec):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            title = content["schema"].get("title")
            if title and "properties" in content["schema"]:
                spec["components"]["schemas"][title] = content["schema"]
                content["schema"] = {"$ref": f"{_SCHEMAS}{title}"}


def simplify_parameters(spec: Json) -> None:
    """Say once what a parameter is, and not that it could be null: an address has no null."""
    for operation in operations_in(spec):
        for parameter in operation.get("parameters", ()):
            _drop_null(parameter["schema"])
            parameter["schema"].pop("description", None)


def simplify_bodies(spec: Json) -> None:
    """Say of a body that may be left out nothing but that: clients need not send null."""
    for operation in operations_in(spec):
        body = operation.get("requestBody", {})
        if not body.get("required"):
            for content in body.get("content", {}).values():
                _drop_null(content["schema"])


def _drop_null(schema: Json) -> None:
    choices = [choice for choice in schema.pop("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        schema |= choices[0]
    elif choices:
        schema["anyOf"] = choices


def share_parameters(spec: Json, names: Mapping[str, str]) -> None:
    """Move parameters of these names, where they are everywhere the same, to the components."""
    kept = spec["components"].setdefault("parameters", {})
    for operation in operations_in(spec):
        parameters = operation.get("parameters", [])
        for place, parameter in enumerate(parameters):
            name = names.get(parameter["name"])
            if name and kept.setdefault(name, parameter) == parameter:
                parameters[place] = {"$ref": f"#/components/parameters/{name}"}


def drop_titles(node: object) -> None:
    """Take out the titles that the validator makes of field names: generators name classes so."""
    if isinstance(node, list):
        for child in node:
            drop_titles(child)
    if isinstance(node, dict):
        if isinstance(node.get("title"), str):
            del node["title"]
        for key, child in node.items():
            if key not in _NOT_SCHEMAS:
                drop_titles(child)


def rename_schemas(spec: Json) -> None:
    """Give schemas the names that classes of clients shall have.

    In the code, ``BinderAnswer`` says that we send it and ``UploadIn`` that we take it; outside
    there are binders and upload inputs.

    Raises:
        ValueError: two schemas would have the same name.

    """
    schemas = spec["components"]["schemas"]
    names = {name: public_name(name) for name in schemas}
    if len(set(names.values())) < len(names):
        message = f"two schemas get the same name: {sorted(names.values())}"
        raise ValueError(message)
    spec["components"]["schemas"] = {names[name]: schemas[name] for name in sorted(schemas)}
    _rename_references(spec, names)


def public_name(name: str) -> str:
    """Give the name that a schema has outside."""
    if name.endswith("In"):
        return f"{name}put"
    return name.removesuffix("Answer")


def _rename_references(node: object, names: Mapping[str, str]) -> None:
    if isinstance(node, list):
        for child in node:
            _rename_references(child, names)
    if isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str) and reference.startswith(_SCHEMAS):
            name = reference.removeprefix(_SCHEMAS)
            node["$ref"] = f"{_SCHEMAS}{names.get(name, name)}"
        for child in node.values():
            _rename_references(child, names)
