"""Search for documents."""

from ringbinder.features.search.service.hot import Asked, HotFound, HotSearches
from ringbinder.features.search.service.searching import search_documents, state_of, understand

__all__ = ["Asked", "HotFound", "HotSearches", "search_documents", "state_of", "understand"]
