"""A PostgreSQL server of the suite's own, whose data stay in the chosen folder."""

import os
import pwd
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.support.postgres import MISSING, find_programs

# Commits are durable, as on a server that matters; memory as on a machine of 8 GB and more.
OPTIONS: Final = {
    "shared_buffers": "2GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "512MB",
    "effective_cache_size": "6GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "random_page_cost": "1.1",
    "max_connections": "100",
    "listen_addresses": "127.0.0.1",
}


@contextmanager
def running(folder: Path, port: int) -> Iterator[str]:
    """Run the server and give its address without a database's name.

    Raises:
        RuntimeError: PostgreSQL is not installed.

    """
    programs = find_programs()
    if programs is None:
        raise RuntimeError(MISSING)
    account = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    folder.mkdir(parents=True, exist_ok=True)
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)
    data = f"--pgdata={folder / 'data'}"

    def run(name: str, *arguments: str) -> None:
        subprocess.run(
            [programs / name, *arguments],
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
            cwd="/",
            stdout=subprocess.DEVNULL,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            check=True,
        )

    if not (folder / "data" / "PG_VERSION").exists():
        locale = ("--encoding=UTF8", "--locale=C.UTF-8")
        run("initdb", data, "--username=postgres", "--auth=trust", *locale)
    options = OPTIONS | {"port": str(port), "unix_socket_directories": str(folder)}
    settings = " ".join(f"-c {name}={value}" for name, value in options.items())
    run("pg_ctl", "start", data, "--wait", f"--log={folder / 'log'}", f"--options={settings}")
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}"
    finally:
        run("pg_ctl", "stop", data, "--mode=fast")
