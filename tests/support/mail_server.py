"""A real SMTP server, in a process of its own, that keeps what it gets in a folder."""

import contextlib
import email
import email.policy
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from tests.support.real_server import free_port

REFUSED, LATER = "nobody@example.com", "full@example.com"
USER, PASSWORD = "ringbinder", "hush-hush"


@dataclass(frozen=True)
class MailServer:
    """Where the server is, and where it puts letters."""

    port: int
    folder: Path

    def letters(self) -> list[EmailMessage]:
        """Give what was delivered, oldest first."""
        paths = sorted(self.folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        policy: Any = email.policy.default
        return [email.message_from_bytes(path.read_bytes(), policy=policy) for path in paths]


@contextmanager
def mail_server(
    folder: Path, *, security: str = "none", certificate: Path | None = None
) -> Iterator[MailServer]:
    """Run a server; with a certificate it speaks TLS and asks for user and password."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", __name__, str(folder), str(port), security]
    process = subprocess.Popen(
        [*command, str(certificate or "")], stderr=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    try:
        _wait_for(port, process)
        yield MailServer(port, folder)
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        assert process.poll() is None, "the mail server does not start"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise AssertionError("the mail server does not listen")


class _Handler:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = 0

    async def handle_RCPT(  # noqa: N802 - the server's own name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address == REFUSED:
            return "550 no such person"
        if address == LATER:
            return "451 the mailbox is full"
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - see above
        self._number += 1
        (self._folder / f"{self._number}.eml").write_bytes(envelope.content)
        return "250 fine"


def _serve(folder: Path, port: int, security: str, certificate: str) -> None:
    from aiosmtpd.controller import Controller  # noqa: PLC0415 - in the server's process alone
    from aiosmtpd.smtp import AuthResult  # noqa: PLC0415 - see above

    options: dict[str, Any] = {}
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)

        def check(_server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> Any:
            right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
            return AuthResult(success=right, handled=False)

        options = {"authenticator": check, "auth_required": True}
        if security == "tls":
            options |= {"ssl_context": context, "auth_require_tls": False}
        else:
            options |= {"tls_context": context, "require_starttls": True}
    Controller(_Handler(folder), hostname="127.0.0.1", port=port, **options).start()
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4])
