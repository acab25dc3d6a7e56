"""Imports: a folder of files, with its register, into a binder."""
