"""A binder's metadata schema, and values that are checked against it."""
