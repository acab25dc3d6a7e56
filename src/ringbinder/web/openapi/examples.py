"""Examples of bodies, put together from the examples of their fields."""

from collections.abc import Mapping
from typing import Any, Final

Json = dict[str, Any]

_BY_FORMAT: Final = {
    "uuid": "0192f0c1-7e5a-7c3e-9d2b-0a1b2c3d4e5f",
    "date-time": "2024-01-15T08:30:00Z",
    "date": "2024-01-15",
}
_BY_TYPE: Final[Mapping[str, Any]] = {"integer": 1, "number": 1.5, "boolean": False, "null": None}


def example_of(schema: Json, schemas: Mapping[str, Json]) -> Any:  # noqa: ANN401 - any JSON value
    """Make a value that fits a schema; the first example of each field counts."""
    if "examples" in schema:
        return schema["examples"][0]
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "const" in schema or "enum" in schema:
        return schema["const"] if "const" in schema else schema["enum"][0]
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return example_of(schema[choice][0], schemas)
    return _of_type(schema, schemas)


def _of_type(schema: Json, schemas: Mapping[str, Json]) -> Any:  # noqa: ANN401 - any JSON value
    kind = str(schema.get("type"))
    if kind == "object":
        fields = schema.get("properties", {})
        return {name: example_of(field, schemas) for name, field in fields.items()}
    if kind == "array":
        return [example_of(schema["items"], schemas)]
    if "default" in schema:
        return schema["default"]
    if schema.get("format") in _BY_FORMAT:
        return _BY_FORMAT[schema["format"]]
    if kind in _BY_TYPE:
        return schema.get("minimum", _BY_TYPE[kind]) if kind == "integer" else _BY_TYPE[kind]
    return "text"
