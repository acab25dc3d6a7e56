"""The read log: which person has opened which version of a document."""
