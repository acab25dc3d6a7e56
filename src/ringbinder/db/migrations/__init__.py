"""One tree of migrations for both engines."""
