"""The file by which scripts reach the demo; its owner alone can read it."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

FILE_NAME: Final = "demo-credentials.json"


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """An API client of the demo: its role, and how it signs in."""

    role: str
    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True)
class PersonCredentials:
    """A person of the demo: who it is there, and how it signs in to the pages."""

    role: str
    name: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Credentials:
    """How to reach the demo: ``base_url`` ends in ``/api``."""

    base_url: str
    organisation_id: str
    clients: tuple[ClientCredentials, ...]
    people: tuple[PersonCredentials, ...] = ()

    def of(self, role: str) -> ClientCredentials:
        """Give the client of a role."""
        return next(client for client in self.clients if client.role == role)

    def as_document(self) -> dict[str, Any]:
        """Give what stands in the file."""
        return {
            "baseUrl": self.base_url,
            "organisationId": self.organisation_id,
            "clients": [
                {
                    "role": client.role,
                    "clientId": client.client_id,
                    "clientSecret": client.client_secret,
                }
                for client in self.clients
            ],
            "people": [asdict(person) for person in self.people],
        }


def load(data: Path) -> Credentials | None:
    """Read the file of a data folder; None where there is none, or half of one."""
    try:
        document = json.loads((data / FILE_NAME).read_text())
        return Credentials(
            base_url=document["baseUrl"],
            organisation_id=document["organisationId"],
            clients=tuple(
                ClientCredentials(one["role"], one["clientId"], one["clientSecret"])
                for one in document["clients"]
            ),
            people=tuple(
                PersonCredentials(one["role"], one["name"], one["email"], one["password"])
                for one in document.get("people", ())
            ),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def save(data: Path, credentials: Credentials) -> None:
    """Write the file whole or not at all; from its first byte on its owner alone can read it."""
    temporary = data / f".{FILE_NAME}.{secrets.token_hex(4)}"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            json.dump(credentials.as_document(), file, indent=2)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(data / FILE_NAME)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
