"""What people and integrations do with a binder's schema, and what other features ask of it.

The decisions about values that documents need stand here too, since rules are a feature's own.
"""

from ringbinder.features.metadata.rules import (
    Checker,
    Checkers,
    check_values,
    created_by,
    from_json,
    to_json,
)
from ringbinder.features.metadata.rules.impact import Impact, ImpactKind
from ringbinder.features.metadata.service.elements import (
    create_element,
    delete_element,
    update_element,
)
from ringbinder.features.metadata.service.reading import (
    begin_schema,
    data_types,
    get_element,
    label_values,
    list_choices,
    load_schema,
    measure_usage,
    preview_change,
    read_values,
)

__all__ = [
    "Checker",
    "Checkers",
    "Impact",
    "ImpactKind",
    "begin_schema",
    "check_values",
    "create_element",
    "created_by",
    "data_types",
    "delete_element",
    "from_json",
    "get_element",
    "label_values",
    "list_choices",
    "load_schema",
    "measure_usage",
    "preview_change",
    "read_values",
    "to_json",
    "update_element",
]
