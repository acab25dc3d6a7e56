"""Search for documents."""

from ringbinder.features.search.service.fields import Fields, SearchFields
from ringbinder.features.search.service.hot import Asked, HotFound, HotSearches
from ringbinder.features.search.service.searching import search_documents, understand
from ringbinder.features.search.service.standing import Standing

__all__ = [
    "Asked",
    "Fields",
    "HotFound",
    "HotSearches",
    "SearchFields",
    "Standing",
    "search_documents",
    "understand",
]
