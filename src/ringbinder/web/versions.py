"""Versions of the API: each has a base of its own and lives beside the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, FastAPI

from ringbinder.web.fast_lane import Door


@dataclass(frozen=True, slots=True)
class ApiVersion:
    """A version and the base path that its operations have."""

    name: str
    base: str


V1: Final = ApiVersion(name="v1", base="/api")


def mount_version(app: FastAPI, version: ApiVersion, *, routers: Sequence[APIRouter]) -> None:
    """Serve a version's operations under its base."""
    for router in routers:
        app.include_router(router, prefix=version.base)


def fast_doors(
    version: ApiVersion, doors: Mapping[tuple[str, str], Door]
) -> dict[tuple[str, str], Door]:
    """Give the doors of the fast lane under a version's base."""
    return {(method, f"{version.base}{path}"): door for (method, path), door in doors.items()}
