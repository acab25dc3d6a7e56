"""Many documents in one zip file, sent while it is made."""
