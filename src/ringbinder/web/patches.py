"""Fields of a PATCH: what is not given stays, and null is a value only where the field says so."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field
from pydantic.config import JsonDict


def unchanged(**facts: Any) -> Any:  # noqa: ANN401 - stands for a value of the field's own type
    """Declare a field that need not be given; the facts are those of a pydantic field."""
    return Field(default=None, json_schema_extra=_without_default, **facts)


def given(patch: BaseModel, names: Mapping[str, str]) -> dict[str, Any]:
    """Give the fields that the client gave, under the names that a service knows them by."""
    return {
        names[field]: getattr(patch, field) for field in names if field in patch.model_fields_set
    }


def _without_default(schema: JsonDict) -> None:
    # The default stands for absence; a client that sent it would be refused.
    schema.pop("default", None)
