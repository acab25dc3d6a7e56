"""How much API clients do, day by day."""
