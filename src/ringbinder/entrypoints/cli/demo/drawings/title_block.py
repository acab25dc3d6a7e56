"""The Swedish title block (namnruta) with the revision table above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringbinder.entrypoints.cli.demo.drawings.frame import cloud
from ringbinder.entrypoints.cli.demo.drawings.pen import (
    BLACK,
    DARK,
    MIST,
    RED,
    WHITE,
    Box,
    Pen,
    Type,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringbinder.entrypoints.cli.demo.drawings.dice import Dice
    from ringbinder.entrypoints.cli.demo.drawings.sheet import DrawingSheet, Revision

BLOCK = Box(230, 10, 180, 56)
TABLE_ROWS = 5
_ROW = 5.0
_COLUMNS = ((230.0, 12.0, "BET"), (242.0, 11.0, "ANT"), (253.0, 107.0, "ÄNDRINGEN AVSER"))
_COLUMNS_RIGHT = ((360.0, 22.0, "SIGN"), (382.0, 28.0, "DATUM"))

_CAPTION = Type(1.75, colour=DARK)
_VALUE = Type(2.9)


def draw_title_block(pen: Pen, sheet: DrawingSheet) -> None:
    """Draw the block at the lower right."""
    pen.ink(0.5)
    pen.rect(BLOCK, WHITE)
    pen.line(318, 10, 318, 66)
    _status(pen, sheet)
    _left(pen, sheet)
    _right(pen, sheet)
    _revision_table(pen, sheet.revisions)


def _status(pen: Pen, sheet: DrawingSheet) -> None:
    pen.rect(Box(318, 57, 92, 9), BLACK)
    pen.fit(Box(321, 59.9, 86, 5), sheet.status.upper(), Type(4.6, "m", bold=True, colour=WHITE))


def _left(pen: Pen, sheet: DrawingSheet) -> None:
    pen.ink(0.25)
    pen.lines([(230, y, 318, y) for y in (18.5, 27, 46.0)])
    pen.lines([(274, 10, 274, 27)])
    pen.fit(Box(233, 59.6, 82, 5), sheet.project, Type(3.6, bold=True))
    pen.fit(Box(233, 54.6, 82, 4), sheet.address, Type(2.7))
    pen.fit(Box(233, 49.2, 82, 4), sheet.client, Type(2.7))
    _emblem(pen, sheet.discipline)
    pen.fit(Box(248, 38.6, 68, 4), sheet.contractor, Type(3.4, bold=True))
    pen.fit(Box(248, 33.8, 68, 4), _TRADES.get(sheet.discipline, "Projektering"), Type(2.5))
    pen.fit(Box(248, 29.8, 68, 4), "Box 214, 753 20 Uppsala", Type(2.2, colour=DARK))
    _cell(pen, Box(230, 18.5, 44, 8.5), "UPPDRAGSNR", sheet.assignment)
    _cell(pen, Box(274, 18.5, 44, 8.5), "RITAD AV", sheet.drawn_by)
    _cell(pen, Box(230, 10, 44, 8.5), "DATUM", _issued(sheet))
    _cell(pen, Box(274, 10, 44, 8.5), "HANDLÄGGARE", sheet.handled_by)


_TRADES = {
    "A": "Arkitekt",
    "K": "Konstruktion",
    "V": "VVS",
    "E": "El och tele",
    "L": "Landskap",
    "M": "Mark",
}


def _issued(sheet: DrawingSheet) -> str:
    return sheet.date.isoformat()


def _emblem(pen: Pen, letter: str) -> None:
    pen.ink(0.25)
    pen.rect(Box(233, 30, 12, 12), BLACK)
    pen.text(239, 33.2, letter, Type(8, "m", bold=True, colour=WHITE))


def _cell(pen: Pen, box: Box, caption: str, value: str) -> None:
    pen.text(box.x + 1.4, box.top - 2.5, caption, _CAPTION)
    pen.fit(Box(box.x + 3, box.y + 1.7, box.w - 5, 4), value, _VALUE)


def _right(pen: Pen, sheet: DrawingSheet) -> None:
    pen.ink(0.25)
    pen.line(318, 24, 410, 24)
    pen.lines([(340, 10, 340, 24), (396, 10, 396, 24)])
    place, _, rest = sheet.title.partition(", ")
    lines = [place, rest[:1].upper() + rest[1:]] if rest else [place]
    for row, words in enumerate(lines):
        style = Type(5.0, bold=True) if row == 0 else Type(3.8)
        pen.fit(Box(323, 46.5 - row * 8, 84, 6), words, style)
    pen.fit(Box(323, 28, 84, 4), _place(sheet), Type(2.7, colour=DARK))
    _cell(pen, Box(318, 10, 22, 14), "SKALA (A3)", sheet.scale)
    pen.text(341.4, 21.5, "RITNINGSNUMMER", _CAPTION)
    pen.fit(Box(343, 13, 51, 6), sheet.number, Type(5.4, bold=True))
    pen.text(397.4, 21.5, "BET", _CAPTION)
    pen.text(403, 13, sheet.revision or "-", Type(5.4, "m", bold=True))


def _place(sheet: DrawingSheet) -> str:
    return "Kvartersmark" if sheet.kind == "situation" else "Hus A"


def _revision_table(pen: Pen, revisions: Sequence[Revision]) -> None:
    shown = revisions[-TABLE_ROWS + 1 :]
    count = max(len(shown), 3)
    base = BLOCK.top
    pen.ink(0.25)
    pen.rect(Box(230, base, 180, _ROW), MIST)
    pen.rect(Box(230, base + _ROW, 180, _ROW * count), WHITE)
    pen.lines([(230, base + _ROW * i, 410, base + _ROW * i) for i in range(2, count + 1)])
    columns = _COLUMNS + _COLUMNS_RIGHT
    top = base + _ROW * (count + 1)
    pen.lines([(x, base, x, top) for x, _, _ in columns[1:]])
    for x, _, name in columns:
        pen.text(x + 1.4, base + 1.6, name, Type(2.0, bold=True))
    for row, revision in enumerate(shown, start=1):
        values = (
            revision.letter,
            str(revision.count),
            revision.note,
            revision.sign,
            revision.date.isoformat(),
        )
        y = base + _ROW * row + 1.5
        bold = row == len(shown)
        for (x, width, _), value in zip(columns, values, strict=True):
            pen.fit(Box(x + 1.4, y, width - 2.4, 3), value, Type(2.4, bold=bold))


def draw_changes(pen: Pen, sheet: DrawingSheet, places: Sequence[Box], dice: Dice) -> None:
    """Mark what the revisions changed: a cloud for the current one, a triangle for the others."""
    order = dice.shuffled(places)
    for place, revision in zip(order, sheet.revisions, strict=False):
        current = revision is sheet.revisions[-1]
        pen.ink(0.4 if current else 0.2, RED)
        if current:
            cloud(pen, place.grow(0.5))
        x, y = place.right - 4.5, place.top - 6.5
        pen.shape([(x, y + 5), (x - 3.2, y - 0.6), (x + 3.2, y - 0.6)], WHITE)
        pen.text(x, y + 0.3, revision.letter, Type(2.6, "m", bold=True, colour=RED))
