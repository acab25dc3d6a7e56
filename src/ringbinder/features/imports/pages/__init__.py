"""The door for people to uploading many files."""

from ringbinder.features.imports.pages.upload import router

__all__ = ["router"]
