"""``ringbinder audit``: what it prints, how it ends, and that verifying needs nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from ringbinder.entrypoints.cli import app
from ringbinder.settings import Settings

pytestmark = [pytest.mark.api, pytest.mark.slow]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def document(*arguments: str | Path) -> Any:
    result = run(*arguments, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A data folder with one organisation and one API client."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"RINGBINDER_{name.upper()}", raising=False)
    monkeypatch.setenv("RINGBINDER_DATA", str(tmp_path / "data"))
    document("organisations", "create", "--name", "Kastanjen", "--api-clients")
    made = document("clients", "create", "--name", "Åsa Öberg", "--role", "Reader")
    client_id: str = made["clientId"]
    return client_id


@pytest.fixture
def exported(client: str, tmp_path: Path) -> Path:
    file = tmp_path / "audit.jsonl"
    assert client in document("clients", "disable", client)["clientId"]
    assert run("audit", "export", file).exit_code == 0
    return file


def test_a_good_export_is_good(exported: Path) -> None:
    result = run("audit", "verify", exported)
    assert result.exit_code == 0
    assert "3 events, from 1 to 3," in result.stdout
    report = document("audit", "verify", exported)
    assert report["valid"] is True
    assert report["problem"] is None
    assert (report["coverage"], report["signedUntil"]) == ("complete", 3)
    named = run("audit", "verify", exported, "--key", report["keys"][0])
    assert named.exit_code == 0
    assert "fingerprint" not in named.stdout
    assert run("audit", "verify", exported, "--key", "another").exit_code == 1


def test_a_bad_export_is_named(exported: Path) -> None:
    lines = exported.read_bytes().splitlines(keepends=True)
    exported.write_bytes(b"".join(lines[:2] + lines[3:]))
    result = run("audit", "verify", exported)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Event 2 is missing: ")
    answer = run("audit", "verify", exported, "--json")
    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["problem"]["sequence"] == 2


def test_what_was_taken_away_is_found_again(exported: Path, client: str, tmp_path: Path) -> None:
    taken = tmp_path / "taken.json"
    taken.write_text(run("audit", "checkpoint", "--json").stdout)
    bare = tmp_path / "taken.jws"
    bare.write_text(run("audit", "checkpoint").stdout)
    document("clients", "enable", client)
    later = tmp_path / "later.jsonl"
    assert run("audit", "export", later).exit_code == 0
    both = ("--checkpoint", taken, "--checkpoint", bare)
    assert document("audit", "verify", later, *both)["notes"] == []
    later_taken = tmp_path / "later.json"
    later_taken.write_text(run("audit", "checkpoint", "--json").stdout)
    result = run("audit", "verify", exported, "--checkpoint", later_taken)
    assert result.exit_code == 1
    assert result.stderr.startswith("Event 4 is missing: ")


def test_a_person_is_erased(exported: Path, client: str, tmp_path: Path) -> None:
    assert "Åsa Öberg" in exported.read_text()
    refused = CliRunner().invoke(app, ["audit", "erase-person", "--actor", client], input="n\n")
    assert refused.exit_code == 1
    erased = document("audit", "erase-person", "--actor", client, "--yes")
    assert erased == {"asActor": 0, "asObject": 2}
    later = tmp_path / "later.jsonl"
    assert run("audit", "export", later).exit_code == 0
    assert "Åsa Öberg" not in later.read_text()
    report = document("audit", "verify", later)
    assert (report["valid"], report["erasedParts"]) == (True, 2)
    again = run("audit", "erase-person", "--actor", client, "--yes", "--json")
    assert json.loads(again.stderr)["error"]["code"] == "audit.nothing_to_erase"


def test_a_new_key_signs_from_now_on(exported: Path, client: str, tmp_path: Path) -> None:
    new = document("audit", "new-key")["keyId"]
    document("clients", "enable", client)
    assert document("audit", "checkpoint")["keyId"] == new
    later = tmp_path / "later.jsonl"
    assert run("audit", "export", later).exit_code == 0
    [old] = document("audit", "verify", exported)["keys"]
    assert document("audit", "verify", later)["keys"] == sorted([old, new])


def test_csv_and_missing_files_end_in_a_sentence(exported: Path, tmp_path: Path) -> None:
    assert run("audit", "export", exported).exit_code == 1
    csv = tmp_path / "audit.csv"
    assert run("audit", "export", csv, "--csv").exit_code == 0
    assert run("audit", "verify", csv).stderr.startswith("This is no audit export")
    missing = run("audit", "verify", tmp_path / "nowhere", "--json")
    assert json.loads(missing.stderr)["error"]["code"] == "file.unusable"


def test_verifying_needs_no_database_no_network_and_no_settings(
    exported: Path, tmp_path: Path
) -> None:
    code = (
        "import socket, sys\n"
        "for name in ('sqlalchemy', 'fastapi', 'asyncpg', 'ringbinder.settings', 'sqlite3'):\n"
        "    sys.modules[name] = None\n"
        "socket.socket.connect = None\n"
        "from ringbinder.entrypoints.cli import main; main()"
    )
    empty = {"PATH": os.environ["PATH"], "RINGBINDER_DATA": str(tmp_path / "not there")}
    empty |= {name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", code, "audit", "verify", str(exported)],
        capture_output=True,
        text=True,
        env=empty,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "not there").exists()
