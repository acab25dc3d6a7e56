"""Migrations of a SQLite file that are cut off, or begun twice at once."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from ringbinder.db.migrate import HEAD, upgrade

pytestmark = [pytest.mark.db, pytest.mark.slow]

CUT_OFF = """\
import os, sys
import sqlalchemy
from ringbinder.db.migrate import upgrade

left = int(sys.argv[2])

def count(*_):
    global left
    left -= 1
    if left == 0:
        os._exit(9)

sqlalchemy.event.listen(sqlalchemy.Engine, "before_cursor_execute", count)
upgrade(sys.argv[1])
"""


def start(code: str, *arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", code, *arguments])


def schema_of(file: Path) -> str:
    with sqlite3.connect(file) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


@pytest.mark.parametrize("statement", [2, 10, 30])
def test_what_was_cut_off_is_begun_again(tmp_path: Path, statement: int) -> None:
    file = tmp_path / "ringbinder.sqlite3"
    url = f"sqlite:///{file}"
    assert start(CUT_OFF, url, str(statement)).wait() == 9
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    upgrade(url)
    assert schema_of(file) == HEAD


def test_several_processes_may_begin_at_once(tmp_path: Path) -> None:
    file = tmp_path / "ringbinder.sqlite3"
    code = "import sys; from ringbinder.db.migrate import upgrade; upgrade(sys.argv[1])"
    started = [start(code, f"sqlite:///{file}") for _ in range(3)]
    assert [process.wait() for process in started] == [0, 0, 0]
    assert schema_of(file) == HEAD
