"""Decisions about searches, without input or output."""

from ringbinder.features.search.rules.criteria import criteria_of
from ringbinder.features.search.rules.cursors import read_cursor, shape_of, write_cursor
from ringbinder.features.search.rules.keys import known_keys, search_keys
from ringbinder.features.search.rules.lookups import Lookups, lookups_of
from ringbinder.features.search.rules.planning import (
    FEW,
    Plan,
    Questions,
    Sizes,
    Way,
    choose_plan,
    counters_of,
    is_single,
    needs_documents,
    questions_of,
)
from ringbinder.features.search.rules.reading import named_elements, read_query
from ringbinder.features.search.rules.templates import (
    Counted,
    PageTemplate,
    Template,
    page_template,
    page_values,
    template_of,
)
from ringbinder.features.search.rules.texts import (
    SEPARATOR,
    TermForms,
    is_key_of,
    matches_text,
    part_pattern,
    parts_of,
    phrase_of,
    prefix_of,
    term_forms,
)

__all__ = [
    "FEW",
    "SEPARATOR",
    "Counted",
    "Lookups",
    "PageTemplate",
    "Plan",
    "Questions",
    "Sizes",
    "Template",
    "TermForms",
    "Way",
    "choose_plan",
    "counters_of",
    "criteria_of",
    "is_key_of",
    "is_single",
    "known_keys",
    "lookups_of",
    "matches_text",
    "named_elements",
    "needs_documents",
    "page_template",
    "page_values",
    "part_pattern",
    "parts_of",
    "phrase_of",
    "prefix_of",
    "questions_of",
    "read_cursor",
    "read_query",
    "search_keys",
    "shape_of",
    "template_of",
    "term_forms",
    "write_cursor",
]
