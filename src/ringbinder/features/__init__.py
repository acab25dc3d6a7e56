"""One folder for each noun of the product."""
