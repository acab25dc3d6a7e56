"""Search for documents."""

from ringbinder.features.search.service.hot import Asked, HotFound, HotSearches
from ringbinder.features.search.service.searching import search_documents, understand

__all__ = ["Asked", "HotFound", "HotSearches", "search_documents", "understand"]
