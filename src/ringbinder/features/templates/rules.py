"""The templates that are built in.

An element has the same id and type in all of them, because an organisation's binders share keys.
"""

from typing import Final

from ringbinder.features.binders.types import BinderType
from ringbinder.features.folders.types import FolderType
from ringbinder.features.metadata.types import DataType
from ringbinder.features.templates.errors import TemplateNotFoundError
from ringbinder.features.templates.types import (
    ElementTemplate,
    Labels,
    TabTemplate,
    Template,
)


def _both(swedish: str, english: str) -> Labels:
    return {"sv": swedish, "en": english}


def _tab(
    swedish: str,
    english: str,
    type: FolderType = FolderType.DOCUMENTS,  # noqa: A002 - the word of the API and of the table
    *folders: TabTemplate,
) -> TabTemplate:
    return TabTemplate(_both(swedish, english), type, folders)


def _drawings(swedish: str, english: str) -> TabTemplate:
    return _tab(swedish, english, FolderType.DRAWINGS)


def _text(id: str, swedish: str, english: str) -> ElementTemplate:  # noqa: A002 - see above
    return ElementTemplate(id, _both(swedish, english), DataType.TEXT)


_NUMBER: Final = _text("Ritningsnummer", "Ritningsnummer", "Drawing number")
_SCALE: Final = _text("Skala", "Skala", "Scale")
_SYSTEM: Final = ElementTemplate(
    "System", _both("System", "System"), DataType.TEXT, is_multi_value=True
)
_WARRANTY: Final = ElementTemplate(
    "Garantitid till", _both("Garantitid till", "Warranty until"), DataType.DATE
)
_NEXT: Final = ElementTemplate(
    "Nästa kontroll", _both("Nästa kontroll", "Next inspection"), DataType.DATE
)
_DISCIPLINE: Final = ElementTemplate(
    "Disciplin",
    _both("Disciplin", "Discipline"),
    DataType.ENUMERATED,
    (
        ("A", _both("A Arkitekt", "A Architecture")),
        ("K", _both("K Konstruktion", "K Structure")),
        ("V", _both("V VVS", "V Mechanical")),
        ("E", _both("E El och tele", "E Electrical")),
        ("L", _both("L Landskap", "L Landscape")),
        ("M", _both("M Mark", "M Civil works")),
        ("F", _both("F Förvaltning", "F Facility management")),
    ),
)
_TENDERER: Final = _text("Anbudsgivare", "Anbudsgivare", "Tenderer")

PROJECT: Final = Template(
    id="project",
    names=_both("Byggprojekt", "Construction project"),
    descriptions=_both(
        "Ritningar per disciplin, beskrivningar, möten, avtal och ekonomi.",
        "Drawings by discipline, specifications, meetings, contracts and finance.",
    ),
    type=BinderType.PROJECT,
    tabs=(
        _tab(
            "Ritningar",
            "Drawings",
            FolderType.DRAWINGS,
            _drawings("A Arkitekt", "A Architecture"),
            _drawings("K Konstruktion", "K Structure"),
            _drawings("V VVS", "V Mechanical"),
            _drawings("E El", "E Electrical"),
        ),
        _tab("Modeller", "Models", FolderType.MODELS),
        _tab("Beskrivningar", "Specifications"),
        _tab("Möten och protokoll", "Meetings and minutes"),
        _tab("Kontroll och besiktning", "Inspection"),
        _tab("Avtal och ekonomi", "Contracts and finance", FolderType.CONTRACTS),
        _tab("Foton", "Photos", FolderType.PHOTOS),
    ),
    elements=(_NUMBER, _DISCIPLINE, _SCALE),
)

FACILITY: Final = Template(
    id="facility",
    names=_both("Fastighet", "Facility"),
    descriptions=_both(
        "Relationsritningar, drift och underhåll, besiktningar, avtal och garantier.",
        "As-built drawings, operation and maintenance, inspections, contracts and warranties.",
    ),
    type=BinderType.FACILITY,
    tabs=(
        _drawings("Relationsritningar", "As-built drawings"),
        _tab("Drift och underhåll", "Operation and maintenance"),
        _tab("Besiktning och kontroll", "Inspection"),
        _tab("Myndigheter", "Authorities"),
        _tab("Avtal och garantier", "Contracts and warranties", FolderType.CONTRACTS),
        _tab("Foton", "Photos", FolderType.PHOTOS),
    ),
    elements=(_NUMBER, _DISCIPLINE, _SYSTEM, _WARRANTY, _NEXT),
)

TENDER: Final = Template(
    id="tender",
    names=_both("Upphandling", "Tender"),
    descriptions=_both(
        "Förfrågningsunderlag, frågor och svar, anbud och utvärdering.",
        "Tender documents, questions and answers, tenders and evaluation.",
    ),
    type=BinderType.TENDER,
    tabs=(
        _tab("Administrativa föreskrifter", "Administrative conditions"),
        _drawings("Ritningar", "Drawings"),
        _tab("Beskrivningar", "Specifications"),
        _tab("Frågor och svar", "Questions and answers"),
        _tab("Anbud", "Tenders", FolderType.CONTRACTS),
        _tab("Utvärdering", "Evaluation"),
    ),
    elements=(_NUMBER, _DISCIPLINE, _TENDERER),
)

TEMPLATES: Final = {template.id: template for template in (PROJECT, FACILITY, TENDER)}


def template_of(template_id: str) -> Template:
    """Give a template.

    Raises:
        TemplateNotFoundError: there is none with this id.

    """
    if template_id not in TEMPLATES:
        raise TemplateNotFoundError
    return TEMPLATES[template_id]
