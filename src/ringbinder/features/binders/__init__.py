"""Binders: the top-level containers."""
