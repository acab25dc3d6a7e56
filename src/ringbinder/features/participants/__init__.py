"""Who takes part in binders, and who sees hidden folders."""
