"""The change feed: what happened, in one order, for those who keep a copy."""
