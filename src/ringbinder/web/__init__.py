"""The HTTP words that routes use."""
