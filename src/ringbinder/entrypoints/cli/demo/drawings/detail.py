"""Details at 1:10: where a wall meets a slab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringbinder.entrypoints.cli.demo.drawings.frame import bubble, wave
from ringbinder.entrypoints.cli.demo.drawings.pen import (
    BLACK,
    DARK,
    GREY,
    MIST,
    OCHRE,
    PALE,
    RED,
    WHITE,
    Box,
    Pen,
    Segment,
    Type,
)

if TYPE_CHECKING:
    from ringbinder.entrypoints.cli.demo.drawings.dice import Dice
    from ringbinder.entrypoints.cli.demo.drawings.sheet import DrawingSheet

Layer = tuple[str, float, str]

_WALLS: tuple[tuple[Layer, ...], ...] = (
    (
        ("brick", 12.0, "120 fasadtegel, rött, fullfogsmurning"),
        ("air", 4.0, "40 luftspalt, kramlor cc 600"),
        ("insulation", 17.0, "170 fasadskiva mineralull"),
        ("concrete", 18.0, "180 betong C30/37, vct 0,45"),
        ("board", 1.3, "13 gips, spacklad och målad"),
    ),
    (
        ("board", 2.2, "22 träpanel, kärnfuru, behandlad"),
        ("air", 2.8, "28 spikläkt / luftspalt"),
        ("insulation", 5.0, "50 fasadskiva, vindskydd"),
        ("insulation", 19.5, "195 stålregel cc 600, mineralull"),
        ("insulation", 4.5, "45 installationsskikt, mineralull"),
        ("board", 2.6, "2x13 gips på åldersbeständig plastfolie"),
    ),
    (
        ("board", 1.8, "18 tjockputs, 3-skikts, NCS S 1502-Y"),
        ("insulation", 15.0, "150 putsbärande isolering"),
        ("concrete", 20.0, "200 prefabricerat betongelement"),
        ("board", 1.3, "13 gips"),
    ),
)
_JOINTS: dict[str, tuple[Layer, ...]] = {
    "Sockel": (
        ("board", 1.5, "15 ekparkett på 3 mm stegljudsmatta"),
        ("concrete", 12.0, "120 betongplatta, nät NPS 500 Ø6 s150"),
        ("insulation", 20.0, "2x100 cellplast S100"),
        ("gravel", 15.0, "150 makadam, tvättad 16–32"),
    ),
    "Bjälklag": (
        ("board", 2.2, "22 golvspånskiva och linoleum"),
        ("insulation", 5.0, "50 stegljudsisolering"),
        ("concrete", 27.0, "HD/F 120/27 med pågjutning"),
        ("board", 1.3, "Undertak, ljudklass A"),
    ),
    "Takfot": (
        ("line", 0.8, "2-lags tätskikt, svetsat"),
        ("insulation", 24.0, "300 isolering i fall 1:60"),
        ("line", 0.6, "Ångspärr, klistrad i skarvar"),
        ("concrete", 20.0, "200 betong"),
    ),
}


def draw_detail(pen: Pen, sheet: DrawingSheet, dice: Dice) -> list[Box]:
    """Draw two junctions beside each other and return what a revision may have changed."""
    names = dice.shuffled(tuple(_JOINTS))[:2]
    places: list[Box] = []
    for index, name in enumerate(names):
        area = Box(26 + index * 193, 98, 185, 186)
        places += _junction(pen, area, name, dice.one(_WALLS))
        bubble(pen, area.x + 6, area.top - 8, str(index + 1))
        pen.text(area.x + 13, area.top - 8, f"{name.upper()} MOT YTTERVÄGG", Type(3.6, bold=True))
        pen.text(area.x + 13, area.top - 12.6, f"Skala {sheet.scale}", Type(2.6, colour=DARK))
    pen.ink(0.25, GREY)
    pen.line(215, 96, 215, 287)
    return places


def _junction(pen: Pen, area: Box, name: str, wall: tuple[Layer, ...]) -> list[Box]:
    slab = _JOINTS[name]
    depth = sum(size for _, size, _ in slab)
    width = sum(size for _, size, _ in wall)
    west = area.x + 26
    top_of_slab = {"Sockel": 164.0, "Bjälklag": 196.0, "Takfot": 222.0}[name]
    low = top_of_slab - 10 if name == "Sockel" else 112.0
    high = top_of_slab + 8 if name == "Takfot" else 256.0
    inside = west + width
    _slab(pen, Box(inside, top_of_slab - depth, 62, depth), slab)
    _wall(pen, Box(west, low, width, high - low), wall)
    if name == "Sockel":
        foot = top_of_slab - depth
        _plinth(pen, Box(west + 3, foot, width - 3, low - foot))
        _outside(pen, west + 3, top_of_slab - 22, foot)
        _fill(pen, Box(west + width * 0.3, foot - 14, width * 0.7 + 16, 14), "concrete")
    elif name == "Takfot":
        pen.ink(0.5)
        pen.rect(Box(west - 4, high, width + 8, 2.4), DARK)
        pen.line(west - 4, high, west - 4, high - 5)
        _break(pen, Box(west - 3, low, width + 6, 0))
    else:
        _break(pen, Box(west - 3, low, width + 6, 0))
    if name != "Takfot":
        _break(pen, Box(west - 3, high, width + 6, 0))
    _notes(pen, Box(west, low, width, high - low), wall, _Levels(name, area, inside))
    below = name == "Bjälklag"
    _slab_notes(pen, Box(inside, top_of_slab - depth, 62, depth), slab, (area.right - 2, below))
    _measure(pen, Box(west, 103 if name == "Takfot" else high + 6, width, 0), wall)
    return [
        Box(inside - 12, top_of_slab - depth - 3, 30, depth + 8),
        Box(west - 3, low + 22, width + 6, 20),
        Box(inside + 26, top_of_slab - depth - 2, 32, depth + 4),
        Box(west - 3, high - 24, width + 6, 18),
    ]


class _Levels:
    """Where the notes of the wall stand: above the slab, or below it under a roof."""

    def __init__(self, name: str, area: Box, inside: float) -> None:
        self.first = 206.0 if name == "Takfot" else 258.0
        if name == "Takfot":
            self.first = 164.0
        self.x = inside + 12
        self.right = area.right - 2


def _wall(pen: Pen, box: Box, layers: tuple[Layer, ...]) -> None:
    x = box.x
    for pattern, size, _ in layers:
        _fill(pen, Box(x, box.y, size, box.h), pattern)
        x += size


def _plinth(pen: Pen, box: Box) -> None:
    _fill(pen, Box(box.x, box.y, 1.2, box.h), "board")
    _fill(pen, Box(box.x + 1.2, box.y, 10, box.h), "insulation")
    _fill(pen, Box(box.x + 11.2, box.y, box.w - 11.2, box.h), "concrete")


def _slab(pen: Pen, box: Box, layers: tuple[Layer, ...]) -> None:
    y = box.top
    for pattern, size, _ in layers:
        y -= size
        _fill(pen, Box(box.x, y, box.w, size), pattern)
    pen.ink(0.35)
    end = box.right
    pen.shape(
        [
            (end - 0.2, box.y - 3),
            (end + 6, box.y - 3),
            (end + 6, box.top + 3),
            (end - 0.2, box.top + 3),
        ],
        WHITE,
        edge=False,
    )
    middle = box.cy
    pen.chain(
        [
            (end, box.y - 3),
            (end, middle - 2),
            (end - 2, middle - 1),
            (end + 2, middle + 1),
            (end, middle + 2),
            (end, box.top + 3),
        ]
    )


def _fill(pen: Pen, box: Box, pattern: str) -> None:
    pen.ink(0.45 if pattern in {"concrete", "brick"} else 0.25)
    pen.rect(box, {"concrete": PALE, "line": BLACK, "board": MIST}.get(pattern, WHITE))
    if pattern == "brick":
        pen.ink(0.15, RED)
        pen.hatch(box, 2.2)
        pen.lines(_courses(box))
    elif pattern == "insulation":
        pen.ink(0.15, OCHRE)
        wave(pen, box)
    elif pattern == "concrete":
        _dots(pen, box)
    elif pattern == "gravel":
        _stones(pen, box)


def _courses(box: Box) -> list[Segment]:
    return [
        (box.x, box.y + i * 7.5, box.right, box.y + i * 7.5) for i in range(1, int(box.h / 7.5))
    ]


def _dots(pen: Pen, box: Box) -> None:
    pen.ink(0.13, GREY)
    step = 5.2
    for i in range(int(box.w / step)):
        for j in range(int(box.h / step)):
            x = box.x + (i + 0.4 + 0.3 * (j % 2)) * step
            y = box.y + (j + 0.5) * step
            if (i + 2 * j) % 3 == 0:
                pen.shape([(x, y), (x + 1.3, y + 0.3), (x + 0.5, y + 1.3)])
            else:
                pen.line(x, y, x + 0.25, y + 0.2)


def _stones(pen: Pen, box: Box) -> None:
    pen.ink(0.15, DARK)
    for i in range(int(box.w / 4)):
        for j in range(int(box.h / 4)):
            x, y = box.x + 2 + i * 4 + (j % 2), box.y + 2 + j * 4
            pen.circle(x, y, 1.0 + 0.35 * ((i * 3 + j) % 3))


def _outside(pen: Pen, x: float, top: float, low: float) -> None:
    pen.ink(0.6)
    pen.line(x - 24, top - 2, x, top)
    pen.ink(0.15, OCHRE)
    pen.hatch(Box(x - 24, low, 23.6, top - 2 - low), 3.4)
    pen.ink(0.3)
    pen.circle(x - 8, low + 4, 3.4, WHITE)
    pen.circle(x - 8, low + 4, 2.8)
    pen.text(x - 22, low - 4, "Dränering Ø110", Type(2.1))


def _break(pen: Pen, line: Box) -> None:
    y = line.y
    pen.ink(0.25)
    pen.rect(Box(line.x, y - 1.2, line.w, 2.4), WHITE, edge=False)
    pen.chain(
        [
            (line.x, y),
            (line.cx - 3, y),
            (line.cx - 1, y + 2.4),
            (line.cx + 1, y - 2.4),
            (line.cx + 3, y),
            (line.right, y),
        ]
    )


def _notes(pen: Pen, box: Box, layers: tuple[Layer, ...], levels: _Levels) -> None:
    x, y = box.x, levels.first
    for _, size, words in layers:
        y -= 7.5
        _leader(pen, (x + size / 2, y), levels.x, words, levels.right)
        x += size


def _leader(pen: Pen, spot: tuple[float, float], x: float, words: str, right: float) -> None:
    pen.ink(0.15)
    pen.line(spot[0], spot[1], x - 1, spot[1])
    pen.circle(spot[0], spot[1], 0.5, BLACK)
    pen.fit(Box(x, spot[1] - 0.8, right - x, 3), words, Type(2.4))


def _slab_notes(pen: Pen, box: Box, layers: tuple[Layer, ...], limits: tuple[float, bool]) -> None:
    right, below = limits
    y, x = box.top, box.right - 10
    for index, (_, size, words) in enumerate(layers):
        middle = y - size / 2
        place = x - index * 5
        level = box.y - 8 - index * 6.5 if below else box.top + 8 + index * 6.5
        pen.ink(0.15)
        pen.chain([(place, middle), (place, level), (x + 4, level)])
        pen.circle(place, middle, 0.5, BLACK)
        pen.fit(Box(x + 5, level - 0.8, right - x - 5, 3), words, Type(2.4))
        y -= size


def _measure(pen: Pen, box: Box, layers: tuple[Layer, ...]) -> None:
    y = box.y
    pen.ink(0.13)
    pen.line(box.x - 2, y, box.right + 2, y)
    x = box.x
    places = [x]
    for _, size, _ in layers:
        x += size
        places.append(x)
    ends = (places[0], places[-1])
    pen.ink(0.35)
    pen.lines([(p - 0.8, y - 0.8, p + 0.8, y + 0.8) for p in places])
    pen.text((ends[0] + ends[1]) / 2, y + 1.4, f"{(ends[1] - ends[0]) * 10:.0f}", Type(2.4, "m"))
