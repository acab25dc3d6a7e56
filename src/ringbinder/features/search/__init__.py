"""Search for documents by metadata and name."""
