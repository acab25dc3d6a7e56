"""A pen over a reportlab canvas that works in millimetres."""

from __future__ import annotations

import math
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Literal, NamedTuple

from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Colour = tuple[float, float, float]
Point = tuple[float, float]
Segment = tuple[float, float, float, float]

BLACK: Colour = (0.08, 0.08, 0.09)
DARK: Colour = (0.3, 0.3, 0.32)
GREY: Colour = (0.55, 0.55, 0.57)
PALE: Colour = (0.78, 0.78, 0.8)
MIST: Colour = (0.93, 0.93, 0.94)
WHITE: Colour = (1.0, 1.0, 1.0)
RED: Colour = (0.78, 0.11, 0.13)
BLUE: Colour = (0.1, 0.34, 0.66)
GREEN: Colour = (0.16, 0.48, 0.3)
OCHRE: Colour = (0.72, 0.45, 0.08)


class Box(NamedTuple):
    """A rectangle by its lower left corner."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.w

    @property
    def top(self) -> float:
        """The upper edge."""
        return self.y + self.h

    @property
    def cx(self) -> float:
        """The middle, sideways."""
        return self.x + self.w / 2

    @property
    def cy(self) -> float:
        """The middle, upwards."""
        return self.y + self.h / 2

    def lower(self, by: float) -> Box:
        """Return the box moved down."""
        return Box(self.x, self.y - by, self.w, self.h)

    def grow(self, by: float) -> Box:
        """Return a box larger on every side."""
        return Box(self.x - by, self.y - by, self.w + 2 * by, self.h + 2 * by)


@dataclass(frozen=True, slots=True)
class Type:
    """How a text is set: size in mm, anchor, weight, colour, angle."""

    size: float = 2.2
    anchor: Literal["l", "m", "r"] = "l"
    bold: bool = False
    colour: Colour = BLACK
    angle: int = 0

    @property
    def font(self) -> str:
        """The name of the font."""
        return "Helvetica-Bold" if self.bold else "Helvetica"


def text_width(words: str, style: Type) -> float:
    """Return the width of a text in mm."""
    return float(stringWidth(words, style.font, style.size))


def _near(number: float) -> float:
    return round(number, 2)


class Pen:
    """Draws on one document; keeps the ink, so that the file stays small."""

    def __init__(self, canvas: Canvas) -> None:
        """Take over a canvas."""
        self.canvas = canvas
        self._ink: tuple[float, Colour, tuple[float, ...]] | None = None
        self._fill: Colour | None = None
        self.start_page()

    def start_page(self) -> None:
        """Set up a fresh page."""
        self.canvas.scale(mm, mm)
        self.canvas.setLineJoin(1)
        self.canvas.setLineCap(1)
        self._forget()

    def _forget(self) -> None:
        self._ink = None
        self._fill = None

    def ink(self, weight: float, colour: Colour = BLACK, dash: tuple[float, ...] = ()) -> None:
        """Choose the line: weight in mm, colour, dashes."""
        old = self._ink
        if old is None or old[0] != weight:
            self.canvas.setLineWidth(weight)
        if old is None or old[1] != colour:
            self.canvas.setStrokeColorRGB(*colour)
        if (old is None and dash) or (old is not None and old[2] != dash):
            self.canvas.setDash(list(dash))
        self._ink = (weight, colour, dash)

    def _fill_with(self, colour: Colour) -> None:
        if self._fill != colour:
            self.canvas.setFillColorRGB(*colour)
            self._fill = colour

    def line(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """Draw one line."""
        self.canvas.line(_near(x1), _near(y1), _near(x2), _near(y2))

    def lines(self, segments: Iterable[Segment]) -> None:
        """Draw many lines in one stroke."""
        self.canvas.lines([[_near(number) for number in segment] for segment in segments])

    def rect(self, box: Box, fill: Colour | None = None, *, edge: bool = True) -> None:
        """Draw a rectangle."""
        if fill is not None:
            self._fill_with(fill)
        x, y, w, h = (_near(number) for number in box)
        self.canvas.rect(x, y, w, h, stroke=int(edge), fill=int(fill is not None))

    def shape(
        self, points: Sequence[Point], fill: Colour | None = None, *, edge: bool = True
    ) -> None:
        """Draw a closed polygon."""
        path = self.canvas.beginPath()
        path.moveTo(_near(points[0][0]), _near(points[0][1]))
        for x, y in points[1:]:
            path.lineTo(_near(x), _near(y))
        path.close()
        if fill is not None:
            self._fill_with(fill)
        self.canvas.drawPath(path, stroke=int(edge), fill=int(fill is not None))

    def chain(self, points: Sequence[Point]) -> None:
        """Draw an open polyline."""
        path = self.canvas.beginPath()
        path.moveTo(_near(points[0][0]), _near(points[0][1]))
        for x, y in points[1:]:
            path.lineTo(_near(x), _near(y))
        self.canvas.drawPath(path, stroke=1, fill=0)

    def circle(
        self, x: float, y: float, r: float, fill: Colour | None = None, *, edge: bool = True
    ) -> None:
        """Draw a circle."""
        if fill is not None:
            self._fill_with(fill)
        self.canvas.circle(
            _near(x), _near(y), _near(r), stroke=int(edge), fill=int(fill is not None)
        )

    def arc(self, x: float, y: float, r: float, start: float, extent: float) -> None:
        """Draw a part of a circle, angles in degrees."""
        low, high = (_near(x - r), _near(y - r)), (_near(x + r), _near(y + r))
        self.canvas.arc(*low, *high, start, extent)

    def text(self, x: float, y: float, words: str, style: Type) -> None:
        """Set a text on its base line."""
        if style.angle:
            with self.kept():
                self.canvas.translate(_near(x), _near(y))
                self.canvas.rotate(style.angle)
                self._set(0, 0, words, style)
        else:
            self._set(x, y, words, style)

    def _set(self, x: float, y: float, words: str, style: Type) -> None:
        self._fill_with(style.colour)
        self.canvas.setFont(style.font, style.size)
        if style.anchor != "l":
            share = 0.5 if style.anchor == "m" else 1.0
            x -= text_width(words, style) * share
        self.canvas.drawString(_near(x), _near(y), words)

    def fit(self, box: Box, words: str, style: Type) -> None:
        """Set a text at the foot of a box, smaller if it would be too wide."""
        width = text_width(words, style)
        size = style.size if width <= box.w else round(style.size * box.w / width, 2)
        x = {"l": box.x, "m": box.cx, "r": box.right}[style.anchor]
        self.text(x, box.y, words, Type(size, style.anchor, style.bold, style.colour))

    def label(self, box: Box, words: str, style: Type) -> None:
        """Fit a text like `fit`, on a patch of white that hides the lines behind it."""
        width = min(text_width(words, style), box.w)
        x = {"l": box.x, "m": box.cx - width / 2, "r": box.right - width}[style.anchor]
        patch = Box(x - 0.3, box.y - style.size * 0.2, width + 0.6, style.size)
        self.rect(patch, WHITE, edge=False)
        self.fit(box, words, style)

    def hatch(self, box: Box, gap: float) -> None:
        """Hatch a rectangle at 45 degrees."""
        segments: list[Segment] = []
        offset = -box.h + gap / 2
        while offset < box.w:
            start, end = max(0.0, offset), min(box.w, offset + box.h)
            segments.append(
                (box.x + start, box.y + start - offset, box.x + end, box.y + end - offset)
            )
            offset += gap
        self.lines(segments)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Restore the state of the canvas afterwards."""
        ink, fill = self._ink, self._fill
        self.canvas.saveState()
        yield
        self.canvas.restoreState()
        self._ink, self._fill = ink, fill

    @contextmanager
    def clipped(self, points: Sequence[Point]) -> Iterator[None]:
        """Draw only inside a polygon."""
        with self.kept():
            path = self.canvas.beginPath()
            path.moveTo(*points[0])
            for point in points[1:]:
                path.lineTo(*point)
            path.close()
            self.canvas.clipPath(path, stroke=0, fill=0)
            yield


def corners(box: Box) -> list[Point]:
    """Return the corners of a box, counter-clockwise."""
    return [(box.x, box.y), (box.right, box.y), (box.right, box.top), (box.x, box.top)]


def round_about(x: float, y: float, r: float, count: int) -> list[Point]:
    """Return points on a circle."""
    turns = [2 * math.pi * i / count for i in range(count)]
    return [(x + r * math.cos(turn), y + r * math.sin(turn)) for turn in turns]


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands in the properties of the PDF."""

    title: str
    author: str
    subject: str


def new_canvas(width: float, height: float, facts: Facts) -> tuple[Canvas, BytesIO]:
    """Open a document whose bytes depend on what is drawn and on nothing else."""
    target = BytesIO()
    canvas = Canvas(
        target,
        pagesize=(width * mm, height * mm),
        invariant=1,
        pageCompression=0,
        lang="sv-SE",
    )
    canvas.setTitle(facts.title)
    canvas.setAuthor(facts.author)
    canvas.setSubject(facts.subject)
    canvas.setCreator("Ringbinder")
    return canvas, target
