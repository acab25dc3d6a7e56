"""A template as the rest of the program sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ringbinder.features.binders.types import BinderType
from ringbinder.features.folders.types import FolderType
from ringbinder.features.metadata.types import DataType

Labels = Mapping[str, str]
"""A word in Swedish (``sv``) and in English (``en``)."""


class TemplateLanguage(StrEnum):
    """In which language a template names tabs and elements."""

    SWEDISH = "sv"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class TabTemplate:
    """A tab, or a folder in one."""

    names: Labels
    type: FolderType
    folders: tuple["TabTemplate", ...] = ()


@dataclass(frozen=True, slots=True)
class ElementTemplate:
    """An element of the schema; ``values`` are value ids with their labels."""

    id: str
    labels: Labels
    data_type: DataType
    values: tuple[tuple[str, Labels], ...] = ()
    is_multi_value: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """Tabs and a schema for a kind of binder."""

    id: str
    names: Labels
    descriptions: Labels
    type: BinderType
    tabs: tuple[TabTemplate, ...]
    elements: tuple[ElementTemplate, ...]
