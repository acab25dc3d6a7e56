"""Templates: what a new binder can begin with."""
