"""The wire format of a binder's metadata schema."""

from collections.abc import Sequence
from typing import Annotated, Any, Final, cast

from pydantic import BaseModel, Field, StrictBool

from ringbinder.features.binders.schemas.texts import Identifier, Line, OwnElementId
from ringbinder.features.metadata.types import (
    MAXIMUM_VALUES_OF_ELEMENT,
    AllowedValue,
    DataType,
    Element,
    ElementChanges,
    ListedValue,
)
from ringbinder.web.patches import given, unchanged
from ringbinder.web.types import NOT_A_TEXT

_CHANGES: Final = {
    "label": "label",
    "dataType": "data_type",
    "isRequired": "is_required",
    "isMultiValue": "is_multi_value",
    "isRetired": "is_retired",
    "position": "position",
}
_POSITION: Final = (
    "The element takes this place among the binder's own; those from there on move back."
)

Position = Annotated[int, Field(ge=0, le=1_000_000), NOT_A_TEXT]


class LabelsIn(BaseModel):
    """A label in each language; one that is not given is like the plain label."""

    sv: Line | None = Field(default=None, examples=["Bygghandling"])
    en: Line | None = Field(default=None, examples=["Construction document"])


class ValueIn(BaseModel):
    """A value of a list."""

    valueId: Identifier | None = Field(
        default=None,
        description="By default the present value of this label, or else a word made of the label.",
        examples=["Bygghandling"],
    )
    label: Line = Field(examples=["Bygghandling"])
    labels: LabelsIn | None = None
    isRetired: StrictBool = Field(
        default=False, description="A retired value stays on documents but is given to no others."
    )


ValueList = Annotated[list[ValueIn], Field(max_length=MAXIMUM_VALUES_OF_ELEMENT)]


class ElementCreate(BaseModel):
    """A new element of a binder's schema."""

    metadataElementId: OwnElementId | None = Field(
        default=None,
        description="By default a word made of the label. In every binder that has it, it is the "
        "same key with the same data type.",
        examples=["Byggdel"],
    )
    label: Line = Field(examples=["Byggdel"])
    labels: LabelsIn | None = None
    dataType: DataType = Field(examples=["Enumerated"])
    isRequired: StrictBool = Field(
        default=False, description="Whether documents must have a value."
    )
    isMultiValue: StrictBool = Field(default=False, description="Whether they may have several.")
    position: Position | None = Field(default=None, description=f"{_POSITION} By default the last.")
    values: ValueList = Field(
        default=[], description="The list, for the data type Enumerated only."
    )


class ElementPatch(BaseModel):
    """What to change of an element; what is not given stays."""

    label: Line = unchanged(examples=["Byggdel"])
    labels: LabelsIn = unchanged()
    dataType: DataType = unchanged(
        description="It cannot change; another one is a conflict.", examples=["Enumerated"]
    )
    isRequired: StrictBool = unchanged(description="Asked of documents from their next change on.")
    isMultiValue: StrictBool = unchanged(
        description="false only while no document of the binder has two values."
    )
    isRetired: StrictBool = unchanged(description="A retired element is not asked for any more.")
    position: Position = unchanged(description=_POSITION)
    values: ValueList = unchanged(
        description="The complete new list in its order. A value that is left out is removed, or "
        "retired where documents have it."
    )

    def changes(self) -> ElementChanges:
        """Give what the client gave."""
        changes = given(self, _CHANGES)
        if "labels" in self.model_fields_set:
            changes["labels"] = labels_of(self.labels)
        if "values" in self.model_fields_set:
            changes["values"] = listed_values(self.values)
        return cast(ElementChanges, changes)


class LabelsAnswer(BaseModel):
    """A label in each language."""

    sv: str = Field(examples=["Bygghandling"])
    en: str = Field(examples=["Construction document"])


class ValueAnswer(BaseModel):
    """A value of a list."""

    valueId: str = Field(examples=["Bygghandling"])
    label: str = Field(examples=["Bygghandling"])
    labels: LabelsAnswer
    isRetired: bool


class ElementAnswer(BaseModel):
    """An element of a binder's schema; the reserved ones come first."""

    metadataElementId: str = Field(examples=["GLOBAL_Status"])
    label: str = Field(examples=["Status"])
    labels: LabelsAnswer
    dataType: DataType = Field(examples=["Enumerated"])
    isRequired: bool
    isMultiValue: bool
    isRetired: bool
    position: int = Field(examples=[7])
    values: list[ValueAnswer] = Field(description="In their order; empty unless Enumerated.")


def labels_of(labels: LabelsIn | None) -> dict[str, str]:
    """Give the languages that have a label."""
    found = {} if labels is None else {"sv": labels.sv, "en": labels.en}
    return {language: text for language, text in found.items() if text is not None}


def listed_values(values: Sequence[ValueIn]) -> list[ListedValue]:
    """Read a list of values."""
    return [
        ListedValue(
            label=value.label,
            value_id=value.valueId,
            labels=None if value.labels is None else labels_of(value.labels),
            is_retired=value.isRetired,
        )
        for value in values
    ]


def element_answer(element: Element) -> dict[str, Any]:
    """Write an element."""
    return {
        "metadataElementId": element.metadata_element_id,
        "label": element.label,
        "labels": dict(element.labels),
        "dataType": str(element.data_type),
        "isRequired": element.is_required,
        "isMultiValue": element.is_multi_value,
        "isRetired": element.is_retired,
        "position": element.position,
        "values": [_value_answer(value) for value in element.values],
    }


def _value_answer(value: AllowedValue) -> dict[str, Any]:
    return {
        "valueId": value.value_id,
        "label": value.label,
        "labels": dict(value.labels),
        "isRetired": value.is_retired,
    }
