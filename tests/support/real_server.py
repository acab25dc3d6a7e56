"""The server as it is run: programs of its own, which can be killed."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

_MAIN = "from ringbinder.entrypoints.cli import main; main()"


class RealServer:
    """A server on a port of its own. Whoever makes one stops or kills it."""

    def __init__(self, data: Path, **settings: str) -> None:
        """Serve a data folder; ``settings`` are as in the environment, in lower case."""
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self._log = data / "server.log"
        self._environment = {
            **os.environ,
            "RINGBINDER_DATA": str(data),
            "RINGBINDER_PORT": str(self.port),
            **{f"RINGBINDER_{name.upper()}": value for name, value in settings.items()},
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, within_seconds: float = 60) -> float:
        """Start and wait until the server is ready; gives the seconds that it took."""
        began = time.perf_counter()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _MAIN, "serve"],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        while not self._is_ready():
            took = time.perf_counter() - began
            if took > within_seconds or self._process.poll() is not None:
                raise RuntimeError(f"The server does not start:\n{self.log()[-4000:]}")
            time.sleep(0.02)
        return time.perf_counter() - began

    def kill(self) -> None:
        """Send SIGKILL to all its processes at once: nothing is finished, nothing is closed."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Send SIGTERM and wait until running requests have ended."""
        self._end(signal.SIGTERM)

    def log(self) -> str:
        """Give what the server has written so far."""
        return self._log.read_text(errors="replace")

    def memory_bytes(self) -> int:
        """Give the resident memory of all its processes."""
        return sum(map(_resident_bytes, self._pids()))

    def peak_memory_bytes(self) -> int:
        """Give the largest resident memory that its processes ever had, added up."""
        return sum(_status_bytes(pid, "VmHWM") for pid in self._pids())

    def _pids(self) -> list[int]:
        """Give the processes of the server's session."""
        assert self._process is not None
        session = self._process.pid
        all_processes = (entry for entry in Path("/proc").iterdir() if entry.name.isdecimal())
        return [int(entry.name) for entry in all_processes if _session_of(entry) == session]

    def _is_ready(self) -> bool:
        try:
            with urlopen(f"{self.base}/health/ready", timeout=5) as answer:  # noqa: S310 - ours
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        with_all = os.killpg if how is signal.SIGKILL else os.kill
        with contextlib.suppress(ProcessLookupError):
            with_all(self._process.pid, how)
        self._process.wait(timeout=60)
        self._process = None


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _session_of(process: Path) -> int | None:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[3])
    except OSError:
        return None  # it has ended meanwhile


def _resident_bytes(pid: int) -> int:
    return _status_bytes(pid, "VmRSS")


def _status_bytes(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    return 0
