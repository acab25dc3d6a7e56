"""The wire format of binders and of the elements of their schemas."""
