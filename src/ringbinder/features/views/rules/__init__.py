"""Decisions about lists of documents, without input or output."""

from ringbinder.features.views.rules.addresses import (
    read_list_query,
    sorted_by,
    without,
    without_lost_tabs,
    write_list_query,
)
from ringbinder.features.views.rules.asking import fitting, search_body, typed
from ringbinder.features.views.rules.cells import Cells, listed, read_listed
from ringbinder.features.views.rules.columns import chosen_columns, columns_of
from ringbinder.features.views.rules.trees import tree_of

__all__ = [
    "Cells",
    "chosen_columns",
    "columns_of",
    "fitting",
    "listed",
    "read_list_query",
    "read_listed",
    "search_body",
    "sorted_by",
    "tree_of",
    "typed",
    "without",
    "without_lost_tabs",
    "write_list_query",
]
