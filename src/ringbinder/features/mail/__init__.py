"""The outbox of letters to people."""
