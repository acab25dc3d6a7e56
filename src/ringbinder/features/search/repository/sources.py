"""The tables of a search under the names that they have in its statements.

They are made once: an alias copies every column of its table, which costs more than most searches.
"""

from typing import Final

from ringbinder.db.tables import (
    binders,
    changes,
    counters,
    document_metadata,
    documents,
    folders,
    metadata_elements,
    metadata_values,
    organisation_sequences,
)
from ringbinder.features.metadata.types import GLOBAL_CATEGORY, GLOBAL_STATUS

CANDIDATES: Final = documents.alias("candidates")
"""Documents that may be found."""

OWN: Final = documents.alias("own")
"""The documents of the page."""

ENTRIES: Final = document_metadata.alias("entries")
"""The range of the index of values that a search begins with, or walks."""

PROBED: Final = document_metadata.alias("probed")
"""The index of values as a condition asks it about one document."""

BINDERS: Final = binders.alias("binder")
FOLDERS: Final = folders.alias("folder")
TYPED: Final = folders.alias("typed")
"""The folder as a condition asks for its type."""

SEQUENCES: Final = organisation_sequences.alias("sequences")
"""The number of the organisation's last change, by which one knows that nothing has changed."""

CHANGES: Final = changes.alias("later")
"""Changes since something was found out."""

ELEMENTS: Final = metadata_elements.alias("elements")
USED: Final = counters.alias("used")
LISTED: Final = metadata_values.alias("listed")
LISTED_FOR: Final = {
    GLOBAL_CATEGORY: metadata_values.alias("listed_categories"),
    GLOBAL_STATUS: metadata_values.alias("listed_statuses"),
}
"""Values of lists, by the key whose column of a document's own row holds their ids."""
