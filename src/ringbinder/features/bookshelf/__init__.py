"""The first page: a person's binders side by side."""
