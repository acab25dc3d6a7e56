"""A drawing sheet as PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringbinder.entrypoints.cli.demo.drawings.detail import draw_detail
from ringbinder.entrypoints.cli.demo.drawings.diagram import draw_diagram
from ringbinder.entrypoints.cli.demo.drawings.dice import Dice
from ringbinder.entrypoints.cli.demo.drawings.elevation import draw_facade, draw_section
from ringbinder.entrypoints.cli.demo.drawings.frame import PAGE, draw_frame, draw_strip
from ringbinder.entrypoints.cli.demo.drawings.pen import Box, Facts, Pen, new_canvas
from ringbinder.entrypoints.cli.demo.drawings.plan import draw_plan
from ringbinder.entrypoints.cli.demo.drawings.sheet import DrawingKind, DrawingSheet
from ringbinder.entrypoints.cli.demo.drawings.situation import draw_situation
from ringbinder.entrypoints.cli.demo.drawings.title_block import draw_changes, draw_title_block

if TYPE_CHECKING:
    from collections.abc import Callable

_DRAWERS: dict[DrawingKind, Callable[[Pen, DrawingSheet, Dice], list[Box]]] = {
    "plan": draw_plan,
    "section": draw_section,
    "facade": draw_facade,
    "detail": draw_detail,
    "diagram": draw_diagram,
    "situation": draw_situation,
}


def render(sheet: DrawingSheet) -> bytes:
    """Draw an A3 sheet; the same sheet gives the same bytes."""
    facts = Facts(f"{sheet.number} {sheet.title}", sheet.contractor, sheet.project)
    canvas, target = new_canvas(PAGE.w, PAGE.h, facts)
    pen = Pen(canvas)
    draw_frame(pen)
    places = _DRAWERS[sheet.kind](pen, sheet, Dice(sheet.number, sheet.kind))
    draw_changes(pen, sheet, places, Dice("changes", sheet.number))
    draw_strip(pen, sheet, Dice("north", sheet.project))
    draw_title_block(pen, sheet)
    canvas.showPage()
    canvas.save()
    return target.getvalue()
