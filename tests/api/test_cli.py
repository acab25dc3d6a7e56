"""The command line: what it prints for people and for scripts, and how it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from typer.testing import CliRunner, Result

from ringbinder.entrypoints.cli import app
from ringbinder.settings import Settings

pytestmark = [pytest.mark.api, pytest.mark.slow]


class Terminal:
    """Runs commands on a data folder of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._runner = CliRunner()

    def run(self, *arguments: str) -> Result:
        return self._runner.invoke(app, arguments)

    def json(self, *arguments: str) -> Any:
        """Run a command that must work, and read the one document that it prints."""
        result = self.run(*arguments, "--json")
        assert (result.exit_code, result.stderr) == (0, "")
        return json.loads(result.stdout)

    def error(self, *arguments: str) -> tuple[dict[str, Any], int]:
        """Run a command that must fail, and read the error."""
        result = self.run(*arguments, "--json")
        assert result.stdout == ""
        error: dict[str, Any] = json.loads(result.stderr)["error"]
        return error, result.exit_code


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"RINGBINDER_{name.upper()}", raising=False)
    monkeypatch.setenv("RINGBINDER_DATA", str(tmp_path / "data"))
    return Terminal(tmp_path / "data")


@pytest.fixture
def organisation(terminal: Terminal) -> str:
    made = terminal.json("organisations", "create", "--name", "Kastanjen", "--api-clients")
    organisation_id: str = made["id"]
    return organisation_id


def test_api_clients_are_off_until_they_are_enabled(terminal: Terminal) -> None:
    made = terminal.json("organisations", "create", "--name", "Kastanjen")
    assert made["apiClientsEnabled"] is False
    new_client = ("clients", "create", "--name", "ERP", "--role", "Reader")
    error, code = terminal.error(*new_client)
    assert (error["code"], code) == ("organisation.api_clients_disabled", 1)
    updated = terminal.json("organisations", "update", made["id"], "--api-clients")
    assert updated["apiClientsEnabled"] is True
    assert terminal.json(*new_client)["role"] == "Reader"
    assert terminal.json("organisations", "list") == [updated]


def test_a_client_is_made_listed_stopped_and_started(terminal: Terminal, organisation: str) -> None:
    made = terminal.json("clients", "create", "--name", "ERP", "--role", "creator")
    assert made["organisationId"] == organisation
    assert len(made["clientSecret"]) >= 32
    client_id = made["clientId"]
    (listed,) = terminal.json("clients", "list")
    assert "clientSecret" not in listed
    assert (listed["clientId"], listed["role"], listed["disabledAt"]) == (
        client_id,
        "Creator",
        None,
    )
    assert terminal.json("clients", "disable", client_id)["disabledAt"].endswith("Z")
    assert terminal.json("clients", "enable", client_id)["disabledAt"] is None
    rotated = terminal.json("clients", "rotate", client_id, "--overlap", "0")
    assert rotated["clientSecret"] != made["clientSecret"]


def test_an_unknown_client_is_said_to_be_unknown(terminal: Terminal, organisation: str) -> None:
    del organisation
    error, code = terminal.error("clients", "disable", str(uuid4()))
    assert (error["code"], code) == ("client.not_found", 1)


def test_binders_are_made_and_listed(terminal: Terminal, organisation: str) -> None:
    del organisation
    made = terminal.json("binders", "create", "--name", "Kv. Åkern", "--type", "facility")
    assert (made["name"], made["type"], made["state"]) == ("Kv. Åkern", "facility", "active")
    assert terminal.json("binders", "list") == [made]


def test_every_wrong_field_of_a_binder_is_named(terminal: Terminal, organisation: str) -> None:
    del organisation
    wrong = ("binders", "create", "--name", "", "--type", "shelf", "--colour", "red")
    error, code = terminal.error(*wrong)
    assert code == 1
    assert set(error["errors"]) == {"name", "type", "colour"}
    assert len(terminal.run(*wrong).stderr.splitlines()) == 3


def test_of_several_organisations_one_must_be_named(terminal: Terminal, organisation: str) -> None:
    other = terminal.json("organisations", "create", "--name", "Linden")["id"]
    assert terminal.error("binders", "list")[0]["code"] == "organisation.not_named"
    for name in (other, "linden"):
        assert terminal.json("binders", "list", "--organisation", name) == []
    assert terminal.error("binders", "list", "--organisation", "x")[0]["code"] == (
        "organisation.not_named_so"
    )
    assert {one["id"] for one in terminal.json("organisations", "list")} == {organisation, other}


def test_without_organisations_the_next_step_is_told(terminal: Terminal) -> None:
    result = terminal.run("binders", "list")
    assert result.exit_code == 1
    assert "ringbinder organisations create" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("clients", "disable", "no-guid"),
        ("clients", "create", "--name", "x", "--role", "King"),
        ("organisations", "create", "--name", " "),
        ("organisations", "create", "--name", "a\x1bb"),
        ("serve", "--port", "70000"),
        ("import", "--json"),
        ("nothing",),
    ],
)
def test_wrong_usage_ends_with_2(terminal: Terminal, arguments: tuple[str, ...]) -> None:
    result = terminal.run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert not terminal.data.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("organisations", "list"),
        ("organisations", "create", "--name", "Linden [bold]x[/bold]"),
        ("clients", "create", "--name", "[red]ERP", "--role", "Admin"),
        ("clients", "list"),
        ("binders", "create", "--name", "Pärm"),
        ("binders", "list"),
        ("migrate",),
    ],
)
def test_people_read_sentences_and_tables(
    terminal: Terminal, organisation: str, arguments: tuple[str, ...]
) -> None:
    del organisation
    result = terminal.run(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.strip()
    for name in ("[bold]x[/bold]", "[red]ERP"):
        assert (name in result.stdout) == any(name in argument for argument in arguments)


def test_a_name_steers_no_terminal(terminal: Terminal, organisation: str, tmp_path: Path) -> None:
    del organisation
    binder = terminal.json("binders", "create", "--name", "\u202ePärm")["id"]
    assert "\u202e" not in terminal.run("binders", "list").stdout
    (tmp_path / "x\x1b[31m\u202e.pdf").touch()
    shown = terminal.run("import", str(tmp_path), "--binder", binder).stdout
    assert "\x1b[31m" not in shown
    assert "x\\x1b[31m\\u202e.pdf" in shown


def test_migrating_twice_is_migrating_once(terminal: Terminal) -> None:
    first = terminal.json("migrate")
    assert terminal.json("migrate") == first


def test_a_database_that_cannot_be_used_is_said_in_a_sentence(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RINGBINDER_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none")
    error, code = terminal.error("organisations", "list")
    assert (error["code"], code) == ("database.unusable", 1)
    assert "Traceback" not in terminal.run("organisations", "list").stderr


def test_settings_that_are_wrong_are_named_all_at_once(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RINGBINDER_PORT", "many")
    monkeypatch.setenv("RINGBINDER_TRASH_DAYS", "0")
    error, code = terminal.error("migrate")
    assert (error["code"], code) == ("settings.invalid", 1)
    assert "RINGBINDER_PORT" in error["detail"]
    assert "RINGBINDER_TRASH_DAYS" in error["detail"]


def test_an_import_is_told_to_people_and_to_scripts(
    terminal: Terminal, organisation: str, tmp_path: Path
) -> None:
    del organisation
    binder = terminal.json("binders", "create", "--name", "Pärm")["id"]
    folder = tmp_path / "files" / "A"
    folder.mkdir(parents=True)
    (folder / "Plan 1.pdf").write_text("one")
    register = tmp_path / "register.csv"
    register.write_text("path,title\nPlan 1.pdf,Plan ett\nPlan 2.pdf,x\n")
    order = ("import", str(tmp_path / "files"), "--binder", binder, "--register", str(register))
    refused = terminal.run(*order, "--json")
    assert refused.exit_code == 3
    assert json.loads(refused.stdout)["elements"] == ["title"]
    assert "--create-elements" in terminal.run(*order).stdout
    planned = terminal.json(*order, "--create-elements", "--dry-run")
    assert (planned["dryRun"], planned["counts"]["added"]) == (True, 1)
    result = terminal.run(*order, "--create-elements")
    assert result.exit_code == 0
    assert "New documents" in result.stdout
    assert "There is no such file." in result.stdout
    done = terminal.json(*order)
    assert done["counts"] == {
        "added": 0,
        "newVersion": 0,
        "updated": 0,
        "skipped": 1,
        "refused": 0,
    }
    (folder / "Plan 1.pdf").write_text("two")
    (changed,) = terminal.json(*order)["files"]
    assert (changed["outcome"], changed["folder"]) == ("newVersion", ["A"])
    assert UUID(changed["documentId"]).version == 7


def test_an_import_finds_its_binder_and_says_when_there_is_none(
    terminal: Terminal, organisation: str, tmp_path: Path
) -> None:
    del organisation
    terminal.json("organisations", "create", "--name", "Linden")
    of_linden = terminal.json("binders", "create", "--name", "P", "--organisation", "Linden")
    folder = tmp_path / "files"
    folder.mkdir()
    done = terminal.json("import", str(folder), "--binder", of_linden["id"])
    assert sum(done["counts"].values()) == 0
    error, code = terminal.error("import", str(folder), "--binder", "AAAAAAAAA")
    assert (error["code"], code) == ("binder.not_found", 1)


@pytest.mark.timeout(120)
def test_an_interrupted_import_finishes_its_file_and_goes_on_later(
    terminal: Terminal, organisation: str, tmp_path: Path
) -> None:
    del organisation
    binder = terminal.json("binders", "create", "--name", "Pärm")["id"]
    folder = tmp_path / "files"
    folder.mkdir()
    for number in range(400):
        (folder / f"{number:03}.pdf").write_text(str(number))
    order = ("import", str(folder), "--binder", binder, "--json")
    process = start(*order)
    uploaded = terminal.data / "files" / "objects"
    wait_until(lambda: uploaded.exists() and len(list(uploaded.rglob("*-*"))) > 5)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in stderr
    report = json.loads(stdout)
    assert report["stopped"] is True
    done = report["counts"]["added"]
    assert 5 < done < 400
    assert terminal.json(*order[:-1])["counts"]["skipped"] == done


def start(*arguments: str) -> "subprocess.Popen[str]":
    """Run the command line as a program of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", "from ringbinder.entrypoints.cli import main; main()", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ.copy(),
    )


def wait_until(condition: Any) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize("arguments", [("--help",), ("import", "--help"), ("clients", "--help")])
def test_help_loads_neither_web_nor_database(arguments: tuple[str, ...]) -> None:
    code = (
        "import sys\nfrom ringbinder.entrypoints.cli import app\n"
        "try:\n    app()\nexcept SystemExit:\n    pass\n"
        "heavy = {'fastapi', 'sqlalchemy', 'alembic', 'reportlab', 'granian'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_an_owner_is_made_and_gets_a_link(terminal: Terminal, organisation: str) -> None:
    assert terminal.json("owners", "setup-code")["isOpen"] is True
    new_owner = ("owners", "create", "--name", "Anna Åberg", "--email", "anna@a.example")
    made = terminal.json(*new_owner, "--organisation", organisation)
    assert made["email"] == "anna@a.example"
    assert made["invitation"].startswith("http://127.0.0.1:8080/invitation/")
    assert terminal.json("owners", "setup-code")["isOpen"] is False
    error, code = terminal.error(*new_owner)
    assert code == 1
    assert error["code"] == "member.exists"
    said = terminal.run("owners", "create", "--name", "Bo", "--email", "bo@a.example").stdout
    assert "becomes an owner by opening" in said
    assert "first page is closed" in terminal.run("owners", "setup-code").stdout


def test_members_are_invited_listed_changed_and_removed(
    terminal: Terminal, organisation: str
) -> None:
    named = ("--name", "Anna Berg", "--email", "anna@example.com")
    made = terminal.json("members", "create", *named, "--role", "owner")
    assert "/invitation/" in made.pop("invitation")
    assert (made["role"], made["state"]) == ("owner", "invited")
    assert terminal.json("members", "list") == [made]
    error, code = terminal.error("members", "create", *named, "--role", "reader")
    assert (error["code"], code) == ("member.exists", 1)
    member_id = made["memberId"]
    assert terminal.json("members", "role", member_id, "--role", "reader")["role"] == "reader"
    assert terminal.json("members", "remove", member_id)["memberId"] == member_id
    assert terminal.json("members", "list") == []
    error, _ = terminal.error("members", "create", *named[:3], "no address", "--role", "reader")
    assert "email" in error["errors"]
