"""Bytes by their content: shared by all versions of an organisation that have them."""
