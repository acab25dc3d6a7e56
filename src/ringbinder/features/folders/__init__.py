"""Folders and tabs."""
