"""One document in front of a person: what is known of it, and what can be done with it."""
