from ringbinder.entrypoints.cli.demo.drawings.drawer import render
from ringbinder.entrypoints.cli.demo.drawings.manual import render_manual
from ringbinder.entrypoints.cli.demo.drawings.sheet import (
    DrawingKind,
    DrawingSheet,
    ManualSection,
    ManualSheet,
    ManualTable,
    Revision,
    Use,
)

__all__ = [
    "DrawingKind",
    "DrawingSheet",
    "ManualSection",
    "ManualSheet",
    "ManualTable",
    "Revision",
    "Use",
    "render",
    "render_manual",
]
