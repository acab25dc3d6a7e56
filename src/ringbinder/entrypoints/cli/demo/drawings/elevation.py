"""Sections and facades: the house seen from the side, in mm on paper at 1:100."""

from __future__ import annotations

from dataclasses import dataclass

from ringbinder.entrypoints.cli.demo.drawings.dice import Dice
from ringbinder.entrypoints.cli.demo.drawings.frame import bubble, level_mark
from ringbinder.entrypoints.cli.demo.drawings.pen import (
    BLACK,
    DARK,
    GREEN,
    GREY,
    MIST,
    OCHRE,
    PALE,
    WHITE,
    Box,
    Pen,
    Point,
    Segment,
    Type,
    round_about,
)
from ringbinder.entrypoints.cli.demo.drawings.sheet import DrawingSheet

_HEAD = 279.0
_GROUND = 118.0
_OFFICE_STOREYS = 3
_LAST_BAY = 4


@dataclass(frozen=True, slots=True)
class _House:
    columns: list[int]
    storeys: int
    storey: float
    roof: str
    datum: float

    @property
    def body(self) -> Box:
        west, east = self.columns[0] - 2, self.columns[-1] + 2
        return Box(west, _GROUND, east - west, self.storeys * self.storey)

    def level(self, y: float) -> str:
        return f"+{self.datum + (y - _GROUND) / 10:.3f}".replace(".", ",")


def _house(dice: Dice, width: tuple[float, float]) -> _House:
    roof = dice.one(("flat", "gable", "mono", "mansard"))
    storeys, storey = dice.one(((3, 38.0), (4, 34.0 if roof == "flat" else 31.0)))
    total = dice.between(*width, 3)
    shares = [dice.between(0.8, 1.2, 0.1) for _ in range(5)]
    columns = [round(205 - total / 2)]
    for share in shares:
        columns.append(round(columns[-1] + total * share / sum(shares)))
    return _House(columns, storeys, storey, roof, dice.between(8, 24, 0.1))


def draw_facade(pen: Pen, sheet: DrawingSheet, dice: Dice) -> list[Box]:
    """Draw an elevation and return the windows that a revision may have changed."""
    house = _house(dice, (222, 262))
    body = house.body
    side = Dice("trees", sheet.number)
    for x in (body.x - 30, body.right + 40):
        _tree(pen, x, side)
    pen.ink(0.35)
    pen.rect(body, WHITE)
    _cladding(pen, body, sheet.number, dice)
    _roof(pen, house, dice)
    door = body.cx + dice.between(-6, 6)
    places = _windows(pen, house, door, dice)
    _entrance(pen, body, door)
    _ground(pen)
    _people(pen, body.x - 11)
    _levels(pen, house)
    _grid_heads(pen, house)
    return places


_CLADDINGS = ("render", "brick", "panel", "slab")


def _cladding(pen: Pen, body: Box, number: str, dice: Dice) -> None:
    base = Box(body.x, body.y, body.w, dice.between(5, 9))
    kind = _CLADDINGS[sum(number.encode()) % 4]
    pen.ink(0.1, PALE)
    if kind == "brick":
        rows = int((body.h - base.h) / 1.5)
        pen.lines(
            [(body.x, base.top + i * 1.5, body.right, base.top + i * 1.5) for i in range(rows)]
        )
    elif kind == "panel":
        count = int(body.w / 2)
        pen.lines([(body.x + i * 2, base.top, body.x + i * 2, body.top) for i in range(1, count)])
    elif kind == "slab":
        pen.ink(0.13, GREY)
        wide, high = dice.one((18.0, 24.0)), dice.one((9.0, 12.0))
        lines: list[Segment] = [
            (body.x + i * wide, base.top, body.x + i * wide, body.top)
            for i in range(1, int(body.w / wide) + 1)
        ]
        rows = int((body.h - base.h) / high)
        lines += [
            (body.x, base.top + i * high, body.right, base.top + i * high) for i in range(rows)
        ]
        pen.lines(lines)
    pen.ink(0.2, GREY)
    pen.rect(base, MIST)
    pen.hatch(base, 3.2)


def _roof(pen: Pen, house: _House, dice: Dice) -> None:
    body = house.body
    pen.ink(0.35)
    points = _roof_points(house)
    pen.shape(points, MIST)
    pen.ink(0.1, GREY)
    with pen.clipped(points):
        top = max(y for _, y in points)
        pen.lines([(x, body.top, x, top) for x in _steps(body.x - 5, body.right + 5, 4.0)])
    pen.ink(0.3)
    for _ in range(dice.whole(1, 3)):
        x = body.x + body.w * dice.between(0.15, 0.85)
        top = body.top + _roof_height(house, x)
        pen.rect(Box(x - 4, top - 1, 8, 7), WHITE)
        pen.line(x - 5, top + 6, x + 5, top + 6)


def _steps(start: float, end: float, step: float) -> list[float]:
    return [start + i * step for i in range(int((end - start) / step) + 1)]


def _roof_points(house: _House) -> list[Point]:
    body, eave = house.body, 3.0
    west, east, top = body.x - eave, body.right + eave, body.top
    if house.roof == "flat":
        return [(body.x, top), (body.right, top), (body.right, top + 5), (body.x, top + 5)]
    if house.roof == "mono":
        return [(west, top), (east, top), (east, top + 4), (west, top + 16)]
    if house.roof == "mansard":
        return [(west, top), (east, top), (east - 8, top + 16), (west + 8, top + 16)]
    return [(west, top), (east, top), (body.cx, top + 24)]


def _roof_height(house: _House, x: float) -> float:
    body = house.body
    if house.roof == "flat":
        return 5.0
    if house.roof == "mono":
        return 16 - 12 * (x - body.x) / body.w
    if house.roof == "mansard":
        return 16.0
    return 24 * (1 - abs(x - body.cx) / (body.w / 2 + 3))


def _windows(pen: Pen, house: _House, door: float, dice: Dice) -> list[Box]:
    body = house.body
    count = dice.whole(8, 13)
    bay = body.w / count
    width = bay * dice.between(0.42, 0.62)
    height = house.storey * dice.between(0.45, 0.6)
    panes, sill = dice.whole(1, 3), house.storey * 0.28
    balcony = {i for i in range(count) if dice.yes(0.28)}
    shop = dice.yes(0.4)
    places: list[Box] = []
    for storey in range(house.storeys):
        for i in range(count):
            x, y = body.x + bay * (i + 0.5) - width / 2, body.y + storey * house.storey + sill
            box = Box(x, y, width, height)
            if storey == 0 and shop:
                box = Box(x - 3, body.y + 3, width + 6, house.storey * 0.7)
            if storey == 0 and abs(box.cx - door) < box.w / 2 + 10:
                continue
            _window(pen, box, panes)
            if i in balcony and storey:
                _balcony(pen, box)
            places.append(box.grow(2))
    return places


def _window(pen: Pen, box: Box, panes: int) -> None:
    pen.ink(0.28)
    pen.rect(box, WHITE)
    pen.ink(0.13, DARK)
    pen.rect(box.grow(-0.8))
    step = box.w / panes
    pen.lines([(box.x + i * step, box.y, box.x + i * step, box.top) for i in range(1, panes)])
    pen.ink(0.08, GREY)
    pen.line(box.x + 2, box.y + box.h * 0.35, box.x + box.w * 0.45, box.top - 2)
    pen.ink(0.3)
    pen.line(box.x - 0.8, box.y, box.right + 0.8, box.y)


def _balcony(pen: Pen, box: Box) -> None:
    front = Box(box.x - 3, box.y - 4, box.w + 6, 11)
    pen.ink(0.1, DARK)
    pen.lines([(x, front.y + 1.6, x, front.top) for x in _steps(front.x, front.right, 1.2)])
    pen.ink(0.35)
    pen.rect(Box(front.x, front.y, front.w, 1.6), PALE)
    pen.line(front.x, front.top, front.right, front.top)


def _entrance(pen: Pen, body: Box, x: float) -> None:
    door = Box(x - 9, body.y, 18, 23)
    pen.ink(0.35)
    pen.rect(door, WHITE)
    pen.ink(0.18)
    pen.rect(Box(x - 8, body.y, 7.6, 21))
    pen.rect(Box(x + 0.4, body.y, 7.6, 21))
    pen.ink(0.35)
    pen.rect(Box(x - 13, door.top, 26, 1.8), PALE)
    pen.text(x, door.top + 2.8, "KASTANJEN 4", Type(2.2, "m", bold=True))


def _ground(pen: Pen) -> None:
    pen.ink(0.7)
    pen.line(30, _GROUND, 400, _GROUND)
    pen.ink(0.15, OCHRE)
    pen.hatch(Box(30, _GROUND - 4, 370, 3.6), 2.4)


def _people(pen: Pen, x: float) -> None:
    pen.ink(0.2, DARK)
    for shift, height in ((0.0, 17.0), (4.5, 16.0)):
        head = _GROUND + height - 1.4
        pen.circle(x + shift, head, 1.2, PALE)
        foot = _GROUND
        pen.shape(
            [
                (x + shift - 1.8, head - 2),
                (x + shift + 1.8, head - 2),
                (x + shift + 1.1, foot + 7),
                (x + shift + 1.2, foot),
                (x + shift - 1.2, foot),
                (x + shift - 1.1, foot + 7),
            ],
            PALE,
        )


def _tree(pen: Pen, x: float, dice: Dice) -> None:
    height = dice.between(48, 74)
    pen.ink(0.25, GREY)
    pen.lines([(x - 0.8, _GROUND, x - 0.6, _GROUND + height * 0.5)])
    pen.lines([(x + 0.8, _GROUND, x + 0.6, _GROUND + height * 0.5)])
    crown = Box(x - 9, _GROUND + height * 0.42, 18, height * 0.5)
    bumps = [
        (bx * 0.55 + x * 0.45, crown.cy + (by - crown.cy) * 1.15)
        for bx, by in round_about(x, crown.cy, crown.h / 2, 11)
    ]
    pen.ink(0.2, GREEN)
    for bx, by in bumps:
        pen.circle(bx, by, dice.between(4.4, 5.8), WHITE)
    for bx, by in bumps:
        pen.circle(bx, by, 4.2, WHITE, edge=False)
        pen.circle((bx + x) / 2, (by + crown.cy) / 2, 5.4, WHITE, edge=False)
    pen.ink(0.12, GREEN)
    for _ in range(9):
        a, b = dice.between(-7, 7), dice.between(-0.4, 0.4) * crown.h
        pen.arc(x + a, crown.cy + b, 2.4, dice.between(0, 360), 140)


def _levels(pen: Pen, house: _House) -> None:
    body = house.body
    x = body.right + 9
    pen.ink(0.15, GREY, (2, 1))
    levels = [_GROUND + i * house.storey for i in range(house.storeys + 1)]
    pen.lines([(body.right + 3, y, x + 12, y) for y in levels])
    pen.ink(0.2)
    for y in levels:
        level_mark(pen, x, y, house.level(y))


def _grid_heads(pen: Pen, house: _House) -> None:
    top = house.body.top
    pen.ink(0.13, GREY, (5, 1.2, 0.8, 1.2))
    starts = [top + _roof_height(house, x) + 3 for x in house.columns]
    head = min(_HEAD, max(starts) + 24)
    pen.lines([(x, y, x, head - 3.6) for x, y in zip(house.columns, starts, strict=True)])
    pen.lines([(x, 103.6, x, _GROUND - 5) for x in house.columns])
    for number, x in enumerate(house.columns, start=1):
        bubble(pen, x, head, str(number))
    pen.ink(0.13)
    y = 105.0
    pen.line(house.columns[0] - 2, y, house.columns[-1] + 2, y)
    pen.ink(0.35)
    pen.lines([(x - 0.9, y - 0.9, x + 0.9, y + 0.9) for x in house.columns])
    for start, end in zip(house.columns, house.columns[1:], strict=False):
        pen.text((start + end) / 2, y + 0.8, f"{(end - start) * 100:.0f}", Type(2.2, "m"))


def draw_section(pen: Pen, sheet: DrawingSheet, dice: Dice) -> list[Box]:
    """Draw a section and return the rooms that a revision may have changed."""
    house = _house(dice, (200, 250))
    body = house.body
    _soil(pen, body)
    _roof_cut(pen, house)
    pen.ink(0.45)
    pen.rect(body, PALE)
    places: list[Box] = []
    stair = dice.whole(1, 3)
    names = Dice("rooms", sheet.number)
    for storey in range(house.storeys):
        places += _storey(pen, house, storey, (stair, names))
    _footings(pen, house)
    _levels(pen, house)
    _grid_heads(pen, house)
    return places


def _soil(pen: Pen, body: Box) -> None:
    pen.ink(0.7)
    pen.line(30, _GROUND, body.x, _GROUND)
    pen.line(body.right, _GROUND, 400, _GROUND)
    pen.ink(0.15, OCHRE)
    pen.hatch(Box(30, _GROUND - 5, body.x - 30, 4.6), 2.4)
    pen.hatch(Box(body.right, _GROUND - 5, 400 - body.right, 4.6), 2.4)


def _roof_cut(pen: Pen, house: _House) -> None:
    points = _roof_points(house)
    pen.ink(0.45)
    pen.shape(points, PALE)
    if house.roof == "flat":
        return
    cx = sum(x for x, _ in points) / len(points)
    base = house.body.top
    top = max(y for _, y in points)
    inner = [
        (cx + (x - cx) * 0.98, base + (y - base) * (top - base - 3.5) / (top - base))
        for x, y in points
    ]
    pen.ink(0.25)
    pen.shape(inner, WHITE)
    pen.ink(0.2, DARK)
    with pen.clipped(inner):
        for x in house.columns[1:-1]:
            pen.rect(Box(x - 0.8, base, 1.6, 30), MIST)
    pen.text(house.body.cx, base + 3, "Vind", Type(2.2, "m"))


_GROUND_ROOMS = ("Butik", "Lokal", "Entré", "Cykelrum", "Förråd")


def _upper_rooms(house: _House) -> tuple[str, ...]:
    if house.storeys == _OFFICE_STOREYS:
        return ("Kontor", "Mötesrum", "Lounge", "Projektrum")
    return ("Vardagsrum", "Sovrum", "Kök", "Hall")


def _storey(pen: Pen, house: _House, storey: int, luck: tuple[int, Dice]) -> list[Box]:
    stair, names = luck
    columns = house.columns
    low = _GROUND + storey * house.storey + 0.4
    height = house.storey - 3.0
    places: list[Box] = []
    for bay in range(5):
        west = columns[bay] + (2.0 if bay == 0 else 0.8)
        east = columns[bay + 1] - (2.0 if bay == _LAST_BAY else 0.8)
        room = Box(west, low, east - west, height)
        pen.ink(0.3)
        pen.rect(room, WHITE)
        if bay == stair:
            _flight(pen, room)
            continue
        _inside(pen, room, names, _GROUND_ROOMS if storey == 0 else _upper_rooms(house))
        places.append(room)
    for x in (columns[0], columns[-1]):
        pen.ink(0.2)
        pen.rect(Box(x - 2, low + 8, 4, 14), WHITE)
        pen.lines([(x + d, low + 8, x + d, low + 22) for d in (-0.5, 0.5)])
    return places


def _inside(pen: Pen, room: Box, names: Dice, choice: tuple[str, ...]) -> None:
    pen.ink(0.13, GREY)
    ceiling = room.top - 3.6
    pen.line(room.x, ceiling, room.right, ceiling)
    pen.lines([(x, ceiling, x, room.top) for x in _steps(room.x + 4, room.right - 1, 8.0)])
    at_left = names.yes()
    x = room.x + 4 if at_left else room.right - 13
    pen.rect(Box(x, room.y, 9, 21))
    pen.circle(x + 1.4, room.y + 10, 0.4)
    free = Box(room.x + (14 if at_left else 1), room.y + 11, room.w - 15, 3)
    pen.fit(free, names.one(choice), Type(2.3, "m"))


def _flight(pen: Pen, room: Box) -> None:
    wide = min(room.w - 8, 34)
    count = 9
    run, rise = wide / count, room.h / 2 / count
    x, y = room.x + 4, room.y
    going: list[Point] = [(x, y)]
    for i in range(count):
        going += [(x + i * run, y + (i + 1) * rise), (x + (i + 1) * run, y + (i + 1) * rise)]
    pen.ink(0.2, GREY)
    returning = [(px, 2 * room.y + room.h - py) for px, py in going]
    pen.chain(returning)
    pen.ink(0.3)
    pen.chain(going)
    pen.line(x, y - 1.2 + 1.2, x + wide, y + room.h / 2 - 1.6)
    pen.rect(Box(x + wide, y + room.h / 2 - 1.6, room.right - x - wide, 1.6), PALE)
    pen.text(room.cx, room.top - 3.4, "Trapphus", Type(2.2, "m"))


def _footings(pen: Pen, house: _House) -> None:
    body = house.body
    pen.ink(0.45)
    pen.rect(Box(body.x, _GROUND - 2.4, body.w, 2.8), PALE)
    for x in house.columns:
        pen.rect(Box(x - 5, _GROUND - 7, 10, 4.6), PALE)
        pen.ink(0.3, BLACK)
    pen.ink(0.13, OCHRE)
    for start, end in zip(house.columns, house.columns[1:], strict=False):
        for place in _steps(start + 7, end - 7, 3.5):
            pen.shape(round_about(place, _GROUND - 4.2, 1.0, 5))
