"""Requests that can be sent again: one effect, and the first answer for every repetition."""
