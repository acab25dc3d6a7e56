"""Uploads: create, send the bytes, commit; nothing is visible before the commit."""
