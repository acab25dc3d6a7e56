"""What the demo organisation holds: plain data, no database, no web."""

from __future__ import annotations

from ringbinder.entrypoints.cli.demo.facility import facility_binder
from ringbinder.entrypoints.cli.demo.makers import CLIENT
from ringbinder.entrypoints.cli.demo.project import project_binder
from ringbinder.entrypoints.cli.demo.shapes import (
    DemoBinder,
    DemoDocument,
    DemoElement,
    DemoFolder,
    DemoOrganisation,
    DemoValue,
    DemoVersion,
)

__all__ = [
    "DemoBinder",
    "DemoDocument",
    "DemoElement",
    "DemoFolder",
    "DemoOrganisation",
    "DemoValue",
    "DemoVersion",
    "demo_organisation",
]


def demo_organisation() -> DemoOrganisation:
    """Describe the demo organisation; the same on every call."""
    return DemoOrganisation(CLIENT, (project_binder(), facility_binder()))
