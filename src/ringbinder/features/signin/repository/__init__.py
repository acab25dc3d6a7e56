"""Questions about people, their sessions and identities; asked by the system itself."""
