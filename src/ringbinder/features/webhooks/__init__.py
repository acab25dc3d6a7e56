"""Webhooks: positions of the change feed, sent to those who asked for them."""
