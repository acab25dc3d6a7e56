"""What a caller may use, and how much of it is left."""
