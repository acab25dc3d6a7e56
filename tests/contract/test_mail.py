"""One promise of everything that takes letters; SMTP speaks to a real server process."""

import email
import email.policy
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from ringbinder.adapters.mail import Letter, LetterRefused, Mailer, MailUnavailable
from ringbinder.adapters.mail.folder import FolderMailer
from ringbinder.adapters.mail.memory import MemoryMailer
from ringbinder.adapters.mail.smtp import SmtpMailer, SmtpSecurity
from ringbinder.adapters.mail.writing import message_of
from tests.support.certificates import certificate
from tests.support.mail_server import LATER, PASSWORD, REFUSED, USER, mail_server
from tests.support.real_server import free_port

pytestmark = pytest.mark.contract

SENDER = "Ringbinder <no-reply@binders.example>"
LETTER = Letter(
    id=UUID("0192f0c1-7e5a-7c3e-9d2b-0a1b2c3d4e5f"),
    to="anna@example.com",
    subject="Välkommen till Fastighets AB Kastanjen",
    text="Hej Åsa,\n\nöppna https://binders.example/invitation/" + "x" * 90 + "\n.\n",
    written_at=datetime(2024, 1, 15, 8, 30, tzinfo=UTC),
)


@dataclass
class Post:
    """A mailer, and what has arrived."""

    mailer: Mailer
    arrived: Callable[[], Sequence[EmailMessage]]


@pytest.fixture(params=["memory", "folder", "smtp"])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Post]:
    if request.param == "memory":
        memory = MemoryMailer()
        yield Post(memory, lambda: [message_of(one, sender=SENDER) for one in memory.letters])
    elif request.param == "folder":
        folder = tmp_path / "mail"
        yield Post(FolderMailer(folder, sender=SENDER), lambda: read(folder))
    else:
        with mail_server(tmp_path) as server:
            mailer = SmtpMailer("127.0.0.1", server.port, sender=SENDER, security=SmtpSecurity.NONE)
            yield Post(mailer, server.letters)


def read(folder: Path) -> list[EmailMessage]:
    policy: Any = email.policy.default
    return [email.message_from_bytes(path.read_bytes(), policy=policy) for path in folder.glob("*")]


async def test_a_letter_arrives_as_it_was_written(post: Post) -> None:
    await post.mailer.send(LETTER)
    [found] = post.arrived()
    assert found["To"] == "anna@example.com"
    assert found["From"] == SENDER
    assert found["Subject"] == LETTER.subject
    assert found["Message-ID"] == f"<{LETTER.id}@binders.example>"
    assert found["Date"] == "Mon, 15 Jan 2024 08:30:00 +0000"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found.get_content().replace("\r\n", "\n") == LETTER.text


@pytest.mark.parametrize(
    "changes",
    [
        {"to": "anna"},
        {"to": ""},
        {"to": "a@example.com, b@example.com"},
        {"to": "a@example.com\r\nBcc: b@example.com"},
        {"subject": "a\r\nBcc: b@example.com"},
    ],
    ids=str,
)
async def test_what_cannot_be_a_letter_is_refused(post: Post, changes: dict[str, Any]) -> None:
    with pytest.raises(LetterRefused):
        await post.mailer.send(replace(LETTER, **changes))
    assert not post.arrived()


# What only a folder or a server can do


async def test_files_are_for_their_owner_alone_and_written_again(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path / "mail", sender=SENDER)
    await mailer.send(LETTER)
    await mailer.send(LETTER)
    [path] = (tmp_path / "mail").iterdir()
    assert path.name == f"{LETTER.id}.eml"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


async def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file")
    with pytest.raises(MailUnavailable):
        await FolderMailer(tmp_path / "mail", sender=SENDER).send(LETTER)


async def test_a_server_may_refuse_for_good_or_for_now(tmp_path: Path) -> None:
    with mail_server(tmp_path) as server:
        mailer = SmtpMailer("127.0.0.1", server.port, sender=SENDER, security=SmtpSecurity.NONE)
        with pytest.raises(LetterRefused):
            await mailer.send(replace(LETTER, to=REFUSED))
        with pytest.raises(MailUnavailable):
            await mailer.send(replace(LETTER, to=LATER))
        encrypting = SmtpMailer("127.0.0.1", server.port, sender=SENDER)
        with pytest.raises(MailUnavailable):
            await encrypting.send(LETTER)
        assert server.letters() == []


async def test_nobody_listens() -> None:
    mailer = SmtpMailer("127.0.0.1", free_port(), sender=SENDER, security=SmtpSecurity.NONE)
    with pytest.raises(MailUnavailable):
        await mailer.send(LETTER)


@pytest.mark.parametrize("security", [SmtpSecurity.STARTTLS, SmtpSecurity.TLS])
async def test_the_way_is_encrypted_and_the_server_is_who_it_says(
    tmp_path: Path, security: SmtpSecurity
) -> None:
    made = certificate(tmp_path, "localhost")
    trusting = ssl.create_default_context(cafile=str(made))
    with mail_server(tmp_path, security=security, certificate=made) as server:

        def mailer(password: str = PASSWORD, tls: ssl.SSLContext | None = trusting) -> SmtpMailer:
            return SmtpMailer(
                "localhost",
                server.port,
                sender=SENDER,
                security=security,
                user=USER,
                password=password,
                tls=tls,
            )

        with pytest.raises(MailUnavailable):
            await mailer(tls=None).send(LETTER)
        with pytest.raises(MailUnavailable):
            await mailer(password="guess").send(LETTER)
        assert server.letters() == []
        await mailer().send(LETTER)
        [found] = server.letters()
        assert found["Subject"] == LETTER.subject
