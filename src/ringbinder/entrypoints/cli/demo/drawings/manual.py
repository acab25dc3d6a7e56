"""An A4 manual, protocol or certificate as PDF."""

from __future__ import annotations

from reportlab.lib.utils import simpleSplit

from ringbinder.entrypoints.cli.demo.drawings.pen import (
    BLACK,
    BLUE,
    DARK,
    GREY,
    MIST,
    PALE,
    Box,
    Facts,
    Pen,
    Type,
    new_canvas,
)
from ringbinder.entrypoints.cli.demo.drawings.sheet import ManualSheet, ManualTable

_PAGE = Box(0, 0, 210, 297)
_BODY = Box(25, 27, 160, 239)
_TEXT = Type(3.6)
_CELL = Type(3.1)
_HEADING = Type(4.8, bold=True)
_LEAD = 5.2
_ROW = 6.6
_FIRST_TOP = 178.0


class _Flow:
    """Lays sections out on as many pages as they need."""

    def __init__(self, pen: Pen, sheet: ManualSheet, pages: int) -> None:
        self.pen = pen
        self.sheet = sheet
        self.pages = pages
        self.page = 1
        self.y = _FIRST_TOP
        _cover(pen, sheet)
        self._margins()

    def _margins(self) -> None:
        pen, sheet = self.pen, self.sheet
        pen.ink(0.2, GREY)
        pen.lines([(25, 280, 185, 280), (25, 20, 185, 20)])
        small = Type(2.8, colour=DARK)
        pen.fit(Box(25, 282, 110, 4), f"{sheet.author}  |  {sheet.sort}", small)
        pen.text(185, 282, sheet.number, Type(2.8, "r", colour=DARK))
        pen.fit(Box(25, 15, 110, 4), f"{sheet.project}, utgåva {sheet.revision}", small)
        pen.text(185, 15, f"Sida {self.page} ({self.pages})", Type(2.8, "r", colour=DARK))

    def room_for(self, height: float) -> None:
        """Turn the page unless so much is left."""
        if self.y - height < _BODY.y:
            self.pen.canvas.showPage()
            self.pen.start_page()
            self.page += 1
            self.y = _BODY.top
            self._margins()

    def heading(self, words: str) -> None:
        """Set a heading that stays with what follows."""
        self.room_for(26)
        self.y -= 9
        self.pen.fit(Box(25, self.y, 160, 5), words, _HEADING)
        self.y -= 2.4

    def paragraph(self, words: str) -> None:
        """Set a paragraph."""
        for line in simpleSplit(words, _TEXT.font, _TEXT.size, _BODY.w):
            self.room_for(_LEAD)
            self.y -= _LEAD
            self.pen.text(25, self.y, line, _TEXT)
        self.y -= 2.2

    def table(self, table: ManualTable) -> None:
        """Set a table; its headings stand again on a new page."""
        self.y -= 2
        self.room_for(3 * _ROW)
        self._row(table, table.headings, head=True)
        for row in table.rows:
            page = self.page
            self.room_for(_ROW)
            if self.page != page:
                self._row(table, table.headings, head=True)
            self._row(table, row, head=False)
        self.y -= 3

    def _row(self, table: ManualTable, values: tuple[str, ...], *, head: bool) -> None:
        self.y -= _ROW
        pen, total, x = self.pen, sum(table.widths), _BODY.x
        pen.ink(0.15, GREY)
        pen.rect(Box(x, self.y, _BODY.w, _ROW), MIST if head else None)
        style = Type(_CELL.size, bold=head)
        for share, value in zip(table.widths, values, strict=True):
            width = _BODY.w * share / total
            pen.fit(Box(x + 1.6, self.y + 2.1, width - 3, 4), value, style)
            x += width
            pen.line(x, self.y, x, self.y + _ROW)


def _cover(pen: Pen, sheet: ManualSheet) -> None:
    pen.rect(Box(25, 252, 160, 16), BLUE, edge=False)
    pen.fit(Box(30, 257.6, 150, 6), sheet.sort.upper(), Type(5.4, bold=True, colour=(1, 1, 1)))
    lines = simpleSplit(sheet.title, "Helvetica-Bold", 8.4, 160)[:2]
    for row, line in enumerate(lines):
        pen.text(25, 237 - row * 10, line, Type(8.4, bold=True, colour=BLACK))
    facts = (
        ("Objekt", sheet.project),
        ("Adress", sheet.address),
        ("Dokumentnummer", sheet.number),
        ("Upprättad av", sheet.author),
        ("Datum", sheet.date.isoformat()),
        ("Utgåva / status", f"{sheet.revision} / {sheet.status}"),
    )
    for row, (name, value) in enumerate(facts):
        y = 217 - row * 6.4
        pen.text(25, y, name, Type(3.2, colour=DARK))
        pen.fit(Box(65, y, 120, 4), value, Type(3.4, bold=True))
        pen.ink(0.1, PALE)
        pen.line(25, y - 2, 185, y - 2)


def _lay_out(sheet: ManualSheet, pages: int) -> tuple[int, bytes]:
    facts = Facts(sheet.title, sheet.author, sheet.project)
    canvas, target = new_canvas(_PAGE.w, _PAGE.h, facts)
    flow = _Flow(Pen(canvas), sheet, pages)
    for number, section in enumerate(sheet.sections, start=1):
        flow.heading(f"{number}  {section.heading}")
        for words in section.paragraphs:
            flow.paragraph(words)
        if section.table is not None:
            flow.table(section.table)
    canvas.showPage()
    canvas.save()
    return flow.page, target.getvalue()


def render_manual(sheet: ManualSheet) -> bytes:
    """Set an A4 document; the same sheet gives the same bytes."""
    guess = 2
    pages, content = _lay_out(sheet, guess)
    if pages != guess:
        _, content = _lay_out(sheet, pages)
    return content
