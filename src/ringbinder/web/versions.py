"""Versions of the API: each has a base of its own and lives beside the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, FastAPI


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
