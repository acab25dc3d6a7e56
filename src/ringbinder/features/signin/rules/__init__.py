"""Decisions about sign-in, without input or output."""
