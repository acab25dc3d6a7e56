"""What people do with imports."""

from ringbinder.features.imports.service.importer import Importer

__all__ = ["Importer"]
