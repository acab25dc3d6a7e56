"""Floor plans: architecture, structure, ventilation, electricity on one floor."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

from ringbinder.entrypoints.cli.demo.drawings.dice import Dice
from ringbinder.entrypoints.cli.demo.drawings.floor import (
    OUTER,
    Door,
    Floor,
    Room,
    Window,
    dwelling_floor,
    office_floor,
)
from ringbinder.entrypoints.cli.demo.drawings.frame import bubble
from ringbinder.entrypoints.cli.demo.drawings.furniture import furnish, stair_width
from ringbinder.entrypoints.cli.demo.drawings.pen import (
    BLACK,
    DARK,
    GREY,
    MIST,
    PALE,
    WHITE,
    Box,
    Colour,
    Pen,
    Segment,
    Type,
)
from ringbinder.entrypoints.cli.demo.drawings.services import draw_services

if TYPE_CHECKING:
    from ringbinder.entrypoints.cli.demo.drawings.sheet import DrawingSheet

_LETTERS = "ABCDEF"
_LOW = 19.0
_WORTH_A_CLOUD = 500.0
_CODE = Type(1.9, "m")


def draw_plan(pen: Pen, sheet: DrawingSheet, dice: Dice) -> list[Box]:
    """Draw a plan and return the rooms that a revision may have changed."""
    serial = Dice("floor", sheet.number.rpartition("-")[2], sheet.use)
    floor = dwelling_floor(serial) if sheet.use == "dwelling" else office_floor(serial)
    full = sheet.discipline == "A"
    _walls(pen, floor, full=full)
    _openings(pen, floor, BLACK if full else GREY, hung=sheet.discipline != "K")
    _grid(pen, floor)
    if full:
        for room in floor.rooms:
            furnish(pen, room)
        _labels(pen, sheet, floor)
    else:
        draw_services(pen, sheet.discipline, floor, dice)
    return [room.box for room in floor.rooms if room.box.w * room.box.h > _WORTH_A_CLOUD]


def _walls(pen: Pen, floor: Floor, *, full: bool) -> None:
    pen.ink(0.16, GREY)
    for deck, name in floor.decks:
        pen.rect(deck)
        pen.lines(_boards(deck))
        pen.rect(Box(deck.cx - 9, deck.cy - 1.6, 18, 4), WHITE, edge=False)
        pen.text(deck.cx, deck.cy - 0.6, name, Type(2.2, "m", colour=DARK))
    line, fill = (BLACK, PALE) if full else (GREY, MIST)
    pen.ink(0.45 if full else 0.2, line)
    pen.shape(floor.footprint, fill)
    pen.ink(0.3 if full else 0.15, line)
    for room in floor.rooms:
        pen.rect(room.box, WHITE)
    for seam in floor.seams:
        pen.rect(seam, WHITE, edge=False)
    for core in floor.cores:
        pen.rect(core, fill)
        for room in floor.rooms:
            if core.x < room.box.x < core.right and core.y < room.box.y < core.top:
                pen.rect(room.box, WHITE)


def _boards(deck: Box) -> list[Segment]:
    return [(deck.x, deck.y + i * 2.4, deck.right, deck.y + i * 2.4) for i in range(1, 6)]


def _openings(pen: Pen, floor: Floor, colour: Colour, *, hung: bool) -> None:
    for window in floor.windows:
        _window(pen, window, colour)
    for door in floor.doors:
        _door(pen, door if hung else replace(door, side=0), colour)


def _window(pen: Pen, window: Window, colour: Colour) -> None:
    x, y, w, half = window.x, window.y, window.width, OUTER / 2
    if window.axis == "x":
        box = Box(x, y - half, w, OUTER)
        glass: list[Segment] = [(x, y + d, x + w, y + d) for d in (-0.5, 0.5)]
    else:
        box = Box(x - half, y, OUTER, w)
        glass = [(x + d, y, x + d, y + w) for d in (-0.5, 0.5)]
    pen.ink(0.2, colour)
    pen.rect(box, WHITE)
    pen.lines(glass)


def _door(pen: Pen, door: Door, colour: Colour) -> None:
    x, y, w, half = door.x, door.y, door.width, door.wall / 2 + 0.25
    along_x = door.axis == "x"
    gap = Box(x, y - half, w, 2 * half) if along_x else Box(x - half, y, 2 * half, w)
    pen.rect(gap, WHITE, edge=False)
    pen.ink(0.25, colour)
    if along_x:
        pen.lines([(n, gap.y, n, gap.top) for n in (gap.x, gap.right)])
    else:
        pen.lines([(gap.x, n, gap.right, n) for n in (gap.y, gap.top)])
    if door.side:
        _leaf(pen, door, gap, colour)


def _leaf(pen: Pen, door: Door, gap: Box, colour: Colour) -> None:
    reach = door.side * door.width
    if door.axis == "x":
        hinge = gap.x if door.at_start else gap.right
        face = gap.top if door.side > 0 else gap.y
        pen.line(hinge, face, hinge, face + reach)
        start, centre = (0 if door.at_start else 180), (hinge, face)
        turn = 90 if door.at_start == (door.side > 0) else -90
    else:
        hinge = gap.y if door.at_start else gap.top
        face = gap.right if door.side > 0 else gap.x
        pen.line(face, hinge, face + reach, hinge)
        start, centre = (90 if door.at_start else -90), (face, hinge)
        turn = -90 if door.at_start == (door.side > 0) else 90
    pen.ink(0.13, colour)
    pen.arc(*centre, door.width, start, turn)


def _labels(pen: Pen, sheet: DrawingSheet, floor: Floor) -> None:
    storey = int(sheet.number[-1]) if sheet.number[-1].isdigit() else 1
    ordered = sorted(floor.rooms, key=lambda room: (-room.box.y, room.box.x))
    for index, room in enumerate(ordered, start=1):
        _label(pen, room, f"{storey}{index:03d}")


def _label(pen: Pen, room: Room, code: str) -> None:
    place = _label_place(room)
    size = f"{room.box.w * room.box.h / 100:.1f} m²".replace(".", ",")
    pen.label(place, room.name, Type(2.3, "m", bold=True))
    if room.box.h < _LOW:
        pen.label(place.lower(2.9), f"{code}  {size}", _CODE)
    else:
        pen.label(place.lower(2.9), code, _CODE)
        pen.label(place.lower(5.6), size, _CODE)


def _label_place(room: Room) -> Box:
    """Return a strip as wide as the name may be, with the base line of the name at its foot."""
    box, low = room.box, room.door_low
    x = box.x + 0.7 + box.w * room.label[0]
    w = box.w * (room.label[1] - room.label[0]) - 1.4
    if room.furniture == "stair":
        free = box.w - stair_width(box) - 2
        return Box(x, box.y + box.h * (0.72 if low else 0.42), free - 1, 3)
    if box.h < _LOW:
        if room.furniture in {"wc", "bath"}:
            w -= 9 if room.furniture == "bath" else 0
            return Box(x, box.y + 5 if low else box.top - 4.5, w, 3)
        return Box(x, box.cy + 0.6, w, 3)
    if room.furniture == "store":
        return Box(x, box.top - 4.5 if low else box.y + 8.5, w, 3)
    shares = {"": 0.5, "shaft": 0.5, "lift": 0.5, "bed": 0.34, "unit": 0.34, "wc": 0.52}
    share = shares.get(room.furniture, 0.41)
    return Box(x, box.y + box.h * (share if low else 1 - share) + (0.8 if low else 2.6), w, 3)


def _grid(pen: Pen, floor: Floor) -> None:
    hull = floor.hull
    head, side = 281.0, hull.x - 27
    pen.ink(0.13, GREY, (5, 1.2, 0.8, 1.2))
    pen.lines([(x, hull.y - 5, x, head - 3.6) for x in floor.columns])
    pen.lines([(side + 3.6, y, hull.right + 5, y) for y in floor.rows])
    for number, x in enumerate(floor.columns, start=1):
        bubble(pen, x, head, str(number))
    for letter, y in zip(_LETTERS, floor.rows, strict=True):
        bubble(pen, side, y, letter)
    _chain_across(pen, floor.columns, 265.5)
    _chain_across(pen, [floor.columns[0], floor.columns[-1]], 271.5)
    _chain_up(pen, floor.rows, hull.x - 11)
    _chain_up(pen, [floor.rows[0], floor.rows[-1]], hull.x - 17.5)


def _chain_across(pen: Pen, places: list[float], y: float) -> None:
    pen.ink(0.13)
    pen.line(places[0] - 2, y, places[-1] + 2, y)
    pen.lines([(x, y - 1.5, x, y + 1.5) for x in places])
    pen.ink(0.35)
    pen.lines([(x - 0.9, y - 0.9, x + 0.9, y + 0.9) for x in places])
    for start, end in itertools.pairwise(places):
        pen.text((start + end) / 2, y + 0.8, f"{(end - start) * 100:.0f}", Type(2.2, "m"))


def _chain_up(pen: Pen, places: list[float], x: float) -> None:
    pen.ink(0.13)
    pen.line(x, places[0] - 2, x, places[-1] + 2)
    pen.lines([(x - 1.5, y, x + 1.5, y) for y in places])
    pen.ink(0.35)
    pen.lines([(x - 0.9, y - 0.9, x + 0.9, y + 0.9) for y in places])
    for start, end in itertools.pairwise(places):
        words = f"{(end - start) * 100:.0f}"
        pen.text(x - 0.8, (start + end) / 2, words, Type(2.2, "m", angle=90))
