"""What one file may take."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """Hard limits of one rendering, which the kernel keeps."""

    seconds: int = 20
    """Wall time, from the moment when a worker begins."""
    cpu_seconds: int = 10
    memory_bytes: int = 1 << 30
    """Address space; some 150 MiB of it are the worker's own."""
    result_bytes: int = 128 << 20
