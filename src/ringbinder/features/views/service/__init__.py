"""Look at the documents of a binder as a list, and keep views of it."""

from ringbinder.features.views.service.lists import Lists, iter_rows, list_rows
from ringbinder.features.views.service.saved import MOST_VIEWS, delete_view, save_view
from ringbinder.features.views.service.tables import Tables, set_desk

__all__ = [
    "MOST_VIEWS",
    "Lists",
    "Tables",
    "delete_view",
    "iter_rows",
    "list_rows",
    "save_view",
    "set_desk",
]
