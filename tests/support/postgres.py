"""A PostgreSQL server that lives exactly as long as the tests need it."""

import atexit
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

ADDRESS = "RINGBINDER_TEST_POSTGRES"  # DSN of a running server's maintenance database
REQUIRED = "RINGBINDER_REQUIRE_POSTGRES"  # "1": its absence is a failure
MISSING = "PostgreSQL was not found: its half of the tests was skipped (apt-get install postgresql)"

# Nothing here has to survive a power cut.
OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "listen_addresses": "127.0.0.1",
}


@dataclass(frozen=True, slots=True)
class ClusterInfo:
    """Where a running server listens, and the superuser whom it trusts without a password."""

    host: str
    port: int
    user: str

    def dsn(self, database: str = "postgres") -> str:
        """Give the superuser's address of one database."""
        return f"postgresql://{self.user}@{self.host}:{self.port}/{database}"


@contextmanager
def server() -> Iterator[str | None]:
    """Lend the maintenance DSN of the given or a throw-away server; None where there is neither."""
    if given := os.environ.get(ADDRESS):
        yield given
    elif find_programs():
        with throwaway_cluster() as cluster:
            yield cluster.dsn()
    else:
        yield None


def is_absent() -> bool:
    """Say whether the tests must do without PostgreSQL."""
    return not (os.environ.get(ADDRESS) or find_programs())


def find_programs() -> Path | None:
    """Find the folder of initdb and its companions: Debian's newest, else the one on PATH."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    on_path = shutil.which("initdb")
    newest = max(debian, key=lambda path: float(path.parts[-3]), default=on_path)
    return Path(newest).resolve().parent if newest else None


@contextmanager
def throwaway_cluster() -> Iterator[ClusterInfo]:
    """Start a fresh server on a free loopback port; stop and remove it however the run ends.

    Raises:
        RuntimeError: PostgreSQL is not installed, or did not start (with its own words).
    """
    programs = find_programs()
    if programs is None:
        raise RuntimeError(MISSING)
    account = _account()
    user, port = "postgres", _free_port()
    run = partial(_run, programs, account)
    with ExitStack() as cleanup:
        # Closing twice does nothing, so atexit may come as well, or alone.
        atexit.register(cleanup.close)
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, signal.default_int_handler)
        # In /tmp, because a socket's path may have 107 bytes and the account must reach it.
        folder = Path(tempfile.mkdtemp(prefix="ringbinder-pg-", dir="/tmp"))
        cleanup.callback(shutil.rmtree, folder, ignore_errors=True)
        if account is not None:
            os.chown(folder, account.pw_uid, account.pw_gid)
        data = f"--pgdata={folder / 'data'}"
        locale = ("--encoding=UTF8", "--locale=C.UTF-8")
        run("initdb", data, f"--username={user}", "--auth=trust", "--no-sync", *locale)
        options = OPTIONS | {"port": str(port), "unix_socket_directories": str(folder)}
        settings = " ".join(f"-c {name}={value}" for name, value in options.items())
        cleanup.callback(run, "pg_ctl", "stop", data, "--mode=immediate")
        log = folder / "log"
        try:
            run("pg_ctl", "start", data, "--wait", f"--log={log}", f"--options={settings}")
        except RuntimeError as failure:
            failure.add_note(log.read_text())
            raise
        yield ClusterInfo("127.0.0.1", port, user)


def _run(programs: Path, account: pwd.struct_passwd | None, name: str, *arguments: str) -> None:
    """Run one program of PostgreSQL, as another account where we are root."""
    done = subprocess.run(
        [programs / name, *arguments],
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        message = f"{name} failed:\n{done.stdout}"
        raise RuntimeError(message)


def _account() -> pwd.struct_passwd | None:
    """Choose whom the server runs as; None is ourselves. PostgreSQL refuses to run as root."""
    if os.geteuid():
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return pwd.getpwnam("postgres" if "postgres" in names else "nobody")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
