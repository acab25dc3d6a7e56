"""What the forms of a binder's settings send."""

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from pydantic import BaseModel, TypeAdapter, ValidationError

from ringbinder.features.binders.schemas.texts import Colour, Line
from ringbinder.features.binders.types import BinderType
from ringbinder.features.metadata.types import (
    MAXIMUM_VALUES_OF_ELEMENT,
    AllowedValue,
    DataType,
    Element,
    ElementChanges,
    ListedValue,
)
from ringbinder.kit.errors import FieldErrors
from ringbinder.web.problems import messages_by_path
from ringbinder.web.types import CleanText, Text

_SEPARATOR: Final = "|"
_LAST: Final = 1_000_000
_LABELS: Final = TypeAdapter(dict[str, Line])


class General(BaseModel):
    """Name, type, description and colour; what is empty is taken away."""

    name: Line
    type: BinderType
    description: Text | None = None
    colour: Colour | None = None


class NewElement(BaseModel):
    """A new metadata element; the values stand one in a line."""

    label_sv: Line
    label_en: Line | None = None
    data_type: DataType
    required: Literal["1"] | None = None
    several: Literal["1"] | None = None
    values: CleanText | None = None

    @property
    def labels(self) -> dict[str, str]:
        """The label in each language that has one."""
        return _labels(self.label_sv, self.label_en)

    @property
    def listed(self) -> list[ListedValue]:
        """The values, for a kind that has a list."""
        return list(_new_values(self.values or ""))


class ChangedElement(BaseModel):
    """An element as it shall be; its values stand in fields of their own, by id."""

    label_sv: Line | None = None
    label_en: Line | None = None
    required: Literal["1"] | None = None
    several: Literal["1"] | None = None
    retired: Literal["1"] | None = None
    values: CleanText | None = None


class Moved(BaseModel):
    """One place up or down among siblings."""

    to: Literal["up", "down"]


def changes_of(element: Element, form: Mapping[str, str], wanted: ChangedElement) -> ElementChanges:
    """Give what a form changes of an element; what it does not show stays."""
    changes = ElementChanges()
    if element.is_settable:
        changes["is_required"] = wanted.required is not None
    sv, en = wanted.label_sv or element.labels["sv"], wanted.label_en
    changes["label"] = plain_label(element, sv, en or sv)
    changes["labels"] = _labels(sv, en)
    if not element.is_global:
        changes["is_multi_value"] = wanted.several is not None
        changes["is_retired"] = wanted.retired is not None
    if element.data_type is DataType.ENUMERATED:
        kept = sorted(_kept_values(element, form), key=lambda one: one[0])
        changes["values"] = [value for _, value in kept] + list(_new_values(wanted.values or ""))
    return changes


def plain_label(before: Element | AllowedValue, sv: str, en: str) -> str:
    """Give the label without a language: in the one that it was in before."""
    if before.label == before.labels["sv"]:
        return sv
    return en if before.label == before.labels["en"] else before.label


def _kept_values(
    element: Element, form: Mapping[str, str]
) -> Iterator[tuple[tuple[int, int], ListedValue]]:
    for index, value in enumerate(element.values):
        if f"remove.{value.value_id}" in form or f"sv.{value.value_id}" not in form:
            continue
        sv = form[f"sv.{value.value_id}"].strip() or value.labels["sv"]
        en = form.get(f"en.{value.value_id}", "").strip()
        listed = ListedValue(
            label=plain_label(value, sv, en or sv),
            value_id=value.value_id,
            labels=_labels(sv, en, field=f"sv.{value.value_id}"),
            is_retired=f"retired.{value.value_id}" in form,
        )
        yield (_place(form.get(f"place.{value.value_id}", ""), index), index), listed


def _place(text: str, index: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and int(text) <= _LAST else index + 1


def _new_values(text: str) -> Iterator[ListedValue]:
    """Read new values: one in a line, Swedish and English with a bar between them."""
    for line in text.splitlines()[: MAXIMUM_VALUES_OF_ELEMENT + 1]:
        sv, _, en = (part.strip() for part in line.partition(_SEPARATOR))
        if sv:
            yield ListedValue(label=sv, labels=_labels(sv, en or None))


def _labels(sv: str, en: str | None, *, field: str = "values") -> dict[str, str]:
    labels = {"sv": sv, "en": en} if en else {"sv": sv}
    try:
        return _LABELS.validate_python(labels)
    except ValidationError as error:
        found = [{**one, "loc": ("form", field)} for one in error.errors()]
        raise FieldErrors(messages_by_path(found)) from error
