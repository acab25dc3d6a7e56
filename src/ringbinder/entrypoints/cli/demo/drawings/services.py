"""What the other disciplines draw on a floor: structure, ventilation, electricity."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from ringbinder.entrypoints.cli.demo.drawings.pen import (
    BLACK,
    BLUE,
    DARK,
    GREEN,
    GREY,
    OCHRE,
    WHITE,
    Box,
    Colour,
    Pen,
    Type,
)

if TYPE_CHECKING:
    from ringbinder.entrypoints.cli.demo.drawings.dice import Dice
    from ringbinder.entrypoints.cli.demo.drawings.floor import Floor, Room

_TINY = 12.0
_NARROW = 20.0
_SHALLOW = 26.0
_CORE_ROW = 2


def draw_services(pen: Pen, discipline: str, floor: Floor, dice: Dice) -> None:
    """Draw what the discipline adds to the pale floor."""
    {"K": _structure, "V": _ventilation}.get(discipline, _electricity)(pen, floor, dice)


def _structure(pen: Pen, floor: Floor, dice: Dice) -> None:
    slab = dice.one(("HD/F 120/27", "HD/F 120/32", "Plattbärlag 240"))
    pen.ink(0.4, BLUE, (4, 1.6))
    inner_rows = (floor.rows[1], floor.rows[4])
    pen.lines([(floor.columns[0], y, floor.columns[-1], y) for y in inner_rows])
    pen.lines([(x, floor.rows[0], x, floor.rows[5]) for x in floor.columns[1:5:3]])
    for bay in range(5):
        wide = floor.columns[bay + 1] - floor.columns[bay]
        middle = floor.columns[bay] + wide / 2
        for low, high in ((0, 1), (2, 3), (4, 5)):
            x = middle - wide * (0.1 if low == _CORE_ROW else 0.22)
            _span(pen, x, floor.rows[low] + 5, floor.rows[high] - 5)
            pen.text(x - 1.2, (floor.rows[low] + floor.rows[high]) / 2, slab, _SIDEWAYS)
        beam = f"B{bay + 1} {dice.one(('HEB 240', 'HEA 260', 'HSQ 280', 'IPE 300'))}"
        for y in inner_rows:
            pen.text(middle + 4, y + 1.2, beam, Type(2.0, colour=BLUE))
    _columns(pen, floor, dice)


_SIDEWAYS = Type(2.1, "m", angle=90)


def _span(pen: Pen, x: float, low: float, high: float) -> None:
    pen.ink(0.18)
    pen.line(x, low, x, high)
    pen.chain([(x - 1, low + 2), (x, low), (x + 1, low + 2)])
    pen.chain([(x - 1, high - 2), (x, high), (x + 1, high - 2)])


def _columns(pen: Pen, floor: Floor, dice: Dice) -> None:
    kinds = [dice.one(("VKR 200x200x10", "VKR 250x250x10", "BP 400x400")) for _ in range(6)]
    pen.ink(0.3)
    for number, x in enumerate(floor.columns):
        for row in (0, 1, 4, 5):
            y = floor.rows[row]
            pen.rect(Box(x - 1.6, y - 1.6, 3.2, 3.2), BLACK)
            words = f"P{number + 1}" if row in {0, 5} else f"P{number + 1} {kinds[number]}"
            pen.text(x + 2.4, y - 4.2 if row in {1, 5} else y + 2.6, words, Type(1.9))


def _served(floor: Floor) -> list[Room]:
    return [room for room in floor.rooms if room.walled and room.box.w > _TINY]


def _duct(pen: Pen, box: Box, colour: Colour) -> None:
    pen.ink(0.3, colour)
    pen.rect(box, WHITE)
    pen.ink(0.1, colour, (2, 1))
    if box.w > box.h:
        pen.line(box.x, box.cy, box.right, box.cy)
    else:
        pen.line(box.cx, box.y, box.cx, box.top)


def _ventilation(pen: Pen, floor: Floor, dice: Dice) -> None:
    hull = floor.hull
    mains = [(floor.rows[1] + floor.rows[2]) / 2, (floor.rows[3] + floor.rows[4]) / 2]
    rooms = [room for room in _served(floor) if room.name not in {"Korridor", "Hall", "Entré"}]
    for room in rooms:
        main = min(mains, key=lambda y: abs(y - room.box.cy))
        supply = dice.one((15, 20, 25, 30, 40, 60))
        shift = 4.5 if room.box.w > _NARROW else 0.0
        if shift and room.furniture not in {"wc", "bath", "kitchen", "lift", "stair"}:
            _branch(pen, room, (room.box.cx - shift, main + 3), f"T {supply} l/s", BLUE)
        if room.furniture not in {"bed", "sofa", "shaft", "lift", "stair"}:
            _branch(pen, room, (room.box.cx + shift, main - 3), f"F {supply} l/s", OCHRE)
    sizes = dice.shuffled(("Ø400", "600x300", "Ø315", "500x250"))
    for main, size in zip(mains, sizes, strict=False):
        for shift, colour, name in ((3, BLUE, "Tilluft"), (-3, OCHRE, "Frånluft")):
            _duct(pen, Box(hull.x + 8, main + shift - 1.7, hull.w - 16, 3.4), colour)
            for share in (0.08, 0.62):
                words = f"{name} LB01  {size}"
                x = hull.x + hull.w * share
                pen.rect(Box(x - 0.8, main + shift - 1.2, 25, 2.4), WHITE, edge=False)
                pen.text(x, main + shift - 0.8, words, Type(2.0, colour=colour))
    _riser(pen, floor)


def _branch(pen: Pen, room: Room, start: tuple[float, float], words: str, colour: Colour) -> None:
    x, main = start
    y = room.box.cy + (6 if room.box.cy > main else -6) * (0.5 if room.box.h < _SHALLOW else 1)
    pen.ink(0.7, colour)
    pen.line(x, main, x, y)
    pen.ink(0.2, colour)
    if colour == BLUE:
        pen.rect(Box(x - 2, y - 2, 4, 4), WHITE)
        pen.lines([(x - 2, y - 2, x + 2, y + 2), (x - 2, y + 2, x + 2, y - 2)])
    else:
        pen.circle(x, y, 2, WHITE)
        pen.line(x - 2, y, x + 2, y)
    place = y + 3 if y > main else y - 4.6
    anchor = "r" if colour == BLUE else "l"
    style = Type(1.7, "m", colour=colour)
    shift = {"r": -3.6, "l": 3.6}[anchor] if room.box.w > _NARROW else 0.0
    pen.label(Box(x + shift * 0.3 - 5, place, 10, 2), words, style)


def _hub(floor: Floor) -> tuple[float, float]:
    for room in floor.rooms:
        if room.name == "El / UC":
            return room.box.cx + 8, room.box.top - 7
    return floor.columns[0] + 12, (floor.rows[2] + floor.rows[3]) / 2


def _riser(pen: Pen, floor: Floor) -> None:
    x, y = _hub(floor)
    for shift, colour in ((-4.5, BLUE), (4.5, OCHRE)):
        pen.ink(0.4, colour)
        pen.rect(Box(x + shift - 3.5, y - 3.5, 7, 7), WHITE)
        pen.line(x + shift - 3.5, y - 3.5, x + shift + 3.5, y + 3.5)
    pen.text(x, y + 5, "Schakt S1", Type(2.1, "m", bold=True, colour=DARK))


def _electricity(pen: Pen, floor: Floor, dice: Dice) -> None:
    group = 0
    for room in _served(floor):
        if room.name in {"Korridor", "Hall"}:
            _ladder(pen, Box(room.box.x + 4, room.box.cy - 1.5, room.box.w - 8, 3))
        elif room.furniture not in {"shaft", "lift"} and room.name != "El / UC":
            group += 1
            _lamps(pen, room, f"AC1-{group % 24 + 1}")
            if room.box.w > _NARROW:
                _sockets(pen, room, dice)
    x, y = _hub(floor)
    pen.ink(0.4)
    pen.rect(Box(x - 8, y - 3, 16, 6), BLACK)
    pen.text(x, y - 0.9, "AC1 / EL", Type(2.5, "m", bold=True, colour=WHITE))


def _ladder(pen: Pen, box: Box) -> None:
    pen.ink(0.2, OCHRE)
    pen.rect(box)
    steps = int(box.w / 5)
    pen.lines([(box.x + i * 5, box.y, box.x + i * 5, box.top) for i in range(1, steps)])


def _lamps(pen: Pen, room: Room, group: str) -> None:
    box = room.box
    count = max(1, min(4, int(box.w / 16)))
    y = box.cy + 2
    pen.ink(0.25, GREEN)
    places = [box.x + box.w * (i + 0.5) / count for i in range(count)]
    for x in places:
        lamp = Box(x - 3, y - 3, 6, 6)
        pen.rect(lamp, WHITE)
        pen.lines([(lamp.x, lamp.y, lamp.right, lamp.top), (lamp.x, lamp.top, lamp.right, lamp.y)])
    if count > 1:
        pen.ink(0.18, GREEN, (1.5, 1))
        gaps = itertools.pairwise(places)
        pen.lines([(a + 3, y, b - 3, y) for a, b in gaps])
    pen.label(Box(box.x, y - 6, box.w, 2), group, Type(1.9, "m", colour=GREEN))


def _sockets(pen: Pen, room: Room, dice: Dice) -> None:
    box = room.box
    pen.ink(0.25)
    for x in (box.x, box.right):
        y = box.y + box.h * dice.between(0.25, 0.75)
        turn = -90 if x == box.x else 90
        pen.arc(x, y, 1.6, turn, 180)
        inward = 1.6 if x == box.x else -1.6
        pen.line(x + inward, y, x + inward * 1.9, y)
    pen.ink(0.2, GREY)
