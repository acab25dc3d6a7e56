"""The wire format of templates, and of a new binder."""

from typing import Any

from pydantic import BaseModel, Field

from ringbinder.features.binders.schemas.binders import BinderAnswer, binder_answer
from ringbinder.features.binders.schemas.binders import BinderCreate as PlainBinderCreate
from ringbinder.features.binders.types import BinderType
from ringbinder.features.templates.types import Labels, Template, TemplateLanguage
from ringbinder.web.types import ShortText

__all__ = ["BinderAnswer", "BinderCreate", "TemplateAnswer", "binder_answer", "template_answer"]


class BinderCreate(PlainBinderCreate):
    """A new binder."""

    templateId: ShortText | None = Field(
        default=None,
        description="Begin with the tabs and the schema of this template, such as `project`.",
        examples=[None],
    )
    templateLanguage: TemplateLanguage = Field(
        default=TemplateLanguage.SWEDISH,
        description="In which language the template names tabs and elements.",
    )


class NamesAnswer(BaseModel):
    """A word in each language."""

    sv: str = Field(examples=["Byggprojekt"])
    en: str = Field(examples=["Construction project"])


class TemplateAnswer(BaseModel):
    """What a new binder can begin with."""

    id: str = Field(examples=["project"])
    names: NamesAnswer
    descriptions: NamesAnswer
    type: BinderType = Field(description="What binders of this template are usually about.")
    tabs: list[NamesAnswer]
    metadataElementIds: list[str] = Field(examples=[["Ritningsnummer", "Disciplin"]])


def template_answer(template: Template) -> dict[str, Any]:
    """Write a template."""
    return {
        "id": template.id,
        "names": _names(template.names),
        "descriptions": _names(template.descriptions),
        "type": str(template.type),
        "tabs": [_names(tab.names) for tab in template.tabs],
        "metadataElementIds": [element.id for element in template.elements],
    }


def _names(labels: Labels) -> dict[str, str]:
    return {"sv": labels["sv"], "en": labels["en"]}
