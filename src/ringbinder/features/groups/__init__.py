"""Groups of members, which binders and folders are opened to at once."""
