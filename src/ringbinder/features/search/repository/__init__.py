"""Every question of a search to the database, by name."""

from ringbinder.features.search.repository.hot import (
    HotPage,
    State,
    prepare_items,
    prepare_page,
    prepare_state,
    read_page,
    read_state,
    state_of,
    write_items,
)
from ringbinder.features.search.repository.lookups import (
    find_binders,
    find_folders,
    find_labels,
    find_long_texts,
    list_creators,
    list_shown_folders,
)
from ringbinder.features.search.repository.pages import find_page
from ringbinder.features.search.repository.sizes import measure

__all__ = [
    "HotPage",
    "State",
    "find_binders",
    "find_folders",
    "find_labels",
    "find_long_texts",
    "find_page",
    "list_creators",
    "list_shown_folders",
    "measure",
    "prepare_items",
    "prepare_page",
    "prepare_state",
    "read_page",
    "read_state",
    "state_of",
    "write_items",
]
