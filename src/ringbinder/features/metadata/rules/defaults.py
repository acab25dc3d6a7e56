"""The schema that every binder begins with: the reserved keys and their usual lists."""

from collections.abc import Mapping, Sequence
from typing import Final

from ringbinder.features.metadata.rules.lists import word_of
from ringbinder.features.metadata.types import (
    GLOBAL_CATEGORY,
    GLOBAL_KEYS,
    GLOBAL_STATUS,
    AllowedValue,
    Element,
)

_Labels = tuple[str, str]

_STAGES: Final[Sequence[_Labels]] = (
    ("Preliminärhandling", "Preliminary document"),
    ("Förfrågningsunderlag", "Tender document"),
    ("Bygghandling", "Construction document"),
    ("Relationshandling", "As-built document"),
    ("Utgår", "Withdrawn"),
)
_STATES: Final[Sequence[_Labels]] = (("Gällande", "Current"), ("Arkiverad", "Archived"))
_CATEGORIES: Final[Sequence[_Labels]] = (
    ("Ritning", "Drawing"),
    ("Beskrivning", "Specification"),
    ("Protokoll", "Minutes"),
    ("Drift och underhåll", "Operation and maintenance"),
    ("Avtal", "Contract"),
    ("Ekonomi", "Finance"),
    ("Foto", "Photo"),
    ("Övrigt", "Other"),
)
_STATUSES_OF: Final[Mapping[str, Sequence[_Labels]]] = {"project": _STAGES, "tender": _STAGES}


def default_elements(binder_type: str) -> tuple[Element, ...]:
    """Give the reserved keys in their order; the statuses depend on what the binder is about."""
    lists = {
        GLOBAL_CATEGORY: _CATEGORIES,
        GLOBAL_STATUS: _STATUSES_OF.get(binder_type, _STATES),
    }
    return tuple(
        Element(
            key=reserved.key,
            metadata_element_id=metadata_element_id,
            data_type=reserved.data_type,
            label=reserved.label,
            labels={"sv": reserved.label_sv, "en": reserved.label},
            is_required=False,
            is_multi_value=False,
            position=position,
            values=_values(lists.get(metadata_element_id, ())),
        )
        for position, (metadata_element_id, reserved) in enumerate(GLOBAL_KEYS.items())
    )


def _values(labels: Sequence[_Labels]) -> tuple[AllowedValue, ...]:
    return tuple(
        AllowedValue(
            value_id=word_of(swedish),
            label=swedish,
            labels={"sv": swedish, "en": english},
            position=position,
        )
        for position, (swedish, english) in enumerate(labels)
    )
