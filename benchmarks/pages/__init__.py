"""How long pages take: `python -m benchmarks.pages --help`."""
