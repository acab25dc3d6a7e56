"""Pictures of documents, and stamped copies of superseded ones."""
