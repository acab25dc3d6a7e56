"""Send a large file to the real server and say by how much its memory rose.

python -m benchmarks.upload_memory --mib 2048
"""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.support.memory import MEBIBYTE, upload_and_measure

LIMIT_MIB = 64


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--mib", type=int, default=2048)
    size_mib = parser.parse_args().mib
    with tempfile.TemporaryDirectory(prefix="ringbinder-memory-") as data:
        began = time.perf_counter()
        rise = asyncio.run(upload_and_measure(Path(data), size_mib * MEBIBYTE))
        seconds = time.perf_counter() - began
    rise_mib = rise / MEBIBYTE
    print(f"{size_mib} MiB in {seconds:.0f} s raised the memory by {rise_mib:.1f} MiB")
    return 0 if rise_mib < LIMIT_MIB else 1


if __name__ == "__main__":
    sys.exit(main())
